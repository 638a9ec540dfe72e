//! Who reaches somebody, seen from that person.

use std::collections::BTreeMap;

use access::{Condition, Grant, Policy, Reach, organisation, reaching, visible};
use registry::{Company, Employee, Id};
use storage::{Cell, Look, Tx};

use crate::Error;
use crate::context::{ALL, ID, ONE, by};

/// How others of the company stand to a person.
#[derive(Debug, Clone, Default)]
pub struct Relations {
    /// For each of the others, the parts of a reach within which the person is for him.
    pub reaching: BTreeMap<i64, Reach>,
    /// For each of the policies that were asked about, whether it lets its people see the person at all.
    pub visible: Vec<bool>,
}

/// How others stand to a person, as far as some policies depend on it.
pub fn relations(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    employee: Id<Employee>,
    policies: &[&Policy],
) -> Result<Relations, Error> {
    let (system, person) = (Grant::system(company, "an administrator asks who sees whom"), employee.get());
    let seen: Vec<_> = policies.iter().map(|policy| visible(&policy.visibility)).collect();
    let mut relations = Relations::default();
    tx.rows(&system, organisation::PEOPLE).judge(ID, &seen, &[by(person)], ONE, &mut |row| {
        for at in 0..seen.len() {
            relations.visible.push(matches!(row.cell(1 + at)?, Cell::Int(1)));
        }
        Ok(())
    })?;
    if relations.visible.len() < seen.len() {
        return Err(Error::NotFound);
    }
    let used = policies.iter().flat_map(|policy| policy.iter());
    let used = used.fold(Reach::NOTHING, |all, (_, _, reach)| all.and(reach));
    // Everybody's needs no looking up, and one's own is nobody else's.
    let others = |part: &Reach| !matches!(*part, Reach::OWN | Reach::EVERYONE);
    let parts: Vec<_> = used.parts().map(|(part, _)| part).filter(others).collect();
    let conditions: Vec<_> = parts.iter().map(|part| reaching(*part, person)).collect();
    let any = Look::Granted(Condition::Any(conditions.clone()));
    tx.rows(&system, organisation::PEOPLE).judge(ID, &conditions, &[any], ALL, &mut |row| {
        let Cell::Int(id) = row.cell(0)? else { return Ok(()) };
        let mut reach = Reach::NOTHING;
        for (at, part) in parts.iter().enumerate() {
            if matches!(row.cell(1 + at)?, Cell::Int(1)) {
                reach = reach.and(*part);
            }
        }
        relations.reaching.insert(id, reach);
        Ok(())
    })?;
    relations.reaching.remove(&person);
    Ok(relations)
}
