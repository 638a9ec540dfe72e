"""What calls need beyond what can be guessed: members of their bodies, worked out from what the sandbox has.

Each entry is a function of the suite. It may also make what the call is about, with other calls of the SDK.
"""

import datetime

TODAY = datetime.date.today()
# Wherever somebody works, his first day has come by then.
SOON = (TODAY + datetime.timedelta(days=1)).isoformat()
LATER = (TODAY + datetime.timedelta(days=1500)).isoformat()


def now(minutes=0):
    """Some minutes after the hour before this one."""
    hour = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    at = hour.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def person(s, at):
    """One of the people who are not at work, by number: another one for each entry that changes something of him."""
    busy = {shift.employee_id for shift in s.found("attendance/open_shifts")}
    return [one for one in s.found("employees/employees") if one.id not in busy][40 + at]


def clocked(s, *steps):
    """Somebody new, who has no shift yet, and what he did before."""
    employee = hired(s, f"Clock{len(s.found('employees/employees'))}")
    for number, step in enumerate(steps):
        s.done("attendance/shifts", step, employee_id=employee, now=now(10 * number))
    return {"employee_id": employee, "now": now(10 * len(steps))}


def pending(s, day):
    """A leave that waits to be decided on."""
    one = next(leave for leave in s.found("timeoff/leaves") if leave.approved is None)
    return {"id": one.id}


def payroll(s):
    """A payroll run that is still worked on."""
    return s.first("compensations/payroll_runs", locked=False).id


def entered(s):
    """A payment that was entered by hand."""
    made = s.made("compensations/employees_compensations", payroll_run_id=payroll(s))
    return {"id": made.id, "is_overwritten": False, "amount": 100}


OPEN = ("draft", "pending", "changes_requested", "approved")


def paid_back(s):
    """A claim of what somebody bought himself."""
    own = {one.id for one in s.found("expenses/expenses") if one.payment == "reimbursable"}
    one = next(one for one in s.found("expenses/expensables") if one.expense_id in own and one.type_ == "expense" and one.status in OPEN)
    return {"id": one.id, "reimbursable_amount": 1}


def results(s):
    """Net pay for somebody who takes part in a payroll run."""
    net = next(one.id for one in s.found("compensations/concepts") if one.name == "Net pay")
    items = [{"payroll_concept_id": net, "amount": 100_000}]
    return {"payroll_run_id": payroll(s), "results": [{"employee_id": person(s, 8).id, "items": items}]}


def ordered(s):
    """An order that was just made, with nothing filled in."""
    made = s.made("procurement/purchase_orders", deadline=LATER, header_field_values=[], line_items=[])
    return {**made.to_dict(), "header_field_values_by_key": [], "line_items_by_key": []}


def open_project(s):
    return s.first("project_management/projects", status="active").id


def recorded(s):
    """Time on a project that is not closed, and a place in it."""
    project = open_project(s)
    places = {p.id for p in s.found("project_management/project_workers") if p.project_id == project and p.assigned}
    records = s.found("project_management/time_records")
    one = next(r for r in records if r.project_worker_id in places and not getattr(r, "attendance_shift_id", None))
    return {"id": one.id, "project_worker_id": one.project_worker_id}


def records(s):
    worker = next(p for p in s.found("project_management/project_workers") if p.project_id == open_project(s))
    return {"items": [{"project_worker_id": worker.id, "date": "2020-01-07", "imputed_minutes": 60}]}


def asked_peer(s):
    """Somebody who takes part in a process, and whom a peer is asked about."""
    one = s.first("performance/review_process_targets")
    s.done("performance/review_process_targets", "add_peers", id=one.id, peer_access_ids=[person(s, 9).access_id])
    ids = {"performance_review_process_id": one.performance_review_process_id, "evaluation_type": "peers"}
    asked = [e for e in s.found("performance/review_evaluations") if e.evaluation_type == "peers"]
    asked = [e for e in asked if e.target_access_id == one.access_id and e.performance_review_process_id == ids["performance_review_process_id"]]
    return {"id": one.id, "evaluation_ids": [asked[-1].id]}


def unfinished(s):
    """An evaluation of a process that is going on, which was not handed in, and who else may write it."""
    active = {one.id for one in s.found("performance/review_processes") if one.status == "active"}
    evaluations = s.found("performance/review_evaluations")
    one = next(e for e in evaluations if e.performance_review_process_id in active and not e.published)
    return {"id": one.id, "new_reviewer_access_id": person(s, 5).access_id}


def schedule(s):
    return s.made("work_schedule/schedules").id


def allowance(s, policy):
    return s.made("timeoff/allowances", timeoff_policy_id=policy, leave_type_ids=[]).id


def two_allowances(s):
    policy = s.made("timeoff/policies", main=False, name="Two allowances").id
    one = allowance(s, policy)
    return {"id": one, "alt_allowance_id": allowance(s, policy)}


def policy(s):
    return s.made("timeoff/policies", main=False, name="Another policy").id


def hired(s, name):
    company = s.firsts["employee"].company_id
    body = {"first_name": name, "last_name": "Prepared", "email": f"{name.lower()}@prepared.example", "company_id": company}
    return s.done("employees/employees", "create_with_contract", **body).id


def gone(s):
    one = hired(s, "Gone")
    s.done("employees/employees", "terminate", id=one, terminated_on=SOON)
    return {"id": one}


def draft(s):
    made = s.done("performance/review_processes", "create", author_access_id=s.firsts["employee"].access_id, name="A draft")
    return {"id": made.id, "performance_review_process_id": made.id}


def questions():
    question = {"uuid": "q1", "mandatory": True, "title": "How was it?", "answer_type": "text"}
    return {"questionnaire_content": [{"uuid": "s1", "type": "section", "questions": [question], "section_title": "All"}]}


def whole(s):
    """A draft with all that a process needs to begin."""
    one = draft(s)
    reviews = "performance/review_processes"
    s.done(reviews, "update_target_strategy", id=one["id"], target_strategy="all_employees")
    s.done(reviews, "update_reviewer_strategies", id=one["id"], reviewer_strategies="self")
    s.done(reviews, "update_deadline", id=one["id"], ends_at=f"{LATER}T09:00:00Z")
    s.done("performance/review_questionnaire_by_strategies", "update_questionnaire_for_strategy",
           performance_review_process_id=one["id"], strategy="self", **questions())
    return one


def scheduled(s):
    one = draft(s)
    s.done("performance/review_processes", "schedule", id=one["id"], starts_at=f"{LATER}T09:00:00Z")
    return {**one, "starts_at": f"{LATER}T10:00:00Z"}


PREPARED = {
    # What one has already another one cannot have.
    "attendance/shifts.create": lambda s: {"date": "2020-01-07", "reference_date": "2020-01-07", "day": 7},
    "contracts/contract_versions.create": lambda s: {"effective_on": LATER},
    "finance/cost_centers.create": lambda s: {"code": "PREPARED"},
    "locations/locations.create": lambda s: {"main": False},
    "timeoff/leave_types.create": lambda s: {"identifier": "prepared"},
    "timeoff/leaves.create": lambda s: {"start_on": LATER, "finish_on": LATER},
    "timeoff/policies.create": lambda s: {"main": False},
    "timeoff/policy_assignments.create": lambda s: {"timeoff_policy_id": policy(s), "effective_at": LATER},
    "timeoff/allowances.create": lambda s: {"timeoff_policy_id": policy(s), "leave_type_ids": []},
    "work_schedule/overlap_periods.create": lambda s: {"schedule_id": schedule(s), "create_params": {
        "default": False, "start_day": 1, "start_month": 3, "end_day": 1, "end_month": 4, "schedule_type": "fixed",
    }},
    "work_schedule/overlap_periods.update": lambda s: {"update_params": {}},
    # What older versions of the SDK do not describe.
    "finance/journal_entries.create": lambda s: {"lines": [
        {"account_id": s.firsts["account"].id, "debit_amount_cents": 100, "credit_amount_cents": 0},
        {"account_id": s.firsts["account"].id, "debit_amount_cents": 0, "credit_amount_cents": 100},
    ]},
    "timeoff/blocked_periods.update": lambda s: {
        "time_periods_attributes": [{"name": "Prepared", "start_on": LATER, "finish_on": LATER}],
    },
    "shift_management/shifts.bulk_create": lambda s: {"shifts": [{
        "start_at": f"{LATER}T09:00:00Z", "end_at": f"{LATER}T17:00:00Z", "state": "draft", "creation_mode": "manual",
        "employee_id": person(s, 10).id, "company_id": s.firsts["employee"].company_id,
    }]},
    "work_schedule/day_configurations.bulk_cud": lambda s: {
        "day_configurations": [{"weekday": "monday", "duration_in_seconds": 28_800}],
    },
    "tasks/tasks.bulk_update": lambda s: {"tasks": [{"id": s.firsts["task"].id}]},
    "finance/cost_center_memberships.bulk_create_update": lambda s: {
        "memberships": [{"cost_center_id": s.firsts["cost_center"].id, "start_date": LATER, "percentage": 1.0}],
    },
    "compensations/employees_compensations.create": lambda s: {"payroll_run_id": payroll(s)},
    "compensations/employees_compensations.update": entered,
    "procurement/purchase_orders.create": lambda s: {"deadline": LATER, "header_field_values": [], "line_items": []},
    "procurement/purchase_orders.update": ordered,
    "project_management/project_workers.create": lambda s: {"employee_id": hired(s, "Worker")},
    "performance/review_processes.create": lambda s: {"target_strategy": "all_employees", "arguments": []},
    "banking/bank_accounts.create_manual": lambda s: {"account_number": "ES9121000418450200051332", "account_number_type": "iban"},
    "employees/employees.create_with_contract": lambda s: {"email": "new@prepared.example"},
    # What is to be decided on, and in the state for it.
    "timeoff/leaves.approve": lambda s: pending(s, 1),
    "timeoff/leaves.approve_all": lambda s: pending(s, 2),
    "attendance/overtime_requests.reject": lambda s: {"id": s.first("attendance/overtime_requests", status="pending").id},
    "ats/applications.apply": lambda s: {"ats_job_posting_id": s.first("ats/job_postings", status="published").id, "email": "candidate@prepared.example"},
    "attendance/shifts.clock_in": lambda s: clocked(s),
    "attendance/shifts.clock_out": lambda s: clocked(s, "clock_in"),
    "attendance/shifts.break_start": lambda s: clocked(s, "clock_in"),
    "attendance/shifts.break_end": lambda s: clocked(s, "clock_in", "break_start"),
    "attendance/shifts.toggle_clock": lambda s: clocked(s),
    "attendance/reviews.bulk_create": lambda s: {"reviewed_by": str(s.firsts["employee"].id)},
    "employees/employees.invite": lambda s: {"id": hired(s, "Invited")},
    "employees/employees.terminate": lambda s: {"id": hired(s, "Leaving"), "terminated_on": SOON},
    "employees/employees.unterminate": gone,
    "expenses/expensables.bulk_set_to_paid": lambda s: {"ids": [s.first("expenses/expensables", status="approved").id]},
    "expenses/expensables.update_reimbursable_amount": paid_back,
    "performance/review_evaluations.replace_reviewer": unfinished,
    "performance/review_process_targets.add_peers": lambda s: {"peer_access_ids": [person(s, 6).access_id]},
    "performance/review_processes.schedule": lambda s: {**draft(s), "starts_at": f"{LATER}T09:00:00Z"},
    "performance/review_processes.remove_schedule": scheduled,
    "performance/review_processes.update_schedule": scheduled,
    "performance/review_processes.start": whole,
    "performance/review_processes.reopen": lambda s: {
        "id": s.first("performance/review_processes", status="finished").id, "ends_at": f"{LATER}T09:00:00Z",
    },
    "performance/review_processes.update_deadline": lambda s: {
        "id": s.first("performance/review_processes", status="active").id, "ends_at": f"{LATER}T09:00:00Z",
    },
    "performance/review_processes.update_agreements_configuration": draft,
    "performance/review_processes.update_competencies_assessments_configuration": draft,
    "performance/review_processes.update_employee_score_configuration": draft,
    "performance/review_processes.update_reviewer_strategies": draft,
    "performance/review_processes.update_target_strategy": draft,
    "performance/review_questionnaire_by_strategies.update_default_rating_scale": lambda s: {
        **draft(s), "default_rating_scale": [{"value": 1, "text": "Low"}, {"value": 2, "text": "High"}],
    },
    "performance/review_questionnaire_by_strategies.update_questionnaire_for_strategy": lambda s: {
        **draft(s), **questions(),
    },
    "performance/agreements.initiate": lambda s: {
        "target_id": s.first("performance/review_process_targets").id,
        "process_id": s.first("performance/review_process_targets").performance_review_process_id,
    },
    # What is named.
    "documents/download_urls.bulk_create": lambda s: {"ids": [s.firsts["document"].id]},
    "finance/ledger_account_resources.upsert": lambda s: {"resource_id": "5", "number": s.firsts["account"].number},
    "project_management/project_workers.bulk_assign": lambda s: {"project_ids": [s.firsts["project"].id]},
    "project_management/projects.change_assignment": lambda s: {"employees_assignment": "manual"},
    "project_management/project_tasks.bulk_destroy": lambda s: {"ids": [s.made("project_management/project_tasks").id]},
    "project_management/time_records.update_observations": lambda s: {
        "id": s.first("project_management/time_records", attendance_shift_id=None).id, "observations": "Prepared",
    },
    "tasks/tasks.create_comment": lambda s: {"resource_id": s.firsts["task"].id},
    "tasks/tasks.bulk_delete": lambda s: {"ids": [s.made("tasks/tasks").id]},
    "teams/teams.move": lambda s: {"destination_parent_team_id": None},
    "trainings/trainings.update_status": lambda s: {"id": s.made("trainings/trainings", attachments=[], status="draft").id, "status": "active"},
    "trainings/session_access_memberships.bulk_create": lambda s: {"access_ids": [person(s, 7).access_id]},
    "shift_management/shifts.bulk_delete": lambda s: {"ids": [s.found("shift_management/shifts")[-1].id]},
    "timeoff/allowances.delete_with_alt_allowance": two_allowances,
    "compensations/payroll_results.bulk_create": results,
    "project_management/time_records.update_project_worker": recorded,
    "project_management/time_records.bulk_process": records,
    "performance/review_process_targets.remove_peer_evaluations": asked_peer,
    "attendance/break_configurations.create": lambda s: {"attendance_employees_setting_id": s.id(99)},
    "documents/documents.create": lambda s: {"signee_ids": [s.firsts["employee"].access_id], "employee_id": s.firsts["employee"].id},
    "documents/documents.update": lambda s: {"signee_ids": [s.firsts["employee"].access_id]},
    "trainings/trainings.create": lambda s: {"attachments": []},
    "finance/financial_documents.update": lambda s: {"id": s.made("finance/financial_documents", invoice_number="P-1").id, "status": "review", "document_number": "P-2"},
    "payroll/policy_periods.change_status": lambda s: {"id": s.firsts["supplement"].payroll_policy_period_id, "status": "payment_processing", "employee_ids": [person(s, 8).id]},
    "performance/review_processes.create_from_template": lambda s: {"template_id": s.firsts["review_process_custom_template"].id, "template_type": "custom"},
    "approvals/materialized_approvals_flows.approve_resource": lambda s: {"resource_type": "Timeoff::Leave", "resource_id": pending(s, 3)["id"]},
    "approvals/materialized_approvals_flows.reject_resource": lambda s: {"resource_type": "Timeoff::Leave", "resource_id": pending(s, 4)["id"]},
    "time_planning/planned_breaks.bulk_create": lambda s: {
        "planned_breaks": [{
            "break_configuration_id": s.first("time_settings/break_configurations").id,
            "shift_id": s.found("shift_management/shifts")[0].id, "duration": 15, "break_type": "flexible",
        }],
    },
}
