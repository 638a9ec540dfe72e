//! `ats/messages`

use engine::{Code, Context, Derived, Draft, Error, Narrow, Object};
use registry::{Anything, File, Id, Instant, Object, Resource};

use storage::{Among, Datum, Look};

use crate::ats::Application;

/// A message exchanged with a candidate.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/messages",
    object = "ats_message",
    permission = "ats",
    operations(list, read, create(multipart))
)]
#[parameter(name = "ats_conversation_id", as = Id<Anything>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "ats_conversation_ids[]", as = Id<Anything>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "last_per_conversation", as = bool, doc = "True keeps just the newest message of each thread.", required)]
pub struct Message {
    /// Identifies it, for good.
    #[field(filter(eq = "id"), filter(any = "ids[]"))]
    pub id: Id<Message>,
    /// Body of the message.
    #[field(create(required))]
    pub content: String,
    /// Thread it belongs to.
    #[field(derived)]
    pub ats_conversation_id: Id<Anything>,
    /// Sender, of the kind in sent_by_type.
    #[field(create(required))]
    pub sent_by_id: Id<Anything>,
    /// Whether a user or the candidate wrote it.
    #[field(create(required, as = SentByType))]
    pub sent_by_type: String,
    /// When it was created.
    pub created_at: Instant,
    /// Files that go with it.
    #[field(create(required, as = Vec<File>, name = "attachments[]"), default(empty))]
    pub attachments: Vec<Attachment>,
    /// Subject line shown.
    #[field(create(required))]
    pub topic: String,
    /// Moment before which it is held back.
    #[field(create)]
    pub delayed_until: Option<Instant>,
    /// When it left.
    pub sent_at: Option<Instant>,
    /// When it reached the recipient.
    pub delivered_at: Option<Instant>,
    /// When the recipient opened it.
    pub opened_at: Option<Instant>,
    /// When sending last failed.
    pub last_error_at: Option<Instant>,
    /// Application the message is about.
    #[field(input, create(required))]
    pub ats_application_id: Option<Id<Application>>,
    /// Whether to send it from the company's own address.
    #[field(input, create(required))]
    pub send_as_corporate_email: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("ats_conversation_id", |facts| {
            facts.int("ats_application_id").or(facts.int("id")).into()
        }),
        Derived::page("attachments", attachments),
    ],
    rule: Some(rule),
    filters: &[
        ("ats_conversation_id", Narrow::Code(of_conversations)),
        ("ats_conversation_ids[]", Narrow::Code(of_conversations)),
        ("last_per_conversation", Narrow::Flag(|_| newest())),
    ],
    ..Code::of("ats/messages")
};

/// The last message of each conversation; a message that is about no application is one by itself.
fn newest() -> Look {
    let all = Among { table: "ats_messages", column: "id", looks: Vec::new() };
    Look::Any(vec![Look::Null("ats_application_id"), Look::Newest("ats_application_id", all)])
}

registry::choice! {
    /// The values of `sent_by_type`.
    pub enum SentByType {
        Candidate = "candidate",
        User = "user",
    }
}

/// The objects of `attachments`.
#[derive(Debug, Object)]
pub struct Attachment {
    /// Name of the file.
    pub filename: String,
    /// Address to download the file from.
    pub url: String,
    /// Size in bytes.
    pub byte_size: i64,
    /// Media type of the file.
    pub content_type: String,
    /// Moment the file was uploaded.
    pub created_at: Option<Instant>,
}

/// A conversation is about one application.
fn of_conversations(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let ids: Vec<i64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    Ok(vec![engine::one_of("ats_application_id", &ids)])
}

/// What was attached, as it can be fetched.
fn attachments(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let files = cx.files_of(rows, "attachments")?;
    Ok(files.iter().map(|files| files.iter().map(|file| cx.shown(file)).collect()).collect())
}

/// What a candidate wrote was delivered; what is written to a candidate waits for its time.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let empty = |column: &str| draft.text(column).is_none_or(|text| text.trim().is_empty());
    if empty("content") {
        return Err(Error::rule("content", "empty", "A message says something."));
    }
    let now = cx.tx.now().millis();
    if draft.text("sent_by_type") == Some(SentByType::Candidate.text()) {
        draft.sets.extend([("sent_at", Datum::Int(now)), ("delivered_at", Datum::Int(now))]);
    }
    Ok(())
}
