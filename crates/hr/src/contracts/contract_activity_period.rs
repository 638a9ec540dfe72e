//! `contracts/contract_activity_periods`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, day_number};
use registry::{Date, Employee, Id, Resource};
use storage::{Datum, Look};

use crate::contracts::Contract;
use crate::employees::lifecycle::id;

/// Stretch of a contract during which the employee works or pauses.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_activity_periods",
    object = "contracts_contract_activity_period",
    permission = "contracts",
    computed,
    subject = "employee_id",
    operations(list(since = "2026-10-01"))
)]
pub struct ContractActivityPeriod {
    /// Contract id and first day of the period, joined by an underscore.
    pub id: String,
    /// Contract that the period is part of.
    #[field(filter(eq = "contract_id"(required)))]
    pub contract_id: Id<Contract>,
    /// Holder of the contract.
    pub employee_id: Id<Employee>,
    /// Whether work is done. Pauses occur only in discontinuous contracts.
    pub r#type: Type,
    /// Day on which the period begins.
    pub activity_period_starts_on: Date,
    /// Day on which the period finishes. Empty while it is open.
    pub activity_period_ends_on: Option<Date>,
}

/// How it is worked out: a contract is one stretch of work as long as nobody enters its pauses.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::employee_day, keys, rows }),
    ..Code::of("contracts/contract_activity_periods")
};

const CONTRACTS: &str = "contracts/contracts";

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let people = cx.people(None)?;
    let wanted: Vec<Look> = ask
        .ids("contract_id")
        .map(|ids| Look::OneOf("id", ids.into_iter().map(Datum::Int).collect()))
        .into_iter()
        .collect();
    let contracts = cx.facts(CONTRACTS, &wanted)?;
    let reached =
        contracts.iter().filter(|one| one.int("employee_id").is_some_and(|who| people.contains(&who)));
    Ok(reached.filter_map(|one| Some((id(one), day_number(one.date("starts_on")?)))).collect())
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let contracts = cx.objects(CONTRACTS, keys.iter().map(|(id, _)| *id).collect())?;
    let row = |(key, day): &Key| {
        let day = engine::day_of(*day).to_string();
        let mut sets: Sets = [
            ("id", Datum::Text(format!("{key}_{day}"))),
            ("contract_id", Datum::Int(*key)),
            ("type", Datum::Text("activity".to_owned())),
            ("activity_period_starts_on", Datum::Text(day)),
        ]
        .into_iter()
        .collect();
        if let Some(contract) = contracts.get(key) {
            sets.insert("employee_id", contract.get("employee_id").clone());
            sets.insert("activity_period_ends_on", contract.get("ends_on").clone());
        }
        sets
    };
    Ok(keys.iter().map(row).collect())
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Activity = "activity",
        Inactivity = "inactivity",
    }
}
