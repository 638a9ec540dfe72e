//! `procurement/purchase_orders`

use engine::{Code, Context, Derived, Draft, Error, Object, id_of, one_of};
use registry::{Anything, Company, Id, Object, Resource};

use std::collections::BTreeMap;

use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::finance::Contact;
use crate::procurement::PoTemplateVersion;
use crate::procurement::PurchaseRequest;

/// An order for goods or services from a vendor.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/purchase_orders",
    object = "procurement_purchase_order",
    permission = "procurement",
    operations(list, read, create(since = "2026-10-01"), update(since = "2026-10-01"))
)]
pub struct PurchaseOrder {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PurchaseOrder>,
    /// Running number of the order.
    #[field(default = 1)]
    pub po_number: i64,
    /// What is ordered, or remarks about it.
    #[field(create, update(required), default = "")]
    pub description: String,
    /// How far the order has got. A closed order cannot change.
    #[field(create(as = CreateStatus), update(as = CreateStatus), default = "draft", filter(eq = "status"))]
    pub status: Status,
    /// What the whole order costs.
    #[field(update(required), default(empty))]
    pub cost: Cost,
    /// Day of the order.
    #[field(create, update, default(rule))]
    pub date: String,
    /// Legal entity that buys.
    #[field(create(required), update(required))]
    pub legal_entity_id: Id<LegalEntity>,
    /// The company that it belongs to.
    #[field(create(required), update(required))]
    pub company_id: Id<Company>,
    /// Number of the order as people see it, with its prefix.
    #[field(derived, update(required))]
    pub formatted_po_number: String,
    /// Day by which it should be delivered.
    #[field(create, update, since = "2026-10-01")]
    pub deadline: Option<String>,
    /// Contact that sells. Null when not chosen yet.
    #[field(create, update, filter(any = "vendor_ids[]"(since = "2026-07-01")))]
    pub vendor_id: Option<Id<Contact>>,
    /// Request that led to the order, if any.
    #[field(filter(any = "purchase_request_ids[]"))]
    pub purchase_request_id: Option<Id<PurchaseRequest>>,
    /// How to pay: banktransfer, cash or virtualcard.
    #[field(create, update, since = "2026-10-01")]
    pub preferred_payment_method: Option<PreferredPaymentMethod>,
    /// Template edition that the order follows. Null for old orders.
    #[field(since = "2026-10-01")]
    pub po_template_version_id: Option<Id<PoTemplateVersion>>,
    /// Values of the header fields, by field key.
    #[field(update, since = "2026-10-01")]
    pub header_field_values_by_key: Option<Vec<HeaderFieldValuesByKey>>,
    /// Lines with their values by field key. Send all to change any.
    #[field(update(as = Vec<UpdateLineItemsByKey>), since = "2026-10-01")]
    pub line_items_by_key: Option<Vec<LineItemsByKey>>,
    /// Currency of the order, as an ISO code.
    #[field(input, create(required))]
    pub currency: Option<String>,
    /// Values of the header fields, by field key.
    #[field(input, create)]
    pub header_field_values: Option<Vec<HeaderFieldValuesByKey>>,
    /// Lines of the order with their values.
    #[field(input, create)]
    pub line_items: Option<Vec<LineItem>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("formatted_po_number", |facts| {
        format!("PO-{:04}", facts.int("po_number").unwrap_or_default()).into()
    })],
    rule: Some(rule),
    effect: Some(effect),
    ..Code::of(PATH)
};

const PATH: &str = "procurement/purchase_orders";
const LINES: &str = "procurement/po_line_items";
const VALUES: &str = "procurement/po_field_values";
const FIELDS: &str = "procurement/po_template_field_definitions";

/// An order follows the edition of the template that is active when it is made. A closed one cannot change.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_some_and(|old| old.text("status") == Some(Status::Closed.text()))
        && !draft.sets.is_empty()
    {
        return Err(Error::conflict("id", "closed", "The order is closed."));
    }
    let today = crate::time::today::here(cx)?.to_string();
    draft.begin("date", || Datum::Text(today));
    for column in ["date", "deadline"] {
        if draft.changes(column) && draft.text(column).is_some() && draft.date(column).is_none() {
            return Err(Error::rule(column, "invalid", "It must be a day such as 2026-11-23."));
        }
    }
    if draft.old.is_none() {
        // Orders are never deleted, so the newest has the highest number.
        let last = cx.last(PATH)?.and_then(|order| order.int("po_number"));
        draft.sets.insert("po_number", Datum::Int(last.unwrap_or_default() + 1));
        let active = [Look::Equal("status", Datum::Text("active".to_owned()))];
        let version = cx.facts("procurement/po_template_versions", &active)?.pop();
        draft.sets.extend(version.map(|one| ("po_template_version_id", one.get("id").clone())));
        let currency = draft.text("currency").unwrap_or("EUR").to_owned();
        let cost = serde_json::json!({ "cents": 0, "currency": currency });
        draft.sets.insert("cost", Datum::Text(cost.to_string()));
        for (given, kept) in
            [("header_field_values", "header_field_values_by_key"), ("line_items", "line_items_by_key")]
        {
            if let Some(value) = draft.sets.remove(given) {
                draft.sets.insert(kept, value);
            }
        }
    }
    fields(cx, draft)
}

/// What is filled in has to be a field of the edition, what is required has to be filled in, and a choice has to be
/// one of those on offer.
fn judge(
    fields: &[Field],
    values: &BTreeMap<String, Option<String>>,
    header: bool,
) -> Result<(), (String, &'static str)> {
    let own = || fields.iter().filter(|field| field.header == header);
    for (key, value) in values {
        let Some(field) = own().find(|field| field.key == *key) else {
            return Err((key.clone(), "There is no field with this key."));
        };
        if let (Some(value), false) = (value, field.options.is_empty())
            && !field.options.contains(value)
        {
            return Err((key.clone(), "It is none of the choices."));
        }
    }
    let missing = own().find(|field| field.required && values.get(&field.key).is_none_or(Option::is_none));
    missing.map_or(Ok(()), |field| Err((field.key.clone(), "It must be filled in.")))
}

/// A field of a template, as far as an order is judged by it.
#[derive(Debug)]
struct Field {
    id: i64,
    key: String,
    header: bool,
    required: bool,
    options: Vec<String>,
}

fn definitions(cx: &mut Context<'_, '_>, version: Option<i64>) -> Result<Vec<Field>, Error> {
    let Some(version) = version else { return Ok(Vec::new()) };
    let rows = cx.facts(FIELDS, &[one_of("po_template_version_id", &[version])])?;
    let field = |row: &Object| {
        let options = row.json("options");
        let options = options.as_array().into_iter().flatten();
        Some(Field {
            id: row.int("id")?,
            key: row.text("field_key")?.to_owned(),
            header: row.text("section_type") != Some("line_item_columns"),
            // What the system works out, or what is a column of the order itself, nobody fills in.
            required: row.flag("required") && !row.flag("computed") && !row.flag("predefined"),
            options: options.filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        })
    };
    Ok(rows.iter().filter_map(field).collect())
}

fn values_of(list: Option<&serde_json::Value>) -> BTreeMap<String, Option<String>> {
    let items = list.and_then(serde_json::Value::as_array).into_iter().flatten();
    let value = |item: &serde_json::Value| {
        let value = item.get("value").and_then(|value| value.as_str().map(str::to_owned));
        Some((item.get("field_key")?.as_str()?.to_owned(), value))
    };
    items.filter_map(value).collect()
}

fn nested(datum: &Datum) -> serde_json::Value {
    match datum {
        Datum::Text(json) => serde_json::from_str(json).unwrap_or_default(),
        _ => serde_json::Value::Null,
    }
}

fn fields(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let known = definitions(cx, draft.int("po_template_version_id"))?;
    let wrong = |field: &str, (key, why): (String, &str)| {
        Err(Error::rule(&format!("{field}.{key}"), "invalid_field", why))
    };
    let header = nested(draft.get("header_field_values_by_key"));
    if !known.is_empty() && (draft.old.is_none() || draft.changes("header_field_values_by_key")) {
        let values = values_of(Some(&header));
        if let Err(fault) = judge(&known, &values, true) {
            return wrong("header_field_values", fault);
        }
    }
    if !draft.changes("line_items_by_key") {
        return Ok(());
    }
    let mut lines = nested(draft.get("line_items_by_key"));
    let mut cents = 0;
    for line in lines.as_array_mut().into_iter().flatten() {
        let values = values_of(line.get("fields"));
        if !known.is_empty()
            && let Err(fault) = judge(&known, &values, false)
        {
            return wrong("line_items", fault);
        }
        cents += amount(&values);
        // A line that is new gets its id when it is written.
        if let Some(line) = line.as_object_mut() {
            line.entry("id").or_insert_with(|| "0".into());
        }
    }
    draft.sets.insert("line_items_by_key", Datum::Text(lines.to_string()));
    // What the lines cost together is what the order costs, unless it is said.
    if draft.sets.get("cost").is_none_or(|_| draft.old.is_none()) && cents != 0 {
        let mut cost = nested(draft.get("cost"));
        if let Some(cost) = cost.as_object_mut() {
            cost.insert("cents".to_owned(), cents.into());
        }
        draft.sets.insert("cost", Datum::Text(cost.to_string()));
    }
    Ok(())
}

/// What a line costs, in cents: its total where it has one, else quantity by price.
fn amount(values: &BTreeMap<String, Option<String>>) -> i64 {
    let number = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| values.get(*key).cloned().flatten());
        found.and_then(|text| text.parse::<f64>().ok())
    };
    let total = number(&["total_cents", "amount_cents"]);
    let price = number(&["unit_price_cents", "price_cents"]);
    let quantity = number(&["quantity"]).unwrap_or(1.0);
    let cents = total.or(price.map(|price| price * quantity)).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    let cents = cents.round() as i64;
    cents
}

/// Lines and values are rows of their own, too.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(order) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    let changed = |column: &str| old.is_none_or(|old| old.get(column) != order.get(column));
    if !changed("line_items_by_key") && !changed("header_field_values_by_key") {
        return Ok(());
    }
    let known = definitions(cx, order.int("po_template_version_id"))?;
    cx.remove(VALUES, &[one_of("purchase_order_id", &[id])])?;
    cx.remove(LINES, &[one_of("purchase_order_id", &[id])])?;
    written(cx, id, None, &known, &values_of(Some(&order.json("header_field_values_by_key"))))?;
    let mut lines = order.json("line_items_by_key");
    for (at, line) in (0_i64..).zip(lines.as_array_mut().into_iter().flatten()) {
        let place = line.get("position").and_then(id_of).unwrap_or(at);
        let row = [("purchase_order_id", Datum::Int(id)), ("position", Datum::Int(place))];
        let row = cx.add(LINES, row.into())?;
        written(cx, id, Some(row), &known, &values_of(line.get("fields")))?;
        if let Some(line) = line.as_object_mut() {
            line.insert("id".to_owned(), row.to_string().into());
        }
    }
    if lines.is_array() {
        let sets = [("line_items_by_key", Datum::Text(lines.to_string()))];
        cx.change(PATH, &[engine::by(id)], sets.into())?;
    }
    Ok(())
}

fn written(
    cx: &mut Context<'_, '_>,
    order: i64,
    line: Option<i64>,
    known: &[Field],
    values: &BTreeMap<String, Option<String>>,
) -> Result<(), Error> {
    for (key, value) in values {
        let Some(field) = known.iter().find(|field| field.key == *key && field.header == line.is_none())
        else {
            continue;
        };
        let sets = [
            ("purchase_order_id", Datum::Int(order)),
            ("line_item_id", line.map_or(Datum::Null, Datum::Int)),
            ("field_definition_id", Datum::Int(field.id)),
            ("value", value.clone().map_or(Datum::Null, Datum::Text)),
        ];
        cx.add(VALUES, sets.into())?;
    }
    Ok(())
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Closed = "closed",
        Draft = "draft",
        Ordered = "ordered",
        Partial = "partial",
        Pending = "pending",
        Processing = "processing",
        Received = "received",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum CreateStatus {
        Closed = "closed",
        Draft = "draft",
        Ordered = "ordered",
        Partial = "partial",
        Pending = "pending",
        Received = "received",
    }
}

/// The objects of `cost`.
#[derive(Debug, Object)]
pub struct Cost {
    /// Amount in cents.
    pub cents: i64,
    /// Currency of the amount, as an ISO code.
    pub currency: String,
}

registry::choice! {
    /// The values of `preferred_payment_method`.
    pub enum PreferredPaymentMethod {
        Banktransfer = "banktransfer",
        Cash = "cash",
        Virtualcard = "virtualcard",
    }
}

/// The objects of `header_field_values_by_key`.
#[derive(Debug, Object)]
pub struct HeaderFieldValuesByKey {
    /// Key of the template field.
    pub field_key: String,
    /// Value of the field, as text.
    pub value: Option<String>,
}

/// The objects of `line_items_by_key`.
#[derive(Debug, Object)]
pub struct LineItemsByKey {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
}

/// The objects of `line_items_by_key`.
#[derive(Debug, Object)]
pub struct UpdateLineItemsByKey {
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
}

/// The objects of `line_items`.
#[derive(Debug, Object)]
pub struct LineItem {
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_judged_by_the_template() {
        let field = |key: &str, header, required, options: &[&str]| Field {
            id: 1,
            key: key.to_owned(),
            header,
            required,
            options: options.iter().map(ToString::to_string).collect(),
        };
        let fields = [
            field("reference", true, true, &[]),
            field("terms", true, false, &["30", "60"]),
            field("sku", false, true, &[]),
        ];
        let given = |values: &[(&str, Option<&str>)]| {
            values.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned))).collect()
        };
        for (values, header, fault) in [
            (given(&[("reference", Some("7"))]), true, None),
            (given(&[("reference", Some("7")), ("terms", Some("60"))]), true, None),
            (given(&[("reference", Some("7")), ("terms", Some("90"))]), true, Some("terms")),
            (given(&[("terms", Some("30"))]), true, Some("reference")),
            (given(&[("reference", None)]), true, Some("reference")),
            (given(&[("reference", Some("7")), ("sku", Some("1"))]), true, Some("sku")),
            (given(&[("sku", Some("1"))]), false, None),
            (given(&[]), false, Some("sku")),
        ] {
            let found = judge(&fields, &values, header).err().map(|(key, _)| key);
            assert_eq!(found.as_deref(), fault, "{values:?}");
        }
    }
}
