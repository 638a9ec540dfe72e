//! What whoever does the payroll has heard of: people who were hired or leave, rises, illnesses, moves.

use registry::Date;
use serde_json::{Value, json};

use super::people::Person;
use super::{Planter, pick};
use crate::Error;

/// Of each kind of news, how many.
const SOME: usize = 8;

/// A leave because of an illness: whose, which one of all leaves, from when to when.
pub(super) type Illness = (usize, usize, Date, Date);

pub(super) fn plant(
    planter: &mut Planter<'_, '_>,
    people: &[Person],
    illnesses: &[Illness],
) -> Result<(), Error> {
    let entities = planter.ids("companies/legal_entities").to_vec();
    let versions = planter.ids("contracts/contract_versions").to_vec();
    let leaves = planter.ids("timeoff/leaves").to_vec();
    let mut rows = Vec::new();
    let mut told =
        |name: &str, kind: &str, target: i64, person: &Person, days: (Option<Date>, Option<Date>)| {
            let status = pick(&["done", "to-do", "doing"], rows.len());
            rows.push(json!({ "name": name, "target_type": kind, "target_id": target, "status": status,
            "legal_entity_id": pick(&entities, usize::from(person.place == 2)), "is_reopened": false,
            "employee_id": person.employee, "starts_on": days.0.map(|day| day.to_string()),
            "ends_on": days.1.map(|day| day.to_string()) }));
        };
    let newest = people.iter().rev().take(SOME);
    for person in newest {
        told("hiring", "Employee", person.employee, person, (Some(person.hired), None));
    }
    for person in people {
        if let Some(last) = person.leaves {
            told("termination", "Employee", person.employee, person, (Some(last), None));
        }
    }
    for (person, version) in people.iter().rev().zip(versions.iter().rev()).take(1) {
        told("contract", "Contracts::ContractVersion", *version, person, (Some(person.hired), None));
    }
    for (at, person) in people.iter().enumerate().skip(SOME).take(SOME) {
        let name = pick(&["address", "bank", "workplace"], at).copied().unwrap_or("address");
        told(name, "Employee", person.employee, person, (Some(planter.ago(30)), None));
    }
    for (at, leave, first, last) in illnesses.iter().rev().take(SOME) {
        if let (Some(person), Some(leave)) = (people.get(*at), leaves.get(*leave)) {
            told("sick", "Timeoff::Leave", *leave, person, (Some(*first), Some(*last)));
        }
    }
    let rows: Vec<Value> = rows;
    planter.plant("bookkeepers_management/incidences", rows)?;
    Ok(())
}
