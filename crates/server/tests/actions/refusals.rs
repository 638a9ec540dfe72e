//! Every way in which the namespaces of time and people refuse: each code once, with its status, the member that is to
//! blame and a sentence. No code of the source is missing from the table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Company;
use crate::support::{World, put_in_group};

/// The namespaces, as folders of the source. What `time` decides is refused by `attendance`.
const NAMESPACES: [&str; 14] = [
    "approvals",
    "attendance",
    "companies",
    "contracts",
    "employees",
    "holidays",
    "locations",
    "shift_management",
    "teams",
    "time",
    "time_planning",
    "time_settings",
    "timeoff",
    "work_schedule",
];

/// Codes that no request of the API can cause, and what tries them.
const ELSEWHERE: [(&str, &str, &str); 6] = [
    ("approvals", "already_decided", "the rules of approvals, on flows that callers have left out before"),
    (
        "employees",
        "too_many_mails",
        "the test of addresses that wait: it takes a mail more than an hour allows",
    ),
    ("employees", "refused", "nothing: what accounts may come to refuse one day"),
    ("holidays", "not_found", "the import of calendars on its page and on the command line"),
    ("holidays", "unreadable", "the import of calendars on its page and on the command line"),
    ("timeoff", "type_unknown", "the preview of a request; the API checks references before"),
];

/// What a step of the table comes to.
enum Outcome {
    /// It is done; the object has this name from then on, if it has one.
    Done(&'static str),
    /// It is refused: status, code, and the member that is to blame.
    Refused(u16, &'static str, &'static str),
}

use Outcome::{Done, Refused};

/// Who asks (nobody stands for the company), a method, an address, a body, and what comes of it.
type Step = (&'static str, &'static str, &'static str, Value, Outcome);

/// A kind of leave that differs from a plain one in some members.
fn kind(identifier: &str, more: Value) -> Value {
    let plain = json!({
        "name": format!("Kind {identifier}"), "identifier": identifier, "color": "#07a2ad", "attachment": false, "visibility": true,
        "workable": false, "company_id": "$company", "details_required": false, "active": true, "accrues": false,
        "approval_required": false, "allow_endless": false, "half_days_units_enabled": true,
    });
    with(plain, more)
}

fn allowance(policy: &str, kinds: &[&str], more: Value) -> Value {
    let plain = json!({
        "timeoff_policy_id": policy, "name": "Days", "allowance_type": "days", "available_days": "all_days",
        "count_holiday_as_workable": false, "leave_type_ids": kinds, "proration_type": "proration_disabled",
        "pto_proratio_enabled": false, "rounding": "decimals", "tenure_periods": [],
        "accrued_units_availability": "current_cycle", "cycle_length": 12, "cycle_start": "jan",
        "days_type": "working_days", "frequency": "yearly", "holiday_allowance_in_cents": 100,
        "negative_counter_type": "negative_counter_disabled", "range_type": "exact_range",
        "source_units": "base_units", "tenure_periods_enabled": true, "unlimited_accrued_hours": true,
        "unlimited_carry_over": false, "unlimited_carry_over_expiration": false, "unlimited_holidays": false,
    });
    with(plain, more)
}

fn leave(person: &str, kind: &str, days: [&str; 2], more: Value) -> Value {
    with(
        json!({ "employee_id": person, "leave_type_id": kind, "start_on": days[0], "finish_on": days[1] }),
        more,
    )
}

fn with(mut object: Value, mut more: Value) -> Value {
    object.as_object_mut().unwrap().append(more.as_object_mut().unwrap());
    object
}

/// The table. It is Monday, 23 November 2026, 9:00. Grace, Mary and Tom have logins; Mary approves everybody's leaves.
/// Eve and Bob have none; Bob left last Friday.
fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    for rows in
        [time_off(), approvals(), attendance(), schedules(), shifts(), people(), contracts(), organisation()]
    {
        steps.extend(rows);
    }
    steps
}

fn time_off() -> Vec<Step> {
    const KINDS: &str = "timeoff/leave_types";
    const LEAVES: &str = "timeoff/leaves";
    let made = |name, identifier, more| ("", "POST", KINDS, kind(identifier, more), Done(name));
    let asked = |who, person, kind, days, more, outcome| {
        (who, "POST", LEAVES, leave(person, kind, days, more), outcome)
    };
    let no = |code, field| Refused(422, code, field);
    let none = || json!({});
    let (today, week, week_ends, one) =
        ("2026-11-23", "2026-12-07", "2026-12-11", ["2026-12-07", "2026-12-07"]);
    vec![
        made("plain", "plain", none()),
        made("asking", "asking", json!({ "approval_required": true })),
        made("whole", "whole", json!({ "half_days_units_enabled": false })),
        made("endless", "endless", json!({ "allow_endless": true })),
        made("told", "told", json!({ "details_required": true })),
        made("old", "old", none()),
        ("", "PUT", "timeoff/leave_types/$old", json!({ "active": false }), Done("")),
        made("closed", "closed", json!({ "restricted": true })),
        made("short", "short", json!({ "max_days_in_cents": 100 })),
        made("long", "long", json!({ "min_days_in_cents": 200 })),
        made("filed", "filed", json!({ "approval_required": true, "is_attachment_mandatory": true })),
        made("paid", "paid", json!({ "accrues": true })),
        made("other", "other", json!({ "accrues": true })),
        ("", "POST", KINDS, kind("plain", none()), no("identifier_taken", "identifier")),
        (
            "",
            "POST",
            KINDS,
            kind("n", json!({ "min_days_in_cents": -1 })),
            no("negative", "min_days_in_cents"),
        ),
        (
            "",
            "POST",
            KINDS,
            kind("n", json!({ "min_days_in_cents": 200, "max_days_in_cents": 100 })),
            no("shortest_beyond_longest", "min_days_in_cents"),
        ),
        // What a request looks like.
        asked(
            "",
            "$Grace",
            "$whole",
            one,
            json!({ "half_day": "end_of_day" }),
            no("half_days_not_allowed", "half_day"),
        ),
        asked(
            "",
            "$Grace",
            "$endless",
            one,
            json!({ "half_day": "end_of_day", "finish_on": null }),
            no("half_day_without_end", "half_day"),
        ),
        asked("", "$Grace", "$told", one, none(), no("details_required", "description")),
        asked(
            "",
            "$Grace",
            "$plain",
            one,
            json!({ "hours_amount_in_cents": 1 }),
            no("hours_required", "hours_amount_in_cents"),
        ),
        asked(
            "",
            "$Grace",
            "$plain",
            [week, week_ends],
            json!({ "hours_amount_in_cents": 200 }),
            no("hours_within_a_day", "finish_on"),
        ),
        asked("", "$Grace", "$plain", one, json!({ "finish_on": null }), no("finish_required", "finish_on")),
        asked("", "$Grace", "$plain", [week_ends, week], none(), no("finish_before_start", "finish_on")),
        asked("", "$Grace", "$old", one, none(), no("type_inactive", "leave_type_id")),
        asked("Grace", "$Grace", "$closed", one, none(), no("type_restricted", "leave_type_id")),
        asked("", "$Grace", "$short", [week, week_ends], none(), no("too_long", "finish_on")),
        asked("", "$Grace", "$long", one, none(), no("too_short", "finish_on")),
        asked("", "$Bob", "$plain", one, none(), no("after_termination", "start_on")),
        // Policies and allowances.
        ("", "POST", "timeoff/policies", json!({ "name": "Main", "main": true }), Done("main")),
        ("", "PUT", "timeoff/policies/$main", json!({ "main": false }), no("main_required", "main")),
        ("", "DELETE", "timeoff/policies/$main", Value::Null, Refused(409, "main_policy", "id")),
        ("", "POST", "timeoff/policies", json!({ "name": "Own" }), Done("own")),
        ("", "POST", "timeoff/allowances", allowance("$main", &["$other"], none()), Done("elsewhere")),
        ("", "POST", "timeoff/allowances", allowance("$own", &["$paid"], none()), Done("days")),
        (
            "",
            "POST",
            "timeoff/allowances",
            allowance("$own", &["$paid"], none()),
            no("type_in_other_allowance", "leave_type_ids"),
        ),
        (
            "",
            "POST",
            "timeoff/allowances",
            allowance("$own", &[], json!({ "source_units": "by_worked_time" })),
            no("worked_time_in_hours", "allowance_type"),
        ),
        (
            "",
            "POST",
            "timeoff/allowances",
            allowance("$own", &[], json!({ "frequency": "monthly_flexible", "cycle_length": null })),
            no("cycle_length_required", "cycle_length"),
        ),
        (
            "",
            "POST",
            "timeoff/allowances",
            allowance(
                "$own",
                &[],
                json!({ "tenure_periods": [{ "period_type": "years", "balance_type": "fixed_balance", "period_length": -1 }] }),
            ),
            no("tenure_length_required", "tenure_periods"),
        ),
        (
            "",
            "POST",
            "timeoff/policy_assignments",
            json!({ "timeoff_policy_id": "$own", "employee_id": "$Grace", "effective_at": "2026-01-01" }),
            Done(""),
        ),
        (
            "",
            "POST",
            "timeoff/policy_assignments",
            json!({ "timeoff_policy_id": "$main", "employee_id": "$Grace", "effective_at": "2026-01-01" }),
            no("assigned_already", "effective_at"),
        ),
        ("", "DELETE", "timeoff/policies/$own", Value::Null, Refused(409, "policy_in_use", "id")),
        ("", "DELETE", "timeoff/allowances/$days", Value::Null, Refused(409, "last_allowance", "id")),
        asked("", "$Grace", "$other", one, none(), no("type_not_granted", "leave_type_id")),
        asked("", "$Grace", "$paid", [week, week_ends], none(), no("balance_exceeded", "finish_on")),
        (
            "",
            "POST",
            "timeoff/allowance_incidences",
            json!({ "employee_id": "$Grace", "timeoff_allowance_id": "$days", "days_in_cents": 0,
                "effective_on": today, "target_balance": "available" }),
            no("nothing_corrected", "days_in_cents"),
        ),
        (
            "",
            "POST",
            "timeoff/allowance_incidences",
            json!({ "employee_id": "$Grace", "timeoff_allowance_id": "$days", "days_in_cents": 50,
                "effective_on": today, "target_balance": "available" }),
            Done(""),
        ),
        ("", "DELETE", "timeoff/allowances/$days", Value::Null, Refused(409, "alternative_required", "id")),
        (
            "",
            "POST",
            "timeoff/allowances",
            allowance("$own", &[], json!({ "allowance_type": "hours" })),
            Done("hours"),
        ),
        (
            "",
            "POST",
            "timeoff/allowances/delete_with_alt_allowance",
            json!({ "id": "$days", "alt_allowance_id": "$hours" }),
            no("other_unit", "alt_allowance_id"),
        ),
        (
            "",
            "POST",
            "timeoff/allowances/delete_with_alt_allowance",
            json!({ "id": "$days", "alt_allowance_id": "$days" }),
            no("same_allowance", "alt_allowance_id"),
        ),
        // Blocked days.
        (
            "",
            "POST",
            "timeoff/blocked_periods",
            json!({ "company_id": "$company", "name": "Inventory", "leave_type_ids": ["$plain"] }),
            Done("blocked"),
        ),
        (
            "",
            "PUT",
            "timeoff/blocked_periods/$blocked",
            json!({ "name": "Inventory", "leave_type_ids": ["$plain"], "strategy": "all_employees",
                "time_periods_attributes": [{ "name": "Back", "start_on": "2026-06-30", "finish_on": "2026-06-28" }] }),
            no("finish_before_start", "time_periods_attributes"),
        ),
        (
            "",
            "PUT",
            "timeoff/blocked_periods/$blocked",
            json!({ "name": "Inventory", "leave_type_ids": ["$plain"], "strategy": "all_employees",
                "time_periods_attributes": [{ "name": "June", "start_on": "2027-06-28", "finish_on": "2027-06-30" }] }),
            Done(""),
        ),
        asked("", "$Grace", "$plain", ["2027-06-29", "2027-06-29"], none(), no("blocked_period", "start_on")),
        (
            "",
            "PUT",
            "timeoff/blocked_periods/$blocked",
            json!({ "name": "Inventory", "leave_type_ids": ["$plain"], "strategy": "all_employees",
                "time_periods_attributes": [], "query": "tenure=2" }),
            no("query_not_understood", "query"),
        ),
        // Decisions.
        asked("", "$Grace", "$plain", [today, today], none(), Done("begun")),
        asked("", "$Grace", "$plain", [today, today], none(), no("overlaps", "start_on")),
        ("Grace", "DELETE", "timeoff/leaves/$begun", Value::Null, Refused(409, "leave_locked", "id")),
        (
            "",
            "POST",
            "timeoff/leaves/approve_all",
            json!({ "id": "$begun" }),
            Refused(409, "already_approved", "id"),
        ),
        ("", "DELETE", "timeoff/leaves/$begun", Value::Null, Done("")),
        (
            "",
            "POST",
            "timeoff/leaves/approve",
            json!({ "id": "$begun" }),
            Refused(409, "leave_deleted", "id"),
        ),
        asked("Grace", "$Grace", "$asking", one, none(), Done("asked")),
        ("", "POST", "timeoff/leaves/reject", json!({ "id": "$asked" }), Done("")),
        (
            "",
            "POST",
            "timeoff/leaves/reject",
            json!({ "id": "$asked" }),
            Refused(409, "already_rejected", "id"),
        ),
        asked("Grace", "$Grace", "$filed", one, none(), Done("unfiled")),
        ("", "POST", "timeoff/leaves/approve", json!({ "id": "$unfiled" }), no("attachment_required", "id")),
        asked("Mary", "$Mary", "$asking", one, none(), Done("hers")),
        ("Mary", "POST", "timeoff/leaves/approve_all", json!({ "id": "$hers" }), no("not_an_approver", "id")),
    ]
}

/// Of the kind `levels` Mary decides first, then Grace.
fn approvals() -> Vec<Step> {
    let decide = json!({ "resource_id": "$waiting", "resource_type": "Timeoff::Leave" });
    let path = "approvals/materialized_approvals_flows/approve_resource";
    vec![
        (
            "",
            "POST",
            "timeoff/leaves",
            leave("$Eve", "$levels", ["2027-01-04", "2027-01-05"], json!({})),
            Done("waiting"),
        ),
        ("Grace", "POST", path, decide.clone(), Refused(422, "not_your_turn", "resource_id")),
        ("Tom", "POST", path, decide, Refused(422, "not_an_approver", "resource_id")),
    ]
}

fn attendance() -> Vec<Step> {
    const SHIFTS: &str = "attendance/shifts";
    let clock = |action, now: &str, more| {
        let now = format!("2026-11-23T{now}:00Z");
        ("", "POST", action, with(json!({ "employee_id": "$Eve", "now": now }), more))
    };
    let tried = |(who, method, path, body): (_, _, _, _), outcome| (who, method, path, body, outcome);
    let [clock_in, clock_out, break_start, break_end] = [
        "attendance/shifts/clock_in",
        "attendance/shifts/clock_out",
        "attendance/shifts/break_start",
        "attendance/shifts/break_end",
    ];
    let no = |code, field| Refused(422, code, field);
    let conflict = |code, field| Refused(409, code, field);
    let pause = || json!({ "time_settings_break_configuration_id": "$pause" });
    let kind = "time_settings_break_configuration_id";
    let shift = |date: &str, from: &str, to: &str| json!({ "employee_id": "$Eve", "date": date, "clock_in": from, "clock_out": to });
    let days =
        |first: &str, last: &str| json!({ "employee_ids": ["$Eve"], "start_on": first, "end_on": last });
    let request = |kind: &str, more| with(json!({ "employee_id": "$Eve", "request_type": kind }), more);
    let overtime = |hours: f64| json!({ "employee_id": "$Eve", "author_id": "$me", "date": "2026-11-20", "hours_amount": hours });
    vec![
        ("", "POST", clock_in, json!({ "now": "2026-11-23T08:00:00Z" }), no("required", "employee_id")),
        tried(clock(clock_out, "08:00", json!({})), conflict("not_clocked_in", "now")),
        tried(clock(clock_in, "08:00", json!({})), Done("")),
        tried(clock(clock_in, "08:01", json!({})), conflict("already_clocked_in", "now")),
        tried(clock(break_end, "08:02", json!({})), conflict("not_on_break", "now")),
        tried(clock(clock_out, "07:00", json!({})), no("ends_before_it_begins", "now")),
        tried(clock(break_start, "08:10", json!({})), Done("")),
        tried(clock(break_start, "08:11", json!({})), conflict("already_on_break", "now")),
        tried(clock(break_end, "08:20", json!({})), Done("")),
        (
            "",
            "POST",
            "time_settings/break_configurations",
            json!({ "name": "Lunch", "paid": false }),
            Done("pause"),
        ),
        (
            "",
            "POST",
            "attendance/break_configurations",
            json!({ "attendance_employees_setting_id": "1", "enabled": false,
            "time_settings_break_configuration_id": "$pause" }),
            Done(""),
        ),
        (
            "",
            "POST",
            "attendance/break_configurations",
            json!({ "attendance_employees_setting_id": "1", "enabled": true,
            "time_settings_break_configuration_id": "$pause" }),
            conflict("taken", "time_settings_break_configuration_id"),
        ),
        tried(clock(break_start, "08:30", pause()), no("breaks_disabled", kind)),
        ("", "PUT", "time_settings/break_configurations/$pause", json!({ "archived": true }), Done("")),
        tried(clock(break_start, "08:30", pause()), no("break_archived", kind)),
        tried(clock(clock_out, "08:40", json!({})), Done("")),
        ("", "POST", SHIFTS, shift("2026-11-19", "09:00", "17:00"), Done("thursday")),
        ("", "POST", SHIFTS, shift("2026-11-19", "16:00", "18:00"), no("shifts_overlap", "clock_in")),
        (
            "",
            "POST",
            SHIFTS,
            json!({ "employee_id": "$Eve", "date": "2026-11-18", "clock_out": "18:00" }),
            no("required", "clock_in"),
        ),
        (
            "",
            "POST",
            "attendance/shifts/autofill",
            days("2026-11-20", "2026-11-19"),
            no("ends_before_it_begins", "end_on"),
        ),
        (
            "",
            "POST",
            "attendance/shifts/autofill",
            days("2025-11-20", "2026-11-30"),
            no("too_long", "end_on"),
        ),
        // Corrections.
        (
            "",
            "POST",
            "attendance/edit_timesheet_requests",
            json!({ "employee_id": "$Grace", "request_type": "delete_shift", "attendance_shift_id": "$thursday" }),
            no("not_found", "attendance_shift_id"),
        ),
        (
            "Grace",
            "POST",
            "attendance/edit_timesheet_requests",
            json!({ "employee_id": "$Grace", "request_type": "create_shift", "date": "2026-11-19", "clock_in": "09:00",
                "clock_out": "10:00" }),
            Done("mine"),
        ),
        (
            "Grace",
            "PUT",
            "attendance/edit_timesheet_requests/$mine",
            json!({ "employee_id": "$Grace", "approved": true }),
            no("not_yours_to_decide", "approved"),
        ),
        (
            "",
            "POST",
            "attendance/edit_timesheet_requests",
            request("update_shift", json!({ "attendance_shift_id": "$thursday", "clock_out": "16:00" })),
            Done("late"),
        ),
        ("", "DELETE", "attendance/shifts/$thursday", Value::Null, Done("")),
        (
            "",
            "PUT",
            "attendance/edit_timesheet_requests/$late",
            json!({ "employee_id": "$Eve", "approved": true }),
            conflict("shift_gone", "attendance_shift_id"),
        ),
        (
            "",
            "PUT",
            "attendance/edit_timesheet_requests/$late",
            json!({ "employee_id": "$Eve", "approved": false }),
            Done(""),
        ),
        (
            "",
            "PUT",
            "attendance/edit_timesheet_requests/$late",
            json!({ "employee_id": "$Eve", "approved": true }),
            conflict("already_decided", "id"),
        ),
        // Reviews.
        (
            "",
            "POST",
            "attendance/reviews/bulk_create",
            with(days("2026-11-18", "2026-11-18"), json!({ "reviewed_by": "999999" })),
            no("not_found", "reviewed_by"),
        ),
        (
            "",
            "POST",
            "attendance/reviews/bulk_create",
            with(days("2026-11-18", "2026-11-18"), json!({ "reviewed_by": "$me" })),
            Done(""),
        ),
        ("", "POST", SHIFTS, shift("2026-11-18", "09:00", "10:00"), conflict("day_reviewed", "date")),
        // Overtime.
        ("", "POST", "attendance/overtime_requests", overtime(-1.0), no("negative", "hours_amount")),
        ("", "POST", "attendance/overtime_requests", overtime(2.0), Done("extra")),
        (
            "",
            "POST",
            "attendance/overtime_requests/reject",
            json!({ "id": "$extra", "reason": " " }),
            no("required", "reason"),
        ),
        ("", "POST", "attendance/overtime_requests/approve", json!({ "id": "$extra" }), Done("")),
        (
            "",
            "POST",
            "attendance/overtime_requests/approve",
            json!({ "id": "$extra" }),
            conflict("already_decided", "id"),
        ),
    ]
}

fn schedules() -> Vec<Step> {
    let no = |code, field| Refused(422, code, field);
    let conflict = |code, field| Refused(409, code, field);
    const PERIODS: &str = "work_schedule/overlap_periods";
    let period = |default: bool, begins: [i64; 2], ends: [i64; 2]| {
        json!({ "schedule_id": "$schedule", "create_params": { "default": default, "schedule_type": "fixed",
            "start_month": begins[0], "start_day": begins[1], "end_month": ends[0], "end_day": ends[1] } })
    };
    let days = |days: Value| json!({ "overlap_period_id": "$usual", "day_configurations": days });
    const DAYS: &str = "work_schedule/day_configurations/bulk_cud";
    let version = |day: &str, schedule: Value| json!({ "employee_id": "$Eve", "effective_at": day, "planning_tool": "work_schedule", "schedule_id": schedule });
    const VERSIONS: &str = "time_planning/planning_versions";
    vec![
        (
            "",
            "POST",
            "work_schedule/schedules",
            json!({ "name": "Usual", "schedule_type": "fixed" }),
            Done("schedule"),
        ),
        ("", "PUT", "work_schedule/schedules/$schedule", json!({ "name": " " }), no("required", "name")),
        ("", "GET", PERIODS, Value::Null, Done("usual")),
        ("", "POST", PERIODS, period(true, [1, 1], [12, 31]), conflict("second_default", "create_params")),
        ("", "POST", PERIODS, period(false, [2, 31], [3, 1]), no("no_such_day", "start_day")),
        ("", "POST", PERIODS, period(false, [6, 1], [8, 31]), Done("")),
        ("", "POST", PERIODS, period(false, [8, 1], [9, 30]), no("periods_overlap", "create_params")),
        ("", "DELETE", "work_schedule/overlap_periods/$usual", Value::Null, conflict("default_period", "id")),
        (
            "",
            "POST",
            DAYS,
            days(json!([{ "weekday": "someday", "duration_in_seconds": 1 }])),
            no("invalid", "day_configurations.0.weekday"),
        ),
        (
            "",
            "POST",
            DAYS,
            days(
                json!([{ "weekday": "monday", "duration_in_seconds": 1 }, { "weekday": "monday", "duration_in_seconds": 1 }]),
            ),
            no("twice", "day_configurations.1.weekday"),
        ),
        (
            "",
            "POST",
            DAYS,
            days(json!([{ "id": "999999", "weekday": "monday", "duration_in_seconds": 1 }])),
            no("not_found", "day_configurations.0.id"),
        ),
        (
            "",
            "POST",
            "time_planning/planning_versions/bulk_create",
            json!({ "employee_ids": ["$Eve"], "effective_at": "2026-12-01", "planning_tool": "sundial" }),
            no("invalid", "planning_tool"),
        ),
        ("", "POST", VERSIONS, version("2026-12-01", Value::Null), no("required", "schedule_id")),
        ("", "POST", VERSIONS, version("2026-12-01", json!("$schedule")), Done("")),
        (
            "",
            "POST",
            VERSIONS,
            version("2026-12-01", json!("$schedule")),
            conflict("version_exists", "effective_at"),
        ),
        ("", "POST", "work_schedule/schedules/toggle_archive", json!({ "id": "$schedule" }), Done("")),
        (
            "",
            "PUT",
            "work_schedule/schedules/$schedule",
            json!({ "name": "Other" }),
            conflict("schedule_archived", "id"),
        ),
        (
            "",
            "POST",
            VERSIONS,
            version("2027-01-01", json!("$schedule")),
            no("schedule_archived", "schedule_id"),
        ),
    ]
}

fn shifts() -> Vec<Step> {
    let no = |code, field| Refused(422, code, field);
    const SHIFTS: &str = "shift_management/shifts";
    const MANY: &str = "shift_management/shifts/bulk_create";
    let shift = |from: &str, to: &str| json!({ "employee_id": "$Eve", "company_id": "$company", "start_at": from, "end_at": to });
    let published = |from: &str, to: &str| {
        let more = json!({ "state": "published", "creation_mode": "manual", "extra_hours": false });
        json!({ "shifts": [with(shift(from, to), more)] })
    };
    let pause =
        |more| json!({ "planned_breaks": [with(json!({ "break_configuration_id": "$pause" }), more)] });
    const BREAKS: &str = "time_planning/planned_breaks/bulk_create";
    vec![
        (
            "",
            "POST",
            SHIFTS,
            shift("2026-12-10T17:00:00Z", "2026-12-10T09:00:00Z"),
            no("ends_before_it_begins", "end_at"),
        ),
        ("", "POST", SHIFTS, shift("2026-12-10T09:00:00Z", "2026-12-14T09:00:00Z"), no("too_long", "end_at")),
        ("", "POST", SHIFTS, shift("2026-12-10T09:00:00Z", "2026-12-10T17:00:00Z"), Done("planned")),
        ("", "POST", MANY, published("2026-12-11T09:00:00Z", "2026-12-11T17:00:00Z"), Done("")),
        (
            "",
            "POST",
            MANY,
            published("2026-12-11T16:00:00Z", "2026-12-11T18:00:00Z"),
            Refused(409, "shifts_overlap", "shifts.0.start_at"),
        ),
        (
            "",
            "POST",
            "timeoff/leaves",
            leave("$Eve", "$plain", ["2026-12-14", "2026-12-14"], json!({})),
            Done(""),
        ),
        (
            "",
            "POST",
            MANY,
            published("2026-12-14T09:00:00Z", "2026-12-14T17:00:00Z"),
            Refused(409, "on_leave", "shifts.0.start_at"),
        ),
        (
            "",
            "POST",
            "shift_management/shifts/bulk_delete",
            json!({ "author_id": "$access" }),
            no("required", "ids"),
        ),
        ("", "POST", BREAKS, pause(json!({ "duration": 30 })), no("one_owner", "planned_breaks.0.shift_id")),
        (
            "",
            "POST",
            BREAKS,
            pause(json!({ "shift_id": "$planned", "duration": 0 })),
            no("invalid", "planned_breaks.0.duration"),
        ),
        (
            "",
            "POST",
            BREAKS,
            pause(
                json!({ "shift_id": "$planned", "start_at": "2026-12-10T08:00:00Z", "end_at": "2026-12-10T08:30:00Z" }),
            ),
            no("outside_shift", "planned_breaks.0.start_at"),
        ),
    ]
}

fn people() -> Vec<Step> {
    let no = |code, field| Refused(422, code, field);
    let conflict = |code, field| Refused(409, code, field);
    let act = |action, person: &str, more| ("", "POST", action, with(json!({ "id": person }), more));
    let tried = |(who, method, path, body): (_, _, _, _), outcome| (who, method, path, body, outcome);
    let [hire, invite, terminate, unterminate] = [
        "employees/employees/create_with_contract",
        "employees/employees/invite",
        "employees/employees/terminate",
        "employees/employees/unterminate",
    ];
    let of_company = || json!({ "company_id": "$company" });
    let ends = |day: &str| json!({ "terminated_on": day });
    vec![
        (
            "",
            "POST",
            hire,
            json!({ "company_id": "$company", "first_name": "A", "last_name": "B", "email": "eve@analytical.example" }),
            no("taken", "email"),
        ),
        tried(act(invite, "$Grace", of_company()), conflict("accepted", "id")),
        tried(act(invite, "$Bob", of_company()), conflict("terminated", "id")),
        tried(act(terminate, "$Bob", ends("2026-12-31")), conflict("already_terminated", "id")),
        tried(act(terminate, "$Eve", ends("2026-01-01")), no("before_start", "terminated_on")),
        tried(act(terminate, "$me", ends("2026-12-31")), conflict("last_administrator", "id")),
        tried(
            act(
                terminate,
                "$Eve",
                json!({ "terminated_on": "2026-12-31", "termination_assigned_manager_id": "$Eve" }),
            ),
            no("same_person", "termination_assigned_manager_id"),
        ),
        tried(act(unterminate, "$Eve", json!({})), conflict("not_terminated", "id")),
        (
            "",
            "PUT",
            "employees/employees/$Eve",
            json!({ "manager_id": "$Eve" }),
            no("circular", "manager_id"),
        ),
    ]
}

fn contracts() -> Vec<Step> {
    let no = |code, field| Refused(422, code, field);
    const VERSIONS: &str = "contracts/contract_versions";
    let version = |begins: &str, effective: &str, more| {
        (
            "",
            "POST",
            VERSIONS,
            with(json!({ "employee_id": "$Eve", "starts_on": begins, "effective_on": effective }), more),
        )
    };
    let tried = |(who, method, path, body): (_, _, _, _), outcome| (who, method, path, body, outcome);
    let (first, later, free) = ("2026-11-23", "2026-12-15", || json!({}));
    vec![
        ("", "GET", "contracts/contract_versions?employee_ids[]=$Eve", Value::Null, Done("version")),
        tried(version(first, "2026-11-01", free()), no("before_start", "effective_on")),
        tried(
            version(first, "2027-01-05", json!({ "ends_on": "2026-12-31" })),
            no("after_end", "effective_on"),
        ),
        tried(version("2027-01-01", "2027-01-01", free()), no("contract_overlaps", "starts_on")),
        tried(version(first, first, free()), no("version_exists", "effective_on")),
        tried(version(first, later, free()), Done("")),
        (
            "",
            "PUT",
            "contracts/contract_versions/$version",
            json!({ "ends_on": "2026-12-01" }),
            no("version_outside", "ends_on"),
        ),
        (
            "",
            "PUT",
            "contracts/contract_versions/$version",
            json!({ "employee_id": "$Grace" }),
            no("fixed", "employee_id"),
        ),
        tried(
            version(first, "2027-01-05", json!({ "salary_amount": -1, "salary_frequency": "monthly" })),
            no("negative", "salary_amount"),
        ),
        tried(
            version(first, "2027-01-05", json!({ "salary_amount": 100 })),
            no("required", "salary_frequency"),
        ),
        tried(
            version(first, "2027-01-05", json!({ "job_catalog_tree_node_uuid": "nowhere" })),
            no("not_found", "job_catalog_tree_node_uuid"),
        ),
        tried(
            version(first, "2027-01-05", json!({ "job_catalog_tree_node_uuid": "a-role" })),
            no("not_a_level", "job_catalog_tree_node_uuid"),
        ),
        (
            "",
            "POST",
            "contracts/legal_entity_changes",
            json!({ "target_legal_entity_id": "$entity", "contract_details": { "employee_id": "$Eve", "effective_on": "2027-02-01" } }),
            no("same_legal_entity", "target_legal_entity_id"),
        ),
    ]
}

fn organisation() -> Vec<Step> {
    let no = |code, field| Refused(422, code, field);
    let team = |name: &str, parent: Value| json!({ "name": name, "parent_team_id": parent });
    let place =
        |zone: &str| json!({ "name": "Mars", "country": "pt", "timezone": zone, "company_id": "$company" });
    vec![
        ("", "POST", "teams/teams", team("One", Value::Null), Done("one")),
        ("", "POST", "teams/teams", team("Two", json!("$one")), Done("two")),
        ("", "POST", "teams/teams", team("Three", json!("$two")), Done("three")),
        ("", "POST", "teams/teams", team("Four", json!("$three")), Done("four")),
        ("", "POST", "teams/teams", team("Five", json!("$four")), no("too_deep", "parent_team_id")),
        (
            "",
            "POST",
            "teams/teams/move",
            json!({ "id": "$one", "destination_parent_team_id": "$four" }),
            no("circular", "destination_parent_team_id"),
        ),
        ("", "DELETE", "teams/teams/$one", Value::Null, Refused(409, "has_sub_teams", "id")),
        ("", "POST", "teams/memberships", json!({ "team_id": "$two", "employee_id": "$Eve" }), Done("place")),
        (
            "",
            "POST",
            "teams/memberships/move",
            json!({ "id": "$place", "destination_team_id": "$two" }),
            no("same_team", "destination_team_id"),
        ),
        ("", "GET", "teams/memberships?team_ids[]=$one", Value::Null, Done("inherited")),
        (
            "",
            "POST",
            "teams/memberships/move",
            json!({ "id": "$inherited", "destination_team_id": "$four" }),
            no("inherited", "id"),
        ),
        ("", "POST", "locations/locations", place("Mars/Olympus"), no("unknown_timezone", "timezone")),
        ("", "PUT", "locations/locations/$location", json!({ "main": false }), no("main_required", "main")),
        ("", "DELETE", "locations/locations/$location", Value::Null, Refused(409, "main_location", "id")),
    ]
}

/// The company of the table.
async fn company(world: &World) -> Company {
    let company = Company::new(world, "Analytical").await;
    let mut founder = company.founder.clone();
    let application = founder.application().await;
    for name in ["Grace", "Mary", "Tom"] {
        let mut person = founder.employ(name).await;
        let path = format!("employees/employees?emails[]={}", person.email);
        let found = company.call("GET", &path, &Value::Null).await.expect(200).json();
        company.save(name, found["data"][0]["id"].as_str().unwrap());
        if name == "Mary" {
            let mut policy = access::Policy::default_employees();
            policy.set("timeoff", access::Doing::Approve, access::Reach::EVERYONE);
            put_in_group(world, &person.email, "Absences", policy).await;
        }
        let token = person.tokens(&application).await.access;
        company.save(&format!("token_of_{name}"), &token);
    }
    company.person("Eve").await;
    let bob = json!({ "company_id": "$company", "first_name": "Bob", "last_name": "Lovelace", "email": "bob@analytical.example",
        "contract_starts_on": "2026-01-01" });
    company.table(&[("Bob", "POST", "employees/employees/create_with_contract", bob, 200, json!({}))]).await;
    let gone = json!({ "id": "$Bob", "terminated_on": "2026-11-20" });
    company.table(&[("", "POST", "employees/employees/terminate", gone, 200, json!({}))]).await;
    let levels = kind("levels", json!({ "approval_required": true }));
    company.table(&[("levels", "POST", "timeoff/leave_types", levels, 201, json!({}))]).await;
    let level = |at: &str, person: &str| json!({ "id": at, "approvers": [{ "id": at, "selection_criteria": "employee", "employee_id": person }] });
    let flow = json!({ "name": "Two", "resource_type": "Timeoff::Leave", "default": false, "automatic": false,
        "leave_type_ids": ["$levels"], "employee_ids": [], "levels": [level("1", "$Mary"), level("2", "$Grace")] });
    company.plant("flow", "approvals/approval_flows", flow).await;
    let role = json!({ "type": "jobcatalog_treerole", "uuid": "a-role", "name": "Engineer" });
    company.plant("role", "job_catalog/tree_nodes", role).await;
    company
}

#[test]
fn every_refusal_has_a_code_a_member_and_a_sentence() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = company(&world).await;
            let mut wrong = Vec::new();
            for (who, method, path, body, outcome) in steps() {
                let answer = match who {
                    "" => company.call(method, path, &body).await,
                    who => {
                        let token = company.id(&format!("token_of_{who}"));
                        let path = format!("/api/2026-10-01/resources/{}", company.filled(path));
                        let call = world.call(method, &path).bearer(&token);
                        call.json(&company.filled_in(&body)).send().await
                    }
                };
                let json = answer.json();
                let right = match outcome {
                    Done(name) => {
                        let made = ["/id", "/0/id", "/data/0/id"]
                            .iter()
                            .find_map(|place| json.pointer(place)?.as_str());
                        company.save(name, made.unwrap_or("0"));
                        answer.status.is_success() && (name.is_empty() || made.is_some())
                    }
                    Refused(status, code, field) => {
                        let sentence = json["detail"].as_str().unwrap_or_default();
                        let blamed = &json["problems"][0];
                        let member = blamed["field"] == field
                            && blamed["code"] == code
                            && json["errors"][field][0] == blamed["message"];
                        answer.status.as_u16() == status
                            && json["code"] == code
                            && member
                            && sentence.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                            && sentence.ends_with('.')
                    }
                };
                if !right {
                    wrong.push(format!("{who} {method} {path} {}: {answer}", company.filled_in(&body)));
                }
            }
            assert!(wrong.is_empty(), "{} on {}:\n{}", wrong.len(), world.engine, wrong.join("\n"));
        },
    );
}

#[test]
fn no_refusal_of_the_source_is_missing_from_the_table() {
    let tried = steps().into_iter().filter_map(|(_, _, path, _, outcome)| match outcome {
        Refused(_, code, _) => Some((path.split('/').next().unwrap().to_owned(), code.to_owned())),
        Done(_) => None,
    });
    let tried: BTreeSet<_> = tried.collect();
    let elsewhere = ELSEWHERE.map(|(namespace, code, _)| (namespace.to_owned(), code.to_owned()));
    let known: BTreeSet<_> = tried.iter().cloned().chain(elsewhere).collect();
    let mut found = BTreeSet::new();
    for namespace in NAMESPACES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hr/src").join(namespace);
        for file in sources(&folder) {
            let text = std::fs::read_to_string(&file).unwrap();
            let shown = if namespace == "time" { "attendance" } else { namespace };
            found.extend(codes(&text, &file).into_iter().map(|code| (shown.to_owned(), code)));
        }
    }
    let missing: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not tried: {missing:?}; not in the source: {gone:?}");
    assert!(found.len() > 80, "{}", found.len());
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inside = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(inside).collect()
}

/// What makes a refusal, and which of its arguments is the code.
const MAKERS: [(&str, usize); 4] =
    [("Error::rule(", 1), ("Error::conflict(", 1), ("Refusal::new(", 1), (" refusal(", 1)];

/// Codes that come from one of the other makers.
const HANDED_ON: [&str; 3] = ["refusal.code", "refusal.code()", "code"];

/// The codes of the refusals that a file makes.
fn codes(text: &str, file: &Path) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let mut codes = BTreeSet::new();
    for (maker, at) in MAKERS {
        for (found, _) in text.match_indices(maker) {
            let code = arguments(&text[found + maker.len()..]).into_iter().nth(at).unwrap();
            match code.strip_prefix('"').and_then(|code| code.strip_suffix('"')) {
                Some(code) => drop(codes.insert(code.to_owned())),
                None => assert!(HANDED_ON.contains(&code.as_str()), "{}: {code} is no code", file.display()),
            }
        }
    }
    // A refusal as a struct, or as a name that stands for its code.
    let named = text.lines().map(str::trim).filter(|line| line.starts_with("Refusal::"));
    let named = named.filter_map(|line| line.split_once(" => \"")).map(|(_, code)| code);
    let code = |rest: &str| rest.split_once('"').map(|(code, _)| code.to_owned());
    codes.extend(text.split("code: \"").skip(1).chain(named).filter_map(code));
    codes.retain(|code| !code.contains(' '));
    codes
}

/// The arguments of a call, from behind its parenthesis.
fn arguments(text: &str) -> Vec<String> {
    let (mut found, mut depth, mut quoted, mut before) = (vec![String::new()], 0, false, ' ');
    for c in text.chars() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                found.push(String::new());
                before = c;
                continue;
            }
            _ => {}
        }
        before = c;
        found.last_mut().unwrap().push(c);
    }
    found.iter().map(|argument| argument.trim().to_owned()).collect()
}
