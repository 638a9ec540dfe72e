//! `attendance/worked_times`

use std::collections::HashMap;

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, day_number, day_of, employee_day};
use registry::{Anything, Company, Date, Employee, Id, Object, Resource, TimeZone};
use storage::Datum;

use super::estimated_time::TimeUnit;
use crate::attendance::{times, timesheet};
use crate::time::worked::{self, Block, Piece, Requested};
use crate::time::{Source, estimate, facts, load};

/// What an employee worked on one day, sorted into pools.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/worked_times",
    object = "attendance_worked_time",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list, read(since = "2026-10-01"))
)]
#[parameter(name = "include_time_range_category", as = bool, doc = "True names the category of each block.", required)]
#[parameter(name = "include_non_attendable_employees", as = bool, doc = "True adds people who need not track time.", required)]
pub struct WorkedTime {
    /// Employee id and date, joined by an underscore.
    #[field(filter(any = "ids[]"(since = "2026-10-01")))]
    pub id: String,
    /// Whose work it was.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Day that was worked.
    #[field(filter(from = "start_on"), filter(to = "end_on"))]
    pub date: Date,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Minutes recorded by shifts.
    #[field(derived)]
    pub tracked_minutes: i64,
    /// Minutes after overtime factors.
    #[field(derived)]
    pub multiplied_minutes: i64,
    /// Minutes that still await approval.
    #[field(derived)]
    pub pending_minutes: i64,
    /// Minutes that count in all.
    #[field(derived)]
    pub minutes: i64,
    /// Unit of the record: minutes, half days or none.
    #[field(derived)]
    pub time_unit: TimeUnit,
    /// The day split by kind of time and destination.
    #[field(derived)]
    pub worked_time_blocks: Vec<WorkedTimeBlock>,
    /// Whether it is a workday, weekend day or holiday.
    #[field(derived)]
    pub day_type: DayType,
}

/// The objects of `worked_time_blocks`.
#[derive(Debug, Object)]
pub struct WorkedTimeBlock {
    /// Length of the block, in minutes.
    pub minutes: i64,
    /// Whether it is regular time, overtime or either.
    pub time_type: TimeType,
    /// Whether it counts as an extra hour.
    pub extra_hour: bool,
    /// Whether it tops up part-time hours.
    pub complementary_hour: bool,
    /// Length before factors, in hundredths of a minute.
    pub raw_minutes_in_cents: i64,
    /// Length after factors, in hundredths of a minute.
    pub equivalent_minutes_in_cents: i64,
    /// Where the time goes, such as payroll or time off.
    pub pool_type: PoolType,
    /// Day of the block.
    pub date: Date,
    /// Whether the time has been granted.
    pub approved: bool,
    /// True for work, false for a break.
    pub workable: bool,
    /// Whether it lies within planned hours.
    pub in_schedule: bool,
    /// Who worked the block.
    pub employee_id: Id<Employee>,
    /// Category of hours that it falls in.
    pub time_range_category_id: Option<Id<Anything>>,
    /// Kind of break, if it is one.
    pub time_settings_break_configuration_id: Option<Id<Anything>>,
    /// Title of the category of hours.
    pub time_range_category_name: Option<String>,
}

registry::choice! {
    /// The values of `time_type`.
    pub enum TimeType {
        AnyTime = "any_time",
        Overtime = "overtime",
        Regular = "regular",
    }
}

registry::choice! {
    /// The values of `pool_type`.
    pub enum PoolType {
        Balance = "balance",
        Buffer = "buffer",
        ComplementaryBuffer = "complementary_buffer",
        Discarded = "discarded",
        Payroll = "payroll",
        Timeoff = "timeoff",
        VirtualPayroll = "virtual_payroll",
        VirtualTimeoff = "virtual_timeoff",
    }
}

registry::choice! {
    /// The values of `day_type`.
    pub enum DayType {
        BankHoliday = "bank_holiday",
        Saturday = "saturday",
        Sunday = "sunday",
        Workday = "workday",
    }
}

/// How it is worked out.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key: employee_day, keys, rows }), ..Code::of("attendance/worked_times") };

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    times::keys(cx, ask, ask.flag("include_non_attendable_employees"))
}

fn rows(cx: &mut Context<'_, '_>, ask: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let (employees, first, last) = times::bounds(keys);
    let estimates = crate::time::estimates(cx, &employees, first, last)?;
    let shifts =
        load::of(cx, "attendance/shifts", &employees, &facts::between("reference_date", first, last))?;
    let kinds =
        cx.referred("time_settings/break_configurations", &shifts, "time_settings_break_configuration_id")?;
    let requests =
        load::of(cx, "attendance/overtime_requests", &employees, &facts::between("date", first, last))?;
    let categories = match ask.flag("include_time_range_category") {
        true => cx.facts("time_settings/split_custom_time_range_categories", &[])?,
        false => Vec::new(),
    };
    let mut days: HashMap<Key, (Vec<Piece>, i64)> = HashMap::new();
    for row in &shifts {
        let Some(key) = day(row, "reference_date") else { continue };
        let (pieces, halves) = days.entry(key).or_default();
        let zone = estimates.plans.get(&key.0).map_or(TimeZone::UTC, estimate::zone);
        match timesheet::stretch(row, &zone) {
            Some(stretch) => {
                let kind = row.int("time_settings_break_configuration_id");
                let paid = kind.and_then(|kind| kinds.get(&kind)).is_some_and(|kind| kind.flag("paid"));
                pieces.push(Piece { stretch, kind, paid });
            }
            None if row.text("half_day").is_some() => *halves += 1,
            None => {}
        }
    }
    let mut requested: HashMap<Key, Requested> = HashMap::new();
    for row in &requests {
        let Some(key) = day(row, "date") else { continue };
        let minutes = row.int("hours_amount_in_cents").unwrap_or(0).min(24 * 100) * 60 / 100;
        let of = requested.entry(key).or_default();
        match row.text("status") {
            Some("pending") => of.pending += minutes,
            Some("approved") => of.approved += minutes,
            Some("rejected") => of.rejected += minutes,
            _ => {}
        }
    }
    let category = |wanted: &str| {
        let active = |row: &&engine::Object| row.flag("active") && row.text("time_type") == Some(wanted);
        categories.iter().find(active)
    };
    let shown = |key: &Key| {
        let date = day_of(key.1);
        let due = estimates.on(key.0, date);
        let (pieces, halves) = days.get(key).map_or((&[][..], 0), |(pieces, halves)| (pieces, *halves));
        let worked =
            worked::worked(pieces, halves, due.as_ref(), requested.get(key).copied().unwrap_or_default());
        let plan = estimates.plans.get(&key.0);
        let holiday = plan.is_some_and(|plan| plan.holidays.contains_key(&date));
        let part_time = plan.and_then(|plan| plan.contract(date)).is_some_and(|contract| contract.part_time);
        let in_days = worked.half_days > 0 || due.is_some_and(|due| due.half_days.is_some());
        let unit = match () {
            () if in_days => TimeUnit::HalfDay,
            () if worked.tracked + worked.unpaid > 0 || due.is_some_and(|due| due.source != Source::None) => {
                TimeUnit::Minute
            }
            () => TimeUnit::None,
        };
        let block = |block: &Block| {
            let kind = if block.overtime { "overtime" } else { "regular" };
            let category = category(kind).or_else(|| category("any_time")).filter(|_| block.work);
            serde_json::json!({
                "minutes": block.minutes, "time_type": kind, "extra_hour": block.overtime,
                "complementary_hour": block.overtime && part_time,
                "raw_minutes_in_cents": block.minutes * 100, "equivalent_minutes_in_cents": block.minutes * 100,
                "pool_type": block.pool.text(), "date": date.to_string(),
                "approved": !matches!(block.pool, worked::Pool::Waiting | worked::Pool::Discarded) || !block.work,
                "workable": block.work, "in_schedule": !block.overtime && block.work,
                "employee_id": key.0.to_string(),
                "time_range_category_id": times::id(category.and_then(|row| row.int("id"))),
                "time_range_category_name": category.and_then(|row| row.text("name")),
                "time_settings_break_configuration_id": times::id(block.kind),
            })
        };
        let blocks: Vec<_> = worked.blocks.iter().map(block).collect();
        Sets::from([
            ("id", Datum::Text(times::name(*key))),
            ("employee_id", Datum::Int(key.0)),
            ("date", facts::text(date)),
            ("tracked_minutes", Datum::Int(worked.tracked)),
            ("multiplied_minutes", Datum::Int(worked.tracked)),
            ("pending_minutes", Datum::Int(worked.pending)),
            ("minutes", Datum::Int(worked.minutes)),
            ("time_unit", Datum::Text(unit.text().to_owned())),
            ("day_type", Datum::Text(worked::kind(date, holiday).to_owned())),
            ("worked_time_blocks", Datum::Text(serde_json::Value::Array(blocks).to_string())),
        ])
    };
    Ok(keys.iter().map(shown).collect())
}

fn day(row: &engine::Object, column: &str) -> Option<Key> {
    Some((row.int("employee_id")?, day_number(row.date(column)?)))
}
