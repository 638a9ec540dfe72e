//! `timeoff/blocked_periods`

use engine::{Code, Context, Draft, Error};
use registry::{Anything, Company, Date, Id, Object, Resource};
use serde_json::{Value, json};
use storage::Datum;

use crate::companies::LegalEntity;
use crate::locations::Location;
use crate::teams::Team;
use crate::timeoff::LeaveType;

/// A span in which chosen people cannot request some leave types.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/blocked_periods",
    object = "timeoff_blocked_periods_policy",
    permission = "timeoff",
    operations(list, read, create, update, delete),
    events("blocked_period/create", "blocked_period/delete", "blocked_period/update")
)]
pub struct BlockedPeriodsPolicy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BlockedPeriodsPolicy>,
    /// The company that it belongs to.
    #[field(create(required), filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Title of the blocked period.
    #[field(create(required), update(required))]
    pub name: String,
    /// Leave types that cannot be requested.
    #[field(create(required), update(required))]
    pub leave_type_ids: Vec<Id<LeaveType>>,
    /// Spans of time that are blocked.
    #[field(default(empty))]
    pub time_periods: Vec<TimePeriod>,
    /// How the people concerned are chosen.
    #[field(update(required), default = "all_employees")]
    pub strategy: String,
    /// Employees whom the block applies to.
    #[field(update, default(empty))]
    pub members: Vec<String>,
    /// Workplaces whose people are concerned.
    #[field(update)]
    pub location_ids: Option<Vec<Id<Location>>>,
    /// Teams whose people are concerned.
    #[field(update)]
    pub team_ids: Option<Vec<Id<Team>>>,
    /// Legal entities whose people are concerned.
    #[field(update)]
    pub legal_entity_ids: Option<Vec<Id<LegalEntity>>>,
    /// Spans to add, change or remove.
    #[field(input, update(required))]
    pub time_periods_attributes: Option<Vec<TimePeriodsAttribute>>,
    /// Rule that selects a dynamic group of people.
    #[field(input, update)]
    pub query: Option<String>,
}

/// The objects of `time_periods`.
#[derive(Debug, Object)]
pub struct TimePeriod {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Blocked period that the span belongs to.
    pub policy_id: Id<Anything>,
    /// Title of the span.
    pub name: String,
    /// Whether dates or a time since contract start define it.
    pub period_type: String,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
}

/// The objects of `time_periods_attributes`.
#[derive(Debug, Object)]
pub struct TimePeriodsAttribute {
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Title of the span.
    pub name: Option<String>,
    /// True removes the span.
    pub _destroy: Option<bool>,
    /// Whether dates or a time since contract start define it.
    pub period_type: Option<String>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("timeoff/blocked_periods") };

/// Adds, changes and removes spans as an update says.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let Some(old) = draft.old else { return Ok(()) };
    let Some(Datum::Text(given)) = draft.sets.get("time_periods_attributes") else { return Ok(()) };
    let given: Vec<Value> = serde_json::from_str(given).unwrap_or_default();
    let mut kept = match old.json("time_periods") {
        Value::Array(kept) => kept,
        _ => Vec::new(),
    };
    let policy = old.int("id").unwrap_or_default().to_string();
    let mut next =
        kept.iter().filter_map(|one| one["id"].as_str()?.parse::<i64>().ok()).max().unwrap_or(0) + 1;
    for one in given {
        let known = one["id"].as_str().and_then(|id| kept.iter().position(|kept| kept["id"] == id));
        let at = match known {
            Some(at) if one["_destroy"] == true => {
                kept.remove(at);
                continue;
            }
            None if one["_destroy"] == true => continue,
            Some(at) => at,
            None => {
                kept.push(json!({
                    "id": next.to_string(), "policy_id": policy, "name": "", "period_type": "dates",
                    "start_on": null, "finish_on": null, "duration": null, "duration_unit": null,
                }));
                next += 1;
                kept.len() - 1
            }
        };
        for name in ["name", "period_type", "duration", "duration_unit", "start_on", "finish_on"] {
            if !one[name].is_null() {
                kept[at][name] = one[name].clone();
            }
        }
    }
    let turned = |one: &Value| match (one["start_on"].as_str(), one["finish_on"].as_str()) {
        (Some(first), Some(last)) => last < first,
        _ => false,
    };
    if kept.iter().any(turned) {
        let message = "A blocked span ends before it begins.";
        return Err(Error::rule("time_periods_attributes", "finish_before_start", message));
    }
    draft.sets.insert("time_periods", Datum::Text(Value::Array(kept).to_string()));
    Ok(())
}
