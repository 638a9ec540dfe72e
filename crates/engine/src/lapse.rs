//! Rows that are deleted by themselves, some time after something happened to them.

use std::collections::BTreeMap;

use access::Grant;
use registry::{Id, Version};
use storage::{Datum, Look, Tx};

use crate::{Caller, Context, Engine, Error};

impl Engine {
    /// Deletes at most `limit` rows of each resource whose time is over, and says how many; call again while it is not
    /// zero.
    pub fn lapse(&self, tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
        let mut count = 0;
        for plan in self.iter() {
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
