//! `timeoff/leave_types`

use engine::{Code, Context, Derived, Draft, Error, Narrow, Object};
use registry::{Company, Date, Employee, Id, Resource};
use storage::{Datum, Look};

use super::books::{Books, main_policy};
use crate::time::today;

use crate::timeoff::Allowance;

/// A kind of leave, such as holiday or sickness, with its rules.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/leave_types",
    object = "timeoff_leave_type",
    permission = "timeoff",
    operations(list, read, create, update),
    events("create", "update")
)]
#[parameter(name = "employee_id", as = Id<Employee>, doc = "Keeps types that this employee's policy grants. Needs reference_date.")]
#[parameter(name = "reference_date", as = String, doc = "Day on which the employee's policy is looked up.")]
pub struct LeaveType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"), filter(eq = "leave_type_id"))]
    pub id: Id<LeaveType>,
    /// Title of the leave type.
    #[field(create(required), update)]
    pub name: String,
    /// Short key that is unique among leave types.
    #[field(create(required), update, filter(eq = "identifier"))]
    pub identifier: String,
    /// Colour used in calendars.
    #[field(create(required), update)]
    pub color: String,
    /// Whether a file can be added to a request.
    #[field(create, update, default = false)]
    pub attachment: bool,
    /// Whether everyone sees the type, not just an absence.
    #[field(create, update, default = true)]
    pub visibility: bool,
    /// Whether the person counts as working meanwhile.
    #[field(create(required), update)]
    pub workable: bool,
    /// The company that it belongs to.
    #[field(create(required), filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Allowances that leaves of this type are charged to.
    #[field(derived)]
    pub allowance_ids: Vec<Id<Allowance>>,
    /// Whether a request must give details.
    #[field(create(required), update)]
    pub details_required: bool,
    /// Title in the reader's language, where there is one.
    #[field(derived)]
    pub translated_name: Option<String>,
    /// Whether the type is in use.
    #[field(update, default = true, filter(eq = "active"))]
    pub active: Option<bool>,
    /// Whether the type can be changed.
    #[field(create, default = true)]
    pub editable: Option<bool>,
    /// Whether someone must decide. Otherwise leaves are approved at once.
    #[field(create(required), update)]
    pub approval_required: Option<bool>,
    /// Whether leaves are charged to a balance.
    #[field(create(required), update)]
    pub accrues: Option<bool>,
    /// Whether a leave may have no last day.
    #[field(create, update, filter(eq = "allow_endless"))]
    pub allow_endless: Option<bool>,
    /// Whether only some people may request it.
    #[field(create, update)]
    pub restricted: Option<bool>,
    /// Whether the time off is paid.
    #[field(create, update, filter(eq = "payable"))]
    pub payable: Option<bool>,
    /// Whether a request needs a file.
    #[field(create, update(as = String))]
    pub is_attachment_mandatory: Option<bool>,
    /// Whether half days can be requested.
    #[field(create, update)]
    pub half_days_units_enabled: Option<bool>,
    /// Longest request, in hundredths of a day.
    #[field(create, update)]
    pub max_days_in_cents: Option<i64>,
    /// Shortest request, in hundredths of a day.
    #[field(create, update)]
    pub min_days_in_cents: Option<i64>,
    /// Explanation of the type.
    #[field(create, update)]
    pub description: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("allowance_ids", allowances),
        Derived::row("translated_name", |facts| facts.text("name").into()),
    ],
    rule: Some(rule),
    filters: &[("employee_id", Narrow::Code(granted)), ("reference_date", Narrow::Idle)],
    ..Code::of("timeoff/leave_types")
};

/// Which allowances each type draws on; the allowances name their types.
fn allowances(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let allowances = cx.facts("timeoff/allowances", &[])?;
    let types = |allowance: &Object| {
        let listed = allowance.text("leave_type_ids").unwrap_or("[]");
        serde_json::from_str::<Vec<String>>(listed).unwrap_or_default()
    };
    let drawn: Vec<_> =
        allowances.iter().map(|one| (one.int("id").unwrap_or_default(), types(one))).collect();
    let of = |row: &Object| {
        let id = row.int("id").unwrap_or_default().to_string();
        drawn
            .iter()
            .filter(|(_, types)| types.contains(&id))
            .map(|(allowance, _)| allowance.to_string())
            .collect()
    };
    Ok(rows.iter().map(of).collect())
}

/// Two types never have one identifier, and no request can be shorter than it is long.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.changes("identifier")
        && let Some(identifier) = draft.text("identifier").map(str::to_owned)
    {
        let same = [Look::Equal("identifier", Datum::Text(identifier))];
        let own = draft.old.and_then(|old| old.int("id"));
        if cx.facts("timeoff/leave_types", &same)?.iter().any(|other| other.int("id") != own) {
            return Err(Error::rule("identifier", "identifier_taken", "Another kind of leave has this key."));
        }
    }
    let (shortest, longest) = (draft.int("min_days_in_cents"), draft.int("max_days_in_cents"));
    for (field, days) in [("min_days_in_cents", shortest), ("max_days_in_cents", longest)] {
        if days.is_some_and(|days| days < 0) {
            return Err(Error::rule(field, "negative", "A request cannot be shorter than nothing."));
        }
    }
    if shortest.zip(longest).is_some_and(|(shortest, longest)| longest > 0 && shortest > longest) {
        let message = "The shortest request is longer than the longest one.";
        return Err(Error::rule("min_days_in_cents", "shortest_beyond_longest", message));
    }
    Ok(())
}

/// Types that the policy of an employee grants on a day, and those that no allowance names.
fn granted(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let employee = values.last().and_then(|id| id.parse().ok());
    let employee: i64 = employee.ok_or_else(|| Error::invalid("employee_id", "It must be an id."))?;
    let day = cx.asked("reference_date").map(str::to_owned).filter(|day| !day.is_empty());
    let day: Date = match day.map(|day| day.parse()) {
        None => today::of(cx, employee)?,
        Some(Ok(day)) => day,
        Some(Err(_)) => return Err(Error::invalid("reference_date", "It must be a day such as 2026-11-23.")),
    };
    let books = Books::open(cx, &[employee], None, day)?;
    let own = books.people.get(&employee).and_then(|book| book.timeline.policy(day));
    let policy = match own {
        Some(policy) => Some(policy),
        None => main_policy(cx)?,
    };
    let named: Vec<i64> = books.allowances.iter().flat_map(|one| one.types.clone()).collect();
    let given: Vec<i64> = policy
        .map(|policy| books.of_policy(policy).flat_map(|one| one.types.clone()).collect())
        .unwrap_or_default();
    let free = books.types.keys().filter(|id| policy.is_none() || !named.contains(id) || given.contains(id));
    Ok(vec![Look::OneOf("id", free.copied().map(Datum::Int).collect())])
}
