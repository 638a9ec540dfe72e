//! What a clocking does to the shifts of a person: a pure decision on the shifts that are there.
//!
//! A shift is a stretch of work, or a break. At most one is open that is still going on; one that somebody forgot to end
//! stays open beside it until its end is put right.

use super::wall;

/// A shift as the clock sees it: when it began and ended, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Which one.
    pub id: i64,
    /// When it began.
    pub began: i64,
    /// When it ended; `None` while it is open.
    pub ended: Option<i64>,
    /// Whether it is work. Otherwise it is a break.
    pub work: bool,
}

/// What becomes of the shifts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// One ends: which, and when.
    pub close: Option<(i64, i64)>,
    /// One begins: when, and whether it is work.
    pub open: Option<(i64, bool)>,
}

/// Why the clock does not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A shift is open and still going on.
    ClockedIn,
    /// No shift is open.
    NotClockedIn,
    /// A break is open already.
    OnBreak,
    /// Work is open, no break.
    NotOnBreak,
    /// It would end before it began.
    BeforeItBegan,
    /// It would lie within a shift that is there.
    Overlaps,
}

impl Refusal {
    /// Stable, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::ClockedIn => "already_clocked_in",
            Refusal::NotClockedIn => "not_clocked_in",
            Refusal::OnBreak => "already_on_break",
            Refusal::NotOnBreak => "not_on_break",
            Refusal::BeforeItBegan => "ends_before_it_begins",
            Refusal::Overlaps => "shifts_overlap",
        }
    }

    /// For people.
    pub fn sentence(self) -> &'static str {
        match self {
            Refusal::ClockedIn => "This person is clocked in already. Clock out first.",
            Refusal::NotClockedIn => "This person is not clocked in.",
            Refusal::OnBreak => "This person is on a break already.",
            Refusal::NotOnBreak => "This person is clocked in, but not on a break.",
            Refusal::BeforeItBegan => "The shift began later than that, so it cannot end then.",
            Refusal::Overlaps => "Another shift of this person covers that time.",
        }
    }

    /// Whether it is about how things are now, rather than about what was sent.
    pub fn conflict(self) -> bool {
        !matches!(self, Refusal::BeforeItBegan | Refusal::Overlaps)
    }
}

/// Minutes beyond what was due that day after which an open shift counts as forgotten.
const TOLERANCE: i64 = 4 * 60;

/// Minutes after which it does so on a day without a plan, and never before.
const LEAST: i64 = 12 * 60;

/// Whether whoever began a shift then must have forgotten to end it, so many minutes having been due that day.
pub fn forgotten(began: i64, due: i64, now: i64) -> bool {
    wall::minutes(began, now) > (due + TOLERANCE).max(LEAST)
}

/// The open shift that began last.
pub fn open(shifts: &[Stretch]) -> Option<Stretch> {
    shifts.iter().filter(|shift| shift.ended.is_none()).max_by_key(|shift| (shift.began, shift.id)).copied()
}

/// Begins a shift, so many minutes having been due on the day of the one that is open.
pub fn clock_in(shifts: &[Stretch], due: i64, at: i64, work: bool) -> Result<Change, Refusal> {
    if open(shifts).is_some_and(|shift| !forgotten(shift.began, due, at)) {
        return Err(Refusal::ClockedIn);
    }
    let within = |shift: &Stretch| shift.began <= at && shift.ended.is_some_and(|ended| at < ended);
    if shifts.iter().any(within) {
        return Err(Refusal::Overlaps);
    }
    Ok(Change { close: None, open: Some((at, work)) })
}

/// Ends the open shift that began last. One that was forgotten ends no later than the next one began.
pub fn clock_out(shifts: &[Stretch], at: i64) -> Result<Change, Refusal> {
    let shift = open(shifts).ok_or(Refusal::NotClockedIn)?;
    if at < shift.began {
        return Err(Refusal::BeforeItBegan);
    }
    let later = shifts.iter().filter(|other| other.id != shift.id && other.began > shift.began);
    let ended = later.map(|other| other.began).min().map_or(at, |next| next.min(at));
    Ok(Change { close: Some((shift.id, ended)), open: None })
}

/// Ends the work that is open and begins a break.
pub fn break_start(shifts: &[Stretch], at: i64) -> Result<Change, Refusal> {
    switch(shifts, at, false)
}

/// Ends the break that is open and goes on with work.
pub fn break_end(shifts: &[Stretch], at: i64) -> Result<Change, Refusal> {
    switch(shifts, at, true)
}

fn switch(shifts: &[Stretch], at: i64, work: bool) -> Result<Change, Refusal> {
    match open(shifts) {
        None => Err(Refusal::NotClockedIn),
        Some(shift) if shift.work == work => Err(if work { Refusal::NotOnBreak } else { Refusal::OnBreak }),
        Some(_) => Ok(Change { open: Some((at, work)), ..clock_out(shifts, at)? }),
    }
}

/// Whether a stretch of time takes some of the time of another shift. One without an end takes all that follows.
pub fn overlaps(shifts: &[Stretch], own: Option<i64>, began: i64, ended: Option<i64>) -> bool {
    let after = |end: Option<i64>, start: i64| end.is_none_or(|end| end > start);
    let others = shifts.iter().filter(|other| Some(other.id) != own);
    others.into_iter().any(|other| match (ended, other.ended) {
        // Two that are open: one of them was forgotten.
        (None, None) => other.began == began,
        // What was forgotten ends when the next one begins.
        (Some(_), None) => (began..ended.unwrap_or(began)).contains(&other.began),
        (None, Some(_)) => other.began <= began && after(other.ended, began),
        (Some(_), Some(_)) => after(ended, other.began) && after(other.ended, began),
    })
}
