//! `finance/financial_documents`

use engine::Code;
use registry::{Anything, Company, Date, Employee, File, Id, Instant, Object, Resource};

use crate::companies::LegalEntity;
use crate::finance::Contact;

/// An invoice, receipt or credit note of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/financial_documents",
    object = "finance_financial_document",
    permission = "finance",
    operations(list, read, create(since = "2026-10-01", multipart), update(since = "2026-10-01"))
)]
#[parameter(name = "company_id", as = Id<Company>, doc = "Company whose documents are wanted. One out of reach is refused.")]
pub struct FinancialDocument {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<FinancialDocument>,
    /// Progress to payment: processing, review, sent_to_pay, then paid.
    #[field(update(required), default = "processing", filter(any = "statuses[]"))]
    pub status: Status,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Taxes charged, one entry for each.
    #[field(update(required), default(empty))]
    pub taxes: Vec<Tax>,
    /// Kind of paper: invoice, receipt or credit_note.
    #[field(create(required), update, filter(any = "document_types[]"))]
    pub document_type: DocumentType,
    /// Total before taxes, in cents.
    pub net_amount_cents: Option<i64>,
    /// Amount to pay with taxes, in cents.
    #[field(create, update)]
    pub total_amount_cents: Option<i64>,
    /// Number that the issuer gave it. Unique only for each vendor.
    #[field(update)]
    pub document_number: Option<String>,
    /// Currency of all its amounts, as an ISO code.
    #[field(create, update, filter(eq = "currency"))]
    pub currency: Option<String>,
    /// Last day to pay it.
    #[field(create, update)]
    pub due_date: Option<Date>,
    /// Day printed on the document by its issuer.
    #[field(update)]
    pub document_date: Option<Date>,
    /// Legal entity in whose books it is entered.
    #[field(create, update, filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Contact that issued it.
    #[field(create, update, filter(eq = "vendor_id"))]
    pub vendor_id: Option<Id<Contact>>,
    /// The document itself, as a file. Purchases must have one.
    #[field(create(required, as = File))]
    pub file: Option<FileValue>,
    /// Moment when bank movements covered all of it. Null before that.
    pub fully_reconciled_at: Option<Instant>,
    /// Moment of posting to the books. Validation comes first.
    pub recorded_at: Option<Instant>,
    /// Other document that this one seems to repeat.
    pub duplicate_financial_document_id: Option<Id<FinancialDocument>>,
    /// Moment when someone confirmed the data. It does not approve the spending.
    #[field(update)]
    pub validated_at: Option<Instant>,
    /// Employee who confirmed the data.
    pub validated_by_id: Option<Id<Employee>>,
    /// Original that a credit note corrects.
    #[field(create, update)]
    pub parent_financial_document_id: Option<Id<FinancialDocument>>,
    /// All taxes together, in cents.
    pub taxes_total_amount_cents: Option<i64>,
    /// Name of whoever issued the document.
    pub issuer_name: Option<String>,
    /// Street and number of whoever issued the document.
    pub issuer_address_line_1: Option<String>,
    /// Rest of the street address of whoever issued the document.
    pub issuer_address_line_2: Option<String>,
    /// Town or city of whoever issued the document.
    pub issuer_city: Option<String>,
    /// Postcode of whoever issued the document.
    pub issuer_postal_code: Option<String>,
    /// Province or state of whoever issued the document.
    pub issuer_state: Option<String>,
    /// Country of whoever issued the document, as two ISO letters.
    pub issuer_country_code: Option<String>,
    /// Tax number of whoever issued the document.
    pub issuer_tax_id: Option<String>,
    /// Name of whoever receives the document.
    pub recipient_name: Option<String>,
    /// Street and number of whoever receives the document.
    pub recipient_address_line_1: Option<String>,
    /// Rest of the street address of whoever receives the document.
    pub recipient_address_line_2: Option<String>,
    /// Town or city of whoever receives the document.
    pub recipient_city: Option<String>,
    /// Postcode of whoever receives the document.
    pub recipient_postal_code: Option<String>,
    /// Province or state of whoever receives the document.
    pub recipient_state: Option<String>,
    /// Country of whoever receives the document, as two ISO letters.
    pub recipient_country_code: Option<String>,
    /// Tax number of whoever receives the document.
    pub recipient_tax_id: Option<String>,
    /// The company that it belongs to.
    #[field(input, create(required), update(required))]
    pub company_id: Option<Id<Company>>,
    /// Issuer's number. A vendor cannot use the same one twice.
    #[field(input, create)]
    pub invoice_number: Option<String>,
    /// Day printed on the document by its issuer.
    #[field(input, create)]
    pub invoice_date: Option<String>,
    /// Internal remarks. Leaving them out keeps the present ones.
    #[field(input, create, update)]
    pub additional_information: Option<String>,
    /// Issuer's number of the document a credit note corrects.
    #[field(input, create)]
    pub original_invoice_number: Option<String>,
    /// What was invoiced, line by line. Totals and taxes follow from it.
    #[field(input, create(name = "line_items[]"), update)]
    pub line_items: Option<Vec<LineItem>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("invoice_number", "document_number"), ("invoice_date", "document_date")],
    ..Code::of("finance/financial_documents")
};

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Paid = "paid",
        Processing = "processing",
        Review = "review",
        SentToPay = "sent_to_pay",
    }
}

/// The objects of `taxes`.
#[derive(Debug, Object)]
pub struct Tax {
    /// Tax charged, in cents.
    pub amount_cents: Option<i64>,
    /// Rate of the tax, in percent.
    pub percentage: Option<f64>,
    /// Amount that the tax is worked out on, in cents.
    pub base_amount_cents: Option<i64>,
    /// Kind of tax: vat or personal_income.
    pub r#type: Option<Type>,
    /// Tax type that applies.
    pub tax_type_id: Option<Id<Anything>>,
    /// What the tax type is called.
    pub tax_type_name: Option<String>,
    /// Rates that make up the tax.
    pub tax_rates: Option<Vec<TaxRate>>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        PersonalIncome = "personal_income",
        Vat = "vat",
    }
}

/// The objects of `tax_rates`.
#[derive(Debug, Object)]
pub struct TaxRate {
    /// One of the rates, in percent.
    pub percentage: f64,
}

registry::choice! {
    /// The values of `document_type`.
    pub enum DocumentType {
        CreditNote = "credit_note",
        Invoice = "invoice",
        Receipt = "receipt",
    }
}

/// The objects of `file`.
#[derive(Debug, Object)]
pub struct FileValue {
    /// Its identifier.
    pub id: Id<Anything>,
    /// File name with its extension.
    pub filename: String,
    /// Where the file can be downloaded.
    pub url: String,
    /// Length of the file, in bytes.
    pub size: i64,
    /// Media type of the file.
    pub content_type: String,
    /// When the file was uploaded.
    pub created_at: Instant,
}

/// The objects of `line_items`.
#[derive(Debug, Object)]
pub struct LineItem {
    /// What was bought or sold.
    pub description: String,
    /// How many units the line has.
    pub quantity: f64,
    /// Price of one unit before tax, in cents.
    pub unit_price_cents: i64,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Tax rate applied to the line.
    pub tax_rate_id: Option<Id<Anything>>,
    /// Discount on the line, in percent.
    pub discount_percentage: Option<f64>,
}
