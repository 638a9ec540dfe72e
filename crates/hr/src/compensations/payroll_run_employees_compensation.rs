//! `compensations/payroll_run_employees_compensations`

use std::collections::{HashMap, HashSet};

use engine::{Code, Context, Derived, Error, Narrow, Object, Sets, one_of};
use registry::{Anything, Employee, Id, Instant, Resource};
use serde_json::Value;
use storage::{Datum, Look};

use super::employees_compensation::{AmountStrategyType, ResultType};
use crate::compensations::Concept;
use crate::compensations::PayrollRun;

/// Total of one concept for an employee within a payroll run.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/payroll_run_employees_compensations",
    object = "compensations_payroll_run_employees_compensation",
    permission = "salaries",
    subject = "payroll_run_employee_id",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "legal_entity_ids[]", as = Id<Anything>, doc = "Restricts the list to employees of these legal entities.")]
pub struct PayrollRunEmployeesCompensation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PayrollRunEmployeesCompensation>,
    /// Employee who takes part in the run.
    #[field(filter(any = "payroll_run_employee_ids[]"))]
    pub payroll_run_employee_id: Id<Employee>,
    /// Payroll concept it falls under.
    #[field(filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Payroll run it is part of.
    #[field(filter(any = "payroll_run_ids[]"))]
    pub payroll_run_id: Id<PayrollRun>,
    /// Whether it was entered for payroll or worked out by it.
    #[field(filter(eq = "result_type"(as = ResultType)))]
    pub result_type: String,
    /// Whether the amount is fixed, variable or paid by worked day.
    pub amount_strategy_type: AmountStrategyType,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Total in cents.
    #[field(derived)]
    pub amount: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("amount", amounts)],
    filters: &[(
        "legal_entity_ids[]",
        Narrow::through("payroll_run_employee_id", "employees/employees", "id", "legal_entity_id"),
    )],
    ..Code::of(PATH)
};

const PATH: &str = "compensations/payroll_run_employees_compensations";

/// What says which total an amount belongs to.
pub(super) const KEY: [&str; 3] = ["payroll_run_id", "payroll_run_employee_id", "payroll_concept_id"];

type Key = [Option<i64>; 3];

fn key(row: &Object) -> Key {
    KEY.map(|column| row.int(column))
}

/// The sum of what belongs to each: what was entered, or what payroll made of it.
fn amounts(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    let column = |name: &str| rows.iter().filter_map(|row| row.int(name)).collect::<Vec<_>>();
    let looks = [one_of(KEY[0], &column(KEY[0])), one_of(KEY[1], &column(KEY[1]))];
    let mut sums: HashMap<(&str, Key), i64> = HashMap::new();
    let sources = [
        ("compensation", "compensations/employees_compensations"),
        ("payroll_result", "compensations/payroll_results"),
    ];
    for (kind, path) in sources {
        for row in cx.facts(path, &looks)? {
            let sum = sums.entry((kind, key(&row))).or_default();
            *sum = sum.saturating_add(row.int("amount").unwrap_or_default());
        }
    }
    Ok(rows
        .iter()
        .map(|row| sums.get(&(row.text("result_type").unwrap_or_default(), key(row))).copied().into())
        .collect())
}

/// Adds the totals that new amounts belong to, where there are none yet.
pub(super) fn project(cx: &mut Context<'_, '_>, kind: &str, new: &[Sets]) -> Result<(), Error> {
    let int = |sets: &Sets, column: &str| match sets.get(column) {
        Some(Datum::Int(id)) => Some(*id),
        _ => None,
    };
    let runs: Vec<i64> = new.iter().filter_map(|sets| int(sets, KEY[0])).collect();
    let looks = [one_of(KEY[0], &runs), Look::Equal("result_type", Datum::Text(kind.to_owned()))];
    let mut known: HashSet<Key> = cx.facts(PATH, &looks)?.iter().map(key).collect();
    let mut missing = Vec::new();
    for sets in new {
        if known.insert(KEY.map(|column| int(sets, column))) {
            let mut total: Sets =
                KEY.into_iter().filter_map(|name| Some((name, sets.get(name)?.clone()))).collect();
            total.insert("result_type", Datum::Text(kind.to_owned()));
            let strategy = "compensations_fixed_amount_strategy".to_owned();
            total.insert("amount_strategy_type", Datum::Text(strategy));
            missing.push(total);
        }
    }
    if !missing.is_empty() {
        cx.add_all(PATH, missing)?;
    }
    Ok(())
}

/// Takes the total of an amount away that is the last one to belong to it.
pub(super) fn withdraw(cx: &mut Context<'_, '_>, kind: &str, path: &str, row: &Object) -> Result<(), Error> {
    let mut looks: Vec<_> =
        KEY.into_iter().map(|column| Look::Equal(column, row.get(column).clone())).collect();
    if cx.facts(path, &looks)?.len() == 1 {
        looks.push(Look::Equal("result_type", Datum::Text(kind.to_owned())));
        cx.remove(PATH, &looks)?;
    }
    Ok(())
}
