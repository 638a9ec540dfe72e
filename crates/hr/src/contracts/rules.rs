//! What is decided about contracts: pure functions of what is known.
//!
//! A person has contracts, one after the other; a contract has versions, each from a day on. First and last day belong to
//! the contract and show in all its versions.

use registry::Date;

use crate::time::plan::moved;

/// The days of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The contract.
    pub id: i64,
    /// First day.
    pub starts_on: Date,
    /// Last day, if one is agreed.
    pub ends_on: Option<Date>,
}

impl Span {
    /// Whether the contract is over, in force or to come on a day.
    pub fn schedule(&self, day: Date) -> Schedule {
        match self.ends_on {
            _ if self.starts_on > day => Schedule::Upcoming,
            Some(end) if end < day => Schedule::Expired,
            _ => Schedule::Ongoing,
        }
    }

    fn overlaps(&self, other: &Span) -> bool {
        let begun = |a: &Span, b: &Span| b.ends_on.is_none_or(|end| a.starts_on <= end);
        begun(self, other) && begun(other, self)
    }
}

registry::choice! {
    /// How a contract stands on a day.
    pub enum Schedule {
        Expired = "expired",
        Ongoing = "ongoing",
        Upcoming = "upcoming",
    }
}

/// A version of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// The version.
    pub id: i64,
    /// The contract that it is part of.
    pub contract: i64,
    /// First day on which its conditions hold.
    pub effective_on: Date,
    /// Last day of the contract, if one is agreed.
    pub ends_on: Option<Date>,
}

/// The days that a version is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// First day on which its conditions hold.
    pub effective_on: Date,
    /// First day of the contract.
    pub starts_on: Date,
    /// Last day of the contract, where something is said of it.
    pub ends_on: Option<Option<Date>>,
    /// Last day of the trial period.
    pub trial_ends_on: Option<Date>,
}

/// Where a version belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into a contract that there is, which has these days then.
    In(Span),
    /// Into a new one.
    New,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is to blame.
    pub field: &'static str,
    /// Stable, for programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

fn refusal<T>(field: &'static str, code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { field, code, message: message.into() })
}

/// Where a new version belongs.
pub fn place(contracts: &[Span], versions: &[Version], wanted: &Wanted) -> Result<Place, Refusal> {
    let Some(own) = contracts.iter().find(|contract| contract.starts_on == wanted.starts_on) else {
        let new = Span { id: 0, starts_on: wanted.starts_on, ends_on: wanted.ends_on.flatten() };
        days(&new, wanted)?;
        apart(contracts, &new)?;
        return Ok(Place::New);
    };
    let span = Span { ends_on: wanted.ends_on.unwrap_or(own.ends_on), ..*own };
    days(&span, wanted)?;
    apart(contracts, &span)?;
    room(versions, &span, None, wanted)?;
    Ok(Place::In(span))
}

/// The days that a contract has after one of its versions was changed in place.
pub fn corrected(
    contracts: &[Span],
    versions: &[Version],
    version: i64,
    wanted: &Wanted,
) -> Result<Option<Span>, Refusal> {
    let contract = versions.iter().find(|other| other.id == version).map(|own| own.contract);
    let Some(own) = contracts.iter().find(|other| Some(other.id) == contract) else {
        let free = Span { id: 0, starts_on: wanted.starts_on, ends_on: wanted.ends_on.flatten() };
        days(&free, wanted)?;
        return Ok(None);
    };
    let ends_on = wanted.ends_on.unwrap_or(own.ends_on);
    let span = Span { starts_on: wanted.starts_on, ends_on, ..*own };
    days(&span, wanted)?;
    apart(contracts, &span)?;
    room(versions, &span, Some(version), wanted)?;
    Ok(Some(span))
}

/// The contract that ends because somebody has one with another legal entity from a day on, as it is then.
pub fn replaced(contracts: &[Span], versions: &[Version], day: Date) -> Result<Option<Span>, Refusal> {
    let Some(own) = contracts.iter().find(|contract| contract.schedule(day) == Schedule::Ongoing) else {
        return Ok(None);
    };
    if own.starts_on == day {
        let message = "The contract with the present legal entity begins on that day, too.";
        return refusal("contract_details.effective_on", "contract_overlaps", message);
    }
    if versions.iter().any(|version| version.contract == own.id && version.effective_on >= day) {
        let message = "The present contract has other conditions from that day on, or from a later one. Delete them first.";
        return refusal("contract_details.effective_on", "version_outside", message);
    }
    Ok(Some(Span { ends_on: moved(day, -1), ..*own }))
}

fn days(span: &Span, wanted: &Wanted) -> Result<(), Refusal> {
    if wanted.effective_on < span.starts_on {
        let message = format!("It is before the first day of the contract, {}.", span.starts_on);
        return refusal("effective_on", "before_start", message);
    }
    if let Some(end) = span.ends_on {
        if end < span.starts_on {
            return refusal("ends_on", "before_start", "A contract does not end before it begins.");
        }
        if end < wanted.effective_on {
            return refusal("effective_on", "after_end", format!("The contract ends before, on {end}."));
        }
    }
    if wanted.trial_ends_on.is_some_and(|end| end < span.starts_on) {
        let message = "A trial period does not end before the contract begins.";
        return refusal("trial_period_ends_on", "before_start", message);
    }
    Ok(())
}

/// Contracts of a person do not overlap.
fn apart(contracts: &[Span], span: &Span) -> Result<(), Refusal> {
    let other = contracts.iter().find(|other| other.id != span.id && other.overlaps(span));
    let Some(other) = other else { return Ok(()) };
    let until = other.ends_on.map_or("without an end".to_owned(), |end| format!("to {end}"));
    let message = format!(
        "The person has a contract from {} {until}. Give its first day to change its conditions, or end it first.",
        other.starts_on
    );
    refusal("starts_on", "contract_overlaps", message)
}

/// All versions of a contract lie within it, each on a day of its own.
fn room(versions: &[Version], span: &Span, except: Option<i64>, wanted: &Wanted) -> Result<(), Refusal> {
    for other in versions.iter().filter(|other| other.contract == span.id && Some(other.id) != except) {
        let day = other.effective_on;
        if day == wanted.effective_on {
            let message = "There are conditions from that day on already. Change those instead.";
            return refusal("effective_on", "version_exists", message);
        }
        if day < span.starts_on {
            let message = format!("There are conditions that hold from {day} on, before that day.");
            return refusal("starts_on", "version_outside", message);
        }
        if span.ends_on.is_some_and(|end| end < day) {
            let message = format!("There are conditions that hold from {day} on, after that day.");
            return refusal("ends_on", "version_outside", message);
        }
    }
    Ok(())
}

/// Pay is an amount for a period: neither says anything without the other.
pub fn pay(amount: Option<i64>, frequency: Option<&str>) -> Result<(), Refusal> {
    match (amount, frequency) {
        (Some(amount), _) if amount < 0 => {
            refusal("salary_amount", "negative", "Pay is not less than nothing.")
        }
        (Some(_), None) => {
            refusal("salary_frequency", "required", "Say for which period the amount is: give both.")
        }
        (None, Some(_)) => {
            refusal("salary_amount", "required", "Say how much is paid in each period: give both.")
        }
        _ => Ok(()),
    }
}

/// The newest version that has begun by a day, though its contract may be over.
pub fn begun(versions: &[Version], day: Date) -> Option<&Version> {
    let begun = versions.iter().filter(|version| version.effective_on <= day);
    begun.max_by_key(|version| (version.effective_on, version.id))
}

/// The version that holds on a day.
pub fn in_force(versions: &[Version], day: Date) -> Option<i64> {
    begun(versions, day)
        .filter(|version| version.ends_on.is_none_or(|end| end >= day))
        .map(|version| version.id)
}

/// The version that stands for a person on a day: the one in force, else the next to come, else the last that was.
pub fn reference(versions: &[Version], day: Date) -> Option<i64> {
    in_force(versions, day).or_else(|| {
        let coming = versions.iter().filter(|version| version.effective_on > day);
        let next = coming.min_by_key(|version| (version.effective_on, version.id));
        next.or(begun(versions, day)).map(|version| version.id)
    })
}
