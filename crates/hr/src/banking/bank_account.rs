//! `banking/bank_accounts`

use engine::{Answer, Code, Context, Error, Input, Sets};
use registry::{Action, Employee, Id, Instant, Resource};

use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::finance::Account;

/// A bank account of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "banking/bank_accounts",
    object = "banking_bank_account",
    permission = "banking",
    operations(list, read)
)]
pub struct BankAccount {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BankAccount>,
    /// Key of the account at the bank or in another system.
    pub external_id: String,
    /// Currency of the account, as an ISO code.
    #[field(filter(eq = "currency"))]
    pub currency: String,
    /// Country where the account is held.
    pub country: String,
    /// Number of the account, in the form its type says.
    pub account_number: String,
    /// Form that the number takes, such as iban.
    pub account_number_type: AccountNumberType,
    /// Money booked on the account, in cents.
    pub account_balance_cents: i64,
    /// Money that can be spent now, in cents.
    pub available_balance_cents: i64,
    /// Money still on its way, in cents.
    pub pending_balance_cents: i64,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// British code of the branch.
    pub sort_code: Option<String>,
    /// BIC of the bank.
    pub bic: Option<String>,
    /// IBAN of the account.
    pub iban: Option<String>,
    /// American code of the bank.
    pub routing_number: Option<String>,
    /// Name of the account holder.
    pub beneficiary_name: Option<String>,
    /// What the bank is called.
    pub bank_name: Option<String>,
    /// Name by which the company knows the account.
    pub account_alias: Option<String>,
    /// Legal entity that owns the account.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
}

registry::choice! {
    /// The values of `account_number_type`.
    pub enum AccountNumberType {
        BankNameAndAccountNumber = "bank_name_and_account_number",
        Clabe = "clabe",
        Iban = "iban",
        Other = "other",
        RoutingNumberAndAccountNumber = "routing_number_and_account_number",
        SortCodeAndAccountNumber = "sort_code_and_account_number",
    }
}

/// Adds an account that is not connected to its bank.
#[derive(Debug, Action)]
#[action(of = BankAccount, name = "create_manual")]
pub struct CreateManual {
    /// Legal entity that owns the account.
    pub legal_entity_id: Id<LegalEntity>,
    /// Currency of the account, as an ISO code.
    pub currency: String,
    /// Number of the account.
    pub account_number: String,
    /// Form that the number takes, such as iban.
    pub account_number_type: AccountNumberType,
    /// Name by which the company knows the account.
    pub account_alias: Option<String>,
    /// Ledger account that books its movements.
    pub ledger_account_id: Option<Id<Account>>,
    /// Employees who get access to the account.
    pub bank_account_membership_employee_ids: Option<Vec<Id<Employee>>>,
    /// Key of the account in another system.
    pub external_id: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { actions: &[("create_manual", create_manual)], ..Code::of(PATH) };

const PATH: &str = "banking/bank_accounts";

/// Whether an IBAN is one: country, check digits, and the remainder that ISO 13616 wants.
fn is_iban(number: &str) -> bool {
    let digits = number.get(4..).into_iter().chain(number.get(..4)).flat_map(str::chars);
    let mut rest = 0_u32;
    for c in digits {
        let Some(value) = c.to_digit(36) else { return false };
        rest = if value < 10 { rest * 10 + value } else { rest * 100 + value } % 97;
    }
    let country = number.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    country && (15..=34).contains(&number.len()) && rest == 1
}

/// An account that nobody's bank is asked about: it begins with nothing on it.
fn create_manual(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let kind = input.text("account_number_type").unwrap_or_default();
    let number = input.text("account_number").unwrap_or_default();
    let number: String = number.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if number.is_empty() || (kind == AccountNumberType::Iban.text() && !is_iban(&number)) {
        return Err(Error::rule("account_number", "invalid_number", "The number is not one of its kind."));
    }
    if !input
        .text("currency")
        .is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()))
    {
        return Err(Error::invalid("currency", "It must be an ISO code such as EUR."));
    }
    let same = Look::Equal("account_number", Datum::Text(number.clone()));
    if !cx.facts(PATH, &[same])?.is_empty() {
        return Err(Error::conflict(
            "account_number",
            "number_taken",
            "The company has this account already.",
        ));
    }
    let entity = input.id("legal_entity_id");
    let found = cx.objects("companies/legal_entities", vec![entity])?.remove(&entity);
    let country = match kind {
        "iban" => number.get(..2).map(str::to_lowercase),
        _ => found.as_ref().and_then(|entity| entity.text("country").map(str::to_owned)),
    };
    let text = |text: &str| Datum::Text(text.to_owned());
    let mut sets = Sets::from([
        ("external_id", text(input.text("external_id").unwrap_or_default())),
        ("country", Datum::Text(country.unwrap_or_default())),
        ("account_number", text(&number)),
        ("account_balance_cents", Datum::Int(0)),
        ("available_balance_cents", Datum::Int(0)),
        ("pending_balance_cents", Datum::Int(0)),
    ]);
    if kind == AccountNumberType::Iban.text() {
        sets.insert("iban", text(&number));
    }
    for name in ["currency", "account_number_type", "account_alias", "legal_entity_id"] {
        sets.extend(input.get(name).map(|value| (name, value.clone())));
    }
    let id = cx.add(PATH, sets)?;
    if let Some(account) = input.int("ledger_account_id") {
        let link = [
            ("resource_type", text("bankaccount")),
            ("resource_id", Datum::Int(id)),
            ("account_id", Datum::Int(account)),
            ("legal_entity_id", Datum::Int(entity)),
        ];
        cx.add("finance/ledger_account_resources", link.into())?;
    }
    Ok(id.into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_iban_has_the_remainder_one() {
        for (number, expected) in [
            ("ES9121000418450200051332", true),
            ("DE89370400440532013000", true),
            ("GB82WEST12345698765432", true),
            ("ES9121000418450200051333", false),
            ("de89370400440532013000", false),
            ("DE", false),
            ("", false),
            ("DE8937040044053201300Ü", false),
        ] {
            assert_eq!(super::is_iban(number), expected, "{number}");
        }
    }
}
