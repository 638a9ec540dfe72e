//! `expenses/expenses`

use engine::{Code, Derived, Hide, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Instant, Object, Resource};

use crate::banking::CardPayment;
use crate::documents::Document;
use crate::expenses::Expensable;
use crate::finance::Account;
use crate::finance::BudgetOption;
use crate::finance::CostCenter;
use crate::project_management::Project;

/// Details of something an employee bought.
#[derive(Debug, Resource)]
#[resource(
    path = "expenses/expenses",
    object = "expenses_expense",
    permission = "expenses",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "include_manual_drafts", as = bool, doc = "Adds drafts that people entered by hand.", required)]
#[parameter(name = "include_attachments", as = bool, doc = "Adds the attached files.", required)]
#[parameter(name = "from", as = String, doc = "First day to include. Ignored unless to is given too.")]
#[parameter(name = "to", as = String, doc = "Day to stop before. Ignored unless from is given too.")]
pub struct Expense {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Expense>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Where it came from: manual, automatic or travelperk.
    pub creation_type: CreationType,
    /// Currency of the purchase, as an ISO code.
    pub currency: String,
    /// Stage of the review and payment.
    pub status: Status,
    /// Day of the purchase.
    pub effective_on: Date,
    /// When it last moved to another stage.
    pub status_updated_at: Instant,
    /// Receipts and other papers attached.
    pub files: Vec<FileValue>,
    /// Taxes included in the price.
    pub taxes: Vec<Tax>,
    /// Cost centers that bear it.
    pub cost_center_ids: Vec<Id<CostCenter>>,
    /// Whose spending it is.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// Card payment that it came from, if any.
    #[field(filter(any = "card_payment_ids[]"))]
    pub card_payment_id: Option<Id<CardPayment>>,
    /// Dispute about the card payment, if any.
    #[field(filter(any = "dispute_ids[]"))]
    pub dispute_id: Option<Id<Anything>>,
    /// Claim that these details belong to.
    #[field(filter(any = "expenses_expensable_ids[]"))]
    pub expenses_expensable_id: Option<Id<Expensable>>,
    /// Shop or supplier as read from the receipt.
    pub merchant_name: Option<String>,
    /// Shop as typed by the employee. It wins over the one read.
    pub user_merchant: Option<String>,
    /// Tax number of the shop.
    pub merchant_tin: Option<String>,
    /// Kind of spending.
    #[field(derived)]
    pub category: Option<Category>,
    /// Finer kind of spending.
    pub subcategory: Option<String>,
    /// Reference that identifies the purchase.
    pub reference: Option<String>,
    /// Full amount, in cents.
    pub amount: Option<i64>,
    /// What the money went on.
    pub description: Option<String>,
    /// When it was submitted for review. Null for drafts.
    pub review_request_at: Option<Instant>,
    /// Key of the card authorisation at its issuer.
    #[field(filter(any = "external_authorization_ids[]"(as = Id<Anything>)))]
    pub external_authorization_id: Option<String>,
    /// Company card that paid, if any.
    #[field(filter(any = "card_ids[]"))]
    pub expenses_card_id: Option<Id<Anything>>,
    /// Short description of the card that paid.
    pub card: Option<Card>,
    /// Document that proves the purchase.
    pub document_id: Option<Id<Document>>,
    /// Certified copy of the receipt.
    pub signed_document: Option<SignedDocument>,
    /// Opaque token tied to the expense.
    pub access_token: Option<String>,
    /// When it was marked as paid. Null before that.
    pub paid_at: Option<Instant>,
    /// Number on the receipt or invoice.
    pub document_number: Option<String>,
    /// Kind of paper: receipt or invoice.
    pub document_type: Option<String>,
    /// Whether it is paid back: reimbursable or not_reimbursable.
    pub payment: Option<Payment>,
    /// How the shop was paid.
    pub payment_method: Option<String>,
    /// Rate used to convert the amount.
    pub exchange_rate: Option<f64>,
    /// Currency it is paid back in, as an ISO code.
    pub reimbursable_currency: Option<String>,
    /// Part to pay back to the employee, in cents.
    pub reimbursable_amount: Option<i64>,
    /// Category that it is sorted under.
    pub category_id: Option<Id<crate::finance::Category>>,
    /// Ledger account that it is booked on.
    pub ledger_account_id: Option<Id<Account>>,
    /// Budget it draws on, if any.
    pub budget_id: Option<Id<BudgetOption>>,
    /// Project it is charged to, if any.
    pub project_id: Option<Id<Project>>,
}

registry::choice! {
    /// The values of `creation_type`.
    pub enum CreationType {
        Automatic = "automatic",
        Manual = "manual",
        Travelperk = "travelperk",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Draft = "draft",
        InPayroll = "in_payroll",
        Paid = "paid",
        Pending = "pending",
        Rejected = "rejected",
        Reversed = "reversed",
        SentToPay = "sent_to_pay",
    }
}

/// The objects of `files`.
#[derive(Debug, Object)]
pub struct FileValue {
    /// Its identifier.
    pub id: Id<Anything>,
    /// File name with its extension.
    pub filename: String,
    /// Length of the file, in bytes.
    pub byte_size: i64,
    /// Where the file can be viewed.
    pub url: Option<String>,
    /// Where the file can be downloaded.
    pub download_url: Option<String>,
    /// Media type of the file.
    pub content_type: Option<String>,
}

/// The objects of `taxes`.
#[derive(Debug, Object)]
pub struct Tax {
    /// Kind of tax. Always vat.
    pub r#type: Type,
    /// Tax charged, in cents.
    pub amount: Option<i64>,
    /// Rate of the tax, in percent.
    pub percentage: Option<f64>,
    /// Amount that the tax is worked out on, in cents.
    pub base_amount: Option<i64>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Vat = "vat",
    }
}

/// The objects of `category`.
#[derive(Debug, Object)]
pub struct Category {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Name of the category.
    pub name: String,
}

/// The objects of `card`.
#[derive(Debug, Object)]
pub struct Card {
    /// What sort of card it is.
    pub card_type: String,
    /// Last four digits of the card.
    pub last4: Option<String>,
}

/// The objects of `signed_document`.
#[derive(Debug, Object)]
pub struct SignedDocument {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Files as they were before certification.
    pub original_files: Vec<FileValue>,
    /// Organisation that the copy was certified for.
    pub signed_for_organization: String,
    /// When certification was asked for.
    pub created_at: Instant,
    /// True while certification is under way.
    pub signing: bool,
    /// The certified file, once ready.
    pub file: Option<FileValue>,
}

registry::choice! {
    /// The values of `payment`.
    pub enum Payment {
        NotReimbursable = "not_reimbursable",
        Reimbursable = "reimbursable",
    }
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("category", super::categories)],
    filters: &[
        ("include_manual_drafts", Narrow::Idle),
        ("include_attachments", Narrow::Idle),
        ("from", Narrow::Code(super::spent)),
        ("to", Narrow::Code(super::spent)),
    ],
    hide: Some(Hide {
        shown: |cx| super::finished(cx, Some("creation_type")),
        unless: "include_manual_drafts",
    }),
    ..Code::of("expenses/expenses")
};
