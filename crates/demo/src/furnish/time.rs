//! Holidays, leaves, schedules and a year of shifts that agree with each other.

use std::collections::BTreeSet;

use registry::{Date, Span};
use serde_json::json;

use super::payroll::Illness;
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

/// Answers who was ill, and when.
pub(super) fn plant(planter: &mut Planter<'_, '_>, people: &[Person]) -> Result<Vec<Illness>, Error> {
    let holidays = holidays(planter)?;
    let types = LEAVE_TYPES.iter().map(|(name, identifier, color, approval, payable)| {
        json!({ "name": name, "identifier": identifier, "color": color, "attachment": false, "visibility": *identifier != "sick",
            "workable": false, "details_required": false, "active": true, "editable": true,
            "approval_required": approval, "accrues": true, "payable": payable })
    });
    let types = planter.plant("timeoff/leave_types", types.collect())?;
    entitlements(planter, people, &types)?;
    let (mut leaves, mut illnesses) = (Vec::new(), Vec::new());
    let mut away = Vec::new();
    let mut asking = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let mut days = BTreeSet::new();
        for leave in 0..3_u64 {
            let seed = mixed(at as u64 * 31 + leave);
            // One in each third of the year, so that no two overlap.
            let begin = i64::try_from(leave).unwrap_or(0) * 120 + i64::try_from(seed % 90).unwrap_or(0);
            let length = 1 + i64::try_from((seed >> 8) % 7).unwrap_or(0);
            let (first, last) = (planter.ago(begin + length), planter.ago(begin));
            // Nobody is away before there is something to be away from, or to spend.
            if begin == 0 || first < person.hired + Span::new().days(60) {
                continue;
            }
            let kind = if seed.is_multiple_of(5) { 1 } else { 0 };
            days.extend(span(first, last));
            if kind == 1 {
                illnesses.push((at, leaves.len(), first, last));
            }
            leaves.push(json!({
                "employee_id": person.employee, "start_on": first.to_string(), "finish_on": last.to_string(),
                "leave_type_id": pick(&types, kind), "approved": true, "half_day": null,
                "description": if kind == 1 { "Not well" } else { "Some days off" },
            }));
        }
        if at % 4 == 0 {
            let (first, last) = (planter.ago(-20), planter.ago(-22));
            asking.push((at, leaves.len()));
            leaves.push(json!({ "employee_id": person.employee, "start_on": first.to_string(),
                "finish_on": last.to_string(), "leave_type_id": pick(&types, 0) }));
        }
        away.push(days);
    }
    let leaves = planter.plant("timeoff/leaves", leaves)?;
    flows(planter, people, &asking, &leaves)?;
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
    Ok(illnesses)
}

/// Two policies with their allowances, who is under them, some corrections, and days on which nobody can be away.
fn entitlements(planter: &mut Planter<'_, '_>, people: &[Person], types: &[i64]) -> Result<(), Error> {
    let policies = [("Everybody", true, 2500), ("Leads", false, 2800)];
    let rows = policies.iter().map(|(name, main, _)| {
        json!({ "name": name, "main": main, "description": format!("Time off of {}", name.to_lowercase()) })
    });
    let ids = planter.plant("timeoff/policies", rows.collect())?;
    let mut allowances = Vec::new();
    for (policy, (_, _, units)) in ids.iter().zip(&policies) {
        for (name, units, kinds, range) in [
            ("Holidays", *units, &types[..1], "exact_range"),
            ("Moving house", 200, &types[3..4], "exact_range"),
        ] {
            allowances.push(json!({
                "timeoff_policy_id": policy.to_string(), "name": name, "allowance_type": "days",
                "available_days": "all_days", "count_holiday_as_workable": false,
                "leave_type_ids": kinds.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "proration_type": "proration_enabled", "pto_proratio_enabled": true, "rounding": "half_day",
                "tenure_periods": [], "accrued_units_availability": "current_cycle", "cycle_length": 12,
                "carry_over_units_in_cents": 500, "cycle_start": "jan", "days_type": "working_days",
                "expire_in_months": 3, "frequency": "yearly", "holiday_allowance_in_cents": units,
                "negative_counter_type": "negative_counter_disabled", "range_type": range,
                "source_units": "base_units", "tenure_periods_enabled": false, "unlimited_accrued_hours": true,
                "unlimited_carry_over": false, "unlimited_carry_over_expiration": false,
                "unlimited_holidays": false, "position": 1, "send_notification": true,
            }));
        }
    }
    let allowances = planter.plant("timeoff/allowances", allowances)?;
    let lead = |at: usize| (1..10).contains(&at);
    let under = people.iter().enumerate().map(|(at, person)| {
        json!({ "timeoff_policy_id": pick(&ids, usize::from(lead(at))).map(ToString::to_string),
            "employee_id": person.employee, "effective_at": person.hired.to_string() })
    });
    planter.plant("timeoff/policy_assignments", under.collect())?;
    let now = planter.tx.now().millis() / 1000;
    let corrected = people.iter().enumerate().filter(|(at, _)| at % 10 == 5).map(|(at, person)| {
        json!({ "employee_id": person.employee, "days_in_cents": 100,
            "timeoff_allowance_id": pick(&allowances, 2 * usize::from(lead(at))).map(ToString::to_string),
            "effective_on": planter.ago(40).to_string(), "description": "Worked on a holiday",
            "target_balance": "available", "created_at": now, "updated_at": now })
    });
    let corrected = corrected.collect();
    planter.plant("timeoff/allowance_incidences", corrected)?;
    let year = planter.today.year();
    let inventory = json!({
        "name": "Inventory", "leave_type_ids": [types[0].to_string()], "strategy": "all_employees", "members": [],
        "time_periods": [{ "id": "1", "policy_id": "1", "name": "End of June", "period_type": "dates",
            "start_on": format!("{}-06-28", year + 1), "finish_on": format!("{}-06-30", year + 1),
            "duration": null, "duration_unit": null }],
    });
    planter.plant("timeoff/blocked_periods", vec![inventory])?;
    Ok(())
}

/// Who approves leaves, and the approvals of those that are not decided yet.
fn flows(
    planter: &mut Planter<'_, '_>,
    people: &[Person],
    asking: &[(usize, usize)],
    leaves: &[i64],
) -> Result<(), Error> {
    let template = json!({
        "name": "Leaves", "resource_type": "Timeoff::Leave", "default": true, "automatic": false,
        "leave_type_ids": [], "employee_ids": [],
        "levels": [{ "id": "1", "approvers":
            [{ "id": "1", "selection_criteria": "timeoff_manager", "employee_id": null }] }],
    });
    let template = planter.plant("approvals/approval_flows", vec![template])?;
    let template = template.first().copied().unwrap_or_default();
    let now = planter.tx.now();
    let lapses = now + 90 * registry::DAY;
    let rows = asking.iter().filter_map(|(at, leave)| {
        let (person, leave) = (people.get(*at)?, leaves.get(*leave)?);
        let access = planter.accesses.get(*at)?;
        let boss = person.manager.and_then(|boss| {
            let place = people.iter().position(|other| other.employee == boss)?;
            Some((boss.to_string(), planter.accesses.get(place)?.to_string()))
        });
        let criteria = if boss.is_some() { "timeoff_manager" } else { "administrator" };
        let approver = json!({
            "id": "1", "materialized_approval_step_id": "1", "approval_step_approver_id": "1",
            "status": "pending", "updated_at": now.to_string(), "selection_criteria": criteria,
            "employee_id": boss.as_ref().map(|boss| &boss.0), "access_id": boss.as_ref().map(|boss| &boss.1),
        });
        Some(json!({
            "author_id": access, "owner_id": access, "author_employee_id": person.employee,
            "owner_employee_id": person.employee, "resource_type": "Timeoff::Leave",
            "resource_id": leave.to_string(), "resource_url": format!("/timeoff/leaves/{leave}"),
            "status": "running", "expires_at": lapses.to_string(), "approval_flow_id": template.to_string(),
            "approvers": [approver], "email_detail_blocks": [], "action_type": "create",
        }))
    });
    let rows = rows.collect();
    planter.plant("approvals/materialized_approvals_flows", rows)?;
    let away = people.get(1).zip(people.get(2)).map(|(lead, other)| {
        json!({ "employee_id": lead.employee, "delegate_id": other.employee,
            "starts_on": planter.ago(-20).to_string(), "finishes_on": planter.ago(-22).to_string() })
    });
    planter.plant("approvals/delegations", away.into_iter().collect())?;
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
