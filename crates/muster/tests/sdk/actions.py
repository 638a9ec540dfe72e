"""Does every action of the namespaces of time and people with the vendor's own SDK, and reads back what must hold then.

Usage: actions.py, with FACTORIAL_BASE_URL in the environment, against a server that gives sandboxes away; it makes its
own. `ROWS` is the table: an action, its body, and what is read back through other resources. Which actions there are
is found by looking at the SDK: one that no row does is a failure, and so is a row that reads nothing back.
"""

import datetime
import enum
import importlib.metadata
import inspect
import os
import re
import sys

import httpx

NAMESPACES = (
    "approvals", "attendance", "companies", "contracts", "employees", "holidays", "locations", "shift_management", "teams",
    "time_planning", "time_settings", "timeoff", "work_schedule",
)

TODAY = datetime.date.today()
# A Monday some weeks ahead, on which nothing is planned yet.
MONDAY = TODAY + datetime.timedelta(days=35 - TODAY.weekday())
DAY = 24 * 60


def day(offset):
    return (MONDAY + datetime.timedelta(days=offset)).isoformat()


def at(offset, hour):
    return f"{day(offset)}T{hour:02}:00:00.000Z"


def now(time):
    return f"{TODAY}T{time}:00Z"


def range_of(*days):
    return {"employee_ids": ["$ada"], "start_on": day(days[0]), "end_on": day(days[-1])}


def leave(offset):
    return {"employee_id": "$ada", "leave_type_id": "$kind", "start_on": day(offset), "finish_on": day(offset)}


def hours_due(offset, hours, who="$ada"):
    """What somebody is due to work on a day."""
    days = {"employee_ids": [who], "start_on": day(offset), "end_on": day(offset)}
    return ("attendance/estimated_times", days, [{"minutes": hours * 60}])


def allowance(name, kinds):
    return {
        "timeoff_policy_id": "$policy", "name": name, "allowance_type": "days", "available_days": "all_days",
        "count_holiday_as_workable": False, "leave_type_ids": kinds, "proration_type": "proration_disabled",
        "pto_proratio_enabled": False, "rounding": "decimals", "tenure_periods": [], "cycle_start": "jan",
        "accrued_units_availability": "current_cycle", "days_type": "working_days", "holiday_allowance_in_cents": 2000,
        "negative_counter_type": "negative_counter_disabled", "source_units": "base_units", "frequency": "yearly",
        "unlimited_accrued_hours": True, "unlimited_carry_over": False, "unlimited_carry_over_expiration": False,
        "unlimited_holidays": False,
    }


def first(name):
    """That there are rows, and something of the first of them."""
    return lambda rows: bool(rows) and bool(rows[0].get(name))


# A name for the id that is answered (or nothing); an action, or an operation that it needs; its body; what is read back.
# `$name` stands for an id. Read back are an object by its id, with members that it must have; a list, with the members of
# each row; a function of either; "refused", with the code; "let in", a token and whether it works; "mailed", an address.
ROWS = [
    # Somebody is hired: the contract, the team and the place are there.
    ("place", "locations/locations.create", {"name": "Mill", "country": "es", "timezone": "UTC", "company_id": "$company"}, []),
    ("team", "teams/teams.create", {"name": "Looms"}, []),
    ("ada", "employees/employees.create_with_contract", {
        "company_id": "$company", "first_name": "Ada", "last_name": "Lovelace", "email": "ada.lovelace@actions.example",
        "contract_starts_on": "2024-01-01", "contract_effective_on": "2024-01-01", "location_id": "$place",
        "team_id": "$team", "bank_number": "ES1", "manager_id": "$boss",
    }, [
        ("employees/employees", "$ada", {"full_name": "Ada Lovelace", "active": True, "manager_id": "$boss"}),
        ("contracts/contract_versions", {"employee_ids": ["$ada"]}, [{"effective_on": "2024-01-01", "starts_on": "2024-01-01"}]),
        ("contracts/reference_contracts", {"employee_ids": ["$ada"]}, [{"employee_id": "$ada"}]),
        ("teams/memberships", {"employee_ids": ["$ada"]}, [{"team_id": "$team"}]),
        ("locations/locations", {"employee_ids": ["$ada"]}, [{"id": "$place"}]),
    ]),
    ("", "contracts/contract_versions.create", {
        "employee_id": "$ada", "starts_on": "2024-01-01", "effective_on": "2024-01-02", "working_hours": 4000,
        "working_hours_frequency": "week", "working_week_days": "monday,tuesday,wednesday,thursday,friday",
    }, []),
    ("bob", "employees/employees.create_with_contract", {
        "company_id": "$company", "first_name": "Bob", "last_name": "Noyce", "email": "bob.noyce@actions.example",
        "contract_starts_on": "2024-01-01", "location_id": "$place", "manager_id": "$ada",
    }, []),
    ("", "employees/employees.invite", {"id": "$ada", "company_id": "$company"}, [
        ("mailed", "ada.lovelace@actions.example", True), ("mailed", "bob.noyce@actions.example", False),
    ]),
    # Who is let in, and when.
    ("", "employees/employees.set_regular_access_start_date", {"id": "$persona", "starts_on": day(0)}, [
        ("let in", "$token", False),
    ]),
    ("", "employees/employees.set_regular_access_start_date", {"id": "$persona"}, [("let in", "$token", True)]),
    ("", "employees/employees.terminate", {
        "id": "$ada", "terminated_on": day(90), "termination_assigned_manager_id": "$boss", "termination_reason": "Moves",
    }, [
        ("employees/employees", "$ada", {"terminated_on": day(90), "is_terminating": True, "active": True}),
        ("employees/employees", "$bob", {"manager_id": "$boss"}),
        ("attendance/estimated_times", {"employee_ids": ["$ada"], "start_on": day(91), "end_on": day(91)}, [{"minutes": 0}]),
    ]),
    ("", "employees/employees.unterminate", {"id": "$ada"}, [
        ("employees/employees", "$ada", {"terminated_on": None, "is_terminating": False, "active": True}),
        hours_due(91, 8),
    ]),
    # Another legal entity.
    ("entity", "companies/legal_entities.create", {
        "company_id": "$company", "country": "pt", "legal_name": "Drums", "currency": "EUR",
    }, []),
    ("", "contracts/legal_entity_changes.create", {"target_legal_entity_id": "$entity", "contract_details": {
        "employee_id": "$bob", "effective_on": TODAY.isoformat(), "job_title": "Head", "salary_amount": 100,
        "salary_frequency": "monthly",
    }}, [
        ("employees/employees", "$bob", {"legal_entity_id": "$entity"}),
        ("contracts/contract_versions", {"employee_ids": ["$bob"]}, [
            {"starts_on": "2024-01-01", "ends_on": (TODAY - datetime.timedelta(days=1)).isoformat()},
            {"starts_on": TODAY.isoformat(), "job_title": "Head", "salary_amount": 100},
        ]),
    ]),
    # Teams and rooms.
    ("inside", "teams/teams.create", {"name": "Shuttles"}, []),
    ("", "teams/memberships.create", {"team_id": "$inside", "employee_id": "$bob"}, []),
    ("", "teams/teams.move", {"id": "$inside", "destination_parent_team_id": "$team"}, [
        ("teams/teams", "$inside", {"parent_team_id": "$team", "depth": 2}),
        ("teams/memberships", {"employee_ids": ["$bob"], "team_ids": ["$team"]}, [{"direct": False}]),
    ]),
    ("alone", "teams/teams.create", {"name": "Dyes"}, []),
    ("membership", "teams/memberships.find", {"employee_id": "$ada"}, []),
    ("", "teams/memberships.move", {"id": "$membership", "destination_team_id": "$alone", "lead": True}, [
        ("teams/memberships", {"employee_ids": ["$ada"]}, [{"team_id": "$alone", "lead": True}]),
        ("teams/teams", "$alone", {"lead_ids": ["$ada"]}),
    ]),
    ("area", "locations/work_areas.create", {"name": "Hall", "location_id": "$place"}, []),
    ("", "locations/work_areas.archive", {"id": "$area"}, [
        ("locations/work_areas", {"location_ids": ["$place"], "only_non_archived": True}, []),
    ]),
    ("", "locations/work_areas.unarchive", {"id": "$area"}, [
        ("locations/work_areas", {"location_ids": ["$place"], "only_non_archived": True}, [{"id": "$area"}]),
    ]),
    # A schedule decides what is due.
    ("schedule", "work_schedule/schedules.create", {"name": "Mornings", "schedule_type": "fixed"}, []),
    ("period", "work_schedule/overlap_periods.find", {"schedule_id": "$schedule"}, []),
    ("", "work_schedule/day_configurations.bulk_cud", {"overlap_period_id": "$period", "day_configurations": [
        {"weekday": "monday", "duration_in_seconds": 4 * 3600},
    ]}, [
        ("work_schedule/day_configurations", {"overlap_period_id": "$period"}, [
            {"weekday": "monday", "duration_in_seconds": 4 * 3600},
        ]),
    ]),
    ("", "time_planning/planning_versions.bulk_create", {
        "effective_at": "2024-01-01", "planning_tool": "work_schedule", "employee_ids": ["$ada"], "schedule_id": "$schedule",
    }, [
        ("time_planning/planning_versions", {"employee_ids": ["$ada"]}, [{"planning_tool": "work_schedule"}]),
        hours_due(0, 4), hours_due(1, 0),
    ]),
    ("", "work_schedule/schedules.toggle_archive", {"id": "$schedule"}, [
        ("work_schedule/schedules", "$schedule", lambda schedule: bool(schedule["archived_at"])),
        ("refused", ("time_planning/planning_versions.create", {
            "employee_id": "$bob", "effective_at": "2024-01-01", "planning_tool": "work_schedule", "schedule_id": "$schedule",
        }), "schedule_archived"),
    ]),
    ("", "time_planning/planning_versions.bulk_create", {
        "effective_at": "2024-01-02", "planning_tool": "contract_hours", "employee_ids": ["$ada"],
    }, [hours_due(1, 8)]),
    # Planned shifts.
    ("", "time_planning/planning_versions.create", {
        "effective_at": "2024-01-01", "planning_tool": "shift_management", "employee_id": "$bob",
    }, [hours_due(0, 0, "$bob")]),
    ("planned", "shift_management/shifts.bulk_create", {"shifts": [{
        "start_at": at(0, 9), "end_at": at(0, 17), "state": "published", "creation_mode": "manual", "employee_id": "$bob",
        "company_id": "$company",
    }]}, [
        ("shift_management/shifts", {"employee_ids": ["$bob"]}, [{"state": "published"}]),
        hours_due(0, 8, "$bob"),
    ]),
    ("pause", "time_settings/break_configurations.create", {"name": "Lunch", "paid": False}, []),
    ("", "time_planning/planned_breaks.bulk_create", {"planned_breaks": [
        {"break_configuration_id": "$pause", "shift_id": "$planned", "duration": 60},
    ]}, [
        ("time_planning/planned_breaks", {"shift_ids": ["$planned"]}, [{"duration": 60, "break_configuration_name": "Lunch"}]),
        hours_due(0, 7, "$bob"),
    ]),
    ("", "shift_management/shifts.bulk_delete", {"author_id": "$access", "ids": ["$planned"]}, [
        ("shift_management/shifts", {"employee_ids": ["$bob"]}, []),
        ("time_planning/planned_breaks", {"shift_ids": ["$planned"]}, []),
        hours_due(0, 0, "$bob"),
    ]),
    # A day at the clock.
    ("", "attendance/shifts.clock_in", {"employee_id": "$ada", "now": now("08:00"), "observations": "Oil"}, [
        ("attendance/open_shifts", {"employee_ids": ["$ada"]}, [{"employee_id": "$ada"}]),
        ("attendance/shifts", {"employee_ids": ["$ada"]}, [{"clock_in": "08:00", "clock_out": None, "observations": "Oil"}]),
    ]),
    ("", "attendance/shifts.break_start", {"employee_id": "$ada", "now": now("10:00")}, [
        ("attendance/shifts", {"employee_ids": ["$ada"]}, [
            {"workable": True, "clock_out": "10:00"}, {"workable": False, "clock_in": "10:00", "clock_out": None},
        ]),
    ]),
    ("", "attendance/shifts.break_end", {"employee_id": "$ada", "now": now("10:30")}, [
        ("attendance/shifts", {"employee_ids": ["$ada"]}, [
            {"minutes": 120}, {"workable": False, "minutes": 30}, {"workable": True, "clock_in": "10:30", "clock_out": None},
        ]),
    ]),
    ("", "attendance/shifts.clock_out", {"employee_id": "$ada", "now": now("12:30")}, [
        ("attendance/open_shifts", {"employee_ids": ["$ada"]}, []),
        ("attendance/worked_times", {
            "employee_ids": ["$ada"], "start_on": TODAY.isoformat(), "end_on": TODAY.isoformat(),
        }, [{"tracked_minutes": 240}]),
    ]),
    ("", "attendance/shifts.toggle_clock", {"employee_id": "$ada", "clock_time": now("13:00")}, [
        ("attendance/open_shifts", {"employee_ids": ["$ada"]}, [{"employee_id": "$ada"}]),
    ]),
    ("", "attendance/shifts.toggle_clock", {"employee_id": "$ada", "clock_time": now("14:00")}, [
        ("attendance/open_shifts", {"employee_ids": ["$ada"]}, []),
        ("attendance/worked_times", {
            "employee_ids": ["$ada"], "start_on": TODAY.isoformat(), "end_on": TODAY.isoformat(),
        }, [{"tracked_minutes": 300}]),
    ]),
    ("", "attendance/shifts.autofill", range_of(-49, -45), [
        ("attendance/shifts", range_of(-49, -45), [{"minutes": 480}] * 5),
        ("attendance/worked_times", range_of(-49, -45), [{"tracked_minutes": 480}] * 5),
    ]),
    # Reviews lock days.
    ("", "attendance/reviews.bulk_create", {**range_of(-49, -48), "reviewed_by": "$boss_in_words"}, [
        ("attendance/reviews", range_of(-49, -45), [{"date": day(-49), "author_id": "$boss"}, {"date": day(-48)}]),
        ("refused", ("attendance/shifts.create", {
            "employee_id": "$ada", "date": day(-49), "clock_in": "19:00", "clock_out": "20:00",
        }), "day_reviewed"),
    ]),
    ("", "attendance/reviews.bulk_destroy", range_of(-49, -49), [
        ("attendance/reviews", range_of(-49, -45), [{"date": day(-48)}]),
    ]),
    ("", "attendance/shifts.create", {"employee_id": "$ada", "date": day(-49), "clock_in": "19:00", "clock_out": "20:00"}, []),
    # Extra time.
    ("extra", "attendance/overtime_requests.create", {
        "date": day(-49), "employee_id": "$ada", "author_id": "$ada", "hours_amount": 1.0,
    }, []),
    ("", "attendance/overtime_requests.approve", {"id": "$extra", "approver_id": "$boss"}, [
        ("attendance/overtime_requests", "$extra", {"status": "approved", "is_editable": False, "approver_id": "$boss"}),
        ("attendance/overtime_requests", {"employee_ids": ["$ada"], "status": "approved"}, [{"id": "$extra"}]),
        ("refused", ("attendance/overtime_requests.reject", {"id": "$extra", "reason": "Late"}), "already_decided"),
    ]),
    ("more", "attendance/overtime_requests.create", {
        "date": day(-48), "employee_id": "$ada", "author_id": "$ada", "hours_amount": 2.0,
    }, []),
    ("", "attendance/overtime_requests.reject", {"id": "$more", "reason": "Not agreed"}, [
        ("attendance/overtime_requests", "$more", {"status": "rejected", "reason": "Not agreed", "is_editable": False}),
    ]),
    # Time off.
    ("kind", "timeoff/leave_types.create", {
        "name": "Leave", "identifier": "actions", "color": "#0b7285", "workable": False, "company_id": "$company",
        "details_required": False, "approval_required": True, "accrues": True,
    }, []),
    ("policy", "timeoff/policies.create", {"name": "Looms", "company_id": "$company"}, []),
    ("old", "timeoff/allowances.create", allowance("Old", []), []),
    ("days", "timeoff/allowances.create", allowance("Days", ["$kind"]), []),
    ("", "timeoff/policy_assignments.create", {
        "timeoff_policy_id": "$policy", "employee_id": "$ada", "effective_at": "2024-01-01",
    }, []),
    ("", "timeoff/allowance_incidences.create", {
        "employee_id": "$ada", "timeoff_allowance_id": "$old", "days_in_cents": 300, "effective_on": day(0),
        "target_balance": "available",
    }, []),
    ("", "timeoff/allowances.delete_with_alt_allowance", {"id": "$old", "alt_allowance_id": "$days"}, [
        ("timeoff/allowances", {"timeoff_policy_id": "$policy"}, [{"id": "$days"}]),
        ("timeoff/allowance_incidences", {"employee_ids": ["$ada"]}, [{"timeoff_allowance_id": "$days"}]),
        ("timeoff/allowance_stats", {"employee_ids": ["$ada"], "reference_date": day(0)}, [
            {"allowance_id": "$days", "available_days": "23.0", "incidences": "3.0"},
        ]),
    ]),
    ("leave", "timeoff/leaves.create", leave(0), []),
    ("", "timeoff/leaves.approve", {"id": "$leave"}, [
        ("timeoff/leaves", "$leave", {"approved": True, "days_taken": 1.0}),
        ("timeoff/allowance_stats", {"employee_ids": ["$ada"], "reference_date": day(0)}, [{"available_days": "22.0"}]),
        hours_due(0, 0),
    ]),
    ("no", "timeoff/leaves.create", leave(1), []),
    ("", "timeoff/leaves.reject", {"id": "$no", "reason": "Inventory"}, [
        ("timeoff/leaves", "$no", {"approved": False, "reason": "Inventory"}),
        ("timeoff/allowance_stats", {"employee_ids": ["$ada"], "reference_date": day(1)}, [{"available_days": "22.0"}]),
        hours_due(1, 8),
    ]),
    ("", "timeoff/leaves.approve_all", {"id": "$no"}, [
        ("timeoff/leaves", "$no", {"approved": True}),
        ("timeoff/allowance_stats", {"employee_ids": ["$ada"], "reference_date": day(1)}, [{"available_days": "21.0"}]),
        hours_due(1, 0),
    ]),
    ("", "timeoff/leaves.bulk_delete", {"ids": ["$leave", "$no"]}, [
        ("timeoff/leaves", {"employee_ids": ["$ada"]}, []),
        ("timeoff/leaves", {"employee_ids": ["$ada"], "include_deleted_leaves": True}, first("deleted_at")),
        ("timeoff/allowance_stats", {"employee_ids": ["$ada"], "reference_date": day(1)}, [{"available_days": "23.0"}]),
        hours_due(0, 8), hours_due(1, 8),
    ]),
    # Approvals, whatever they are about.
    ("yes", "timeoff/leaves.create", leave(2), []),
    ("", "approvals/materialized_approvals_flows.approve_resource", {"resource_id": "$yes", "resource_type": "Timeoff::Leave"}, [
        ("timeoff/leaves", "$yes", {"approved": True}),
        hours_due(2, 0),
    ]),
    ("never", "timeoff/leaves.create", leave(3), []),
    ("", "approvals/materialized_approvals_flows.reject_resource", {
        "resource_id": "$never", "resource_type": "Timeoff::Leave", "reason": "Inventory",
    }, [
        ("timeoff/leaves", "$never", {"approved": False, "reason": "Inventory"}),
        hours_due(3, 8),
    ]),
]


class World:
    def __init__(self):
        self.base = os.environ["FACTORIAL_BASE_URL"]
        sandbox = httpx.post(f"{self.base}/sandbox", json={"company_name": "Actions"}, timeout=60).json()
        os.environ["FACTORIAL_API_KEY"] = sandbox["api_key"]
        # It looks at the key when it is made.
        from suite import Suite

        self.suite = Suite()
        self.resources = {
            path: resource for path, resource in self.suite.resources() if path.split("/")[0] in NAMESPACES
        }
        persona = next(one for one in sandbox["personas"] if one["persona"] == "employee")
        people = self.rows("employees/employees", {})
        own = next(one for one in people if one["access_id"])
        me = self.rows("employees/employees", {"emails": [persona["email"]]})[0]
        self.ids = {
            "company": own["company_id"], "boss": own["id"], "boss_in_words": str(own["id"]), "access": own["access_id"], "persona": me["id"],
            "token": persona["access_token"],
        }

    def filled(self, value):
        if isinstance(value, str) and value.startswith("$"):
            return self.ids[value[1:]]
        if isinstance(value, (list, tuple)):
            return [self.filled(one) for one in value]
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        return value

    def actions(self):
        """Every operation of these namespaces beyond the plain ones, and changes that are made by a create alone."""
        from suite import PLAIN

        for path, resource in self.resources.items():
            for name in sorted(dir(type(resource))):
                if not name.startswith("_") and not name.endswith("_async") and name not in PLAIN:
                    yield f"{path}.{name}"
            if hasattr(resource, "create") and not hasattr(resource, "list"):
                yield f"{path}.create"

    def there(self, action):
        path, method = action.split(".")
        return method == "find" or hasattr(self.resources.get(path), method)

    def act(self, action, body):
        """Does an action with the SDK; answers the object, or the first of several, as JSON."""
        from suite import kinds

        path, method = action.split(".")
        if method == "find":
            body = self.filled(body)
            return next(row for row in self.rows(path, {}) if all(row.get(name) == body[name] for name in body))
        resource = self.resources[path]
        endpoint = self.suite.endpoint(resource, method)
        parameter = inspect.signature(endpoint._get_kwargs).parameters["body"]
        model = next(one for one in kinds(endpoint, parameter) if hasattr(one, "from_dict"))
        self.suite.seen = None
        try:
            getattr(resource, method)(body=model.from_dict(self.filled(body)))
        except Exception:
            if self.suite.seen is None or self.suite.seen.status_code < 300:
                raise
        seen = self.suite.seen
        said = seen.json()
        if seen.status_code not in (200, 201):
            raise Refusal(seen.status_code, said.get("code"), said.get("detail"), said.get("problems"))
        return said[0] if isinstance(said, list) and said else said

    def rows(self, path, asked):
        """A list, as the SDK reads it."""
        from suite import kinds

        resource = self.resources[path]
        endpoint = self.suite.endpoint(resource, "list")
        taken = inspect.signature(endpoint._get_kwargs).parameters
        given = {**self.suite.needed(resource, "list"), **self.filled(asked)}
        for name, value in given.items():
            kind = str(taken[name].annotation)
            choices = [one for one in kinds(endpoint, taken[name]) if issubclass(one, enum.Enum)]
            if isinstance(value, str) and choices:
                given[name] = choices[0](value)
            elif isinstance(value, str) and "datetime.date" in kind:
                maker = datetime.datetime if "datetime.datetime" in kind else datetime.date
                given[name] = maker.fromisoformat(value)
        found = []
        for one in resource.all(max_items=500, **given):
            found.append(one.to_dict())
        return found

    def read(self, path, asked, expected):
        """Reads something back. Says what is wrong with it, if anything is."""
        if path == "let in":
            answer = httpx.get(f"{self.base}/api/v1/me", headers={"Authorization": f"Bearer {self.filled(asked)}"})
            return None if (answer.status_code == 200) == expected else f"/api/v1/me answers {answer.status_code}"
        if path == "mailed":
            there = asked in httpx.get(f"{self.base}/sandbox/mails").text
            return None if there == expected else f"a mail to {asked}: {there}"
        if path == "refused":
            try:
                self.act(*asked)
            except Refusal as refusal:
                return None if refusal.args[1] == expected else f"{asked[0]}: {refusal}"
            return f"{asked[0]} was done"
        found = self.resources[path].get(self.filled(asked)).to_dict() if isinstance(asked, str) else self.rows(path, asked)
        if callable(expected):
            return None if expected(found) else f"{path} {asked}: {found}"
        expected = self.filled(expected)
        if isinstance(expected, dict):
            return self.differs(found, expected) and f"{path} {asked}: {self.differs(found, expected)}"
        if len(found) != len(expected):
            return f"{path} {asked}: {len(found)} rows in place of {len(expected)}: {found}"
        differs = [said for row, wanted in zip(found, expected) if (said := self.differs(row, wanted))]
        return f"{path} {asked}: {differs}" if differs else None

    def differs(self, row, wanted):
        # What a version of the API does not have yet cannot be read in it.
        return {name: row[name] for name, value in wanted.items() if name in row and row[name] != value}


class Refusal(Exception):
    pass


def main():
    world, wrong, done = World(), [], set()
    for name, action, body, reads in ROWS:
        needed = set(re.findall(r"'\$(\w+)'", repr((body, reads))))
        if not world.there(action) or not needed - {name} <= world.ids.keys():
            continue
        try:
            made = world.act(action, body)
            if name:
                world.ids[name] = made["id"]
        except Exception as error:
            wrong.append(f"{action} {body}: {type(error).__name__}: {error}")
            continue
        for path, asked, expected in reads:
            try:
                said = world.read(path, asked, expected)
            except Exception as error:
                said = f"{path} {asked}: {type(error).__name__}: {error}"
            if said:
                wrong.append(f"after {action}: {said}")
        if reads:
            done.add(action)
    missing = sorted(set(world.actions()) - done)
    for said in wrong:
        print(f"FAILED  {said}")
    for action in missing:
        print(f"MISSING {action}")
    count = sum(len(reads) for _, action, _, reads in ROWS if action in done)
    version = importlib.metadata.version("factorial-api-client")
    print(f"SDK {version}: {len(done)} actions of time and people were done and read back {count} times, {len(missing)} missing")
    sys.exit(1 if wrong or missing else 0)


if __name__ == "__main__":
    main()
