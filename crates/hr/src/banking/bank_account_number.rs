//! What the event `banking/bank_account_number/upsert` tells.

use engine::{Context, Error, Object as Row};
use registry::{Company, Event, Id, Notice, Object, Typed};
use serde_json::json;

use crate::employees::employee::BankNumberFormat;

/// The account that somebody's pay goes to.
#[derive(Debug, Object)]
pub struct BankAccountNumber {
    /// Id of the employee. A text in every version, as the matched clients have it.
    pub id: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Number of the account, written as the format says.
    pub account_number: String,
    /// How the account is written.
    pub format: BankNumberFormat,
    /// What the format needs besides the number, such as a bank code.
    pub complementary_data: Option<String>,
}

/// The event.
pub(crate) const NOTICE: Notice = Notice {
    name: "banking/bank_account_number",
    doc: "The account that somebody's pay goes to was given, or changed.",
    events: &[Event::of("upsert")],
    payload: BankAccountNumber::KIND,
};

/// Tells of the account of an employee where a change gave it or changed it.
pub(crate) fn told(cx: &mut Context<'_, '_>, id: i64, old: Option<&Row>) -> Result<(), Error> {
    const OF_IT: [&str; 3] = ["bank_number", "bank_number_format", "swift_bic"];
    let Some(employee) = cx.objects("employees/employees", vec![id])?.remove(&id) else { return Ok(()) };
    let changed = |column| old.is_none_or(|old| old.get(column) != employee.get(column));
    let Some(number) = employee.text("bank_number").filter(|_| OF_IT.into_iter().any(changed)) else {
        return Ok(());
    };
    let payload = json!({
        "id": id.to_string(),
        "company_id": cx.grant.company().get().to_string(),
        "account_number": number,
        "format": employee.text("bank_number_format").unwrap_or("iban"),
        "complementary_data": employee.text("swift_bic"),
    });
    cx.event_with("banking/bank_account_number/upsert", &payload)
}
