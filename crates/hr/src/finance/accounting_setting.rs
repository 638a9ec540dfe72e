//! `finance/accounting_settings`

use engine::{Answer, Code, Context, Error, Input, Sets, by, one_of};
use registry::{Action, Company, Id, Instant, Resource};

use storage::Datum;

use crate::companies::LegalEntity;
use crate::finance::Account;

/// Accounts that a legal entity's bookkeeping falls back on.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/accounting_settings",
    object = "finance_accounting_setting",
    permission = "finance",
    operations(list, read)
)]
pub struct AccountingSetting {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<AccountingSetting>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Legal entity whose books these settings govern.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Key of the settings in an outside accounting system.
    pub external_id: Option<String>,
    /// Account that takes purchase invoices unless another is chosen.
    pub default_account_for_purchase_invoices_id: Option<Id<Account>>,
    /// Account that takes what is owed to vendors.
    pub default_account_for_vendors_id: Option<Id<Account>>,
    /// Account that takes bank movements unless another is chosen.
    pub default_account_for_banks_id: Option<Id<Account>>,
    /// Account that holds amounts nobody has classified yet.
    pub default_account_for_suspense_id: Option<Id<Account>>,
    /// Account that takes employee expenses unless another is chosen.
    pub default_account_for_expenses_id: Option<Id<Account>>,
    /// Account that takes what is owed to employees.
    pub default_account_for_employees_id: Option<Id<Account>>,
    /// Account that takes sales invoices unless another is chosen.
    pub default_account_for_sale_invoices_id: Option<Id<Account>>,
    /// Account that takes what clients owe.
    pub default_account_for_clients_id: Option<Id<Account>>,
    /// Account that takes employee benefits unless another is chosen.
    pub default_account_for_benefits_id: Option<Id<Account>>,
}

/// Changes a legal entity's settings, creating them if there are none.
#[derive(Debug, Action)]
#[action(of = AccountingSetting, name = "upsert")]
pub struct Upsert {
    /// Legal entity whose books these settings govern.
    pub legal_entity_id: Id<LegalEntity>,
    /// Key of the settings in an outside accounting system.
    pub external_id: Option<String>,
    /// Account that takes purchase invoices unless another is chosen.
    pub default_account_for_purchase_invoices_id: Option<Id<Account>>,
    /// Account that takes what is owed to vendors.
    pub default_account_for_vendors_id: Option<Id<Account>>,
    /// Account that takes bank movements unless another is chosen.
    pub default_account_for_banks_id: Option<Id<Account>>,
    /// Account that holds amounts nobody has classified yet.
    pub default_account_for_suspense_id: Option<Id<Account>>,
    /// Account that takes employee expenses unless another is chosen.
    pub default_account_for_expenses_id: Option<Id<Account>>,
    /// Account that takes what is owed to employees.
    pub default_account_for_employees_id: Option<Id<Account>>,
    /// Account that takes sales invoices unless another is chosen.
    pub default_account_for_sale_invoices_id: Option<Id<Account>>,
    /// Account that takes what clients owe.
    pub default_account_for_clients_id: Option<Id<Account>>,
    /// Account that takes employee benefits unless another is chosen.
    pub default_account_for_benefits_id: Option<Id<Account>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { actions: &[("upsert", upsert)], ..Code::of(PATH) };

const PATH: &str = "finance/accounting_settings";

const ACCOUNTS: [&str; 9] = [
    "default_account_for_purchase_invoices_id",
    "default_account_for_vendors_id",
    "default_account_for_banks_id",
    "default_account_for_suspense_id",
    "default_account_for_expenses_id",
    "default_account_for_employees_id",
    "default_account_for_sale_invoices_id",
    "default_account_for_clients_id",
    "default_account_for_benefits_id",
];

/// A legal entity has one set of settings, and uses accounts of its own chart. What is left out stays.
fn upsert(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let entity = input.id("legal_entity_id");
    let wanted: Vec<i64> = ACCOUNTS.iter().filter_map(|name| input.int(name)).collect();
    let accounts = cx.objects("finance/accounts", wanted)?;
    let mut sets = Sets::new();
    for name in ACCOUNTS {
        let account = input.int(name).and_then(|id| accounts.get(&id));
        if account.is_some_and(|account| account.int("legal_entity_id") != Some(entity)) {
            let why = "The account is in the chart of another legal entity.";
            return Err(Error::rule(name, "other_legal_entity", why));
        }
        sets.extend(input.get(name).map(|value| (name, value.clone())));
    }
    sets.extend(input.get("external_id").map(|value| ("external_id", value.clone())));
    let there = cx.facts(PATH, &[one_of("legal_entity_id", &[entity])])?;
    if let Some(id) = there.first().and_then(|row| row.int("id")) {
        cx.change(PATH, &[by(id)], sets)?;
        return Ok(id.into());
    }
    sets.insert("legal_entity_id", Datum::Int(entity));
    Ok(cx.add(PATH, sets)?.into())
}
