//! Points in time as pages show them.

use registry::Instant;

use super::pages::Moment;

impl From<Instant> for Moment {
    fn from(instant: Instant) -> Self {
        let text = jiff::Timestamp::from_millisecond(instant.millis())
            .map_or_else(|_| instant.to_string(), |at| at.strftime("%-d %b %Y, %H:%M UTC").to_string());
        Self { iso: instant.to_string(), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_a_date_and_programs_read_rfc_3339() {
        let moment = Moment::from(Instant::from_millis(1_795_426_200_123));
        assert_eq!(
            (moment.iso.as_str(), moment.text.as_str()),
            ("2026-11-23T09:30:00.123Z", "23 Nov 2026, 09:30 UTC")
        );
    }
}
