//! The pages of daily work: clock, time off, timesheet, inbox, people, calendar.

use askama::Template;

use super::{FieldErrors, Page};

/// The clock of the person who is logged in.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// What it does.
    pub state: ClockState,
    /// What was worked today, in words; empty where there is nothing to say.
    pub today: String,
    /// Shifts that nobody ended: when each began, and where it is put right.
    pub forgotten: Vec<Line>,
}

/// What the clock of a person does.
#[derive(Clone, Debug, Default)]
pub enum ClockState {
    /// Not at work.
    #[default]
    Out,
    /// At work since then.
    In(String),
    /// On a break since then.
    Break(String),
}

/// A person who is away, or a request, in one line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Who or what.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Where it leads; empty where it leads nowhere.
    pub href: String,
}

/// `/time-off`
#[derive(Debug, Template)]
#[template(path = "work/time_off.html")]
pub struct TimeOffPage {
    /// The frame.
    pub page: Page,
    /// What is left of each allowance.
    pub balances: Vec<Balance>,
    /// The day on which that is so, as a date field has it.
    pub on: String,
    /// Leaves that are to come or run, the next one first.
    pub upcoming: Vec<LeaveRow>,
    /// Leaves that are over, the last one first.
    pub past: Vec<LeaveRow>,
    /// Leaves that were refused, the last one first.
    pub rejected: Vec<LeaveRow>,
    /// Ids and names of the types that can be asked for.
    pub types: Vec<(String, String)>,
    /// Whether some of them need no end.
    pub endless: bool,
    /// What was typed.
    pub form: LeaveForm,
    /// What was wrong with it.
    pub errors: FieldErrors,
    /// What it would cost, where that was asked.
    pub preview: Option<Preview>,
    /// The next days on which the company is closed.
    pub holidays: Vec<Line>,
}

/// An allowance of the person.
#[derive(Clone, Debug)]
pub struct Balance {
    /// What it is called.
    pub name: String,
    /// What is left.
    pub available: String,
    /// `days` or `hours`.
    pub unit: &'static str,
    /// The cycle that it is about.
    pub cycle: String,
    /// What requests that are not decided yet would take; empty where there is none.
    pub asked: String,
    /// How that comes about: what, how much.
    pub formula: Vec<(&'static str, String)>,
}

/// A leave.
#[derive(Clone, Debug)]
pub struct LeaveRow {
    /// Its id.
    pub id: String,
    /// What kind.
    pub kind: String,
    /// From when to when, in words.
    pub span: String,
    /// What it costs, in words.
    pub cost: String,
    /// What was decided.
    pub state: Decision,
    /// What was said about the decision.
    pub reason: String,
    /// Whether the person may still take it back.
    pub open: bool,
}

/// What was decided on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet.
    Pending,
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

impl Decision {
    /// From the three states of the API.
    #[must_use]
    pub fn of(approved: Option<bool>) -> Self {
        match approved {
            None => Self::Pending,
            Some(true) => Self::Approved,
            Some(false) => Self::Rejected,
        }
    }
}

/// What is typed to ask for time off.
#[derive(Clone, Debug, Default)]
pub struct LeaveForm {
    /// Field `leave_type_id`.
    pub kind: String,
    /// Field `start_on`.
    pub start: String,
    /// Field `finish_on`.
    pub finish: String,
    /// Field `part`: empty for whole days, a half of a day, `hours`, or `open`.
    pub part: String,
    /// Field `start_time`.
    pub begins: String,
    /// Field `hours`.
    pub hours: String,
    /// Field `description`.
    pub description: String,
}

/// What a request would cost.
#[derive(Clone, Debug)]
pub struct Preview {
    /// In all, in words.
    pub total: String,
    /// Each day: which, what it costs, why.
    pub days: Vec<(String, String, String)>,
    /// What would be left, where it is taken from an allowance.
    pub after: String,
    /// Why it could not be sent as it is.
    pub obstacles: Vec<String>,
}

/// `/timesheet`
#[derive(Clone, Debug, Template)]
#[template(path = "work/timesheet.html")]
pub struct TimesheetPage {
    /// The frame.
    pub page: Page,
    /// The month in words.
    pub month: String,
    /// Addresses of the months before and after.
    pub previous: String,
    /// See above.
    pub next: String,
    /// The clock.
    pub clock: Clock,
    /// Every day of the month.
    pub days: Vec<DayRow>,
    /// In all: planned, worked, difference.
    pub totals: (String, String, String),
    /// The id of the person whose it is.
    pub employee: String,
    /// The same with the name, where it is somebody else's.
    pub of: Option<(String, String)>,
    /// Everybody whose timesheet may be looked at, by id.
    pub people: Vec<(String, String)>,
    /// Whether the one who looks may review it, and the days that a review of the month is about, if any are over.
    pub review: Option<(String, String)>,
    /// Where the month is a file for a spreadsheet.
    pub export: String,
    /// What was typed to add or change time.
    pub form: ShiftForm,
    /// What was wrong with it.
    pub errors: FieldErrors,
    /// Whether the person may write into the timesheet, rather than ask for it.
    pub writes: bool,
    /// Corrections that were asked for.
    pub asked: Vec<AskedRow>,
    /// The month as in the address.
    pub value: String,
}

/// A correction that was asked for.
#[derive(Clone, Debug)]
pub struct AskedRow {
    /// Its id.
    pub id: String,
    /// What, and for when.
    pub what: String,
    /// More about it.
    pub text: String,
    /// What was decided.
    pub state: Decision,
}

/// What is typed to add or change time.
#[derive(Clone, Debug, Default)]
pub struct ShiftForm {
    /// Field `shift`: the shift that is changed; empty where one is added.
    pub shift: String,
    /// Field `date`.
    pub date: String,
    /// Field `clock_in`.
    pub start: String,
    /// Field `clock_out`.
    pub end: String,
    /// Field `observations`.
    pub remark: String,
}

/// One day of a timesheet.
#[derive(Clone, Debug)]
pub struct DayRow {
    /// The day in words.
    pub label: String,
    /// The same for programs.
    pub date: String,
    /// Whether it is over or goes on, so that it can be reviewed.
    pub begun: bool,
    /// Whether it is today.
    pub today: bool,
    /// Whether nobody is expected to work.
    pub free: bool,
    /// Hours planned.
    pub planned: String,
    /// Hours worked.
    pub worked: String,
    /// The difference, with its sign.
    pub difference: String,
    /// Holidays, leaves and planned shifts.
    pub notes: Vec<String>,
    /// Whether it was reviewed, and stays as it is.
    pub reviewed: bool,
    /// What was recorded.
    pub shifts: Vec<ShiftRow>,
}

/// What was recorded on a day.
#[derive(Clone, Debug)]
pub struct ShiftRow {
    /// Its id.
    pub id: String,
    /// From and to.
    pub times: String,
    /// Whether it is a break.
    pub pause: bool,
    /// A remark.
    pub remark: String,
}

/// `/inbox`
#[derive(Debug, Template)]
#[template(path = "work/inbox.html")]
pub struct InboxPage {
    /// The frame.
    pub page: Page,
    /// What waits for an answer.
    pub rows: Vec<InboxRow>,
    /// What was wrong with the last answer.
    pub errors: FieldErrors,
}

/// A request that waits for an answer.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// The address of its forms: `leaves`, `timesheets` or `overtime`.
    pub place: &'static str,
    /// Its id.
    pub id: String,
    /// Who asks.
    pub who: String,
    /// For what.
    pub what: String,
    /// More about it, a sentence each.
    pub facts: Vec<String>,
    /// What follows from a yes: what is left, who else is away.
    pub impact: Vec<String>,
    /// Since when.
    pub asked: String,
    /// Whether no needs a reason.
    pub reason_needed: bool,
    /// The reason that was typed.
    pub reason: String,
}

/// `/people`
#[derive(Debug, Template)]
#[template(path = "work/people.html")]
pub struct PeoplePage {
    /// The frame.
    pub page: Page,
    /// What is searched for.
    pub query: String,
    /// Whether people who left are shown, too.
    pub everybody: bool,
    /// Ids and names of the workplaces to choose from, and the chosen one.
    pub places: Vec<(String, String)>,
    /// See above.
    pub place: String,
    /// The same of the teams.
    pub teams: Vec<(String, String)>,
    /// See above.
    pub team: String,
    /// How many were found, of whom so many are shown.
    pub total: usize,
    /// See above.
    pub rows: Vec<PersonRow>,
}

/// Somebody in the directory.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// What they do.
    pub title: String,
    /// Where they work.
    pub place: String,
    /// Whom they report to.
    pub manager: String,
    /// `""`, `leaving` or `left`.
    pub state: &'static str,
}

impl PersonRow {
    /// One or two letters that stand for the person.
    #[must_use]
    pub fn initials(&self) -> String {
        super::initials(&self.name)
    }
}

/// `/people/{id}`
#[derive(Debug, Template)]
#[template(path = "work/person.html")]
pub struct PersonPage {
    /// The frame.
    pub page: Page,
    /// Who.
    pub person: PersonRow,
    /// What is known: a heading, and names with values.
    pub groups: Vec<(&'static str, Vec<(&'static str, String)>)>,
    /// Whether it is the one who looks.
    pub own: bool,
    /// Whether it is somebody else whose timesheet may be looked at.
    pub timesheet: bool,
    /// The versions of the contract, the newest first.
    pub contracts: Vec<ContractRow>,
    /// Teams, and whether they lead them.
    pub teams: Vec<(String, bool)>,
    /// Direct reports.
    pub reports: Vec<Line>,
}

/// A version of a contract.
#[derive(Clone, Debug)]
pub struct ContractRow {
    /// From when it counts.
    pub since: String,
    /// Job title.
    pub title: String,
    /// Hours and how often, in words.
    pub hours: String,
    /// Pay in words; empty where it is not shown.
    pub pay: String,
    /// `past`, `current` or `future`.
    pub state: &'static str,
}

/// `/calendar`
#[derive(Debug, Template)]
#[template(path = "work/calendar.html")]
pub struct CalendarPage {
    /// The frame.
    pub page: Page,
    /// The month in words.
    pub month: String,
    /// Addresses of the months before and after.
    pub previous: String,
    /// See above.
    pub next: String,
    /// Ids and names of the teams to choose from.
    pub teams: Vec<(String, String)>,
    /// The chosen team.
    pub team: String,
    /// The month as in the address.
    pub value: String,
    /// Number, letter of the weekday, whether it is free, and the name of a holiday.
    pub days: Vec<(i8, &'static str, bool, String)>,
    /// A row for everybody who is away.
    pub rows: Vec<CalendarRow>,
    /// Holidays, and spans in which some kinds of leave are not granted.
    pub closed: Vec<Line>,
}

/// Somebody who is away in a month.
#[derive(Clone, Debug)]
pub struct CalendarRow {
    /// Full name.
    pub name: String,
    /// For each day: `""`, `away`, `half` or `pending`.
    pub days: Vec<&'static str>,
    /// The leaves in words.
    pub spans: Vec<String>,
}
