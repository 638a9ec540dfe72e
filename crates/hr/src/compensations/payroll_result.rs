//! `compensations/payroll_results`

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::{Answer, Code, Context, Error, Input, Problem, Sets, by, id_of, one_of};
use registry::{Action, Anything, Date, Employee, Id, Instant, Object, Resource};
use serde_json::Value;
use storage::Datum;

use super::employees_compensation::{AmountStrategyType, SourceType};
use crate::compensations::Concept;
use crate::compensations::PayrollRun;
use crate::employees::lifecycle;

/// Amount that payroll worked out for an employee in a run.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/payroll_results",
    object = "compensations_payroll_result",
    permission = "salaries",
    subject = "payroll_run_employee_id",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "cycle_ids[]", as = Id<Anything>, doc = "Restricts the list to runs of these cycles.")]
pub struct PayrollResult {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PayrollResult>,
    /// Payroll run it is part of.
    #[field(filter(any = "payroll_run_ids[]"))]
    pub payroll_run_id: Id<PayrollRun>,
    /// Employee who takes part in the run.
    #[field(filter(any = "payroll_run_employee_ids[]"))]
    pub payroll_run_employee_id: Id<Employee>,
    /// Payroll concept it falls under.
    #[field(filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Whether the amount is fixed, variable or paid by worked day.
    pub amount_strategy_type: AmountStrategyType,
    /// Whether a person replaced the computed amount.
    pub amount_is_overwritten: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Amount that counts, in cents.
    pub amount: Option<i64>,
    /// Kind of record it came from. Empty when entered by hand.
    pub source_type: Option<SourceType>,
    /// Record it came from. Empty when entered by hand.
    pub source_id: Option<Id<Anything>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("bulk_create", bulk_create)],
    filters: &[("cycle_ids[]", super::payroll_run::OF_CYCLES)],
    ..Code::of(PATH)
};

const PATH: &str = "compensations/payroll_results";

/// Amounts in one request at most.
const MOST: usize = 1000;

/// Days after which whoever has left is no longer paid in a run of a cycle, and in any other.
const GONE: [i64; 2] = [60, 365];

/// All amounts are taken, or none. What was said before of a person and a concept is replaced.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let amounts = amounts(input)?;
    let run = cx.objects("compensations/payroll_runs", vec![input.id("payroll_run_id")])?;
    let run = run.into_values().next().ok_or(Error::NotFound)?;
    if run.flag("locked") {
        return Err(Error::conflict("payroll_run_id", "locked", "The payroll run is locked."));
    }
    concepts(cx, &amounts)?;
    let people: BTreeSet<i64> = amounts.keys().map(|(employee, _)| *employee).collect();
    let people: Vec<i64> = people.into_iter().collect();
    take_part(cx, &run, &people)?;

    let run = lifecycle::id(&run);
    let key =
        |row: &engine::Object| Some((row.int("payroll_run_employee_id")?, row.int("payroll_concept_id")?));
    let known = cx.facts(PATH, &[one_of("payroll_run_id", &[run])])?;
    let known: HashMap<(i64, i64), i64> =
        known.iter().filter_map(|row| Some((key(row)?, row.int("id")?))).collect();
    let (mut ids, mut new) = (Vec::with_capacity(amounts.len()), Vec::new());
    for ((employee, concept), amount) in amounts {
        let amount = ("amount", Datum::Int(amount));
        if let Some(id) = known.get(&(employee, concept)) {
            cx.change(PATH, &[by(*id)], [amount].into())?;
            ids.push(*id);
            continue;
        }
        new.push(Sets::from([
            ("payroll_run_id", Datum::Int(run)),
            ("payroll_run_employee_id", Datum::Int(employee)),
            ("payroll_concept_id", Datum::Int(concept)),
            ("amount_strategy_type", Datum::Text("compensations_fixed_amount_strategy".to_owned())),
            ("amount_is_overwritten", Datum::Bool(false)),
            amount,
        ]));
    }
    super::payroll_run_employees_compensation::project(cx, "payroll_result", &new)?;
    ids.extend(cx.add_all(PATH, new)?);
    Ok(Answer::Objects(ids))
}

/// The amount of each employee and concept, each named once.
fn amounts(input: &Input) -> Result<BTreeMap<(i64, i64), i64>, Error> {
    let (mut amounts, mut problems, mut people) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    let mut problem = |at: String, code, why: &str| problems.push(Problem::new(&at, code, why));
    for (at, result) in input.items("results").iter().enumerate() {
        let employee = result.get("employee_id").and_then(id_of).unwrap_or_default();
        if !people.insert(employee) {
            problem(format!("results.{at}.employee_id"), "repeated", "The employee is named twice.");
        }
        let items = result.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        if items.is_empty() {
            problem(format!("results.{at}.items"), "empty", "It must have an amount.");
        }
        for (item_at, item) in items.iter().enumerate() {
            let place = |member| format!("results.{at}.items.{item_at}.{member}");
            let concept = item.get("payroll_concept_id").and_then(id_of).unwrap_or_default();
            let amount = item.get("amount").and_then(Value::as_i64).unwrap_or_default();
            if i32::try_from(amount).is_err() {
                problem(place("amount"), "out_of_range", "It must be a signed number of 32 bits.");
            }
            if amounts.insert((employee, concept), amount).is_some() {
                problem(place("payroll_concept_id"), "repeated", "The employee has this concept twice.");
            }
        }
    }
    if people.is_empty() {
        problem("results".to_owned(), "empty", "It must have the results of an employee.");
    }
    if amounts.len() > MOST {
        problem("results".to_owned(), "too_many", "It takes 1000 amounts at most.");
    }
    if problems.is_empty() { Ok(amounts) } else { Err(Error::Invalid(problems)) }
}

/// Results are of concepts in use, not of the base salary, and everybody has net pay.
fn concepts(cx: &mut Context<'_, '_>, amounts: &BTreeMap<(i64, i64), i64>) -> Result<(), Error> {
    let known = cx.facts("compensations/concepts", &[])?;
    let named = |name: &str| {
        let one = known.iter().find(|concept| concept.text("name").is_some_and(|text| is(text, name)));
        one.and_then(|concept| concept.int("id"))
    };
    let Some(net) = named("net_pay") else {
        let why = "The company has no concept that is called net_pay.";
        return Err(Error::rule("results", "no_net_pay", why));
    };
    let disabled = |concept: i64| {
        let concept = known.iter().find(|known| known.int("id") == Some(concept));
        concept.is_none_or(|concept| !concept.flag("enabled"))
    };
    for (employee, concept) in amounts.keys() {
        let refusal = |code, why: String| Err(Error::rule("results", code, why));
        if named("base_salary") == Some(*concept) {
            return refusal(
                "base_salary",
                format!("Concept {concept} is the base salary, which the contract says."),
            );
        }
        if disabled(*concept) {
            return refusal("disabled", format!("Concept {concept} is not in use."));
        }
        if !amounts.contains_key(&(*employee, net)) {
            return refusal("net_pay_missing", format!("Employee {employee} has no net pay, concept {net}."));
        }
    }
    Ok(())
}

/// Whether a name is this one, however it is spaced and capitalised.
fn is(text: &str, name: &str) -> bool {
    text.trim().to_lowercase().replace([' ', '-'], "_") == name
}

/// Refuses people who are not paid in a run: who have no contract by its end, or left long before it began.
fn take_part(cx: &mut Context<'_, '_>, run: &engine::Object, people: &[i64]) -> Result<(), Error> {
    let (Some(first), Some(last)) = (run.date("starts_on"), run.date("ends_on")) else { return Ok(()) };
    let days = GONE[usize::from(run.int("cycle_id").is_none())];
    let gone = first.checked_sub(registry::Span::new().days(days)).unwrap_or(Date::MIN);
    let begun = one_of("employee_id", people);
    let begun: BTreeSet<i64> = cx
        .facts("contracts/contracts", &[begun])?
        .iter()
        .filter(|contract| contract.date("starts_on").is_some_and(|day| day <= last))
        .filter_map(|contract| contract.int("employee_id"))
        .collect();
    let known = cx.objects(lifecycle::PATH, people.to_vec())?;
    let left = |id: &i64| {
        known.get(id).and_then(|person| person.date("terminated_on")).is_some_and(|day| day < gone)
    };
    let outside: Vec<String> =
        people.iter().filter(|id| !begun.contains(id) || left(id)).map(ToString::to_string).collect();
    if outside.is_empty() {
        return Ok(());
    }
    let why = format!("They take no part in the payroll run: {}.", outside.join(", "));
    Err(Error::rule("employee_ids", "not_in_run", why))
}

/// The objects of `results`.
#[derive(Debug, Object)]
pub struct EmployeeResult {
    /// Employee whose results are given.
    pub employee_id: Id<Employee>,
    /// Results of the employee, one for each concept.
    pub items: Vec<Item>,
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Payroll concept of the result.
    pub payroll_concept_id: Id<Concept>,
    /// Amount of the result, in cents.
    pub amount: i64,
}

/// Records the results of several employees in one payroll run.
#[derive(Debug, Action)]
#[action(of = PayrollResult, name = "bulk_create", since = "2026-10-01")]
pub struct BulkCreate {
    /// Payroll run that the results belong to.
    pub payroll_run_id: Id<PayrollRun>,
    /// Results grouped by employee.
    pub results: Vec<EmployeeResult>,
}
