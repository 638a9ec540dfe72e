//! Days off in a file of iCalendar (RFC 5545): a pure function of its text.
//!
//! Of all that such a file may say only the days and the names of its events count, so this reads lines and leaves
//! everything else aside.
//!
//! Written by hand, because a crate would take over the smaller part: joining lines, escapes and parameters are some
//! fifty lines. The readers that also know what repeats bring `chrono` and its time zones beside `jiff`; `ical` is archived.

use registry::{Date, DateTime};

use super::company_holiday::HalfDay;
use crate::time::plan::moved;

/// Bytes of a file at most.
pub const LARGEST: usize = 1024 * 1024;

/// Days of one event at most; what takes longer is no holiday.
const LONGEST: i64 = 31;

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// When.
    pub date: Date,
    /// What it is called.
    pub summary: String,
    /// More about it.
    pub description: Option<String>,
    /// The half that is off, where it is not the whole day.
    pub half_day: Option<HalfDay>,
}

/// An event that is no day off, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it is called, or what its line says.
    pub name: String,
    /// Why it was left out.
    pub why: String,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days off, one for each day, the earliest first.
    pub days: Vec<Day>,
    /// What is none.
    pub refused: Vec<Refused>,
}

/// Reads a file. What repeats every year is a day in each year up to `until`.
pub fn read(text: &str, until: i16) -> Result<Calendar, String> {
    if text.len() > LARGEST {
        return Err(format!("The file is larger than {} KiB.", LARGEST / 1024));
    }
    let lines = unfolded(text);
    if !lines.first().is_some_and(|line| line.trim_end().eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err("The file is no iCalendar: it does not begin with BEGIN:VCALENDAR.".to_owned());
    }
    let mut calendar = Calendar::default();
    let mut open: Vec<String> = Vec::new();
    let mut event = Event::default();
    for line in &lines {
        let Some((name, value)) = property(line) else {
            return Err(format!("The file cannot be read at the line {:?}.", shortened(line)));
        };
        match name.as_str() {
            "BEGIN" => {
                if value.eq_ignore_ascii_case("VEVENT") {
                    event = Event::default();
                }
                open.push(value.to_ascii_uppercase());
            }
            "END" => {
                let ended = value.to_ascii_uppercase();
                if open.pop().as_ref() != Some(&ended) {
                    return Err(format!("The file ends {ended} where that was not begun."));
                }
                if ended == "VEVENT" {
                    match std::mem::take(&mut event).days(until) {
                        Ok(days) => days.into_iter().for_each(|day| calendar.add(day)),
                        Err(refused) => calendar.refused.push(refused),
                    }
                }
            }
            // What stands in a part of an event, such as an alarm, is not about its day.
            _ if open.last().is_some_and(|part| part == "VEVENT") => event.take(&name, value),
            _ => {}
        }
    }
    if let Some(part) = open.last() {
        return Err(format!("The file is cut off: {part} is not ended."));
    }
    if calendar.days.is_empty() && calendar.refused.is_empty() {
        return Err("There is no event in the file.".to_owned());
    }
    calendar.days.sort_by_key(|day| day.date);
    Ok(calendar)
}

impl Calendar {
    /// Of two events on a day the first counts, unless only the second is for the whole day.
    fn add(&mut self, day: Day) {
        let Some(known) = self.days.iter_mut().find(|known| known.date == day.date) else {
            self.days.push(day);
            return;
        };
        let (kept, left) = if known.half_day.is_some() && day.half_day.is_none() {
            (day, known.clone())
        } else {
            (known.clone(), day)
        };
        if kept.summary != left.summary {
            let why = format!("On {} there is {} in the file already.", kept.date, kept.summary);
            self.refused.push(Refused { name: left.summary, why });
        }
        *known = kept;
    }
}

/// Lines, of which long ones go on in the next after a blank.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// `NAME;PARAMETER=x:value`. A colon within quotes is none.
fn property(line: &str) -> Option<(String, &str)> {
    let mut quoted = false;
    let at = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let name = line[..at].split(';').next().unwrap_or_default();
    let known = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    known.then(|| (name.to_ascii_uppercase(), line[at + 1..].trim()))
}

fn shortened(line: &str) -> String {
    line.chars().take(60).collect()
}

/// The text of a value: `\,`, `\;` and `\\` stand for what follows, `\n` for a new line.
fn plain(value: &str) -> String {
    let (mut text, mut escaped) = (String::new(), false);
    for c in value.chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (_, c) => {
                text.push(if escaped && matches!(c, 'n' | 'N') { ' ' } else { c });
                escaped = false;
            }
        }
    }
    text.trim().to_owned()
}

/// When an event begins or ends: a day, or a time of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Day(Date),
    Time(DateTime),
}

impl Moment {
    /// `20261225` or `20261225T090000Z`. Times are those on the wall of whoever wrote them.
    fn of(value: &str) -> Option<Self> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let part = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
        let (day, time) = value.split_once('T').map_or((value, None), |(day, time)| (day, Some(time)));
        if day.len() != 8 || !digits(day) {
            return None;
        }
        let date = Date::new(day.get(..4)?.parse().ok()?, part(day, 4, 6)?, part(day, 6, 8)?).ok()?;
        let Some(time) = time else { return Some(Moment::Day(date)) };
        let time = time.trim_end_matches('Z');
        let hms = (part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?);
        let time = registry::Time::new(hms.0, hms.1, hms.2, 0).ok().filter(|_| time.len() == 6)?;
        Some(Moment::Time(date.to_datetime(time)))
    }
}

/// What counts of an event.
#[derive(Debug, Default)]
struct Event {
    summary: String,
    description: String,
    begins: Option<String>,
    ends: Option<String>,
    repeats: Option<String>,
    cancelled: bool,
    lasts: bool,
}

impl Event {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "SUMMARY" => self.summary = plain(value),
            "DESCRIPTION" => self.description = plain(value),
            "DTSTART" => self.begins = Some(value.to_owned()),
            "DTEND" => self.ends = Some(value.to_owned()),
            "DURATION" => self.lasts = true,
            "RRULE" | "RDATE" => self.repeats = Some(value.to_ascii_uppercase()),
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }

    fn days(self, until: i16) -> Result<Vec<Day>, Refused> {
        let name =
            if self.summary.is_empty() { "An event without a name".to_owned() } else { self.summary.clone() };
        let refused = |why: String| Refused { name: name.clone(), why };
        if self.summary.is_empty() {
            return Err(refused("It has no name (SUMMARY).".to_owned()));
        }
        if self.cancelled {
            return Err(refused("It is cancelled.".to_owned()));
        }
        let Some(text) = &self.begins else {
            return Err(refused("It does not say when it is (DTSTART).".to_owned()));
        };
        let moment =
            |text: &str| Moment::of(text).ok_or_else(|| refused(format!("{:?} is no day.", shortened(text))));
        let begins = moment(text)?;
        let ends = self.ends.as_deref().map(moment).transpose()?;
        let (first, last, half_day) = match (begins, ends) {
            // The end of days is the day after the last one.
            (Moment::Day(first), Some(Moment::Day(after))) => {
                (first, if after > first { moved(after, -1).unwrap_or(first) } else { first }, None)
            }
            (Moment::Day(first), None) => (first, first, None),
            (Moment::Time(from), Some(Moment::Time(to))) if to > from => {
                let midnight = to.time() == registry::Time::midnight();
                let last = if midnight { moved(to.date(), -1).unwrap_or(to.date()) } else { to.date() };
                let half = if from.date() == last { half(from, to) } else { None };
                (from.date(), last, half)
            }
            (Moment::Time(_), None) if self.lasts => {
                return Err(refused("It says how long it takes, but not when it ends (DTEND).".to_owned()));
            }
            _ => return Err(refused("It does not end after it begins.".to_owned())),
        };
        if moved(first, LONGEST).is_none_or(|limit| last >= limit) {
            return Err(refused(format!("It takes longer than {LONGEST} days.")));
        }
        let span = |years: i16| -> Vec<Day> {
            let shifted = |day: Date| Date::new(day.year() + years, day.month(), day.day()).ok();
            let days = crate::time::wall::days(first, last).filter_map(shifted);
            let day = |date| Day {
                date,
                summary: self.summary.clone(),
                description: Some(self.description.clone()).filter(|text| !text.is_empty()),
                half_day,
            };
            days.map(day).collect()
        };
        let Some(rule) = &self.repeats else { return Ok(span(0)) };
        let Some(years) = yearly(rule, first, until) else {
            let why = "It repeats in another way than on the same day every year. Give each day an event of its own.";
            return Err(refused(why.to_owned()));
        };
        Ok((0..=years).flat_map(span).collect())
    }
}

/// Half of a day, where something takes less than a working day: the first one where its middle is before one o'clock.
fn half(from: DateTime, to: DateTime) -> Option<HalfDay> {
    let minutes = |at: DateTime| i64::from(at.hour()) * 60 + i64::from(at.minute());
    let end = if to.date() > from.date() { 24 * 60 } else { minutes(to) };
    let (begin, length) = (minutes(from), end - minutes(from));
    let middle = begin + length / 2;
    (length < 8 * 60).then_some(if middle < 13 * 60 { HalfDay::BeginningOfDay } else { HalfDay::EndOfDay })
}

/// Years after the first in which a rule repeats a day, if it does so every year and no other rule narrows it.
fn yearly(rule: &str, first: Date, until: i16) -> Option<i16> {
    let mut years = (until - first.year()).max(0);
    for part in rule.split(';') {
        let (name, value) = part.split_once('=')?;
        match (name, value) {
            ("FREQ", "YEARLY") | ("INTERVAL", "1") | ("WKST", _) => {}
            ("BYMONTH", month) if month.parse() == Ok(first.month()) => {}
            ("BYMONTHDAY", day) if day.parse() == Ok(first.day()) => {}
            ("COUNT", count) => years = years.min(count.parse::<i16>().ok()?.saturating_sub(1)),
            ("UNTIL", end) => years = years.min(end.get(..4)?.parse::<i16>().ok()? - first.year()),
            _ => return None,
        }
    }
    rule.contains("FREQ=YEARLY").then_some(years.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"))
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\nUID:1\nSUMMARY:Day\n{lines}\nEND:VEVENT\n")
    }

    /// What an event is read as: its days, `am` or `pm` behind half ones, or why it is none.
    fn shown(lines: &str) -> String {
        let calendar = read(&file(&event(lines)), 2028).unwrap();
        let day = |day: &Day| match day.half_day {
            None => day.date.to_string(),
            Some(HalfDay::BeginningOfDay) => format!("{} am", day.date),
            Some(HalfDay::EndOfDay) => format!("{} pm", day.date),
        };
        let days: Vec<String> = calendar.days.iter().map(day).collect();
        let why = calendar.refused.into_iter().map(|refused| refused.why);
        days.into_iter().chain(why).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn days_of_events() {
        for (lines, expected) in [
            ("DTSTART;VALUE=DATE:20261225", "2026-12-25"),
            ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226", "2026-12-25"),
            ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227", "2026-12-25, 2026-12-26"),
            ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225", "2026-12-25"),
            ("DTSTART:20280229", "2028-02-29"),
            // Times: half a day where it is less than a working day.
            ("DTSTART:20261224T140000\nDTEND:20261224T180000", "2026-12-24 pm"),
            (
                "DTSTART;TZID=Europe/Madrid:20261224T080000\nDTEND;TZID=Europe/Madrid:20261224T130000",
                "2026-12-24 am",
            ),
            ("DTSTART:20261224T000000Z\nDTEND:20261225T000000Z", "2026-12-24"),
            ("DTSTART:20261224T120000\nDTEND:20261225T000000", "2026-12-24"),
            ("DTSTART:20261224T180000\nDTEND:20261225T000000", "2026-12-24 pm"),
            ("DTSTART:20261224T090000\nDTEND:20261224T180000", "2026-12-24"),
            ("DTSTART:20261224T090000\nDTEND:20261225T180000", "2026-12-24, 2026-12-25"),
            // Every year.
            ("DTSTART:20261225\nRRULE:FREQ=YEARLY", "2026-12-25, 2027-12-25, 2028-12-25"),
            ("DTSTART:20261225\nRRULE:FREQ=YEARLY;COUNT=2", "2026-12-25, 2027-12-25"),
            (
                "DTSTART:20261225\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;UNTIL=20271231",
                "2026-12-25, 2027-12-25",
            ),
            ("DTSTART:20240229\nRRULE:FREQ=YEARLY", "2024-02-29, 2028-02-29"),
            ("DTSTART:20300101\nRRULE:FREQ=YEARLY", "2030-01-01"),
            (
                "DTSTART:20261225\nRRULE:FREQ=YEARLY;BYDAY=4TH",
                "It repeats in another way than on the same day every year. Give each day an event of its own.",
            ),
            (
                "DTSTART:20261225\nRRULE:FREQ=WEEKLY",
                "It repeats in another way than on the same day every year. Give each day an event of its own.",
            ),
            // No days off.
            ("DTSTART:20261225\nSTATUS:CANCELLED", "It is cancelled."),
            ("DTSTART:20261225\nSUMMARY:", "It has no name (SUMMARY)."),
            ("LOCATION:x", "It does not say when it is (DTSTART)."),
            ("DTSTART:20261325", "\"20261325\" is no day."),
            ("DTSTART:2026-12-25", "\"2026-12-25\" is no day."),
            ("DTSTART:20261225T250000\nDTEND:20261226T000000", "\"20261225T250000\" is no day."),
            ("DTSTART:20261225T100000\nDTEND:20261225T090000", "It does not end after it begins."),
            (
                "DTSTART:20261225T100000\nDURATION:PT4H",
                "It says how long it takes, but not when it ends (DTEND).",
            ),
            ("DTSTART:20260101\nDTEND:20270101", "It takes longer than 31 days."),
        ] {
            assert_eq!(shown(lines), expected, "{lines}");
        }
    }

    #[test]
    fn names_are_read_as_they_were_meant() {
        let long = "SUMMARY:All Saints\\, and \n more\\; \\\\ too\nDESCRIPTION:One\\nTwo\nDTSTART:20261101";
        let alarm = "BEGIN:VALARM\nSUMMARY:Alarm\nTRIGGER:-P1D\nEND:VALARM";
        let calendar = read(&file(&event(&format!("{long}\n{alarm}"))), 2027).unwrap();
        let day = &calendar.days[0];
        assert_eq!(
            (&*day.summary, day.description.as_deref()),
            ("All Saints, and more; \\ too", Some("One Two"))
        );
    }

    #[test]
    fn a_day_is_off_once() {
        let day = |name: &str, lines: &str| event(&format!("SUMMARY:{name}\n{lines}"));
        let half = day("Half", "DTSTART:20261224T140000\nDTEND:20261224T180000");
        let whole = day("Whole", "DTSTART:20261224");
        for events in [format!("{half}{whole}"), format!("{whole}{half}")] {
            let calendar = read(&file(&events), 2027).unwrap();
            assert_eq!((calendar.days.len(), &*calendar.days[0].summary), (1, "Whole"), "{events}");
            assert_eq!(calendar.days[0].half_day, None);
            assert_eq!(
                calendar.refused,
                [Refused {
                    name: "Half".into(),
                    why: "On 2026-12-24 there is Whole in the file already.".into()
                }]
            );
        }
        assert!(read(&file(&format!("{whole}{whole}")), 2027).unwrap().refused.is_empty());
    }

    #[test]
    fn files_that_are_no_calendars() {
        let whole = file(&event("DTSTART:20261225"));
        for (text, expected) in [
            (String::new(), "does not begin with BEGIN:VCALENDAR"),
            ("<html>".to_owned(), "does not begin with BEGIN:VCALENDAR"),
            (whole[..60].to_owned(), "cut off"),
            (file(""), "no event"),
            (file("BEGIN:VEVENT\nEND:VTODO\n"), "ends VTODO where that was not begun"),
            (file("nonsense\n"), "cannot be read at the line"),
            ("x".repeat(LARGEST + 1), "larger than"),
        ] {
            let fault = read(&text, 2027).unwrap_err();
            assert!(fault.contains(expected) && fault.ends_with('.'), "{fault}");
        }
        assert_eq!(read(&format!("\u{feff}{whole}"), 2027).unwrap().days.len(), 1);
    }
}
