//! Mails: written in the transaction of what they tell of, sent later by one worker.
//!
//! A mail may hold a link that works once, so its text is sealed with the key of the instance.

use std::sync::Arc;

use registry::{Company, HOUR, Id, Instant, MINUTE};
use serde_json::{Value, json};
use storage::{Condition, Tx};

use crate::records::{Mail, MailRecord};
use crate::{Error, Vault};

/// How often the server tries to hand over a mail.
const ATTEMPTS: i64 = 20;

/// How long a worker may take to send what it took before another one takes it.
const CLAIM: i64 = 5 * MINUTE;

/// The longest pause between two attempts.
const LONGEST_PAUSE: i64 = 6 * HOUR;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Paragraphs of plain text.
    pub paragraphs: Vec<String>,
    /// What to follow: a label and an address.
    pub link: Option<(String, String)>,
}

impl Body {
    /// As plain text.
    pub fn text(&self) -> String {
        let mut parts = self.paragraphs.clone();
        if let Some((label, href)) = &self.link {
            parts.push(format!("{label}:\n{href}"));
        }
        parts.join("\n\n") + "\n"
    }

    fn to_json(&self) -> String {
        json!({ "paragraphs": self.paragraphs, "link": self.link }).to_string()
    }

    fn from_json(text: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(text).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let paragraphs = value["paragraphs"].as_array()?.iter().map(text).collect::<Option<_>>()?;
        let link = match &value["link"] {
            Value::Null => None,
            link => Some((text(&link[0])?, text(&link[1])?)),
        };
        Some(Self { paragraphs, link })
    }
}

/// What it takes to write a mail with a link.
#[derive(Debug, Clone)]
pub struct Mailroom {
    /// Seals the text until it is sent.
    pub vault: Arc<Vault>,
    /// What links begin with, without a slash at the end.
    pub base_url: String,
}

/// A mail that was written, for the page of the demo environment that shows them.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The mail.
    pub id: Id<Mail>,
    /// Who it is for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was written.
    pub at: Instant,
    /// When it was handed over, if it was.
    pub sent_at: Option<Instant>,
    /// What it says.
    pub body: Body,
}

/// A mail to be sent now.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The mail.
    pub id: Id<Mail>,
    /// Who it is for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Writes a mail.
pub fn queue(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Option<Id<Company>>,
    to: &str,
    subject: &str,
    body: &Body,
) -> Result<Id<Mail>, Error> {
    let now = tx.now();
    Ok(table(tx).insert([
        MailRecord::company_id.set(company),
        MailRecord::recipient.set(to.to_owned()),
        MailRecord::subject.set(subject.to_owned()),
        MailRecord::sealed_body.set(vault.seal(body.to_json().as_bytes())),
        MailRecord::created_at.set(now),
        MailRecord::attempts.set(0),
        MailRecord::next_attempt_at.set(now),
    ])?)
}

/// The mails of a company, or of the whole instance, newest first.
pub fn kept(
    tx: &mut Tx<'_>,
    vault: &Vault,
    company: Option<Id<Company>>,
    limit: u64,
) -> Result<Vec<Kept>, Error> {
    let condition = match company {
        Some(company) => MailRecord::company_id.eq(Some(company)),
        None => Condition::any(),
    };
    let mails = table(tx).list(condition.descending(MailRecord::id).limit(limit))?;
    Ok(mails
        .into_iter()
        .filter_map(|mail| {
            let body = read(vault, &mail)?;
            let MailRecord { id, recipient: to, subject, created_at: at, sent_at, .. } = mail;
            Some(Kept { id, to, subject, at, sent_at, body })
        })
        .collect())
}

/// Takes mails to be sent, oldest first. Needs a transaction that writes: nobody else is given the same mails
/// for some minutes, in which the caller says [`sent`] or [`postponed`].
pub fn due(tx: &mut Tx<'_>, vault: &Vault, limit: u64) -> Result<Vec<Outgoing>, Error> {
    let now = tx.now();
    let waiting = || {
        MailRecord::sent_at
            .is_null()
            .and(MailRecord::next_attempt_at.lte(now))
            .and(MailRecord::attempts.lt(ATTEMPTS))
    };
    let first = table(tx).list(waiting().ascending(MailRecord::next_attempt_at).limit(limit))?;
    if first.is_empty() {
        return Ok(Vec::new());
    }
    let mut taken = table(tx).update_returning(
        waiting().and(MailRecord::id.one_of(first.iter().map(|mail| mail.id))),
        [MailRecord::attempts.increase(1), MailRecord::next_attempt_at.set(now + CLAIM)],
    )?;
    taken.sort_unstable_by_key(|mail| mail.id);
    Ok(taken
        .into_iter()
        .filter_map(|mail| {
            let Some(body) = read(vault, &mail) else {
                tracing::error!(mail = %mail.id, "a mail cannot be opened with the key of this instance");
                return None;
            };
            Some(Outgoing { id: mail.id, to: mail.recipient, subject: mail.subject, text: body.text() })
        })
        .collect())
}

/// A mail was handed over.
pub fn sent(tx: &mut Tx<'_>, id: Id<Mail>) -> Result<(), Error> {
    let now = tx.now();
    table(tx).update(MailRecord::id.eq(id), [MailRecord::sent_at.set(Some(now))])?;
    Ok(())
}

/// A mail could not be handed over; it is tried again after a pause that grows.
pub fn postponed(tx: &mut Tx<'_>, id: Id<Mail>) -> Result<(), Error> {
    let now = tx.now();
    let Some(mail) = table(tx).find(MailRecord::id.eq(id))? else {
        return Ok(());
    };
    let doublings = mail.attempts.saturating_sub(1).clamp(0, 16);
    let pause = (MINUTE << doublings).min(LONGEST_PAUSE);
    table(tx).update(MailRecord::id.eq(id), [MailRecord::next_attempt_at.set(now + pause)])?;
    Ok(())
}

fn read(vault: &Vault, mail: &MailRecord) -> Option<Body> {
    Body::from_json(&vault.open(&mail.sealed_body)?)
}

fn table<'t, 'c>(tx: &'t mut Tx<'c>) -> storage::Bound<'t, 'c, storage::Anywhere> {
    tx.instance("a mail may concern a login, and one worker sends them all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_survives_and_is_readable_as_text() {
        for (body, text) in [
            (
                Body { paragraphs: vec!["Hello \"Ada\"".into(), "ä".into()], link: None },
                "Hello \"Ada\"\n\nä\n",
            ),
            (
                Body {
                    paragraphs: vec!["Hi".into()],
                    link: Some(("Go".into(), "https://a.example/?t=1".into())),
                },
                "Hi\n\nGo:\nhttps://a.example/?t=1\n",
            ),
        ] {
            assert_eq!(body.text(), text);
            assert_eq!(Body::from_json(body.to_json().as_bytes()), Some(body));
        }
        for garbage in ["", "{}", "[]", r#"{"paragraphs":[1]}"#, r#"{"paragraphs":[],"link":["a"]}"#] {
            assert_eq!(Body::from_json(garbage.as_bytes()), None, "{garbage}");
        }
    }
}
