//! `finance/cost_centers`

use std::collections::HashMap;

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, by};
use registry::{Action, Company, Id, Resource};

use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::time::today;

/// A unit of the company that costs are booked to.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/cost_centers",
    object = "finance_cost_center",
    permission = "finance",
    operations(list, read, create, delete),
    events("create", "delete", "edit")
)]
#[parameter(name = "include_actives_on_date", as = String, doc = "Adds cost centers that were still in use on this day.")]
pub struct CostCenter {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CostCenter>,
    /// What the cost center is called.
    #[field(create(required), filter(search = "search"))]
    pub name: String,
    /// The company that it belongs to.
    #[field(create(required), filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// How many employees are assigned to it today.
    #[field(derived)]
    pub active_employees_count: i64,
    /// How many employees have been assigned to it at any time.
    #[field(derived)]
    pub historical_employees_count: i64,
    /// Either active or inactive.
    #[field(default = "active")]
    pub status: String,
    /// Legal entity that it is part of.
    #[field(create, filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Unique code of the company's choosing.
    #[field(create, filter(search = "search"))]
    pub code: Option<String>,
    /// Free explanation of the cost center.
    #[field(create, filter(search = "search"))]
    pub description: Option<String>,
    /// Day it stopped being used. Null while active.
    pub deactivation_date: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("active_employees_count", |cx, rows| members(cx, rows, true)),
        Derived::page("historical_employees_count", |cx, rows| members(cx, rows, false)),
    ],
    rule: Some(rule),
    actions: &[("edit", edit)],
    filters: &[("include_actives_on_date", Narrow::Idle)],
    ..Code::of(PATH)
};

const PATH: &str = "finance/cost_centers";

fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    unique(cx, draft.text("code").map(str::to_owned), None)
}

/// Two cost centers never have the same code.
fn unique(cx: &mut Context<'_, '_>, code: Option<String>, own: Option<i64>) -> Result<(), Error> {
    let Some(code) = code else { return Ok(()) };
    let same = cx.facts(PATH, &[Look::Equal("code", Datum::Text(code))])?;
    if same.iter().any(|other| other.int("id") != own) {
        return Err(Error::conflict("code", "code_taken", "Another cost center has this code."));
    }
    Ok(())
}

fn edit(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    cx.own(cx.plan(PATH)?, id)?;
    if input.text("name").is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::rule("name", "empty", "A cost center has a name."));
    }
    unique(cx, input.text("code").map(str::to_owned), Some(id))?;
    let given = ["name", "code", "description"].into_iter();
    let given = given.filter_map(|name| Some((name, input.get(name)?.clone())));
    let sets: engine::Sets = given.filter(|(name, value)| *name != "name" || value != &Datum::Null).collect();
    if !sets.is_empty() {
        cx.change(PATH, &[by(id)], sets)?;
    }
    Ok(id.into())
}

/// How many employees each has, today or ever.
fn members(cx: &mut Context<'_, '_>, rows: &[Object], today: bool) -> Result<Vec<serde_json::Value>, Error> {
    let memberships = cx.referring("finance/cost_center_memberships", "cost_center_id", rows)?;
    let people: Vec<i64> =
        memberships.iter().filter_map(|membership| membership.int("employee_id")).collect();
    let days = if today { today::of_all(cx, &people)? } else { HashMap::new() };
    let holds = |membership: &&Object| {
        let day = membership.int("employee_id").and_then(|employee| days.get(&employee).copied());
        let ended = membership.date("end_date").zip(day).is_some_and(|(last, day)| last < day);
        let begun = membership.date("start_date").zip(day).is_some_and(|(first, day)| first <= day);
        !today || (begun && !ended)
    };
    Ok(rows
        .iter()
        .map(|row| {
            let own = memberships.iter().filter(|m| m.int("cost_center_id") == row.int("id"));
            let people: std::collections::BTreeSet<_> =
                own.filter(holds).map(|m| m.int("employee_id")).collect();
            people.len().into()
        })
        .collect())
}

/// Changes the name, code or description of a cost center.
#[derive(Debug, Action)]
#[action(of = CostCenter, name = "edit")]
pub struct Edit {
    /// Cost center to change.
    pub id: Id<CostCenter>,
    /// Name to give it.
    pub name: Option<String>,
    /// Code to give it.
    pub code: Option<String>,
    /// Explanation to give it.
    pub description: Option<String>,
    /// Company that the cost center belongs to.
    pub company_id: Option<Id<Company>>,
}
