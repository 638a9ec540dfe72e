//! What happens to rows by itself when its time has come: they are deleted, or what was planned is done.

use std::collections::BTreeMap;

use access::Grant;
use registry::{Id, Version};
use storage::{Datum, Look, Tx};

use crate::{Caller, Context, Engine, Error};

impl Engine {
    /// Deletes at most `limit` rows of each resource whose time is over, does what is due for as many, and says how many
    /// there were; call again while it is not zero.
    pub fn lapse(&self, tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
        let mut count = 0;
        for plan in self.iter() {
            if let Some((column, due)) = plan.due {
                let now = Datum::Int(tx.now().millis());
                for (company, id) in tx.overdue(plan.resource().table, column, now, limit)? {
                    let grant = Grant::system(Id::new(company), "what was planned is done");
                    let mut cx = Context::new(self, tx, &grant, Caller::default(), Version::NEWEST);
                    due(&mut cx, id)?;
                    count += 1;
                }
            }
            let Some((column, after)) = plan.lapse else { continue };
            let resource = plan.resource();
            let until = Datum::Int((tx.now() - after).millis());
            let over = tx.overdue(resource.table, column, until, limit)?;
            let mut companies: BTreeMap<i64, Vec<Datum>> = BTreeMap::new();
            for (company, id) in over {
                companies.entry(company).or_default().push(Datum::Int(id));
            }
            for (company, ids) in companies {
                let grant = Grant::system(Id::new(company), "the time of these rows is over");
                let mut cx = Context::new(self, tx, &grant, Caller::default(), Version::NEWEST);
                count += cx.remove(resource.path, &[Look::OneOf("id", ids)])?;
            }
        }
        Ok(count)
    }
}
