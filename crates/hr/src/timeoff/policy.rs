//! `timeoff/policies`

use engine::{Code, Context, Draft, Error, Object, Removal, Sets};
use registry::{Company, Id, Resource};
use storage::{Datum, Look};

/// A set of allowances that employees are assigned to.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policies",
    object = "timeoff_policy",
    permission = "timeoff",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
pub struct Policy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Policy>,
    /// Title of the policy.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    #[field(create, filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Whether it covers people without a policy of their own.
    #[field(create, update, default = false)]
    pub main: Option<bool>,
    /// Explanation of the policy.
    #[field(create, update)]
    pub description: Option<String>,
    /// Policy whose allowances are copied into the new one.
    #[field(input, create(since = "2026-10-01"))]
    pub based_on_policy_id: Option<Id<Policy>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { rule: Some(rule), effect: Some(effect), removal: Some(removal), ..Code::of("timeoff/policies") };

const POLICIES: &str = "timeoff/policies";
const ALLOWANCES: &str = "timeoff/allowances";

/// There is always one policy for whoever has none of his own, once there is any.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let was = draft.old.is_some_and(|old| old.flag("main"));
    if was && !draft.flag("main") {
        let message = "Make another policy the main one instead.";
        return Err(Error::rule("main", "main_required", message));
    }
    Ok(())
}

/// One policy is the main one; a new policy begins with the allowances of the one that it is based on.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(policy) = cx.objects(POLICIES, vec![id])?.remove(&id) else { return Ok(()) };
    if policy.flag("main") && !old.is_some_and(|old| old.flag("main")) {
        let others =
            [Look::Equal("main", Datum::Bool(true)), Look::Not(Box::new(Look::Equal("id", Datum::Int(id))))];
        cx.change(POLICIES, &others, Sets::from([("main", Datum::Bool(false))]))?;
    }
    let Some(model) = policy.int("based_on_policy_id").filter(|_| old.is_none()) else { return Ok(()) };
    let columns: Vec<&'static str> = copied(cx)?;
    for allowance in cx.facts(ALLOWANCES, &[Look::Equal("timeoff_policy_id", Datum::Int(model))])? {
        let mut sets: Sets = columns.iter().map(|column| (*column, allowance.get(column).clone())).collect();
        sets.insert("timeoff_policy_id", Datum::Int(id));
        cx.add(ALLOWANCES, sets)?;
    }
    Ok(())
}

/// The columns of an allowance that another one of the same terms has, too.
fn copied(cx: &Context<'_, '_>) -> Result<Vec<&'static str>, Error> {
    let fields = cx.plan(ALLOWANCES)?.resource().fields.iter();
    let stored = fields.filter(|field| field.kept() && !matches!(field.member.name, "id" | "company_id"));
    Ok(stored.map(|field| field.member.name).collect())
}

/// A policy goes with its allowances, when nobody is under it.
fn removal(cx: &mut Context<'_, '_>, policy: &Object) -> Result<Removal, Error> {
    if policy.flag("main") {
        return Err(Error::conflict("id", "main_policy", "The main policy cannot be deleted."));
    }
    let id = policy.int("id").unwrap_or_default();
    let under = [Look::Equal("timeoff_policy_id", Datum::Int(id))];
    let assigned = cx.facts("timeoff/policy_assignments", &under)?.len();
    if assigned > 0 {
        let message = format!("{assigned} assignments name this policy.");
        return Err(Error::conflict("id", "policy_in_use", message));
    }
    let allowances = cx.facts(ALLOWANCES, &under)?;
    let ids = allowances.iter().filter_map(|one| one.int("id")).map(Datum::Int).collect();
    let corrections = [Look::OneOf("timeoff_allowance_id", ids)];
    if !allowances.is_empty() && !cx.facts("timeoff/allowance_incidences", &corrections)?.is_empty() {
        let message = "Allowances of the policy have corrections.";
        return Err(Error::conflict("id", "alternative_required", message));
    }
    cx.remove(ALLOWANCES, &under)?;
    Ok(Removal::Gone)
}
