//! What a leave type asks of a request.

use registry::Date;

use super::count::Part;

/// What a leave type asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Type {
    /// Its title.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// Whether somebody has to decide.
    pub approval: bool,
    /// Whether leaves are charged to a balance.
    pub accrues: bool,
    /// Whether the person works meanwhile.
    pub workable: bool,
    /// Whether a leave may have no last day.
    pub endless: bool,
    /// Whether half days can be requested.
    pub halves: bool,
    /// Whether a request must give details.
    pub details: bool,
    /// Whether a request needs a file.
    pub attachment: bool,
    /// Whether only those who decide can enter it.
    pub restricted: bool,
    /// The longest request, in hundredths of a day.
    pub longest: Option<i64>,
    /// The shortest request, in hundredths of a day.
    pub shortest: Option<i64>,
}

/// What is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// First day.
    pub first: Date,
    /// Last day; `None` without an end.
    pub last: Option<Date>,
    /// How much of each day.
    pub part: Part,
    /// What the person says about it.
    pub details: Option<&'a str>,
    /// Whether somebody enters it who may decide on it.
    pub by_decider: bool,
}

/// Why a request is refused: the member, a code, a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The member of the body.
    pub field: &'static str,
    /// Stable, for programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Refusal {
    fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { field, code, message: message.into() }
    }
}

/// Judges a request by its shape, before anything is counted.
pub fn shape(kind: &Type, request: &Request<'_>) -> Result<(), Refusal> {
    let name = &kind.name;
    if !kind.active {
        return Err(Refusal::new(
            "leave_type_id",
            "type_inactive",
            format!("{name} is not in use any more."),
        ));
    }
    if kind.restricted && !request.by_decider {
        let message = format!("{name} is entered by those who decide on leaves.");
        return Err(Refusal::new("leave_type_id", "type_restricted", message));
    }
    match request.last {
        None if !kind.endless => {
            let message = format!("{name} needs a last day.");
            return Err(Refusal::new("finish_on", "finish_required", message));
        }
        Some(last) if last < request.first => {
            return Err(Refusal::new("finish_on", "finish_before_start", "It ends before it begins."));
        }
        _ => {}
    }
    match request.part {
        Part::Half(_) if !kind.halves => {
            let message = format!("{name} is taken in whole days.");
            return Err(Refusal::new("half_day", "half_days_not_allowed", message));
        }
        Part::Half(_) if request.last.is_none() => {
            return Err(Refusal::new("half_day", "half_day_without_end", "Half days need a last day."));
        }
        Part::Minutes(minutes) if minutes <= 0 => {
            let message = "A leave of hours needs some.";
            return Err(Refusal::new("hours_amount_in_cents", "hours_required", message));
        }
        Part::Minutes(_) if request.last != Some(request.first) => {
            let message = "A leave of hours begins and ends on the same day.";
            return Err(Refusal::new("finish_on", "hours_within_a_day", message));
        }
        _ => {}
    }
    if kind.details && request.details.is_none_or(|text| text.trim().is_empty()) {
        let message = format!("{name} needs a description.");
        return Err(Refusal::new("description", "details_required", message));
    }
    Ok(())
}

/// Judges the length of a request, in hundredths of a day. A leave without an end has none yet.
pub fn length(kind: &Type, days: Option<i64>) -> Result<(), Refusal> {
    let Some(days) = days else { return Ok(()) };
    let name = &kind.name;
    if let Some(longest) = kind.longest.filter(|longest| days > *longest) {
        let message = format!("{name} lasts {} days at most.", written(longest));
        return Err(Refusal::new("finish_on", "too_long", message));
    }
    if let Some(shortest) = kind.shortest.filter(|shortest| days < *shortest) {
        let message = format!("{name} lasts {} days at least.", written(shortest));
        return Err(Refusal::new("finish_on", "too_short", message));
    }
    Ok(())
}

/// Hundredths as a decimal number with a point, at least one digit after it: `22.0`, `1.83`.
pub fn written(hundredths: i64) -> String {
    let (sign, rest) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    let (whole, part) = (rest / 100, rest % 100);
    if part % 10 == 0 { format!("{sign}{whole}.{}", part / 10) } else { format!("{sign}{whole}.{part:02}") }
}
