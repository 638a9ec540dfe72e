//! `finance/ledger_account_resources`

use engine::{Answer, Code, Context, Error, Input, Sets, by, one_of};
use registry::{Action, Anything, Id, Instant, Resource};

use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::finance::Account;

/// Which ledger account stands for a vendor, tax or other record.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/ledger_account_resources",
    object = "finance_ledger_account_resource",
    permission = "finance",
    operations(list, read)
)]
pub struct LedgerAccountResource {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<LedgerAccountResource>,
    /// Kind of record that is linked.
    #[field(filter(eq = "resource_type"))]
    pub resource_type: ResourceType,
    /// Record that is linked to the account.
    #[field(filter(any = "resource_ids[]"))]
    pub resource_id: Id<Anything>,
    /// Ledger account used for the record.
    #[field(filter(any = "finance_account_ids[]"))]
    pub account_id: Id<Account>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Side of the account it uses: debit or credit.
    pub balance_type: Option<BalanceType>,
    /// Key of the link in an outside system.
    pub external_id: Option<String>,
    /// Legal entity whose books the link serves.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
}

registry::choice! {
    /// The values of `resource_type`.
    pub enum ResourceType {
        Bankaccount = "bankaccount",
        Customcategory = "customcategory",
        Invoice = "invoice",
        Payrollconcept = "payrollconcept",
        Taxtype = "taxtype",
        Vendor = "vendor",
    }
}

registry::choice! {
    /// The values of `balance_type`.
    pub enum BalanceType {
        Credit = "credit",
        Debit = "debit",
    }
}

registry::choice! {
    /// The values of `operation_type`.
    pub enum OperationType {
        Purchase = "purchase",
        Sale = "sale",
    }
}

/// Links a record to a ledger account, or changes the link.
#[derive(Debug, Action)]
#[action(of = LedgerAccountResource, name = "upsert")]
pub struct Upsert {
    /// Legal entity whose books the link serves.
    pub legal_entity_id: Id<LegalEntity>,
    /// Kind of record that is linked.
    pub resource_type: ResourceType,
    /// Link to change, when it exists.
    pub id: Option<Id<LedgerAccountResource>>,
    /// Name of the ledger account in question.
    pub name: Option<String>,
    /// Code of the ledger account in question.
    pub number: Option<String>,
    /// Key of the link in an outside system.
    pub external_id: Option<String>,
    /// Ledger account used for the record.
    pub account_id: Option<Id<Account>>,
    /// Record that is linked to the account.
    pub resource_id: Option<Id<Anything>>,
    /// Side of the account it uses: debit or credit.
    pub balance_type: Option<BalanceType>,
    /// Whether the link serves purchases or sales.
    pub operation_type: Option<OperationType>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { actions: &[("upsert", upsert)], ..Code::of(PATH) };

const PATH: &str = "finance/ledger_account_resources";
const ACCOUNTS: &str = "finance/accounts";

/// The link that is named, or the one of the record; where there is none a new one.
fn upsert(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let entity = input.id("legal_entity_id");
    let kind = input.get("resource_type").cloned().unwrap_or(Datum::Null);
    let old = match (input.int("id"), input.int("resource_id")) {
        (Some(id), _) => Some(cx.own(cx.plan(PATH)?, id)?),
        (None, Some(resource)) => {
            let same = [
                one_of("resource_id", &[resource]),
                one_of("legal_entity_id", &[entity]),
                Look::Equal("resource_type", kind.clone()),
            ];
            cx.facts(PATH, &same)?.pop()
        }
        (None, None) => return Err(Error::invalid("resource_id", "It must say which record is linked.")),
    };
    let account = match (input.int("account_id"), input.text("number")) {
        (Some(account), _) => Some(account),
        // A code stands for the account of the chart that has it.
        (None, Some(number)) => {
            let its =
                [one_of("legal_entity_id", &[entity]), Look::Equal("number", Datum::Text(number.to_owned()))];
            let found = cx.facts(ACCOUNTS, &its)?.first().and_then(|account| account.int("id"));
            Some(found.ok_or_else(|| Error::invalid("number", "There is no account with this code."))?)
        }
        (None, None) => None,
    };
    if account.is_none() && old.is_none() {
        return Err(Error::invalid("account_id", "It must say which account is used."));
    }
    let known = cx.objects(ACCOUNTS, account.into_iter().collect())?;
    if known.values().any(|account| account.int("legal_entity_id") != Some(entity)) {
        let why = "The account is in the chart of another legal entity.";
        return Err(Error::rule("account_id", "other_legal_entity", why));
    }
    let mut sets = Sets::from([("legal_entity_id", Datum::Int(entity)), ("resource_type", kind)]);
    for name in ["external_id", "resource_id", "balance_type"] {
        sets.extend(input.get(name).map(|value| (name, value.clone())));
    }
    sets.extend(account.map(|account| ("account_id", Datum::Int(account))));
    match old.and_then(|old| old.int("id")) {
        Some(id) => {
            cx.change(PATH, &[by(id)], sets)?;
            Ok(id.into())
        }
        None => Ok(cx.add(PATH, sets)?.into()),
    }
}
