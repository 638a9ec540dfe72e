//! The pages of daily work: clock, time off, timesheet, inbox, people, calendar.

use askama::Template;

use super::{FieldErrors, Moment, Page};

/// The clock of the person who is logged in.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Not at work.
    Out,
    /// At work since then.
    In(Moment),
    /// On a break since then.
    Break(Moment),
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
    /// Leaves that are to come or run, the next one first.
    pub upcoming: Vec<LeaveRow>,
    /// Leaves that are over, the last one first.
    pub past: Vec<LeaveRow>,
    /// Ids and names of the types that can be asked for.
    pub types: Vec<(String, String)>,
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
    /// Days that it costs.
    pub days: String,
    /// What was decided.
    pub state: Decision,
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
    /// Field `half_day`.
    pub half: String,
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
#[derive(Debug, Template)]
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
    /// What was typed to add time.
    pub form: ShiftForm,
    /// What was wrong with it.
    pub errors: FieldErrors,
}

/// What is typed to add time.
#[derive(Clone, Debug, Default)]
pub struct ShiftForm {
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
    /// A holiday or a leave.
    pub note: String,
    /// What was recorded: id, from and to, whether it is a break.
    pub shifts: Vec<(String, String, bool)>,
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
    /// Since when.
    pub asked: String,
    /// Whether no needs a reason.
    pub reason_needed: bool,
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
    /// Those found.
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
