//! `finance/financial_documents`

use engine::{Code, Context, Derived, Draft, Error, Narrow, Object, one_of};
use registry::{Anything, Company, Date, Employee, File, Id, Instant, Object, Resource};

use storage::{Datum, Look};

use super::tax_type::Type;
use crate::companies::LegalEntity;
use crate::finance::Contact;
use crate::narrow;

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
    derived: &[Derived::page("file", files)],
    rule: Some(rule),
    filters: &[("company_id", Narrow::Code(within_reach))],
    ..Code::of(PATH)
};

/// The documents of another company are refused.
fn within_reach(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let own = narrow::ids(values)?.contains(&Datum::Int(cx.grant.company().get()));
    if own { Ok(Vec::new()) } else { Err(Error::NotFound) }
}

const PATH: &str = "finance/financial_documents";

/// The paper itself, as it can be fetched.
fn files(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let files = cx.files_of(rows, "file")?;
    let shown = |(row, files): (&Object, &Vec<engine::FileRecord>)| match files.first() {
        Some(file) => serde_json::json!({
            "id": file.id.get().to_string(),
            "filename": file.name,
            "url": cx.link(file),
            "size": file.size,
            "content_type": file.content_type,
            "created_at": file.created_at.to_string(),
        }),
        // What was entered without the file itself says what is known of it.
        None => Some(row.json("file")).filter(serde_json::Value::is_object).unwrap_or_default(),
    };
    Ok(rows.iter().zip(&files).map(shown).collect())
}

/// A line: units, the price of one in cents, and what is taken off in percent.
fn net(quantity: f64, unit_price: i64, discount: f64) -> i64 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "it saturates")]
    let net = (quantity * unit_price as f64 * (1.0 - discount / 100.0)).round() as i64;
    net
}

/// The tax on a net amount at a rate that is a fraction.
fn tax(net: i64, rate: f64) -> i64 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "it saturates")]
    let tax = (net as f64 * rate).round() as i64;
    tax
}

/// Totals and taxes follow from the lines; a vendor uses a number once.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_some_and(|old| old.text("status") == Some(Status::Paid.text())) && !draft.sets.is_empty()
    {
        return Err(Error::conflict("id", "paid", "The document is paid."));
    }
    if draft.old.is_none() {
        // Nobody has looked at it yet.
        draft.sets.insert("status", Datum::Text(Status::Review.text().to_owned()));
    }
    if let (Some(vendor), Some(number), true) = (
        draft.int("vendor_id"),
        draft.text("document_number").map(str::to_owned),
        draft.changes("document_number") || draft.changes("vendor_id"),
    ) {
        let same = [one_of("vendor_id", &[vendor]), Look::Equal("document_number", Datum::Text(number))];
        let own = draft.old.and_then(|old| old.int("id"));
        if cx.facts(PATH, &same)?.iter().any(|other| other.int("id") != own) {
            return Err(Error::conflict(
                "document_number",
                "number_taken",
                "The vendor has a document with this number.",
            ));
        }
    }
    if let Some(Datum::Text(day)) = draft.sets.get("document_date")
        && day.parse::<Date>().is_err()
    {
        return Err(Error::rule("invoice_date", "invalid", "It must be a day such as 2026-11-23."));
    }
    if let Some(vendor) = draft.int("vendor_id").filter(|_| draft.changes("vendor_id"))
        && let Some(contact) = cx.objects("finance/contacts", vec![vendor])?.remove(&vendor)
    {
        draft.begin("issuer_name", || contact.get("name").clone());
        draft.begin("issuer_tax_id", || contact.get("tax_id").clone());
    }
    let lines = match draft.sets.get("line_items") {
        Some(Datum::Text(lines)) => serde_json::from_str::<Vec<engine::Body>>(lines).unwrap_or_default(),
        _ => return Ok(()),
    };
    sum_up(cx, draft, &lines)
}

fn sum_up(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>, lines: &[engine::Body]) -> Result<(), Error> {
    let number = |line: &engine::Body, name: &str| line.get(name).and_then(serde_json::Value::as_f64);
    let rate_of = |line: &engine::Body| line.get("tax_rate_id").and_then(engine::id_of);
    let rates = cx.objects("finance/tax_rates", lines.iter().filter_map(rate_of).collect())?;
    let held: Vec<_> = rates.values().cloned().collect();
    let types = cx.referred("finance/tax_types", &held, "tax_type_id")?;
    let mut total = 0;
    let mut bases: std::collections::BTreeMap<i64, i64> = std::collections::BTreeMap::new();
    for line in lines {
        let price = line.get("unit_price_cents").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let discount = number(line, "discount_percentage").unwrap_or_default();
        if !(0.0..=100.0).contains(&discount) {
            let why = "A discount is 0 to 100 percent.";
            return Err(Error::rule("line_items", "out_of_range", why));
        }
        let amount = net(number(line, "quantity").unwrap_or_default(), price, discount);
        total += amount;
        if let Some(rate) = rate_of(line) {
            if !rates.contains_key(&rate) {
                return Err(Error::rule("line_items", "not_found", format!("There is no tax rate {rate}.")));
            }
            *bases.entry(rate).or_default() += amount;
        }
    }
    let mut charged = 0;
    let mut taxes = Vec::with_capacity(bases.len());
    for (id, base) in bases {
        let Some(rate) = rates.get(&id) else { continue };
        let fraction = match rate.get("rate") {
            Datum::Real(fraction) => *fraction,
            _ => 0.0,
        };
        let amount = tax(base, fraction);
        charged += amount;
        let of = rate.int("tax_type_id").and_then(|id| types.get(&id));
        let percent = (fraction * 10_000.0).round() / 100.0;
        taxes.push(serde_json::json!({
            "amount_cents": amount,
            "percentage": percent,
            "base_amount_cents": base,
            "type": of.and_then(|of| of.text("type")),
            "tax_type_id": of.and_then(|of| of.int("id")).map(|id| id.to_string()),
            "tax_type_name": of.and_then(|of| of.text("name")),
            "tax_rates": [{ "percentage": percent }],
        }));
    }
    draft.sets.insert("net_amount_cents", Datum::Int(total));
    draft.sets.insert("taxes_total_amount_cents", Datum::Int(charged));
    draft.sets.insert("total_amount_cents", Datum::Int(total + charged));
    draft.sets.insert("taxes", Datum::Text(serde_json::Value::from(taxes).to_string()));
    Ok(())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_taxes_are_rounded_to_the_cent() {
        for (quantity, price, discount, expected) in [
            (2.0, 1050, 0.0, 2100),
            (1.5, 333, 0.0, 500),
            (1.0, 1000, 12.5, 875),
            (3.0, 0, 0.0, 0),
            (-1.0, 500, 0.0, -500),
        ] {
            assert_eq!(net(quantity, price, discount), expected);
        }
        for (base, rate, expected) in
            [(10_000, 0.21, 2100), (10_000, -0.15, -1500), (333, 0.1, 33), (0, 0.21, 0)]
        {
            assert_eq!(tax(base, rate), expected);
        }
    }
}
