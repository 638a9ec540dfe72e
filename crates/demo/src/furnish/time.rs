//! Holidays, leaves, schedules and a year of shifts that agree with each other.

use std::collections::BTreeSet;

use registry::{Date, Span};
use serde_json::json;

use super::people::Person;
use super::{Planter, mixed, pick};
use crate::Error;

/// Days of history.
const DAYS: i64 = 365;

/// Month, day and name of the holidays that every workplace keeps.
const HOLIDAYS: [(i8, i8, &str); 7] = [
    (1, 1, "New Year's Day"),
    (1, 6, "Epiphany"),
    (5, 1, "Labour Day"),
    (8, 15, "Assumption Day"),
    (11, 1, "All Saints' Day"),
    (12, 8, "Immaculate Conception"),
    (12, 25, "Christmas Day"),
];

/// Name, identifier, colour, whether it needs an approval, whether it is paid.
const LEAVE_TYPES: [(&str, &str, &str, bool, bool); 5] = [
    ("Holidays", "holidays", "#07a2ad", true, true),
    ("Sick leave", "sick", "#e51943", false, true),
    ("Parental leave", "parental", "#7f63b0", true, true),
    ("Moving house", "moving", "#f1a33b", true, true),
    ("Unpaid leave", "unpaid", "#6c757d", true, false),
];

pub(super) fn plant(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<(), Error> {
    let holidays = holidays(planter)?;
    let types = LEAVE_TYPES.iter().map(|(name, identifier, color, approval, payable)| {
        json!({ "name": name, "identifier": identifier, "color": color, "attachment": false, "visibility": true,
            "workable": false, "details_required": false, "active": true, "editable": true,
            "approval_required": approval, "accrues": true, "payable": payable })
    });
    let types = planter.plant("timeoff/leave_types", types.collect())?;
    let mut leaves = Vec::new();
    let mut away = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let mut days = BTreeSet::new();
        for leave in 0..3_u64 {
            let seed = mixed(at as u64 * 31 + leave);
            // One in each third of the year, so that no two overlap.
            let begin = i64::try_from(leave).unwrap_or(0) * 120 + i64::try_from(seed % 90).unwrap_or(0);
            let length = 1 + i64::try_from((seed >> 8) % 10).unwrap_or(0);
            let (first, last) = (planter.ago(begin + length), planter.ago(begin));
            let kind = if seed.is_multiple_of(5) { 1 } else { 0 };
            days.extend(span(first, last));
            leaves.push(json!({
                "employee_id": person.employee, "start_on": first.to_string(), "finish_on": last.to_string(),
                "leave_type_id": pick(&types, kind), "approved": true, "half_day": null,
                "description": if kind == 1 { "Not well" } else { "Some days off" },
            }));
        }
        if at % 4 == 0 {
            let (first, last) = (planter.ago(-20), planter.ago(-24));
            leaves.push(json!({ "employee_id": person.employee, "start_on": first.to_string(),
                "finish_on": last.to_string(), "leave_type_id": pick(&types, 0) }));
        }
        away.push(days);
    }
    planter.plant("timeoff/leaves", leaves)?;
    let places = planter.ids("locations/locations").to_vec();
    for (at, (person, away)) in people.iter().zip(&away).enumerate() {
        let place = pick(&places, person.place).copied();
        let mut shifts = Vec::new();
        for day in span(planter.ago(DAYS), planter.ago(1)) {
            let free =
                day.weekday().to_monday_zero_offset() >= 5 || holidays.contains(&day) || away.contains(&day);
            if free || day < person.hired {
                continue;
            }
            let seed = mixed(at as u64 * 1000 + u64::from(day.day_of_year().unsigned_abs()));
            let (late, long) = (seed % 40, (seed >> 8) % 50);
            shifts.push(json!({
                "employee_id": person.employee, "date": day.to_string(), "reference_date": day.to_string(),
                "clock_in": format!("08:{:02}", 20 + late % 40), "clock_out": format!("17:{long:02}"),
                "in_source": "web", "out_source": "web", "workable": true, "workplace_id": place,
                "location_type": if seed.is_multiple_of(5) { "work_from_home" } else { "office" },
            }));
        }
        planter.plant("attendance/shifts", shifts)?;
    }
    Ok(())
}

/// Last year's, this year's and next year's; the days on which nobody works.
fn holidays(planter: &mut Planter<'_, '_>) -> Result<BTreeSet<Date>, Error> {
    let year = planter.today.year();
    let dates = (year - 1..=year + 1).flat_map(|year| {
        HOLIDAYS
            .iter()
            .filter_map(move |(month, day, name)| Some((Date::new(year, *month, *day).ok()?, *name)))
    });
    let dates: Vec<_> = dates.collect();
    let places = planter.ids("locations/locations").to_vec();
    let rows = places.iter().flat_map(|place| {
        dates.iter().map(move |(date, name)| {
            json!({ "location_id": place, "date": date.to_string(), "summary": name, "description": name })
        })
    });
    planter.plant("holidays/company_holidays", rows.collect())?;
    Ok(dates.into_iter().map(|(date, _)| date).collect())
}

/// Every day from the first to the last.
fn span(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(Span::new().days(1)).take_while(move |day| *day <= last)
}
