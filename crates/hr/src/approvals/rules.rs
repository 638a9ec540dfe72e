//! Who decides next, and what a decision does to a flow: plain functions of facts.

/// What somebody who has to decide has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not yet.
    Pending,
    /// Yes.
    Approved,
    /// No.
    Rejected,
    /// It is not asked for any more.
    Ignored,
}

impl State {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Approved => "approved",
            State::Rejected => "rejected",
            State::Ignored => "ignored",
        }
    }

    /// From its name in the API.
    pub fn named(name: &str) -> Self {
        match name {
            "approved" => State::Approved,
            "rejected" => State::Rejected,
            "pending" | "waiting_changes" => State::Pending,
            _ => State::Ignored,
        }
    }
}

/// Somebody who has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The level; lower ones decide before.
    pub level: i64,
    /// The employee; `None` stands for any administrator.
    pub employee: Option<i64>,
    /// What was decided.
    pub state: State,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decider<'a> {
    /// The employee; `None` where the company itself does.
    pub employee: Option<i64>,
    /// Employees who named him their delegate for today.
    pub stands_for: &'a [i64],
    /// Whether he may decide in everybody's place.
    pub overrides: bool,
}

/// What became of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Others have to decide yet.
    Running,
    /// Everybody approved.
    Approved,
    /// Somebody rejected.
    Rejected,
}

/// Why somebody cannot decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is decided already.
    Over,
    /// He is not among those who decide.
    Stranger,
    /// He decides at another level, earlier or later.
    NotYet,
}

/// The level that decides next.
pub fn current(seats: &[Seat]) -> Option<i64> {
    seats.iter().filter(|seat| seat.state == State::Pending).map(|seat| seat.level).min()
}

/// Decides at the current level; says whether it was done in the place of others.
pub fn decide(seats: &mut [Seat], who: Decider<'_>, approve: bool) -> Result<(Outcome, bool), Refusal> {
    let level = current(seats).ok_or(Refusal::Over)?;
    let his = |seat: &Seat| match seat.employee {
        Some(employee) => who.employee == Some(employee) || who.stands_for.contains(&employee),
        None => who.overrides,
    };
    let mine = |seat: &Seat| seat.level == level && seat.state == State::Pending && his(seat);
    let regular = seats.iter().any(mine);
    if !regular && !who.overrides {
        return Err(if seats.iter().any(his) { Refusal::NotYet } else { Refusal::Stranger });
    }
    let verdict = if approve { State::Approved } else { State::Rejected };
    for seat in seats.iter_mut().filter(|seat| seat.level == level && seat.state == State::Pending) {
        if !regular || his(seat) {
            seat.state = verdict;
        }
    }
    if !approve {
        for seat in seats.iter_mut().filter(|seat| seat.state == State::Pending) {
            seat.state = State::Ignored;
        }
        return Ok((Outcome::Rejected, !regular));
    }
    let outcome = if current(seats).is_some() { Outcome::Running } else { Outcome::Approved };
    Ok((outcome, !regular))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats() -> Vec<Seat> {
        let seat = |level, employee| Seat { level, employee, state: State::Pending };
        vec![seat(1, Some(10)), seat(1, Some(11)), seat(2, None)]
    }

    fn person(employee: i64) -> Decider<'static> {
        Decider { employee: Some(employee), stands_for: &[], overrides: false }
    }

    const ADMINISTRATOR: Decider<'_> = Decider { employee: Some(1), stands_for: &[], overrides: true };

    #[test]
    fn all_of_a_level_decide_before_the_next() {
        let mut all = seats();
        assert_eq!(decide(&mut all, person(10), true), Ok((Outcome::Running, false)));
        assert_eq!(decide(&mut all, person(10), true), Err(Refusal::NotYet), "he decided already");
        assert_eq!(current(&all), Some(1));
        assert_eq!(decide(&mut all, person(11), true), Ok((Outcome::Running, false)));
        assert_eq!(current(&all), Some(2));
        assert_eq!(decide(&mut all, person(11), true), Err(Refusal::NotYet));
        assert_eq!(decide(&mut all, ADMINISTRATOR, true), Ok((Outcome::Approved, false)));
        assert_eq!(decide(&mut all, ADMINISTRATOR, true), Err(Refusal::Over));
    }

    #[test]
    fn one_no_ends_it() {
        let mut all = seats();
        assert_eq!(decide(&mut all, person(11), false), Ok((Outcome::Rejected, false)));
        assert_eq!(all.iter().filter(|seat| seat.state == State::Ignored).count(), 2);
        assert_eq!(decide(&mut all, person(10), true), Err(Refusal::Over));
    }

    #[test]
    fn strangers_do_not_decide_and_delegates_do() {
        let mut all = seats();
        assert_eq!(decide(&mut all, person(12), true), Err(Refusal::Stranger));
        let delegate = Decider { stands_for: &[10, 11], ..person(12) };
        assert_eq!(decide(&mut all, delegate, true), Ok((Outcome::Running, false)));
        assert_eq!(current(&all), Some(2));
    }

    #[test]
    fn an_administrator_decides_in_the_place_of_a_level() {
        let mut all = seats();
        assert_eq!(decide(&mut all, ADMINISTRATOR, true), Ok((Outcome::Running, true)));
        assert_eq!(current(&all), Some(2));
    }
}
