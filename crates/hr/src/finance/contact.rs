//! `finance/contacts`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Id, Instant, Object, Resource};
use storage::Look;

use crate::narrow;
use crate::project_management::Project;

/// A business that the company buys from or sells to.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/contacts",
    object = "finance_contact",
    permission = "finance",
    operations(list, read, create, update)
)]
#[parameter(name = "contact_type", as = ContactType, doc = "Limits to clients or to vendors. Vendors when left out.")]
pub struct Contact {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Contact>,
    /// Name the business trades under.
    #[field(create(required), update, filter(eq = "name"))]
    pub name: String,
    /// Postal address of the business.
    #[field(create(required), update(required))]
    pub address: Address,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Registered name of the business.
    #[field(create, update, filter(search = "legal_name"))]
    pub legal_name: Option<String>,
    /// Tax number of the business.
    #[field(create, update, filter(any = "tax_ids[]"(as = Id<Anything>)))]
    pub tax_id: Option<String>,
    /// Key of the business in an outside system.
    #[field(create)]
    pub external_id: Option<String>,
    /// IBAN to pay the business into.
    #[field(create)]
    pub iban: Option<String>,
    /// Code of its bank or branch, where one is needed.
    #[field(create)]
    pub bank_code: Option<String>,
    /// How it would rather be paid: banktransfer or card.
    pub preferred_payment_method: Option<PreferredPaymentMethod>,
    /// Web address of the business.
    #[field(create, update, filter(eq = "website"))]
    pub website: Option<String>,
    /// Email address of the business.
    #[field(create, update, filter(eq = "email"))]
    pub email: Option<String>,
    /// Telephone number of the business.
    #[field(create, update, filter(eq = "phone_number"))]
    pub phone_number: Option<String>,
    /// Projects that the business is linked to.
    #[field(input, create)]
    pub project_ids: Option<Vec<Id<Project>>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { filters: &[("contact_type", Narrow::Code(of_kind))], ..Code::of("finance/contacts") };

/// A client is whom some project is done for; everybody else is a vendor.
fn of_kind(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let served = vec![narrow::not(Look::Null("client_id"))];
    let client = cx.among("id", "project_management/projects", "client_id", served)?;
    Ok(vec![if narrow::is(values, "client") { client } else { narrow::not(client) }])
}

/// The objects of `address`.
#[derive(Debug, Object)]
pub struct Address {
    /// Street and number.
    pub line1: String,
    /// Town or city of the address.
    pub city: String,
    /// Postcode of the address.
    pub postal_code: String,
    /// Province, state or region of the address.
    pub state: String,
    /// Country, as two ISO letters.
    pub country_code: String,
    /// Rest of the street address, such as floor or suite.
    pub line2: Option<String>,
}

registry::choice! {
    /// The values of `preferred_payment_method`.
    pub enum PreferredPaymentMethod {
        Banktransfer = "banktransfer",
        Card = "card",
    }
}

registry::choice! {
    /// The values of `contact_type`.
    pub enum ContactType {
        Client = "client",
        Vendor = "vendor",
    }
}
