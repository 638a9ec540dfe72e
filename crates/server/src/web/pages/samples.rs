//! Example states of every page, and the test that renders them all. Set `MUSTER_PAGES` to a folder to look at them: with a
//! copy of `assets` beside them, the files open in any browser.

use std::{env, fs, path::PathBuf};

use askama::Template;

use super::{
    FieldErrors, Moment, Nav, Notice, NoticeKind, Page, Sample, Viewer,
    account::{
        AddressPage, ErrorPage, ForgotPage, InvitationPage, InvitationState, LandingPage, LoginPage,
        ResetPage, SecurityPage, SessionRow, SignupPage,
    },
    applications::{
        ApplicationFormPage, ApplicationPage, ApplicationRow, ApplicationsPage, FailureRow, RedirectRow,
        ScopeChoice, SecretRow,
    },
    docs::{Block, DocsPage},
    home::{HomePage, Step},
    oauth::{
        AuthorizationErrorPage, AuthorizedPage, AuthorizedRow, CodePage, ConsentPage, ConsentResource,
        ConsentScope,
    },
    sandbox::{MailRow, MailView, MailsPage, PersonaRow, SandboxPage, SandboxReadyPage},
    settings::{
        ApiKeyRow, ApiKeysPage, AuditPage, AuditRow, CompanyPage, HolidayRow, HolidaysPage, InviteForm,
        Taken, UserRow, UserState, UsersPage,
    },
    webhooks::{AttemptRow, DeliveryPage, DeliveryRow, SubscriptionRow, WebhooksPage},
    work::{
        AskedRow, Balance, CalendarPage, CalendarRow, Clock, ClockState, ContractRow, DayRow, Decision,
        InboxPage, InboxRow, LeaveForm, LeaveRow, Line, PeoplePage, PersonPage, PersonRow, Preview,
        ShiftForm, ShiftRow, TimeOffPage, TimesheetPage,
    },
};

const BASE: &str = "http://127.0.0.1:3000";
const HEX: &str = "de6780bc506a0446309bd9362820ba8aed28aa506c71eedbe1c5c4f9dd350e54";
const OTHER_HEX: &str = "8257e65c97202ed1726cf9571600918f3bffb2544b26e00a61df9897668c33a1";
const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";
const EVIL: &str = "<script>alert(\"x\")</script>";

fn moment(day: u32, time: &str) -> Moment {
    Moment { iso: format!("2026-11-{day:02}T{time}:00Z"), text: format!("{day} Nov 2026, {time} UTC") }
}

fn nobody(title: &str, active: Nav, demo: bool) -> Page {
    Page {
        title: title.into(),
        csrf: HEX.into(),
        demo,
        signup_open: true,
        viewer: None,
        preview: None,
        notice: None,
        active,
        path: "/".into(),
    }
}

fn viewer(administrator: bool, companies: Vec<(i64, String)>) -> Viewer {
    Viewer {
        name: "Ada Brandt".into(),
        email: "ada.brandt@acme.example".into(),
        company: "Integrations - Acme".into(),
        company_id: 1,
        administrator,
        delegate: administrator,
        companies,
    }
}

fn administrator(title: &str, active: Nav) -> Page {
    let companies = vec![(1, "Integrations - Acme".into()), (2, "Northwind Bakery".into())];
    Page { viewer: Some(viewer(true, companies)), ..nobody(title, active, true) }
}

fn employee(title: &str, active: Nav) -> Page {
    Page {
        viewer: Some(viewer(false, vec![(1, "Integrations - Acme".into())])),
        ..nobody(title, active, false)
    }
}

fn notice(page: Page, kind: NoticeKind, text: &str) -> Page {
    Page { notice: Some(Notice { kind, text: text.into() }), ..page }
}

fn errors(pairs: &[(&str, &str)]) -> FieldErrors {
    FieldErrors(pairs.iter().map(|(field, message)| ((*field).into(), (*message).into())).collect())
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).into()).collect()
}

fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn authorize_url(uri: &str) -> String {
    let uri = uri.replace(':', "%3A").replace('/', "%2F");
    format!("{BASE}/oauth/authorize?client_id={HEX}&redirect_uri={uri}&response_type=code&scope=")
}

fn token_curl() -> String {
    format!(
        "curl -X POST '{BASE}/oauth/token' \\\n  -d 'client_id={HEX}' \\\n  -d 'client_secret=<YOUR_CLIENT_SECRET>' \\\n  -d 'code=<AUTHORIZATION_CODE>' \\\n  -d 'grant_type=authorization_code' \\\n  -d 'redirect_uri={OOB}'"
    )
}

impl Sample for LandingPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |demo| nobody("Open HR platform", Nav::None, demo);
        let base_url = || BASE.to_owned();
        vec![
            ("demo", Self { page: page(true), sandbox: true, signup_open: true, base_url: base_url() }),
            (
                "production",
                Self { page: page(false), sandbox: false, signup_open: true, base_url: base_url() },
            ),
            ("closed", Self { page: page(false), sandbox: false, signup_open: false, base_url: base_url() }),
        ]
    }
}

impl Sample for SignupPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            page: nobody("Sign up", Nav::None, true),
            company_name: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            errors: FieldErrors::default(),
            minimum_password: 12,
        };
        let wrong = Self {
            page: nobody("Sign up", Nav::None, false),
            company_name: EVIL.into(),
            first_name: "Ada".into(),
            last_name: String::new(),
            email: "ada.brandt".into(),
            errors: errors(&[
                ("last_name", "Your last name is missing."),
                ("email", "This is not an e-mail address; it has no @."),
                ("password", "This password is too short. Use 12 characters or more."),
            ]),
            minimum_password: 12,
        };
        vec![("empty", empty), ("errors", wrong)]
    }
}

impl Sample for LoginPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            page: nobody("Log in", Nav::None, true),
            email: String::new(),
            return_to: String::new(),
            error: None,
            signup_open: true,
            application: None,
        };
        let wrong = Self {
            page: nobody("Log in", Nav::None, false),
            email: "ada@acme.example".into(),
            return_to: "/oauth/authorize?client_id=1".into(),
            error: Some("That e-mail and password do not belong together.".into()),
            signup_open: false,
            application: Some("Payroll bridge".into()),
        };
        vec![("empty", empty), ("error", wrong)]
    }
}

impl Sample for ForgotPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = || nobody("Forgotten password", Nav::None, true);
        vec![
            ("empty", Self { page: page(), email: String::new(), sent: false }),
            ("sent", Self { page: page(), email: "ada@acme.example".into(), sent: true }),
        ]
    }
}

impl Sample for ResetPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let state = |expired, errors| Self {
            page: nobody("New password", Nav::None, false),
            token: HEX.into(),
            expired,
            errors,
            minimum_password: 12,
        };
        let wrong = errors(&[(
            "password",
            "Many people use this password, so it is easily guessed. Choose another.",
        )]);
        vec![
            ("valid", state(false, FieldErrors::default())),
            ("errors", state(false, wrong)),
            ("expired", state(true, FieldErrors::default())),
        ]
    }
}

impl Sample for AddressPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |address: Option<&str>, confirmed| Self {
            page: nobody("Your address", Nav::None, false),
            token: HEX.into(),
            address: address.map(str::to_owned),
            confirmed,
        };
        let address = Some("grace.lindqvist@home.example");
        vec![
            ("waiting", sample(address, false)),
            ("confirmed", sample(address, true)),
            ("unknown", sample(None, false)),
        ]
    }
}

impl Sample for InvitationPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |state, needs_password| Self {
            page: nobody("Invitation", Nav::None, false),
            token: HEX.into(),
            state,
            company: "Acme".into(),
            email: "grace.lindqvist@acme.example".into(),
            first_name: "Grace".into(),
            needs_password,
            errors: FieldErrors::default(),
            minimum_password: 12,
        };
        vec![
            ("valid", sample(InvitationState::Valid, true)),
            ("known", sample(InvitationState::Valid, false)),
            ("expired", sample(InvitationState::Expired, true)),
            (
                "unknown",
                Self {
                    company: String::new(),
                    email: String::new(),
                    ..sample(InvitationState::Unknown, true)
                },
            ),
        ]
    }
}

impl Sample for SecurityPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let session = |id, device: &str, address: &str, current| SessionRow {
            id,
            device: device.into(),
            address: address.into(),
            started: moment(20, "08:12"),
            last_seen: moment(23, "19:58"),
            current,
        };
        let one = vec![session(1, "Firefox on Linux", "192.0.2.17", true)];
        let three = vec![
            session(1, "Firefox on Linux", "192.0.2.17", true),
            session(2, "Safari on iPhone", "2001:db8:85a3::8a2e:370:7334", false),
            session(3, "Chrome on Windows", "198.51.100.4", false),
        ];
        let sample = |page, sessions, errors| Self { page, sessions, errors, minimum_password: 12 };
        let wrong = errors(&[("current_password", "This is not your current password.")]);
        vec![
            ("one", sample(employee("Security", Nav::Security), one, FieldErrors::default())),
            ("errors", sample(administrator("Security", Nav::Security), three, wrong)),
        ]
    }
}

impl Sample for ErrorPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |page, status, heading: &str, text: &str| Self {
            page,
            status,
            heading: heading.into(),
            text: text.into(),
            request_id: "0193a5c2-7d1e-7c41-b0a5-5d2f6c1e9a77".into(),
        };
        vec![
            (
                "404",
                sample(
                    nobody("Not found", Nav::None, false),
                    404,
                    "There is nothing here",
                    "The address may be mistyped, or what was here is gone.",
                ),
            ),
            (
                "403",
                sample(
                    employee("Not allowed", Nav::None),
                    403,
                    "This is for administrators",
                    "Ask an administrator of Integrations - Acme to make you one, or to do it for you.",
                ),
            ),
            (
                "500",
                sample(
                    nobody("Error", Nav::None, true),
                    500,
                    "Something broke on our side",
                    "It was written down. Try again in a moment; nothing was saved.",
                ),
            ),
        ]
    }
}

impl Sample for HomePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let step = |title: &str, text: &str, href: &str, done| Step {
            title: title.into(),
            text: text.into(),
            href: href.into(),
            done,
        };
        let quick_start = vec![
            step(
                "Create an OAuth application",
                "It gives your program a client id and a secret.",
                "/oauth/applications/new",
                true,
            ),
            step(
                "Authorize it",
                "Get a code from the application's page; no callback server is needed.",
                "/oauth/applications",
                false,
            ),
            step("Make the first call", "Exchange the code and ask who you are.", "/docs/first-call", false),
            step("Invite a colleague", "Administrators can be more than one.", "/settings/users", false),
        ];
        let facts = pairs(&[
            ("Base URL", BASE),
            ("Company id", "1"),
            ("Your employee id", "1"),
            ("API version", "2026-10-01"),
        ]);
        vec![
            (
                "administrator",
                Self {
                    page: notice(
                        administrator("Home", Nav::Home),
                        NoticeKind::Success,
                        "Welcome! Your company is set up.",
                    ),
                    first_name: "Ada".into(),
                    company: "Integrations - Acme".into(),
                    clock: Clock::default(),
                    waiting: 2,
                    away: vec![Line {
                        title: EVIL.into(),
                        text: "Mon 23 Nov 2026".into(),
                        href: "/people/2".into(),
                    }],
                    requests: Vec::new(),
                    checklist: quick_start,
                    facts,
                },
            ),
            (
                "employee",
                Self {
                    page: notice(
                        employee("Home", Nav::Home),
                        NoticeKind::Warning,
                        "Your password was changed from another place. If that was not you, look at Security.",
                    ),
                    first_name: "Ada".into(),
                    company: "Integrations - Acme".into(),
                    clock: Clock {
                        state: ClockState::Break("10:30".into()),
                        today: "3:10 of 8:00 today".into(),
                        forgotten: vec![Line {
                            title: "Fri 20 Nov 2026".into(),
                            text: "09:00".into(),
                            href: "/timesheet?month=2026-11&shift=3#add-heading".into(),
                        }],
                    },
                    waiting: 0,
                    away: Vec::new(),
                    requests: vec![leave_row("7", Decision::Pending)],
                    checklist: vec![step(
                        "Look after your password",
                        "See where you are logged in.",
                        "/account/security",
                        true,
                    )],
                    facts: Vec::new(),
                },
            ),
        ]
    }
}

fn leave_row(id: &str, state: Decision) -> LeaveRow {
    LeaveRow {
        id: id.into(),
        kind: EVIL.into(),
        span: "Mon 23 Nov 2026 to Tue 24 Nov 2026".into(),
        cost: "2 days".into(),
        state,
        reason: if state == Decision::Rejected { EVIL.into() } else { String::new() },
        open: state == Decision::Pending,
    }
}

impl Sample for TimeOffPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |errors| Self {
            page: employee("Time off", Nav::TimeOff),
            balances: vec![Balance {
                name: "Holidays".into(),
                available: "12.5".into(),
                unit: "days",
                cycle: "1 Jan 2026 to 31 Dec 2026".into(),
                asked: "2 days more asked for".into(),
                formula: vec![("Accrued", "22".into()), ("Used", "9.5".into())],
            }],
            on: "2026-11-23".into(),
            endless: true,
            upcoming: vec![leave_row("7", Decision::Pending), leave_row("8", Decision::Approved)],
            past: vec![leave_row("5", Decision::Approved)],
            rejected: vec![leave_row("6", Decision::Rejected)],
            types: vec![("1".into(), "Holidays".into()), ("2".into(), EVIL.into())],
            form: LeaveForm { kind: "1".into(), start: "2026-11-23".into(), ..LeaveForm::default() },
            errors,
            preview: Some(Preview {
                total: "This costs 2 days.".into(),
                days: vec![("Mon 23 Nov 2026".into(), "1".into(), EVIL.into())],
                after: "10.5 days would be left.".into(),
                obstacles: vec!["It overlaps another leave.".into()],
            }),
            holidays: vec![Line { title: EVIL.into(), text: "Fri 25 Dec 2026".into(), href: String::new() }],
        };
        let errors = FieldErrors(vec![("start_on".into(), "It must be a day.".into())]);
        vec![("filled", page(FieldErrors::default())), ("errors", page(errors))]
    }
}

impl Sample for TimesheetPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let day = |label: &str, shifts: &[(&str, &str, bool)]| DayRow {
            label: label.into(),
            date: "2026-11-23".into(),
            begun: true,
            today: shifts.len() > 1,
            free: shifts.is_empty(),
            planned: "8:00".into(),
            worked: "7:30".into(),
            difference: "\u{2212}0:30".into(),
            notes: vec![EVIL.into()],
            reviewed: shifts.is_empty(),
            shifts: shifts
                .iter()
                .map(|(id, times, pause)| ShiftRow {
                    id: (*id).into(),
                    times: (*times).into(),
                    pause: *pause,
                    remark: EVIL.into(),
                })
                .collect(),
        };
        let page = Self {
            page: employee("Timesheet", Nav::Timesheet),
            month: "November 2026".into(),
            previous: "/timesheet?month=2026-10".into(),
            next: "/timesheet?month=2026-12".into(),
            export: "/timesheet.csv?month=2026-11".into(),
            employee: "1".into(),
            of: None,
            people: vec![("1".into(), "Ada Brandt".into()), ("2".into(), EVIL.into())],
            review: Some(("2026-11-01".into(), "2026-11-23".into())),
            clock: Clock { state: ClockState::In("09:00".into()), ..Clock::default() },
            days: vec![
                day("Mon 23 Nov 2026", &[("1", "09:00 to 12:00", false), ("2", "12:00 to 12:30", true)]),
                day("Sun 22 Nov 2026", &[]),
            ],
            totals: ("160:00".into(), "7:30".into(), "\u{2212}152:30".into()),
            form: ShiftForm { date: "2026-11-23".into(), ..ShiftForm::default() },
            errors: FieldErrors(vec![(String::new(), "The day is locked.".into())]),
            writes: true,
            asked: vec![AskedRow {
                id: "4".into(),
                what: "Add time".into(),
                text: EVIL.into(),
                state: Decision::Pending,
            }],
            value: "2026-11".into(),
        };
        let of = Some(("2".to_owned(), EVIL.to_owned()));
        let other = Self { of, employee: "2".into(), ..page.clone() };
        vec![("month", page), ("other", other)]
    }
}

impl Sample for InboxPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = InboxRow {
            place: "leaves",
            id: "3".into(),
            who: EVIL.into(),
            what: "Holidays".into(),
            facts: vec!["Mon 23 Nov 2026: 1 day".into()],
            impact: vec!["11 of 12 days would be left".into(), EVIL.into()],
            asked: "asked on Sun 1 Nov 2026".into(),
            reason_needed: false,
            reason: EVIL.into(),
        };
        let page =
            |rows| Self { page: administrator("Inbox", Nav::Inbox), rows, errors: FieldErrors::default() };
        vec![("empty", page(Vec::new())), ("filled", page(vec![row]))]
    }
}

fn person_row() -> PersonRow {
    PersonRow {
        id: "2".into(),
        name: "Bo Lindqvist".into(),
        email: "bo@acme.example".into(),
        title: EVIL.into(),
        place: "Barcelona".into(),
        manager: "Ada Brandt".into(),
        state: "leaving",
    }
}

impl Sample for PeoplePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |query: &str, total, rows| Self {
            page: employee("People", Nav::People),
            query: query.into(),
            everybody: false,
            places: vec![("1".into(), EVIL.into())],
            place: "1".into(),
            teams: vec![("2".into(), "Engineering".into())],
            team: String::new(),
            total,
            rows,
        };
        vec![
            ("none", page(EVIL, 0, Vec::new())),
            ("filled", page("", 1, vec![person_row()])),
            ("many", page("", 5000, vec![person_row()])),
        ]
    }
}

impl Sample for PersonPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let contract = |state| ContractRow {
            since: "Mon 5 Jan 2026".into(),
            title: EVIL.into(),
            hours: "40 hours a week".into(),
            pay: "42000 EUR yearly".into(),
            state,
        };
        let page = Self {
            page: administrator("Bo Lindqvist", Nav::People),
            person: person_row(),
            own: false,
            timesheet: true,
            groups: vec![("Work", vec![("E-mail", "bo@acme.example".into())])],
            contracts: ["future", "current", "past"].map(contract).into(),
            teams: vec![("Engineering".into(), true)],
            reports: vec![Line { title: EVIL.into(), text: String::new(), href: "/people/3".into() }],
        };
        vec![("filled", page)]
    }
}

impl Sample for CalendarPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows: Vec<CalendarRow>| Self {
            page: employee("Calendar", Nav::Calendar),
            month: "November 2026".into(),
            previous: "/calendar?month=2026-10".into(),
            next: "/calendar?month=2026-12".into(),
            teams: vec![("1".into(), EVIL.into())],
            team: "1".into(),
            value: "2026-11".into(),
            days: (1..=30).map(|day| (day, "M", day % 7 == 1, String::new())).collect(),
            rows,
            closed: vec![Line { title: EVIL.into(), text: "Sun 1 Nov 2026".into(), href: String::new() }],
        };
        let days = (1..=30).map(|day| ["", "away", "half", "pending"][day % 4]).collect();
        let row = CalendarRow { name: EVIL.into(), days, spans: vec!["Mon 2 Nov 2026".into()] };
        vec![("empty", page(Vec::new())), ("filled", page(vec![row]))]
    }
}

impl Sample for UsersPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |access_id, name: &str, email: &str, state, administrator, you| UserRow {
            access_id,
            name: name.into(),
            email: email.into(),
            last_seen: matches!(state, UserState::Active).then(|| moment(23, "19:58")),
            state,
            administrator,
            you,
        };
        let ada = || row(1, "Ada Brandt", "ada.brandt@acme.example", UserState::Active, true, true);
        let grace = |administrator| {
            row(2, "Grace Lindqvist", "grace.lindqvist@acme.example", UserState::Active, administrator, false)
        };
        let many = vec![
            ada(),
            grace(true),
            row(
                3,
                "Tomás Ferreira",
                "tomas@acme.example",
                UserState::Invited { expires: moment(24, "10:30") },
                false,
                false,
            ),
            row(4, "Yuki Mori", "yuki.mori@acme.example", UserState::InvitationExpired, false, false),
        ];
        let page = || administrator("Users", Nav::Users);
        vec![
            (
                "many",
                Self {
                    page: notice(page(), NoticeKind::Success, "The invitation to Tomás Ferreira was sent."),
                    rows: many,
                    only_one_administrator: false,
                    errors: FieldErrors::default(),
                    invite: InviteForm::default(),
                },
            ),
            (
                "last",
                Self {
                    page: page(),
                    rows: vec![ada(), grace(false)],
                    only_one_administrator: true,
                    errors: errors(&[("email", "Grace Lindqvist already has this address.")]),
                    invite: InviteForm {
                        first_name: "Grace".into(),
                        last_name: "Lindqvist".into(),
                        email: "grace.lindqvist@acme.example".into(),
                    },
                },
            ),
        ]
    }
}

impl Sample for CompanyPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |page, name: &str, errors| Self {
            page,
            name: name.into(),
            legal_name: "Acme Manufacturing S.L.".into(),
            tin: "B12345674".into(),
            errors,
            created: moment(20, "08:12"),
        };
        let page = || administrator("Company", Nav::Company);
        vec![
            (
                "filled",
                sample(
                    notice(page(), NoticeKind::Success, "Saved."),
                    "Integrations - Acme",
                    FieldErrors::default(),
                ),
            ),
            ("errors", sample(page(), "", errors(&[("name", "A company needs a name.")]))),
        ]
    }
}

impl Sample for AuditPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |actor: &str, action: &str, code: &str, target: &str, details: &str| AuditRow {
            at: moment(23, "19:58"),
            actor: actor.into(),
            action: action.into(),
            code: code.into(),
            target: target.into(),
            address: "192.0.2.17".into(),
            details: details.into(),
        };
        let rows = vec![
            row("Ada Brandt", "Created the API key", "api_key.created", "Payroll export", ""),
            row("Ada Brandt", "Made an administrator of", "administrator.made", "Grace Lindqvist", ""),
            row(
                "Payroll bridge",
                "Used a refresh token again",
                "token.reused",
                "",
                "All tokens that came from it were revoked.",
            ),
            row(
                "unknown",
                "Failed to log in as",
                "session.refused",
                "ada.brandt@acme.example",
                "5 tries in the last minute",
            ),
        ];
        let page = || administrator("Audit log", Nav::AuditLog);
        vec![
            (
                "filled",
                Self {
                    page: page(),
                    rows,
                    older: Some("/settings/audit-log?before=120".into()),
                    filter: String::new(),
                },
            ),
            ("empty", Self { page: page(), rows: Vec::new(), older: None, filter: "xylophone".into() }),
        ]
    }
}

impl Sample for WebhooksPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let subscription = |id, enabled, failures| SubscriptionRow {
            id,
            name: "Payroll".into(),
            kind: "timeoff/leave/create".into(),
            version: "2026-10-01".into(),
            target: "https://hooks.example/leaves".into(),
            enabled,
            failures,
        };
        let sample = |subscriptions: Vec<_>, deliveries: Vec<_>, narrowed: bool| Self {
            page: administrator("Webhooks", Nav::Webhooks),
            issued: None,
            replayable: narrowed.then(|| (1, "Payroll".into())),
            errors: FieldErrors::default(),
            kinds: vec!["teams/team/create", "timeoff/leave/create"],
            kind: "timeoff/leave/create".into(),
            target: String::new(),
            challenge: String::new(),
            refused: FieldErrors::default(),
            from: "2026-11-22T09:30".into(),
            until: String::new(),
            older: narrowed.then(|| "/settings/webhooks?before=3".into()),
            filter: String::new(),
            state: if narrowed { "failed".into() } else { String::new() },
            states: vec!["waiting", "delivered", "failed"],
            narrowed,
            subscriptions,
            deliveries,
        };
        let all = || vec![subscription(1, true, 0), subscription(2, true, 5), subscription(3, false, 20)];
        let states = ["delivered", "waiting", "failed", "missed", "withheld"];
        let deliveries = || states.into_iter().zip(1..).map(|(state, id)| delivery(id, state)).collect();
        vec![
            ("empty", sample(Vec::new(), Vec::new(), false)),
            ("filled", sample(all(), deliveries(), false)),
            ("narrowed", sample(all(), Vec::new(), true)),
            (
                "errors",
                Self {
                    issued: Some(("Payroll".into(), "whsec_AAECAwQFBgcICQoLDA0ODw==".into())),
                    errors: errors(&[("from", "Give a day and a time.")]),
                    ..sample(all(), deliveries(), true)
                },
            ),
        ]
    }
}

fn delivery(id: i64, state: &str) -> DeliveryRow {
    DeliveryRow {
        id,
        at: moment(23, "09:30"),
        kind: "timeoff/leave/create".into(),
        target: "https://hooks.example/leaves".into(),
        state: state.into(),
        attempts: id - 1,
        status: (id > 1).then_some(200),
    }
}

impl Sample for DeliveryPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let attempt = |number, status, error: Option<&str>| AttemptRow {
            number,
            at: moment(23, "09:31"),
            took: 41,
            status,
            error: error.map(Into::into),
            request_headers: "content-type: application/json\nmuster-attempt: 1".into(),
            response_headers: "content-length: 4".into(),
            response_body: EVIL.into(),
        };
        let sample = |attempts, next| Self {
            page: administrator("timeoff/leave/create", Nav::Webhooks),
            row: delivery(7, "waiting"),
            happened: moment(23, "09:30"),
            origin: "it happened",
            next,
            body: Some("{\n  \"id\": \"1\"\n}".into()),
            attempts,
        };
        let tried = vec![
            attempt(1, None, Some("There was no answer within 10 seconds.")),
            attempt(2, Some(200), None),
        ];
        vec![
            ("new", sample(Vec::new(), Some(moment(23, "09:30")))),
            ("tried", sample(tried, None)),
            ("missed", sample(Vec::new(), None)),
        ]
    }
}

impl Sample for HolidaysPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |date: &str, name: &str, half| HolidayRow {
            date: date.into(),
            name: name.into(),
            half,
            place: "Barcelona".into(),
        };
        let sample = |rows, report, errors| Self {
            page: administrator("Holidays", Nav::Holidays),
            rows,
            places: vec![("1".into(), "Barcelona".into()), ("2".into(), EVIL.into())],
            chosen: "1".into(),
            report,
            errors,
        };
        let rows =
            vec![row("2026-12-24", "Christmas Eve", "in the afternoon"), row("2026-12-25", EVIL, "all day")];
        let report = Taken {
            added: rows.clone(),
            changed: vec![row("2026-12-26", "Saint Stephen", "all day")],
            same: 3,
            refused: vec![(EVIL.into(), "It is cancelled.".into())],
        };
        let wrong = errors(&[("calendar", "There is no event in the file.")]);
        vec![
            ("empty", sample(Vec::new(), None, FieldErrors::default())),
            ("taken", sample(rows.clone(), Some(report), FieldErrors::default())),
            ("errors", sample(rows, None, wrong)),
        ]
    }
}

impl Sample for ApiKeysPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, name: &str, last_used| ApiKeyRow {
            id,
            name: name.into(),
            hint: "3f9c".into(),
            created: moment(20, "08:12"),
            created_by: "Ada Brandt".into(),
            last_used,
        };
        let sample = |rows, issued, errors| Self {
            page: administrator("API keys", Nav::ApiKeys),
            rows,
            issued,
            errors,
            name: String::new(),
        };
        let rows = vec![row(1, "Payroll export", Some(moment(23, "19:58"))), row(2, "Badge printer", None)];
        let none = || FieldErrors::default();
        vec![
            ("empty", sample(Vec::new(), None, none())),
            ("issued", sample(rows.clone(), Some(("Badge printer".into(), HEX.into())), none())),
            (
                "errors",
                sample(
                    rows,
                    None,
                    errors(&[("name", "Give the key a name, so that you will know it later.")]),
                ),
            ),
        ]
    }
}

impl Sample for ApplicationsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, name: &str, confidential, redirect_uris: &[&str], people| ApplicationRow {
            id,
            name: name.into(),
            client_id: HEX.into(),
            confidential,
            redirect_uris: strings(redirect_uris),
            people,
            created: moment(20, "08:12"),
        };
        let rows = vec![
            row(1, "Payroll bridge", true, &["https://payroll.example/oauth/callback", OOB], 14),
            row(2, "Time clock for phones", false, &["com.example.clock:/callback"], 1),
        ];
        let page = || administrator("Applications", Nav::Applications);
        vec![("empty", Self { page: page(), rows: Vec::new() }), ("filled", Self { page: page(), rows })]
    }
}

fn scope_choices(chosen: bool) -> Vec<ScopeChoice> {
    let choice = |name: &str, label: &str, description: &str, chosen| ScopeChoice {
        name: name.into(),
        label: label.into(),
        description: description.into(),
        chosen,
    };
    vec![
        choice("employees:read", "See employees", "Names, contact and position of colleagues.", chosen),
        choice("employees:write", "Change employees", "Create and update colleagues.", false),
        choice("timeoff:read", "See time off", "Leaves, allowances and who is away.", chosen),
        choice("timeoff:write", "Change time off", "Request, approve and cancel leaves.", false),
        choice("attendance:read", "See attendance", "Clock-ins and worked time.", false),
        choice("documents:read", "See documents", "", false),
    ]
}

impl Sample for ApplicationFormPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let new = Self {
            page: administrator("New application", Nav::Applications),
            id: None,
            name: String::new(),
            redirect_uri: OOB.into(),
            confidential: true,
            scopes: scope_choices(false),
            access_token_lifetime: String::new(),
            refresh_token_lifetime: String::new(),
            require_pkce: false,
            errors: FieldErrors::default(),
            default_access_token_lifetime: 7200,
            default_refresh_token_lifetime: 604_800,
        };
        let wrong = Self {
            page: administrator("Edit Payroll bridge", Nav::Applications),
            id: Some(1),
            name: "Payroll bridge".into(),
            redirect_uri: "http://payroll.example/callback#top".into(),
            confidential: true,
            scopes: scope_choices(true),
            access_token_lifetime: "soon".into(),
            refresh_token_lifetime: String::new(),
            require_pkce: true,
            errors: errors(&[
                (
                    "redirect_uri",
                    "“http://payroll.example/callback#top” has a fragment, which a redirect URI must not have.",
                ),
                ("access_token_lifetime", "This is not a number of seconds."),
            ]),
            default_access_token_lifetime: 7200,
            default_refresh_token_lifetime: 604_800,
        };
        vec![("new", new), ("errors", wrong)]
    }
}

impl Sample for ApplicationPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let secret = |id, hint: &str| SecretRow { id, hint: hint.into(), created: moment(20, "08:12") };
        let redirect = |uri: &str| RedirectRow {
            uri: uri.into(),
            authorize_href: authorize_url(uri),
            authorization_url: authorize_url(uri),
        };
        let failure = |error: &str, reason: &str, sent: &str| FailureRow {
            at: moment(23, "19:58"),
            endpoint: "POST /oauth/token".into(),
            error: error.into(),
            reason: reason.into(),
            address: "203.0.113.40".into(),
            sent: sent.into(),
        };
        let fresh = || Self {
            page: notice(
                administrator("Payroll bridge", Nav::Applications),
                NoticeKind::Success,
                "The application was created.",
            ),
            id: 1,
            name: "Payroll bridge".into(),
            client_id: HEX.into(),
            secrets: vec![secret(1, "33a1")],
            issued_secret: Some(OTHER_HEX.into()),
            confidential: true,
            redirect_uris: vec![redirect(OOB)],
            scopes: Vec::new(),
            legacy_scopes: true,
            shared: false,
            company: "Integrations - Acme".into(),
            token_curl: token_curl(),
            lifetimes: (7200, 604_800),
            failures: Vec::new(),
            grants: 0,
        };
        let used = Self {
            page: administrator("Payroll bridge", Nav::Applications),
            secrets: vec![secret(1, "33a1"), secret(2, "9f02")],
            issued_secret: None,
            redirect_uris: vec![redirect("https://payroll.example/oauth/callback"), redirect(OOB)],
            scopes: strings(&["employees:read", "timeoff:read", "timeoff:write"]),
            legacy_scopes: false,
            shared: true,
            failures: vec![
                failure(
                    "invalid_grant",
                    "The code had been used before.",
                    "grant_type=authorization_code code=3c0f…",
                ),
                failure(
                    "invalid_client",
                    "No live secret of this application matches.",
                    "grant_type=refresh_token",
                ),
            ],
            grants: 14,
            ..fresh()
        };
        let public = Self { secrets: Vec::new(), issued_secret: None, confidential: false, ..fresh() };
        vec![("fresh", fresh()), ("used", used), ("public", public)]
    }
}

impl Sample for ConsentPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let scope = |name: &str, label: &str, description: &str, optional| ConsentScope {
            name: name.into(),
            label: label.into(),
            description: description.into(),
            optional,
        };
        let hidden = || {
            pairs(&[
                ("client_id", HEX),
                ("redirect_uri", "https://payroll.example/oauth/callback"),
                ("response_type", "code"),
                ("state", EVIL),
            ])
        };
        let person = || Self {
            page: Page { path: "/oauth/authorize?client_id=1".into(), ..employee("Authorize", Nav::None) },
            application: "Payroll bridge".into(),
            application_company: "Integrations - Acme".into(),
            shared: false,
            company: "Integrations - Acme".into(),
            email: "ada.brandt@acme.example".into(),
            resource: ConsentResource::Person,
            scopes: vec![
                scope("employees:read", "See employees", "Names, contact and position of colleagues.", false),
                scope("timeoff:read", "See time off", "Leaves, allowances and who is away.", true),
                scope("documents:read", "See documents", "", true),
            ],
            hidden: hidden(),
            redirect_host: "payroll.example".into(),
        };
        let company = Self {
            page: administrator("Authorize", Nav::None),
            application_company: "Payroll People".into(),
            shared: true,
            resource: ConsentResource::Company,
            scopes: vec![
                scope("read", "See everything", "Whatever you may see, it may see.", false),
                scope("write", "Change everything", "Whatever you may change, it may change.", false),
            ],
            redirect_host: "a page of this server that shows the code".into(),
            ..person()
        };
        vec![("person", person()), ("company", company)]
    }
}

impl Sample for CodePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = employee("Authorization code", Nav::None);
        vec![("code", Self { page, code: HEX.into(), minutes: 10 })]
    }
}

impl Sample for AuthorizationErrorPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let redirect = Self {
            page: nobody("Error", Nav::None, true),
            error: "invalid_redirect_uri".into(),
            description: "The redirect URI of this request is not one that the application has registered."
                .into(),
            sent: pairs(&[
                ("client_id", HEX),
                ("redirect_uri", "https://payroll.example/oauth/callback/"),
                ("response_type", "code"),
            ]),
            registered: strings(&["https://payroll.example/oauth/callback", OOB]),
            application: Some("Payroll bridge".into()),
        };
        let client = Self {
            page: nobody("Error", Nav::None, false),
            error: "invalid_client".into(),
            description: "There is no application with this client id.".into(),
            sent: pairs(&[("client_id", EVIL)]),
            registered: Vec::new(),
            application: None,
        };
        vec![("redirect", redirect), ("client", client)]
    }
}

impl Sample for AuthorizedPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |application_id, name: &str, scopes: &[&str], last_used, whole_company| AuthorizedRow {
            application_id,
            name: name.into(),
            company: "Integrations - Acme".into(),
            scopes: strings(scopes),
            since: moment(20, "08:12"),
            last_used,
            whole_company,
        };
        let rows = vec![
            row(1, "Payroll bridge", &["See employees", "See time off"], Some(moment(23, "19:58")), false),
            row(2, "Data warehouse", &["See everything", "Change everything"], None, true),
        ];
        vec![
            (
                "empty",
                Self {
                    page: notice(
                        employee("Authorized applications", Nav::Authorized),
                        NoticeKind::Info,
                        "It had been revoked already.",
                    ),
                    rows: Vec::new(),
                },
            ),
            (
                "filled",
                Self {
                    page: notice(
                        administrator("Authorized applications", Nav::Authorized),
                        NoticeKind::Error,
                        "There is no such application.",
                    ),
                    rows,
                },
            ),
        ]
    }
}

impl Sample for SandboxPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = || nobody("Sandbox", Nav::Sandbox, true);
        let sample = |page, error, offset: &str| Self {
            page,
            name: String::new(),
            error,
            clock: moment(23, "20:05"),
            offset: offset.into(),
            movable: true,
        };
        vec![
            ("empty", sample(page(), None, "")),
            (
                "error",
                sample(
                    administrator("Sandbox", Nav::Sandbox),
                    Some("Give it a name.".into()),
                    "3 hours ahead of the real time.",
                ),
            ),
        ]
    }
}

impl Sample for SandboxReadyPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ready = Self {
            page: nobody("Your sandbox", Nav::Sandbox, true),
            base_url: BASE.into(),
            company_name: "Integrations - Acme".into(),
            client_id: HEX.into(),
            client_secret: OTHER_HEX.into(),
            redirect_uri: OOB.into(),
            api_key: OTHER_HEX.into(),
            admin_email: "admin@acme.sandbox.example".into(),
            admin_password: "river-copper-lantern-42".into(),
            personas: vec![PersonaRow {
                persona: "team_lead".into(),
                about: "Leads a team in which nobody reports to him.".into(),
                email: "alba.abad.11@acme.sandbox.example".into(),
                access_token: HEX.into(),
                refresh_token: OTHER_HEX.into(),
            }],
            authorize_url: authorize_url(OOB),
            token_curl: token_curl(),
            me_curl: format!("curl '{BASE}/api/v1/me' \\\n  -H 'Authorization: Bearer <ACCESS_TOKEN>'"),
            refresh_curl: token_curl(),
        };
        vec![("ready", ready)]
    }
}

impl Sample for MailsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = || administrator("Mail", Nav::Mails);
        let row = |id, subject: &str| MailRow {
            id,
            at: moment(23, "19:58"),
            to: "grace.lindqvist@acme.example".into(),
            subject: subject.into(),
        };
        let rows =
            || vec![row(2, "Ada Brandt invites you to Integrations - Acme"), row(1, "Choose a new password")];
        let mail = MailView {
            to: "grace.lindqvist@acme.example".into(),
            subject: "Ada Brandt invites you to Integrations - Acme".into(),
            at: moment(23, "19:58"),
            paragraphs: strings(&[
                "Hello Grace,",
                "Ada Brandt invites you to work in Integrations - Acme on Muster.",
                "The link works for 24 hours.",
            ]),
            link: Some(("Accept invitation".into(), format!("{BASE}/invitations/accept?token={HEX}"))),
        };
        vec![
            ("empty", Self { page: page(), rows: Vec::new(), opened: None }),
            ("list", Self { page: page(), rows: rows(), opened: None }),
            ("opened", Self { page: page(), rows: rows(), opened: Some(mail) }),
        ]
    }
}

impl Sample for DocsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let blocks = || {
            vec![
                Block::Text("An access token speaks for one person. This page gets you one: create an application, ask for a code, exchange it at `POST /oauth/token`.".into()),
                Block::Heading("exchange".into(), "Exchange the code".into()),
                Block::Code { id: "code-exchange".into(), text: token_curl() },
                Block::Note("A code works once, for ten minutes. A failed exchange does not use it up.".into()),
                Block::Heading("answer".into(), "The answer".into()),
                Block::Table {
                    head: strings(&["Field", "Type", "Meaning"]),
                    rows: vec![
                        strings(&["`access_token`", "string", "64 hex digits. Send it as `Authorization: Bearer …`."]),
                        strings(&["`expires_in`", "number", "Seconds it lives. 7200 unless the application says otherwise."]),
                        strings(&["`refresh_token`", "string", "Gets you the next pair."]),
                    ],
                },
                Block::List(strings(&["An access token lives two hours.", "A refresh token lives a week.", "An odd ` stays as it is."])),
                Block::Link("/docs/refresh".into(), "Refresh the token".into()),
            ]
        };
        let entry = |href: &str, label: &str, current| (href.to_owned(), label.to_owned(), current);
        let toc = || {
            vec![
                entry("/docs", "Getting started", false),
                entry("/docs/tokens", "Request a token", true),
                entry("/docs/refresh", "Refresh the token", false),
                entry("/docs/sandbox", "Sandbox", false),
                entry("/docs/configuration", "Configuration", false),
            ]
        };
        let sample = |page| Self { page, toc: toc(), title: "Request a token".into(), blocks: blocks() };
        vec![
            ("public", sample(nobody("Request a token", Nav::Docs, false))),
            ("inside", sample(administrator("Request a token", Nav::Docs))),
        ]
    }
}

fn render<T: Sample + Template>(name: &str) -> Vec<(String, String)> {
    T::samples()
        .into_iter()
        .map(|(state, page)| (format!("{name}-{state}"), page.render().expect("the page renders")))
        .collect()
}

fn everything() -> Vec<(String, String)> {
    [
        render::<LandingPage>("landing"),
        render::<SignupPage>("signup"),
        render::<LoginPage>("login"),
        render::<ForgotPage>("forgot"),
        render::<ResetPage>("reset"),
        render::<AddressPage>("address"),
        render::<InvitationPage>("invitation"),
        render::<SecurityPage>("security"),
        render::<ErrorPage>("error"),
        render::<HomePage>("home"),
        render::<TimeOffPage>("time-off"),
        render::<TimesheetPage>("timesheet"),
        render::<InboxPage>("inbox"),
        render::<CalendarPage>("calendar"),
        render::<PeoplePage>("people"),
        render::<PersonPage>("person"),
        render::<UsersPage>("users"),
        render::<CompanyPage>("company"),
        render::<AuditPage>("audit"),
        render::<ApiKeysPage>("api-keys"),
        render::<HolidaysPage>("holidays"),
        render::<WebhooksPage>("webhooks"),
        render::<DeliveryPage>("delivery"),
        render::<ApplicationsPage>("applications"),
        render::<ApplicationFormPage>("application-form"),
        render::<ApplicationPage>("application"),
        render::<ConsentPage>("consent"),
        render::<CodePage>("code"),
        render::<AuthorizationErrorPage>("authorization-error"),
        render::<AuthorizedPage>("authorized"),
        render::<SandboxPage>("sandbox"),
        render::<SandboxReadyPage>("sandbox-ready"),
        render::<MailsPage>("mails"),
        render::<DocsPage>("docs"),
    ]
    .concat()
}

/// The values of an attribute in a page.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The tags of one kind in a page, with their attributes.
fn tags<'a>(html: &'a str, tag: &str) -> Vec<&'a str> {
    let start = format!("<{tag} ");
    html.split(&start).skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this is no configuration of the server")]
fn every_page_renders_within_its_rules() {
    let folder = env::var_os("MUSTER_PAGES").map(PathBuf::from);
    for (name, html) in everything() {
        if let Some(folder) = &folder {
            fs::write(folder.join(format!("{name}.html")), &html).expect("the folder exists");
        }
        assert!(!html.contains(EVIL), "{name}: text is escaped");
        assert!(!html.contains(" style=") && !html.contains("<style"), "{name}: no styles of its own");
        assert!(
            !html.contains(" onclick=") && !html.contains("javascript:"),
            "{name}: no scripts of its own"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one main heading");
        assert_eq!(html.matches("<main").count(), 1, "{name}: one main landmark");

        let ids = values(&html, "id");
        for (position, id) in ids.iter().enumerate() {
            assert!(!ids[..position].contains(id), "{name}: the id {id} is there once");
        }
        for attribute in ["for", "aria-describedby", "aria-labelledby", "form", "popovertarget"] {
            for id in values(&html, attribute).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name}: {attribute} leads to #{id}");
            }
        }
        let targets = values(&html, "data-copy")
            .into_iter()
            .chain(values(&html, "href").into_iter().filter(|href| href.starts_with('#')));
        for target in targets {
            assert!(ids.contains(&target.trim_start_matches('#')), "{name}: there is a {target}");
        }
        for input in tags(&html, "input").into_iter().chain(tags(&html, "textarea")) {
            let hidden = input.contains("hidden");
            let wrapped = input.contains("scopes][]");
            let labelled = values(&format!(" {input}"), "id").iter().any(|id| {
                html.contains(&format!("<label for=\"{id}\""))
                    || html.contains(&format!("<label class=\"sr\" for=\"{id}\""))
            });
            assert!(hidden || wrapped || labelled, "{name}: <input {input}> has a label");
        }
        for form in html
            .split("<form ")
            .skip(1)
            .filter(|form| form.split('>').next().is_some_and(|tag| tag.contains("method=\"post\"")))
        {
            let form = form.split("</form>").next().unwrap_or_default();
            assert_eq!(
                form.matches("name=\"_csrf\"").count(),
                1,
                "{name}: a form that posts carries the token: {form}"
            );
        }
        for source in values(&html, "src") {
            assert!(source.starts_with("/assets/"), "{name}: nothing comes from elsewhere: {source}");
        }
    }
}

#[test]
fn forms_show_what_was_typed() {
    let pages = everything();
    let shows = |name: &str, id: &str, value: &str| {
        let (_, html) = pages.iter().find(|(page, _)| page == name).expect("there is such a sample");
        let inputs = tags(html, "input");
        let input = inputs
            .iter()
            .find(|input| input.contains(&format!(" id=\"{id}\"")))
            .expect("there is such an input");
        assert!(input.contains(&format!(" value=\"{value}\"")), "{name}: {input}");
    };
    shows("signup-errors", "first_name", "Ada");
    shows("signup-errors", "email", "ada.brandt");
    shows("login-error", "email", "ada@acme.example");
    shows("users-last", "last_name", "Lindqvist");
    shows("company-filled", "name", "Integrations - Acme");
    shows("company-filled", "tin", "B12345674");
    shows("api-keys-errors", "name", "");
    shows("application-form-errors", "name", "Payroll bridge");
    shows("application-form-errors", "access_token_lifetime", "soon");
    shows("sandbox-error", "company_name", "");
}
