//! `documents/documents`

use engine::{Code, Derived};
use registry::{Access, Action, Company, Employee, File, Id, Instant, Resource};

use crate::documents::Folder;
use crate::timeoff::Leave;

/// A file kept for an employee or for the company.
#[derive(Debug, Resource)]
#[resource(
    path = "documents/documents",
    object = "documents_document",
    permission = "documents",
    subject = "employee_id",
    operations(list, read, create(multipart), update, delete),
    events("bulk_create", "create", "delete", "move_to_trash_bin", "restore_from_trash_bin", "update")
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
    ],
    ..Code::of("documents/documents")
};

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
