//! What plans are made of, read for many people with a statement for each kind.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use engine::{Context, Error, Object};
use registry::{Date, TimeZone, Timestamp};
use storage::{Datum, Look};

use super::facts;
use super::plan::{Contract, FULL_DAY, Half, Holiday, Period, Plan, Schedule, Shift, Tool, daily, moved};

/// Values of one condition at most.
pub const CHUNK: usize = 500;

/// The plans of some employees. Planned shifts and holidays are those between two days.
pub fn plans(
    cx: &mut Context<'_, '_>,
    employees: &[i64],
    first: Date,
    last: Date,
) -> Result<HashMap<i64, Plan>, Error> {
    let people = cx.objects("employees/employees", employees.to_vec())?;
    let versions = of(cx, "contracts/contract_versions", employees, &[])?;
    let tools = of(cx, "time_planning/planning_versions", employees, &[])?;
    let zones = facts::zones(cx)?;
    let schedules = schedules(cx, &tools)?;
    let by_shifts = tools.iter().filter(|tool| tool.text("planning_tool") == Some("shift_management"));
    let by_shifts: BTreeSet<i64> = by_shifts.filter_map(|tool| tool.int("employee_id")).collect();
    // A day of room on both sides for what lies in another time zone, a week for whole weeks.
    let (from, to) = (moved(first, -8).unwrap_or(first), moved(last, 8).unwrap_or(last));
    let between = [Look::From("start_at", instant(from)), Look::Before("start_at", instant(to))];
    let shifts = of(cx, "shift_management/shifts", &by_shifts.into_iter().collect::<Vec<_>>(), &between)?;
    let unpaid = unpaid(cx, &shifts)?;
    let holidays = holidays(cx, people.values(), first, last)?;

    let mut plans = HashMap::with_capacity(employees.len());
    for (id, person) in &people {
        let place = person.int("location_id");
        let holidays = place.and_then(|place| holidays.get(&place).cloned()).unwrap_or_default();
        let zone = Some(facts::zone_of(&zones, place));
        plans.insert(
            *id,
            Plan { holidays, place, zone, until: person.date("terminated_on"), ..Plan::default() },
        );
    }
    for version in &versions {
        let plan = version.int("employee_id").and_then(|id| plans.get_mut(&id));
        if let (Some(plan), Some(contract)) = (plan, contract(version)) {
            plan.contracts.push(contract);
        }
    }
    for tool in &tools {
        let plan = tool.int("employee_id").and_then(|id| plans.get_mut(&id));
        let (Some(plan), Some(from)) = (plan, tool.date("effective_at")) else { continue };
        let schedule = || tool.int("work_schedule_schedule_id").and_then(|id| schedules.get(&id).cloned());
        let tool = match tool.text("planning_tool") {
            Some("shift_management") => Tool::Shifts,
            Some("work_schedule" | "work_schedules") => schedule().map_or(Tool::Contract, Tool::Schedule),
            _ => Tool::Contract,
        };
        plan.tools.push((from, tool));
    }
    // What is kept in reserve is part of the plan only where a leave took it out.
    let holds = |shift: &&Object| match shift.text("state") {
        Some("published") => true,
        Some("backup") => shift.int("leave_id").is_some(),
        _ => false,
    };
    for shift in shifts.iter().filter(holds) {
        let Some(employee) = shift.int("employee_id") else { continue };
        let (Some(begin), Some(end)) = (shift.int("start_at"), shift.int("end_at")) else { continue };
        let place = shift.int("location_id").or_else(|| people.get(&employee)?.int("location_id"));
        let zone = facts::zone_of(&zones, place);
        let (Some(plan), Ok(at)) = (plans.get_mut(&employee), Timestamp::from_millisecond(begin)) else {
            continue;
        };
        let id = shift.int("id").unwrap_or_default();
        let pause = unpaid.get(&id).copied().unwrap_or(0);
        let shift = Shift {
            id,
            begins: begin,
            ends: end,
            minutes: ((end - begin) / registry::MINUTE - pause).max(0),
            backup: shift.text("state") == Some("backup"),
            extra: shift.flag("extra_hours"),
            place,
        };
        plan.shifts.entry(zone.to_datetime(at).date()).or_default().push(shift);
    }
    for plan in plans.values_mut() {
        plan.tools.sort_by_key(|(from, _)| *from);
        plan.contracts.sort_by_key(|contract| contract.effective_on);
    }
    Ok(plans)
}

/// Objects of a resource that belong to some employees and meet conditions.
pub fn of(
    cx: &mut Context<'_, '_>,
    path: &str,
    employees: &[i64],
    looks: &[Look],
) -> Result<Vec<Object>, Error> {
    let mut found = Vec::new();
    for chunk in employees.chunks(CHUNK) {
        let of = Look::OneOf("employee_id", chunk.iter().copied().map(Datum::Int).collect());
        let looks: Vec<_> = std::iter::once(of).chain(looks.iter().cloned()).collect();
        found.append(&mut cx.facts(path, &looks)?);
    }
    Ok(found)
}

/// Minutes of unpaid breaks within planned shifts, by shift.
fn unpaid(cx: &mut Context<'_, '_>, shifts: &[Object]) -> Result<HashMap<i64, i64>, Error> {
    let breaks = cx.referring("time_planning/planned_breaks", "shift_id", shifts)?;
    let kinds = cx.referred("time_settings/break_configurations", &breaks, "break_configuration_id")?;
    let mut unpaid = HashMap::new();
    for row in &breaks {
        let kind = row.int("break_configuration_id").and_then(|id| kinds.get(&id));
        if let (Some(shift), Some(false)) = (row.int("shift_id"), kind.map(|kind| kind.flag("paid"))) {
            *unpaid.entry(shift).or_default() += facts::length(row);
        }
    }
    Ok(unpaid)
}

/// The holidays of the workplaces of some people between two days, by workplace.
fn holidays<'o>(
    cx: &mut Context<'_, '_>,
    people: impl Iterator<Item = &'o Object>,
    first: Date,
    last: Date,
) -> Result<HashMap<i64, Arc<BTreeMap<Date, Holiday>>>, Error> {
    let places: BTreeSet<i64> = people.filter_map(|one| one.int("location_id")).collect();
    let mut found: HashMap<i64, BTreeMap<Date, Holiday>> = HashMap::new();
    for chunk in places.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
        let looks = [
            Look::OneOf("location_id", chunk.iter().copied().map(Datum::Int).collect()),
            Look::From("date", Datum::Text(first.to_string())),
            Look::To("date", Datum::Text(last.to_string())),
        ];
        for holiday in cx.facts("holidays/company_holidays", &looks)? {
            let (Some(place), Some(day)) = (holiday.int("location_id"), holiday.date("date")) else {
                continue;
            };
            let kind = holiday.text("half_day").and_then(Half::named).map_or(Holiday::Whole, Holiday::Half);
            // Two halves, or a half and the whole, are a whole day.
            let merged = |was: Holiday| if was == kind { was } else { Holiday::Whole };
            found.entry(place).or_default().entry(day).and_modify(|was| *was = merged(*was)).or_insert(kind);
        }
    }
    Ok(found.into_iter().map(|(place, days)| (place, Arc::new(days))).collect())
}

/// The work schedules that some planning versions name.
fn schedules(cx: &mut Context<'_, '_>, tools: &[Object]) -> Result<HashMap<i64, Arc<Schedule>>, Error> {
    let named: BTreeSet<i64> =
        tools.iter().filter_map(|tool| tool.int("work_schedule_schedule_id")).collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let named = Look::OneOf("schedule_id", named.into_iter().map(Datum::Int).collect());
    let periods = cx.facts("work_schedule/overlap_periods", &[named])?;
    let days = cx.referring("work_schedule/day_configurations", "overlap_period_id", &periods)?;
    let mut found: HashMap<i64, Schedule> = HashMap::new();
    for period in &periods {
        let part = |month, day| {
            let number = |column| period.int(column).and_then(|value| i8::try_from(value).ok()).unwrap_or(1);
            (number(month), number(day))
        };
        let mut made = Period {
            default: period.flag("default"),
            begins: part("start_month", "start_day"),
            ends: part("end_month", "end_day"),
            minutes: [0; 7],
            configurations: [None; 7],
        };
        for day in days.iter().filter(|day| day.int("overlap_period_id") == period.int("id")) {
            if let Some(at) = day.text("weekday").and_then(weekday_named) {
                made.configurations[at] = day.int("id");
                made.minutes[at] += day.int("duration_in_seconds").unwrap_or(0) / 60;
            }
        }
        if let Some(id) = period.int("schedule_id") {
            found.entry(id).or_default().periods.push(made);
        }
    }
    Ok(found.into_iter().map(|(id, schedule)| (id, Arc::new(schedule))).collect())
}

/// The part of a contract version that decides when is worked.
pub fn contract(version: &Object) -> Option<Contract> {
    let named = version.text("working_week_days").unwrap_or_default();
    let mut weekdays = [false; 7];
    for day in named.split(|c: char| !c.is_alphabetic()).filter_map(weekday_named) {
        weekdays[day] = true;
    }
    if weekdays == [false; 7] {
        weekdays = [true, true, true, true, true, false, false];
    }
    let in_week = i64::try_from(weekdays.iter().filter(|works| **works).count()).unwrap_or(5);
    let agreed = version.int("working_hours").filter(|hours| *hours > 0);
    let frequency = version.text("working_hours_frequency").unwrap_or("week");
    let minutes = agreed.map_or(FULL_DAY, |hours| daily(hours, frequency, in_week));
    Some(Contract {
        effective_on: version.date("effective_on")?,
        starts_on: version.date("starts_on"),
        ends_on: version.date("ends_on"),
        weekdays,
        minutes,
        works_on_holidays: version.text("bank_holiday_treatment") == Some("workable"),
        agreed: agreed.is_some(),
        in_days: version.flag("fr_forfait_jours"),
        part_time: version.int("working_time_percentage_in_cents").is_some_and(|share| share < 10_000),
    })
}

/// The place of a weekday in the week, by its English name or the beginning of it.
pub fn weekday_named(name: &str) -> Option<usize> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_lowercase();
    NAMES.iter().position(|known| name.len() >= 2 && known.starts_with(&name))
}

fn instant(day: Date) -> Datum {
    let at = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    Datum::Int(at.map_or(0, Timestamp::as_millisecond))
}
