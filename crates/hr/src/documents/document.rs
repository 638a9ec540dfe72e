//! `documents/documents`

use engine::{Answer, Code, Context, Derived, Draft, Error, Hide, Input, Narrow, ids_in};
use registry::{Access, Action, Company, DAY, Employee, File, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::documents::Folder;
use crate::narrow;
use crate::timeoff::Leave;

/// A file kept for an employee or for the company.
#[derive(Debug, Resource)]
#[resource(
    path = "documents/documents",
    object = "documents_document",
    permission = "documents",
    subject = "employee_id",
    operations(list, read, create(multipart), update, delete),
    events("bulk_create"(uncaused = "The API takes one document at a time."), "create", "delete", "move_to_trash_bin", "restore_from_trash_bin", "update")
)]
#[parameter(name = "by_bookkeeper_documents", as = bool, doc = "True lists only documents that belong to a bookkeeper.")]
#[parameter(name = "by_trash_bin", as = bool, doc = "True lists the trash; otherwise trashed documents are left out.", required)]
#[parameter(name = "by_without_folder", as = bool, doc = "True lists only documents outside any folder.")]
pub struct Document {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Document>,
    /// When it was created.
    pub created_at: Instant,
    /// Name of the file, with its extension.
    #[field(default = "document")]
    pub filename: String,
    /// Whether everyone concerned may see it.
    #[field(create(required), update(required))]
    pub public: bool,
    /// Area where it is kept, such as the employee's own documents.
    #[field(create(required, as = Space))]
    pub space: String,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Access of whoever uploaded it.
    #[field(create(required))]
    pub author_id: Option<Id<Access>>,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Option<Id<Company>>,
    /// Media type of the file.
    pub content_type: Option<String>,
    /// Whose document it is. Null for company documents.
    #[field(create, update, filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// Ending of the file name, such as pdf.
    #[field(derived)]
    pub extension: Option<String>,
    /// Size of the file in bytes.
    pub file_size: Option<i64>,
    /// Folder in which it lies, if any.
    #[field(create, update, filter(eq = "folder_id"))]
    pub folder_id: Option<Id<Folder>>,
    /// Whether it belongs to the company rather than a person.
    #[field(derived)]
    pub is_company_document: Option<bool>,
    /// Whether it is meant for management only.
    #[field(derived)]
    pub is_management_document: Option<bool>,
    /// Whether it still waits for an employee.
    #[field(create(required), filter(flag = "by_pending_assignment"(required)))]
    pub is_pending_assignment: Option<bool>,
    /// Time off that it was attached to.
    #[field(create, filter(eq = "leave_id"))]
    pub leave_id: Option<Id<Leave>>,
    /// Progress of the electronic signature. Null when none was requested.
    pub signature_status: Option<SignatureStatus>,
    /// Accesses of the people asked to sign.
    pub signees: Option<Vec<String>>,
    /// Moment when it went to the trash. Null otherwise.
    pub deleted_at: Option<Instant>,
    /// Content of the file.
    #[field(input, create(required))]
    pub file: Option<File>,
    /// Accesses of the people who shall sign.
    #[field(input, create(required), update(required))]
    pub signee_ids: Option<Vec<Id<Access>>>,
    /// Whether to ask for electronic signatures.
    #[field(input, create(required), update(required))]
    pub request_esignature: Option<bool>,
    /// Name to keep the file under instead of its own.
    #[field(input, create)]
    pub file_filename: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("extension", |facts| {
            facts
                .text("filename")
                .and_then(|name| name.rsplit_once('.'))
                .map(|(_, extension)| extension)
                .into()
        }),
        Derived::row("is_company_document", |facts| facts.int("employee_id").is_none().into()),
        // What lies in the internal area of the company is shown to nobody else.
        Derived::row("is_management_document", |facts| {
            (facts.text("space") == Some(Space::CompanyInternal.text())).into()
        }),
    ],
    rule: Some(rule),
    actions: &[("move_to_trash_bin", trash), ("restore_from_trash_bin", restore)],
    filters: &[
        ("by_trash_bin", Narrow::Flag(|_| Look::Not(Box::new(Look::Null("deleted_at"))))),
        ("by_without_folder", Narrow::Flag(|_| Look::Null("folder_id"))),
        ("by_bookkeeper_documents", narrow::NOTHING_IF_TRUE),
    ],
    hide: Some(Hide { shown: |_| Ok(vec![Look::Null("deleted_at")]), unless: "by_trash_bin" }),
    lapse: Some(("deleted_at", 30 * DAY)),
    ..Code::of(PATH)
};

const PATH: &str = "documents/documents";

/// Takes name, type and size from the file, and begins or ends a request for signatures.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_some_and(|old| old.get("deleted_at") != &Datum::Null) {
        return Err(Error::conflict("id", "in_trash", "The document lies in the trash."));
    }
    if draft.old.is_none() {
        let file = draft.int("file").map(|id| cx.file(id)).transpose()?.flatten();
        let file = file.ok_or_else(|| Error::invalid("file", "It must be a file."))?;
        let named = draft.text("file_filename").map(str::trim).filter(|name| !name.is_empty());
        let name = named.map_or(file.name, str::to_owned);
        draft.sets.insert("filename", Datum::Text(name));
        draft.sets.insert("content_type", Datum::Text(file.content_type));
        draft.sets.insert("file_size", Datum::Int(file.size));
    }
    if draft.changes("folder_id")
        && let Some(folder) = draft.int("folder_id")
        && let Some(folder) = cx.objects("documents/folders", vec![folder])?.remove(&folder)
        && !folder.flag("active")
    {
        return Err(Error::rule("folder_id", "folder_archived", "The folder is archived."));
    }
    sign(draft)
}

/// A request for signatures begins with those who shall sign. It can be taken back until everybody has signed.
fn sign(draft: &mut Draft<'_>) -> Result<(), Error> {
    let wanted = draft.flag("request_esignature");
    let signees = ids_in(draft.get("signee_ids"));
    let before = draft.old.and_then(|old| old.text("signature_status"));
    let signed = |status| {
        [SignatureStatus::PartiallySigned, SignatureStatus::Completed]
            .map(SignatureStatus::text)
            .contains(&status)
    };
    match (wanted, before) {
        (true, _) if signees.is_empty() => {
            let why = "Somebody has to sign where signatures are asked for.";
            Err(Error::rule("signee_ids", "signees_missing", why))
        }
        (true, Some(status)) if signed(status) && draft.changes("signee_ids") => {
            Err(Error::conflict("signee_ids", "signed", "Somebody has signed already."))
        }
        (true, None) => {
            draft.sets.insert("signature_status", Datum::Text(SignatureStatus::Pending.text().to_owned()));
            draft.sets.insert("signees", texts(&signees));
            Ok(())
        }
        (true, Some(_)) => {
            draft.sets.insert("signees", texts(&signees));
            Ok(())
        }
        (false, Some("pending")) => {
            draft.sets.insert("signature_status", Datum::Text(SignatureStatus::Cancelled.text().to_owned()));
            Ok(())
        }
        (false, _) => Ok(()),
    }
}

fn texts(ids: &[i64]) -> Datum {
    Datum::Text(serde_json::Value::from_iter(ids.iter().map(ToString::to_string)).to_string())
}

/// What lies in the trash stays there since when it was put there.
fn trash(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let now = cx.tx.now().millis();
    set_deleted(cx, input, Look::Null("deleted_at"), Datum::Int(now))
}

fn restore(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    set_deleted(cx, input, Look::Not(Box::new(Look::Null("deleted_at"))), Datum::Null)
}

fn set_deleted(
    cx: &mut Context<'_, '_>,
    input: &Input,
    those: Look,
    deleted_at: Datum,
) -> Result<Answer, Error> {
    let ids = input.ids("document_ids");
    cx.own_all(cx.plan(PATH)?, &ids)?;
    let wanted = Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect());
    cx.change(PATH, &[wanted, those], [("deleted_at", deleted_at)].into())?;
    Ok(Answer::Objects(ids))
}

registry::choice! {
    /// The values of `space`.
    pub enum Space {
        CompanyInternal = "company_internal",
        CompanyPublic = "company_public",
        EmployeeMyDocuments = "employee_my_documents",
        PendingToAssign = "pending_to_assign",
        PendingToDestroy = "pending_to_destroy",
    }
}

registry::choice! {
    /// The values of `signature_status`.
    pub enum SignatureStatus {
        BouncedEmail = "bounced_email",
        Cancelled = "cancelled",
        Completed = "completed",
        Declined = "declined",
        Error = "error",
        Expired = "expired",
        PartiallySigned = "partially_signed",
        Pending = "pending",
    }
}

/// Puts documents in the trash, which keeps them for 30 days.
#[derive(Debug, Action)]
#[action(of = Document, name = "move_to_trash_bin", several, needs = "delete")]
pub struct MoveToTrashBin {
    /// Documents to put in the trash.
    pub document_ids: Vec<Id<Document>>,
}

/// Takes documents back out of the trash.
#[derive(Debug, Action)]
#[action(of = Document, name = "restore_from_trash_bin", several, needs = "delete")]
pub struct RestoreFromTrashBin {
    /// Documents to take back.
    pub document_ids: Vec<Id<Document>>,
}
