//! Checks of what people type.

use crate::{Error, Problem};

/// Most characters of a name.
const NAME: usize = 100;

/// Most characters of a mail address (RFC 5321 4.5.3.1.3, without the angle brackets).
const ADDRESS: usize = 254;

/// Most characters before the `@` (RFC 5321 4.5.3.1.1).
const LOCAL_PART: usize = 64;

/// Collects what is wrong, so that an answer names every bad field at once.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// The value, or a stand-in while the problem is kept for [`Problems::done`].
    pub(crate) fn take(&mut self, checked: Result<String, Problem>) -> String {
        checked.unwrap_or_else(|problem| {
            self.add(problem);
            String::new()
        })
    }

    pub(crate) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// A name: 1 to 100 characters without the white space around them, on one line.
pub(crate) fn name(field: &'static str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::new(field, "blank", "Fill this in."));
    }
    if text.chars().count() > NAME {
        return Err(Problem::new(field, "too_long", format!("Use at most {NAME} characters.")));
    }
    if text.chars().any(invisible) {
        return Err(Problem::new(field, "invalid", "Control characters are not allowed."));
    }
    Ok(text.to_owned())
}

/// Control characters, and those that turn the direction of what follows and so can disguise a name.
fn invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A mail address as it is stored and compared: trimmed, in lower case.
pub fn normal_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether a text can be a mail address.
pub fn is_email(text: &str) -> bool {
    email("email", text).is_ok()
}

/// A mail address in its normal form. Whether it exists, only a mail can tell; this refuses what cannot.
pub(crate) fn email(field: &'static str, text: &str) -> Result<String, Problem> {
    let text = normal_email(text);
    if text.is_empty() {
        return Err(Problem::new(field, "blank", "Fill this in."));
    }
    if text.chars().count() > ADDRESS {
        return Err(Problem::new(field, "too_long", format!("Use at most {ADDRESS} characters.")));
    }
    let forbidden = |c: char| c.is_whitespace() || invisible(c) || "<>()[]\\,;:\"".contains(c);
    let sides = text.split_once('@').is_some_and(|(local, domain)| {
        let labels = domain.split('.').all(|label| !label.is_empty());
        !local.is_empty() && local.chars().count() <= LOCAL_PART && labels && !domain.contains('@')
    });
    if !sides || text.chars().any(forbidden) {
        return Err(Problem::new(field, "invalid", "This is not a mail address."));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normal_or_refused() {
        for (text, expected) in [
            (" Ada@Example.COM ", Some("ada@example.com")),
            ("ada+hr@example.com", Some("ada+hr@example.com")),
            ("ädä@exämple.com", Some("ädä@exämple.com")),
            ("root@localhost", Some("root@localhost")),
            ("", None),
            ("ada", None),
            ("@example.com", None),
            ("ada@", None),
            ("ada@@example.com", None),
            ("a@b@c", None),
            ("ada@example..com", None),
            ("ada@.example.com", None),
            ("ada lovelace@example.com", None),
            ("ada@exam\nple.com", None),
            ("ada@example.com\u{0}", None),
            ("Ada <ada@example.com>", None),
            ("a@example.com,b@example.com", None),
        ] {
            assert_eq!(email("email", text).ok().as_deref(), expected, "{text:?}");
        }
        assert!(email("email", &format!("{}@example.com", "a".repeat(65))).is_err());
        assert!(email("email", &format!("a@{}.com", "a".repeat(260))).is_err());
    }

    #[test]
    fn names_are_trimmed_or_refused() {
        for (text, expected) in [
            (" Ada ", Ok("Ada")),
            ("李", Ok("李")),
            ("", Err("blank")),
            (" \t ", Err("blank")),
            ("Ada\nLovelace", Err("invalid")),
            ("Ada\u{202e}", Err("invalid")),
        ] {
            let checked = name("first_name", text);
            assert_eq!(checked.as_deref().map_err(|problem| problem.code), expected, "{text:?}");
        }
        assert!(name("first_name", &"ä".repeat(100)).is_ok());
        assert!(name("first_name", &"ä".repeat(101)).is_err());
    }
}
