"""Causes events by the operations that they belong to, and reads what a receiver is sent with the SDK's own models.

Usage: events.py, with FACTORIAL_BASE_URL and FACTORIAL_API_KEY in the environment, against a furnished sandbox. There is
a subscription to every type of event that the SDK knows, in its version of the API; `STEPS` are then done one after
the other. Whatever arrives has to parse, with the JSON types that the model is annotated with. A type that did not
arrive is a failure, unless the description of the API says why no operation causes it: that one is made up by the
server, and has to parse, too. Every request has to be signed as a library of Standard Webhooks checks it.
"""

import datetime
import http.server
import importlib.metadata
import json
import re
import sys
import threading
import time

from factorial_api_client import FactorialClient
from factorial_api_client.webhooks import WEBHOOK_PAYLOAD_TYPES

from standardwebhooks import Webhook, WebhookVerificationError

from suite import typed

NEWEST = "2026-10-01"
TODAY = datetime.date.today()
# The next Monday but one, so that neither today nor a weekend is in the way.
MONDAY = TODAY + datetime.timedelta(days=14 - TODAY.weekday())


def day(offset):
    return (MONDAY + datetime.timedelta(days=offset)).isoformat()


def at(offset, hour=9):
    return f"{day(offset)}T{hour:02}:00:00.000Z"


# A name for the id that is answered (or nothing), a method, an address, and a body. `$name` stands for the id that was
# answered under the name, or another member of it (`name:member`); a GET remembers the first object of a list.
STEPS = [
    ("hook", "POST", "api_public/webhook_subscriptions", {
        "subscription_type": "teams/team/create", "target_url": "http://127.0.0.1:9/", "company_id": "$company",
    }),
    ("", "PUT", "api_public/webhook_subscriptions/$hook", {"name": "Another"}),
    ("", "DELETE", "api_public/webhook_subscriptions/$hook", None),
    # People.
    ("ada", "POST", "employees/employees/create_with_contract", {
        "company_id": "$company", "first_name": "Ada", "last_name": "Lovelace", "email": "ada.lovelace@events.example",
        "contract_starts_on": "2024-01-01", "contract_effective_on": "2024-01-01", "location_id": "$location",
    }),
    ("", "PUT", "employees/employees/$ada", {
        "city": "London", "bank_number": "ES9121000418450200051332", "bank_number_format": "iban",
    }),
    ("", "POST", "employees/employees/invite", {"id": "$ada", "company_id": "$company"}),
    ("", "POST", "employees/employees/set_regular_access_start_date", {"id": "$ada", "starts_on": day(0)}),
    ("", "POST", "employees/employees/terminate", {"id": "$ada", "terminated_on": day(60)}),
    ("", "POST", "employees/employees/unterminate", {"id": "$ada"}),
    ("version", "POST", "contracts/contract_versions", {
        "employee_id": "$ada", "effective_on": "2025-01-01", "starts_on": "2024-01-01", "job_title": "Programmer",
        "working_week_days": "monday,tuesday,wednesday,thursday,friday", "working_hours": 4000,
        "working_hours_frequency": "week",
    }),
    ("", "PUT", "contracts/contract_versions/$version", {"job_title": "Analyst"}),
    ("incidence", "GET", "bookkeepers_management/incidences", None),
    ("", "PUT", "bookkeepers_management/incidences/$incidence", {"status": "resolved"}),
    # The company.
    ("", "POST", "companies/legal_entities", {
        "company_id": "$company", "country": "es", "legal_name": "Analytical", "currency": "EUR",
    }),
    ("place", "POST", "locations/locations", {
        "company_id": "$company", "name": "Mill", "timezone": "Europe/Madrid", "country": "es",
    }),
    ("", "PUT", "locations/locations/$place", {"name": "Store"}),
    ("", "DELETE", "locations/locations/$place", None),
    ("", "POST", "custom_resources/schemas", {"name": "Looms", "company_id": "$company", "hidden": False}),
    ("team", "POST", "teams/teams", {"name": "Engines"}),
    ("other_team", "POST", "teams/teams", {"name": "Drums"}),
    ("", "PUT", "teams/teams/$team", {"description": "They turn"}),
    ("member", "POST", "teams/memberships", {"employee_id": "$ada", "team_id": "$team"}),
    ("", "PUT", "teams/memberships/$member", {"lead": True}),
    ("member", "POST", "teams/memberships/move", {"id": "$member", "destination_team_id": "$other_team"}),
    ("", "DELETE", "teams/memberships/$member", None),
    ("", "POST", "teams/teams/move", {"id": "$other_team", "destination_parent_team_id": "$team"}),
    ("", "DELETE", "teams/teams/$other_team", None),
    # Recruitment.
    ("posting", "POST", "ats/job_postings", {
        "title": "Programmer", "status": "published", "cv_requirement": "optional", "phone_requirement": "optional",
        "cover_letter_requirement": "optional", "photo_requirement": "optional", "personal_url_requirement": "optional",
    }),
    ("", "PUT", "ats/job_postings/$posting", {"title": "Analyst"}),
    ("candidate", "POST", "ats/candidates", {"company_id": "$company", "first_name": "Mary", "last_name": "Somerville"}),
    ("", "PUT", "ats/candidates/$candidate", {"last_name": "Fairfax"}),
    ("application", "POST", "ats/applications", {"ats_job_posting_id": "$posting", "ats_candidate_id": "$candidate"}),
    ("", "PUT", "ats/applications/$application", {"phone": "+34600000000"}),
    ("", "DELETE", "ats/applications/$application", None),
    ("", "DELETE", "ats/candidates/$candidate", None),
    ("", "POST", "ats/applications/apply", {
        "first_name": "Jane", "last_name": "Marcet", "email": "jane@events.example", "ats_job_posting_id": "$posting",
    }),
    ("copied", "POST", "ats/job_postings/duplicate", {"id": "$posting"}),
    ("", "DELETE", "ats/job_postings/$copied", None),
    ("form", "GET", "ats/evaluation_forms", None),
    ("", "POST", "ats/evaluation_forms/save_as_template", {"id": "$form"}),
    # Time.
    ("", "POST", "attendance/shifts/clock_in", {"employee_id": "$ada", "now": f"{TODAY}T08:00:00Z"}),
    ("", "POST", "attendance/shifts/break_start", {"employee_id": "$ada", "now": f"{TODAY}T08:30:00Z"}),
    ("", "POST", "attendance/shifts/break_end", {"employee_id": "$ada", "now": f"{TODAY}T08:40:00Z"}),
    ("", "POST", "attendance/shifts/clock_out", {"employee_id": "$ada", "now": f"{TODAY}T09:00:00Z"}),
    ("", "POST", "attendance/shifts/toggle_clock", {"employee_id": "$ada", "clock_time": f"{TODAY}T10:00:00Z"}),
    ("", "POST", "attendance/shifts/toggle_clock", {"employee_id": "$ada", "clock_time": f"{TODAY}T10:30:00Z"}),
    ("worked", "POST", "attendance/shifts", {
        "employee_id": "$ada", "date": day(-21), "clock_in": "09:00", "clock_out": "13:00",
    }),
    ("", "PUT", "attendance/shifts/$worked", {"clock_out": "14:00"}),
    ("", "DELETE", "attendance/shifts/$worked", None),
    ("", "POST", "attendance/shifts/autofill", {
        "employee_ids": ["$ada"], "start_on": day(-35), "end_on": day(-31),
    }),
    ("", "DELETE", "contracts/contract_versions/$version", None),
    ("planned", "POST", "shift_management/shifts", {
        "company_id": "$company", "employee_id": "$ada", "start_at": at(30), "end_at": at(30, 17),
    }),
    ("", "DELETE", "shift_management/shifts/$planned", None),
    ("planned", "POST", "shift_management/shifts/bulk_create", {"shifts": [{
        "start_at": at(31), "end_at": at(31, 17), "state": "draft", "creation_mode": "manual", "employee_id": "$ada",
        "company_id": "$company",
    }]}),
    ("", "POST", "shift_management/shifts/bulk_delete", {"author_id": "$access", "ids": ["$planned"]}),
    ("schedule", "POST", "work_schedule/schedules", {"name": "Mornings", "schedule_type": "regular"}),
    ("", "PUT", "work_schedule/schedules/$schedule", {"name": "Evenings"}),
    ("", "POST", "work_schedule/schedules/toggle_archive", {"id": "$schedule"}),
    # Time off.
    ("type", "POST", "timeoff/leave_types", {
        "name": "Sabbatical", "identifier": "custom", "color": "#0b7285", "workable": False, "company_id": "$company",
        "details_required": False, "approval_required": True, "accrues": False,
    }),
    ("", "PUT", "timeoff/leave_types/$type", {"color": "#c2255c"}),
    ("policy", "POST", "timeoff/policies", {"name": "Looms", "company_id": "$company"}),
    ("", "PUT", "timeoff/policies/$policy", {"description": "For those at the looms"}),
    ("", "DELETE", "timeoff/policies/$policy", None),
    ("blocked", "POST", "timeoff/blocked_periods", {"company_id": "$company", "name": "Fair", "leave_type_ids": ["$type"]}),
    ("", "PUT", "timeoff/blocked_periods/$blocked", {"name": "Harvest"}),
    ("", "DELETE", "timeoff/blocked_periods/$blocked", None),
    ("leave", "POST", "timeoff/leaves", {
        "employee_id": "$employee", "leave_type_id": "$type", "start_on": day(60), "finish_on": day(60),
    }),
    ("", "PUT", "timeoff/leaves/$leave", {"description": "A day at the sea"}),
    ("", "POST", "timeoff/leaves/approve", {"id": "$leave"}),
    ("refused", "POST", "timeoff/leaves", {
        "employee_id": "$employee", "leave_type_id": "$type", "start_on": day(67), "finish_on": day(67),
    }),
    ("", "POST", "timeoff/leaves/reject", {"id": "$refused"}),
    ("", "DELETE", "timeoff/leaves/$refused", None),
    ("", "POST", "timeoff/leaves/bulk_delete", {"ids": ["$leave"]}),
    # Documents and tasks.
    ("folder", "POST", "documents/folders", {"name": "Plans", "space": "company_public", "company_id": "$company"}),
    ("", "PUT", "documents/folders/$folder", {"name": "Drawings"}),
    ("document", "UPLOAD", "documents/documents", {
        "public": "true", "space": "company_public", "author_id": "$access", "company_id": "$company",
        "is_pending_assignment": "false", "request_esignature": "false", "signee_ids[]": "$access",
    }),
    ("", "PUT", "documents/documents/$document", {"folder_id": "$folder"}),
    ("", "POST", "documents/documents/move_to_trash_bin", {"document_ids": ["$document"]}),
    ("", "POST", "documents/documents/restore_from_trash_bin", {"document_ids": ["$document"]}),
    ("", "DELETE", "documents/documents/$document", None),
    ("task", "POST", "tasks/tasks", {"name": "Oil", "status": "todo"}),
    ("", "PUT", "tasks/tasks/$task", {"name": "Oil it"}),
    ("", "POST", "tasks/tasks/copy", {"id": "$task"}),
    ("", "POST", "tasks/tasks/create_comment", {
        "content": "Where?", "author_id": "$access", "resource_id": "$task", "company_id": "$company",
    }),
    ("", "POST", "tasks/tasks/bulk_update", {"tasks": [{"id": "$task", "status": "done"}]}),
    ("several", "POST", "tasks/tasks/bulk_create", {"name": "Turn", "status": "todo", "assignee_ids": ["$access"]}),
    ("", "POST", "tasks/tasks/bulk_delete", {"ids": ["$several"]}),
    ("", "DELETE", "tasks/tasks/$task", None),
    # Money.
    ("claim:expenses_expensable_id", "GET", "expenses/expenses?limit=1", None),
    ("", "POST", "expenses/expensables/update_reimbursable_amount", {"id": "$claim", "reimbursable_amount": 1}),
    ("", "POST", "expenses/expensables/bulk_set_to_paid", {"ids": ["$claim"]}),
    ("center", "POST", "finance/cost_centers", {"name": "Mill", "company_id": "$company"}),
    ("", "POST", "finance/cost_centers/edit", {"id": "$center", "name": "Store"}),
    ("", "DELETE", "finance/cost_centers/$center", None),
    ("taxonomy:contracts_taxonomy_id", "GET", "payroll/supplements", None),
    ("period:payroll_policy_period_id", "GET", "payroll/supplements", None),
    ("", "POST", "payroll/policy_periods/change_status", {
        "id": "$period", "status": "under_review", "notify_employee": False, "employee_ids": [],
    }),
    ("supplement", "POST", "payroll/supplements", {
        "employee_id": "$employee", "contracts_taxonomy_id": "$taxonomy", "amount_in_cents": 1000,
        "effective_on": TODAY.isoformat(), "payroll_policy_period_id": "$period",
    }),
    ("", "PUT", "payroll/supplements/$supplement", {"amount_in_cents": 2000}),
    ("", "DELETE", "payroll/supplements/$supplement", None),
    ("code", "POST", "payroll_integrations_base/codes", {
        "code": "L1", "codeable_id": "$ada", "codeable_type": "Employee", "integration": "datev",
    }),
    ("", "PUT", "payroll_integrations_base/codes/$code", {"code": "L2"}),
    ("", "DELETE", "payroll_integrations_base/codes/$code", None),
    # Projects.
    ("project", "POST", "project_management/projects", {"name": "Looms", "status": "active"}),
    ("second", "POST", "project_management/projects", {"name": "Drums", "status": "active"}),
    ("on_it", "POST", "project_management/project_workers", {"project_id": "$project", "employee_id": "$ada"}),
    ("also", "POST", "project_management/project_workers", {"project_id": "$second", "employee_id": "$ada"}),
    ("spent", "POST", "project_management/time_records", {
        "project_worker_id": "$on_it", "date": TODAY.isoformat(), "imputed_minutes": 30,
    }),
    ("", "POST", "project_management/time_records/bulk_process", {"items": [{
        "time_record_id": "$spent", "project_worker_id": "$on_it", "imputed_minutes": 45,
    }]}),
    ("", "POST", "project_management/time_records/update_observations", {"id": "$spent", "observations": "Oil"}),
    ("", "POST", "project_management/time_records/update_project_worker", {"id": "$spent", "project_worker_id": "$also"}),
    ("", "DELETE", "project_management/time_records/$spent", None),
    # Trainings.
    ("category", "POST", "trainings/categories", {"name": "Safety", "company_id": "$company"}),
    ("", "DELETE", "trainings/categories/$category", None),
    ("training", "POST", "trainings/trainings", {
        "name": "Looms", "description": "How they work", "external": False, "year": 2026, "attachments": [],
        "company_id": "$company",
    }),
    ("", "PUT", "trainings/trainings/$training", {"name": "Engines"}),
    ("", "POST", "trainings/trainings/update_status", {"id": "$training", "status": "active", "notify": False}),
    ("", "POST", "trainings/trainings/bulk_update_catalog", {"ids": ["$training"], "catalog": True}),
    ("", "DELETE", "trainings/trainings/$training", None),
    ("training", "POST", "trainings/trainings", {
        "name": "Drums", "description": "How they turn", "external": False, "year": 2026, "attachments": [],
        "company_id": "$company",
    }),
    ("", "POST", "trainings/trainings/bulk_delete", {"ids": ["$training"]}),
    # Reviews.
    ("review", "POST", "performance/review_processes", {
        "author_access_id": "$access", "name": "Autumn", "target_strategy": "all_employees", "ends_at": at(40),
        "reviewer_strategies": "self",
    }),
    *(("", "POST", f"performance/review_processes/update_{what}", {"id": "$review", **body}) for what, body in [
        ("basic_info", {"name": "Winter"}),
        ("agreements_configuration", {"enabled": True}),
        ("competencies_assessments_configuration", {"enabled": False}),
        ("employee_score_configuration", {"enabled": True}),
        ("reviewer_strategies", {"reviewer_strategies": "self"}),
        ("target_strategy", {"target_strategy": "all_employees"}),
    ]),
    ("", "POST", "performance/review_questionnaire_by_strategies/update_questionnaire_for_strategy", {
        "performance_review_process_id": "$review", "strategy": "self", "questionnaire_content": [{
            "uuid": "8c7f0e0e-2f0c-4a4e-9d4b-1f5f9b3c2a10", "type": "question", "questions": [{
                "uuid": "8c7f0e0e-2f0c-4a4e-9d4b-1f5f9b3c2a11", "title": "How was it?", "answer_type": "rating",
                "mandatory": True,
            }],
        }],
    }),
    ("", "POST", "performance/review_processes/schedule", {"id": "$review", "starts_at": at(2)}),
    ("", "POST", "performance/review_processes/update_schedule", {"id": "$review", "starts_at": at(3)}),
    ("", "POST", "performance/review_processes/remove_schedule", {"id": "$review"}),
    ("", "POST", "performance/review_processes/update_deadline", {"id": "$review", "ends_at": at(41)}),
    ("", "POST", "performance/review_processes/start", {"id": "$review"}),
    ("", "POST", "performance/review_processes/remind_in_bulk", {"id": "$review"}),
    ("", "POST", "performance/review_processes/stop", {"id": "$review"}),
    ("", "POST", "performance/review_processes/reopen", {"id": "$review", "ends_at": at(50)}),
    ("twin", "POST", "performance/review_processes/duplicate", {"id": "$review", "author_access_id": "$access"}),
    ("", "POST", "performance/review_processes/toggle_archive", {"id": "$twin"}),
    ("", "DELETE", "performance/review_processes/$twin", None),
    ("template", "GET", "performance/review_process_custom_templates", None),
    ("", "POST", "performance/review_processes/create_from_template", {
        "author_access_id": "$access", "template_id": "$template", "template_type": "custom",
    }),
]


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes what comes, and keeps it by its type."""

    protocol_version = "HTTP/1.1"
    heard = {}
    secrets = {}
    forged = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        kind = self.headers["muster-event"]
        try:
            Webhook(self.secrets[kind]).verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError as error:
            self.forged.append(f"{kind}: {error}")
        self.heard.setdefault(kind, []).append(json.loads(body))
        self.send_response(204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Company:
    def __init__(self):
        self.http = FactorialClient()._client.get_httpx_client()
        self.ids = {}
        # The SDK says in each of its modules which version it was made for.
        client = FactorialClient()
        client._client.get_httpx_client().event_hooks["response"].append(self.see)
        client.employees.employees.list()
        self.paths = self.described(self.version)["paths"]

    def described(self, version):
        return self.http.get("/oas", params={"version": version}).json()

    def see(self, response):
        self.version = re.search(r"/api/([0-9-]+)/", str(response.url))[1]

    def filled(self, value):
        if isinstance(value, str):
            return re.sub(r"\$(\w+)", lambda found: str(self.ids[found[1]]), value)
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        return value

    def call(self, method, path, body=None):
        """An operation that the SDK's version of the API does not have yet is done in the newest."""
        known = self.paths.get(f"/api/{self.version}/resources/" + re.sub(r"\$\w+", "{id}", path.partition("?")[0]), {})
        there = ("post" if method == "UPLOAD" else method.lower()) in known
        address = f"/api/{self.version if there else NEWEST}/resources/{self.filled(path)}"
        if method == "UPLOAD":
            files = {"file": ("plan.pdf", b"%PDF-1.7", "application/pdf")}
            return self.http.post(address, data=self.filled(body), files=files)
        return self.http.request(method, address, json=self.filled(body) if body is not None else None)

    def step(self, name, method, path, body):
        """Does a step. Says what went wrong, if anything did."""
        try:
            answer = self.call(method, path, body)
        except KeyError as missing:
            return f"{method} {path}: nothing is known as {missing}"
        if answer.status_code not in (200, 201):
            return f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        said = answer.json()
        if name:
            name, _, member = name.partition(":")
            said = said["data"] if method == "GET" else said
            said = said[0] if isinstance(said, list) and said else said
            if not said:
                return f"{method} {path}: it is empty"
            self.ids[name] = said[member or "id"]
        return None


def until(wanted, seconds):
    """Waits until all of these types were heard of."""
    end = time.monotonic() + seconds
    while not wanted <= Receiver.heard.keys() and time.monotonic() < end:
        time.sleep(0.05)


def main():
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    company, kinds = Company(), set(WEBHOOK_PAYLOAD_TYPES)
    people = company.call("GET", "employees/employees").json()["data"]
    own = next(person for person in people if person["access_id"])
    company.ids = {
        "company": own["company_id"], "employee": people[70]["id"], "access": own["access_id"],
        "location": own["location_id"],
    }
    for kind in sorted(kinds):
        body = {"subscription_type": kind, "company_id": "$company",
                "target_url": f"http://127.0.0.1:{receiver.server_port}/{kind}", "api_version": company.version}
        answer = company.call("POST", "api_public/webhook_subscriptions", body)
        assert answer.status_code == 201, f"{kind}: {answer.text}"
        secret = company.http.post(f"/api/muster/webhooks/subscriptions/{answer.json()['id']}/secret", json={})
        Receiver.secrets[kind] = secret.json()["secret"]

    hooks = company.described(NEWEST)["webhooks"]
    uncaused = {kind: hook["post"]["x-uncaused"] for kind, hook in hooks.items() if "x-uncaused" in hook["post"]}
    wrong = [said for step in STEPS if (said := company.step(*step))]
    until(kinds - uncaused.keys(), 10)
    caused = sorted(kinds & Receiver.heard.keys())
    missing = sorted(kinds - Receiver.heard.keys() - uncaused.keys())
    made_up = sorted(kinds & uncaused.keys() - Receiver.heard.keys())
    for kind in made_up:
        answer = company.http.post("/api/muster/webhooks/trigger", json={"type": kind})
        assert answer.status_code == 200, f"{kind}: {answer.text}"
    until(set(made_up), 10)

    unread = list(Receiver.forged)
    for kind in sorted(kinds & Receiver.heard.keys()):
        model = WEBHOOK_PAYLOAD_TYPES[kind]
        for payload in Receiver.heard[kind]:
            try:
                model.from_dict(payload)
                typed(model, payload)
            except Exception as error:
                unread.append(f"{kind}: {type(error).__name__}: {error}")
    unread.extend(f"{kind}: it came though nothing should cause it" for kind in uncaused.keys() & set(caused))
    unread.extend(f"{kind}: it never came" for kind in made_up if kind not in Receiver.heard)
    for said in wrong:
        print(f"refused {said}")
    for kind in missing:
        print(f"MISSING {kind}")
    for said in unread:
        print(f"FAILED  {said}")
    for kind in made_up:
        print(f"made up {kind}: {uncaused[kind]}")
    print(
        f"SDK {importlib.metadata.version('factorial-api-client')}: {len(caused)} of {len(kinds)} types of events were caused "
        f"by their operations and read, {len(made_up)} made up, {len(missing)} missing, {len(unread)} unread"
    )
    sys.exit(1 if missing or unread else 0)


main()
