//! How time is planned and tracked: schedules, planned shifts, breaks, requests and reviews.

use access::Grant;
use registry::{Date, Span, TimeZone};
use serde_json::{Value, json};
use storage::{Cell, Datum, Look, Page};

use super::people::Person;
use super::{Planter, mixed, pick};
use crate::Error;

/// Weekdays with their minutes of work.
const WEEK: [(&str, i64); 5] =
    [("monday", 495), ("tuesday", 495), ("wednesday", 495), ("thursday", 495), ("friday", 420)];

/// Every how many people one's time is planned by shifts, or follows the contract alone.
const BY_SHIFTS: usize = 9;
const BY_CONTRACT: usize = 7;

/// Days before and after today for which shifts are planned.
const PLANNED: (i64, i64) = (28, 28);

pub(super) fn plant(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<(), Error> {
    let kinds =
        [("Lunch", false), ("Coffee", true)].map(|(name, paid)| json!({ "name": name, "paid": paid }));
    let kinds = planter.plant("time_settings/break_configurations", kinds.to_vec())?;
    let settings = kinds.iter().map(|kind| {
        json!({ "attendance_employees_setting_id": 1, "time_settings_break_configuration_id": kind, "enabled": true })
    });
    planter.plant("attendance/break_configurations", settings.collect())?;
    let schedule = schedule(planter, kinds.first().copied())?;
    let versions = people.iter().enumerate().map(|(at, person)| {
        let tool = tool(at);
        let schedule = schedule.filter(|_| tool == "work_schedule");
        json!({ "employee_id": person.employee, "effective_at": person.hired.to_string(), "planning_tool": tool,
            "work_schedule_schedule_id": schedule, "number_of_rest_days_in_cents": 200 })
    });
    planter.plant("time_planning/planning_versions", versions.collect())?;
    let leaves = leaves(planter)?;
    shifts(planter, people, &leaves)?;
    open(planter, people, &leaves)?;
    decisions(planter, people)
}

fn tool(at: usize) -> &'static str {
    match at {
        at if at % BY_SHIFTS == 4 => "shift_management",
        at if at % BY_CONTRACT == 0 => "contract_hours",
        _ => "work_schedule",
    }
}

/// Office hours, shorter in summer.
fn schedule(planter: &mut Planter<'_, '_>, lunch: Option<i64>) -> Result<Option<i64>, Error> {
    let office = json!({ "name": "Office hours", "schedule_type": "fixed" });
    let schedule = planter.plant("work_schedule/schedules", vec![office])?.first().copied();
    let periods = vec![
        json!({ "schedule_id": schedule, "default": true, "schedule_type": "fixed" }),
        json!({ "schedule_id": schedule, "default": false, "schedule_type": "fixed", "start_month": 7, "start_day": 1,
            "end_month": 8, "end_day": 31 }),
    ];
    let periods = planter.plant("work_schedule/overlap_periods", periods)?;
    let days = periods.iter().enumerate().flat_map(|(at, period)| {
        WEEK.map(|(name, minutes)| {
            let minutes = if at == 0 { minutes } else { 420 };
            json!({ "overlap_period_id": period, "weekday": name, "duration_in_seconds": minutes * 60 })
        })
    });
    let days = planter.plant("work_schedule/day_configurations", days.collect())?;
    let breaks = days.iter().take(4).map(|day| {
        json!({ "day_configuration_id": day, "break_configuration_id": lunch, "break_type": "flexible",
            "duration": 60 })
    });
    planter.plant("time_planning/planned_breaks", breaks.collect())?;
    Ok(schedule)
}

/// A leave that was approved.
struct Leave {
    id: i64,
    employee: i64,
    first: Date,
    last: Date,
}

/// The leave of a person on a day.
fn on_leave(leaves: &[Leave], employee: i64, day: Date) -> Option<i64> {
    let of = |leave: &&Leave| leave.employee == employee && (leave.first..=leave.last).contains(&day);
    leaves.iter().find(of).map(|leave| leave.id)
}

fn leaves(planter: &mut Planter<'_, '_>) -> Result<Vec<Leave>, Error> {
    let grant = Grant::system(planter.company, "the company is furnished");
    let all = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };
    let approved = [Look::Equal("approved", Datum::Bool(true))];
    let columns = &["id", "employee_id", "start_on", "finish_on"];
    let mut leaves = Vec::new();
    planter.tx.rows(&grant, "timeoff_leaves").select(columns, &approved, all, &mut |row| {
        let day = |cell: Cell<'_>| match Datum::of(cell) {
            Datum::Text(text) => text.parse::<Date>().ok(),
            _ => None,
        };
        if let (Cell::Int(id), Cell::Int(employee), Some(first)) =
            (row.cell(0)?, row.cell(1)?, day(row.cell(2)?))
        {
            leaves.push(Leave { id, employee, first, last: day(row.cell(3)?).unwrap_or(Date::MAX) });
        }
        Ok(())
    })?;
    Ok(leaves)
}

/// Whoever works by shifts has them from Monday to Friday: published up to two weeks ahead, drafts after that.
fn shifts(planter: &mut Planter<'_, '_>, people: &[Person], leaves: &[Leave]) -> Result<(), Error> {
    let places = planter.ids("locations/locations").to_vec();
    let mut rows = Vec::new();
    for (at, person) in people.iter().enumerate().filter(|(at, _)| tool(*at) == "shift_management") {
        let late = at % 2 == 1;
        for day in span(planter.ago(PLANNED.0), planter.ago(-PLANNED.1)) {
            if day.weekday().to_monday_zero_offset() >= 5 {
                continue;
            }
            let (from, to) = if late { (9, 17) } else { (8, 16) };
            let leave = on_leave(leaves, person.employee, day);
            let state = match leave {
                Some(_) => "backup",
                None if day > planter.ago(-14) => "draft",
                None => "published",
            };
            rows.push(json!({
                "employee_id": person.employee, "location_id": pick(&places, person.place),
                "start_at": local(person.place, day, from), "end_at": local(person.place, day, to),
                "state": state, "leave_id": leave,
                "name": if late { "Late desk" } else { "Early desk" },
            }));
        }
    }
    planter.plant("shift_management/shifts", rows).map(drop)
}

/// Some are at work right now.
fn open(planter: &mut Planter<'_, '_>, people: &[Person], leaves: &[Leave]) -> Result<(), Error> {
    let places = planter.ids("locations/locations").to_vec();
    let today = planter.today;
    let here =
        |(at, person): &(usize, &Person)| at % 8 == 3 && on_leave(leaves, person.employee, today).is_none();
    let rows = people.iter().enumerate().filter(here).map(|(at, person)| {
        let minute = mixed(at as u64 + 77) % 60;
        json!({ "employee_id": person.employee, "date": today.to_string(), "reference_date": today.to_string(),
            "clock_in": format!("06:{minute:02}"), "in_source": "web", "workable": true, "location_type": "office",
            "workplace_id": pick(&places, person.place) })
    });
    let rows: Vec<Value> = rows.collect();
    planter.plant("attendance/shifts", rows).map(drop)
}

/// Requests in every state, and weeks that were reviewed.
fn decisions(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<(), Error> {
    let Some(boss) = people.first().map(|person| person.employee) else { return Ok(()) };
    let asking = || people.iter().skip(10).step_by(6).enumerate();
    let states = ["pending", "approved", "rejected"];
    let overtime = asking().map(|(at, person)| {
        let status = pick(&states, at).copied().unwrap_or("pending");
        let ago = i64::try_from(at % 10).unwrap_or(0) + 1;
        json!({ "employee_id": person.employee, "author_id": person.employee, "status": status,
            "date": planter.ago(ago).to_string(), "hours_amount_in_cents": 50 + 25 * (at % 4), "approver_id": boss,
            "description": "A customer needed us", "reason": if status == "rejected" { Some("Not agreed before") } else { None } })
    });
    let overtime: Vec<Value> = overtime.collect();
    planter.plant("attendance/overtime_requests", overtime)?;
    let edits = asking().map(|(at, person)| {
        let ago = i64::try_from(at % 7).unwrap_or(0) + 40;
        let approved = match at % 3 {
            0 => None,
            1 => Some(true),
            _ => Some(false),
        };
        json!({ "employee_id": person.employee, "request_type": "create_shift", "approved": approved,
            "date": planter.ago(ago).to_string(), "reference_date": planter.ago(ago).to_string(),
            "clock_in": "18:00", "clock_out": "19:00", "workable": true, "location_type": "work_from_home",
            "reason": "Forgot to clock in" })
    });
    let edits: Vec<Value> = edits.collect();
    planter.plant("attendance/edit_timesheet_requests", edits)?;
    let mut reviews = Vec::new();
    for person in people.iter().take(20) {
        for day in span(planter.ago(62), planter.ago(50)) {
            reviews.push(json!({ "employee_id": person.employee, "date": day.to_string(), "author_id": boss,
                "reviewed_at": format!("{}T09:00:00.000Z", planter.ago(48)) }));
        }
    }
    planter.plant("attendance/reviews", reviews).map(drop)
}

/// An hour of a day at a workplace, as a point in time.
fn local(place: usize, day: Date, hour: i8) -> String {
    let zone = if place == 2 { "Europe/Lisbon" } else { "Europe/Madrid" };
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = zone.to_timestamp(day.at(hour, 0, 0, 0)).map_or(0, registry::Timestamp::as_millisecond);
    registry::Instant::from_millis(at).to_string()
}

/// Every day from the first to the last.
fn span(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(Span::new().days(1)).take_while(move |day| *day <= last)
}
