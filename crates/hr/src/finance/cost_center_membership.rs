//! `finance/cost_center_memberships`

use engine::{Answer, Code, Context, Error, Hide, Input, Narrow, by, id_of, one_of};
use registry::{Action, Anything, Company, Date, Employee, Id, Object, Resource};

use storage::{Datum, Look};

use crate::finance::CostCenter;
use crate::narrow;
use crate::time::{facts, today};

/// Share of an employee's cost that a cost center bears.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/cost_center_memberships",
    object = "finance_cost_center_membership",
    permission = "finance",
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "active_on", as = Date, doc = "Only shares that are active on this day.")]
#[parameter(name = "only_active", as = bool, doc = "Only shares active now. This is what happens by default.")]
#[parameter(name = "applying_on", as = Date, doc = "Only shares that apply on this day.")]
#[parameter(name = "company_id", as = Id<Company>, doc = "Only shares within this company.")]
pub struct CostCenterMembership {
    /// Identifies it, for good.
    pub id: Id<CostCenterMembership>,
    /// Whose cost is shared out.
    #[field(filter(eq = "employee_id"))]
    pub employee_id: Id<Employee>,
    /// Cost center that bears the share.
    #[field(filter(eq = "cost_center_id"), filter(any = "cost_center_ids[]"))]
    pub cost_center_id: Id<CostCenter>,
    /// First day of the share.
    pub start_date: Date,
    /// Share of the employee's cost, in percent.
    pub percentage: f64,
    /// Last day of the share. Null while it is open.
    pub end_date: Option<Date>,
}

/// The objects of `memberships`.
#[derive(Debug, Object)]
pub struct Membership {
    /// Cost center that bears the share.
    pub cost_center_id: Id<CostCenter>,
    /// First day of the share.
    pub start_date: Date,
    /// Share of the employee's cost, in percent.
    pub percentage: f64,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Last day of the share. Null while it is open.
    pub end_date: Option<Date>,
}

/// Saves several shares of one employee together.
#[derive(Debug, Action)]
#[action(of = CostCenterMembership, name = "bulk_create_update")]
pub struct BulkCreateUpdate {
    /// Employee whose cost is being shared out.
    pub employee_id: Id<Employee>,
    /// Shares to save. Those with an id replace existing ones.
    pub memberships: Vec<Membership>,
    /// Company of the employee.
    pub company_id: Id<Company>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("bulk_create_update", bulk_create_update)],
    filters: &[
        (
            "active_on",
            Narrow::Code(|_, values| {
                Ok(narrow::holds("start_date", "end_date", &facts::day("active_on", values)?))
            }),
        ),
        (
            "applying_on",
            Narrow::Code(|_, values| {
                Ok(narrow::holds("start_date", "end_date", &facts::day("applying_on", values)?))
            }),
        ),
        ("only_active", Narrow::Idle),
        ("company_id", narrow::OF_COMPANY),
    ],
    hide: Some(Hide { shown, unless: "" }),
    ..Code::of(PATH)
};

/// Shares that hold today, unless another day is asked for, or all.
fn shown(cx: &mut Context<'_, '_>) -> Result<Vec<Look>, Error> {
    let asked = ["active_on", "applying_on"].iter().any(|parameter| cx.asked(parameter).is_some());
    if asked || matches!(cx.asked("only_active"), Some("false" | "0")) {
        return Ok(Vec::new());
    }
    let days = today::Days::load(cx)?;
    let begun = |today| Look::To("start_date", facts::text(today));
    let goes_on = |today| Look::Any(vec![Look::Null("end_date"), Look::From("end_date", facts::text(today))]);
    Ok([days.looks("employee_id", begun), days.looks("employee_id", goes_on)].concat())
}

const PATH: &str = "finance/cost_center_memberships";

/// Whether shares are the whole, as fractions or as percents.
fn whole(shares: &[f64]) -> bool {
    let sum: f64 = shares.iter().sum();
    let close = |whole: f64| (sum - whole).abs() < 0.000_5 * whole;
    shares.iter().all(|share| *share > 0.0) && (close(1.0) || close(100.0))
}

/// From now on the shares are these: what was before ends the day before they begin, so that the past stays.
fn bulk_create_update(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let employee = input.id("employee_id");
    let items = input.items("memberships");
    let number = |item: &engine::Body| item.get("percentage").and_then(serde_json::Value::as_f64);
    let shares: Vec<f64> = items.iter().filter_map(number).collect();
    if items.is_empty() || !whole(&shares) {
        let why = "All shares together are the whole: 1, or 100 percent.";
        return Err(Error::rule("memberships", "not_whole", why));
    }
    let day =
        |item: &engine::Body, name: &str| item.get(name).and_then(|day| day.as_str().map(str::to_owned));
    let first = items.iter().filter_map(|item| day(item, "start_date")).min();
    let first = match first.and_then(|day| day.parse::<Date>().ok()) {
        Some(first) => first,
        None => today::of(cx, employee)?,
    };
    let before = first.yesterday().unwrap_or(first);
    let old = cx.facts(PATH, &[one_of("employee_id", &[employee])])?;
    let kept: Vec<i64> = items.iter().filter_map(|item| item.get("id").and_then(id_of)).collect();
    if kept.iter().any(|id| !old.iter().any(|row| row.int("id") == Some(*id))) {
        return Err(Error::rule("memberships", "not_found", "A share is that of somebody else."));
    }
    for row in &old {
        let id = row.int("id").unwrap_or_default();
        let open = row.date("end_date").is_none_or(|last| last >= first);
        if kept.contains(&id) || !open {
            continue;
        }
        if row.date("start_date").is_some_and(|begun| begun >= first) {
            // It would have begun later, and now never does.
            cx.remove(PATH, &[by(id)])?;
        } else {
            cx.change(PATH, &[by(id)], [("end_date", Datum::Text(before.to_string()))].into())?;
        }
    }
    let mut saved = Vec::with_capacity(items.len());
    for item in &items {
        let mut sets = engine::Sets::from([("employee_id", Datum::Int(employee))]);
        sets.extend(item.get("cost_center_id").and_then(id_of).map(|id| ("cost_center_id", Datum::Int(id))));
        sets.extend(number(item).map(|share| ("percentage", Datum::Real(share))));
        for name in ["start_date", "end_date"] {
            sets.insert(name, day(item, name).map_or(Datum::Null, Datum::Text));
        }
        match item.get("id").and_then(id_of) {
            Some(id) => {
                cx.change(PATH, &[by(id)], sets)?;
                saved.push(id);
            }
            None => saved.push(cx.add(PATH, sets)?),
        }
    }
    Ok(Answer::Objects(saved))
}

#[cfg(test)]
mod tests {
    #[test]
    fn shares_are_the_whole() {
        for (shares, expected) in [
            (vec![1.0], true),
            (vec![0.3, 0.7], true),
            (vec![0.333_3, 0.333_3, 0.333_4], true),
            (vec![30.0, 70.0], true),
            (vec![0.3, 0.6], false),
            (vec![1.5, -0.5], false),
            (vec![0.0, 1.0], false),
            (vec![50.0], false),
        ] {
            assert_eq!(super::whole(&shares), expected, "{shares:?}");
        }
    }
}
