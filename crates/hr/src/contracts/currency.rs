//! In which currency somebody is paid: that of the legal entity of the contract.

use std::collections::HashMap;

use engine::{Context, Error, Object};
use serde_json::Value;

use crate::employees::lifecycle::id;

/// The currency of each contract version, by its id.
pub(crate) fn by_version(
    cx: &mut Context<'_, '_>,
    versions: &[Object],
) -> Result<HashMap<i64, String>, Error> {
    let contracts = cx.referred("contracts/contracts", versions, "contracts_contract_id")?;
    let people = cx.referred("employees/employees", versions, "employee_id")?;
    let entity_of = |version: &Object| {
        let contract = version.int("contracts_contract_id").and_then(|id| contracts.get(&id));
        let person = || version.int("employee_id").and_then(|id| people.get(&id));
        contract.or_else(person).and_then(|object| object.int("legal_entity_id"))
    };
    let named: Vec<_> =
        versions.iter().filter_map(|version| Some((id(version), entity_of(version)?))).collect();
    let entities =
        cx.objects("companies/legal_entities", named.iter().map(|(_, entity)| *entity).collect())?;
    let currency =
        |(version, entity): (i64, i64)| Some((version, entities.get(&entity)?.text("currency")?.to_owned()));
    Ok(named.into_iter().filter_map(currency).collect())
}

/// The currency of each employee, by the id.
pub(crate) fn by_employee(cx: &mut Context<'_, '_>, people: Vec<i64>) -> Result<HashMap<i64, String>, Error> {
    let people = cx.objects("employees/employees", people)?;
    let entities = people.values().filter_map(|person| person.int("legal_entity_id")).collect();
    let entities = cx.objects("companies/legal_entities", entities)?;
    let currency = |(id, person): (i64, Object)| {
        Some((id, entities.get(&person.int("legal_entity_id")?)?.text("currency")?.to_owned()))
    };
    Ok(people.into_iter().filter_map(currency).collect())
}

/// Of contract versions.
pub(crate) fn of_versions(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    let currencies = by_version(cx, rows)?;
    Ok(rows.iter().map(|row| currencies.get(&id(row)).cloned().into()).collect())
}

/// Of what contract versions grant besides the salary.
pub(crate) fn of_compensations(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    let versions = cx.referred("contracts/contract_versions", rows, "contract_version_id")?;
    let currencies = by_version(cx, &versions.into_values().collect::<Vec<_>>())?;
    let currency = |row: &Object| currencies.get(&row.int("contract_version_id")?).cloned();
    Ok(rows.iter().map(|row| currency(row).into()).collect())
}
