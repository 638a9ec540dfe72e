//! Why somebody sees a row and its fields, or does not.

use access::{Condition, Doing, Grant, Permission, Person, Reach};
use registry::{Company, Id};
use serde_json::{Value, json};
use storage::{Cell, Tx};

use crate::context::{ONE, by};
use crate::{Error, Plan};

/// What one permission comes to for one row.
struct Reason {
    permission: Permission,
    /// The fields that are under it; none for the row itself.
    fields: Vec<&'static str>,
    reach: Reach,
    /// The parts of the reach in which the row lies.
    because: Vec<&'static str>,
}

/// The decision about one row for one person, with the group, the permission and the reach behind every part of it.
pub fn explain(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    plan: &Plan,
    person: &Person,
    id: i64,
) -> Result<Value, Error> {
    let resource = plan.resource();
    if resource.computed {
        return Err(Error::NotFound);
    }
    let mut reasons: Vec<Reason> = Vec::new();
    let operations = resource.operations.iter().map(|operation| Doing::of(operation.verb));
    let actions = plan.entry.actions.iter().map(|action| Doing::of_action(action));
    for doing in std::iter::once(Doing::See).chain(operations).chain(actions) {
        note(&mut reasons, person, Permission::of(resource, doing), None);
    }
    if let Some(glimpse) = resource.glimpse {
        note(&mut reasons, person, Permission::new(glimpse.module, Doing::See), None);
    }
    let rows = reasons.len();
    for field in resource.fields {
        let name = field.member.name;
        let own = || field.withheld.map(|_| Permission::of(resource, Doing::See));
        let reading = field.sensitive.map(|module| Permission::new(module, Doing::See)).or_else(own);
        if let Some(permission) = reading {
            note(&mut reasons, person, permission, Some(name));
        }
        if (field.create.is_some() || field.update.is_some())
            && let Some(permission) = Permission::guarding(field)
        {
            note(&mut reasons, person, permission, Some(name));
        }
    }
    // Each part of each reach is judged by the database, in one statement.
    let parts: Vec<(usize, &'static str, Condition)> = reasons
        .iter()
        .enumerate()
        .flat_map(|(at, reason)| {
            let permission = reason.permission;
            reason.reach.parts().map(move |(part, name)| (at, name, part, permission))
        })
        .map(|(at, name, part, permission)| (at, name, plan.protected.within(person, permission, part)))
        .collect();
    let judged: Vec<_> = parts.iter().map(|(_, _, condition)| condition.clone()).collect();
    let system = Grant::system(company, "an administrator asks why");
    let mut found = false;
    tx.rows(&system, resource.table).judge(&["id"], &judged, &[by(id)], ONE, &mut |row| {
        found = true;
        for (column, (at, name, _)) in parts.iter().enumerate() {
            if matches!(row.cell(1 + column)?, Cell::Int(1)) {
                reasons[*at].because.push(name);
            }
        }
        Ok(())
    })?;
    if !found {
        return Err(Error::NotFound);
    }
    let all = person.administrator;
    let visible = all || reasons.first().is_some_and(|reason| !reason.because.is_empty());
    let told = |reason: &Reason| {
        json!({
            "permission": reason.permission.to_string(),
            "reach": reason.reach.to_string(),
            "because": if all { json!(["administrator"]) } else { json!(reason.because) },
            "allowed": all || (visible && !reason.because.is_empty()),
        })
    };
    let fields = reasons.iter().filter(|reason| !reason.fields.is_empty()).map(|reason| {
        let mut said = told(reason);
        said["fields"] = json!(reason.fields);
        said
    });
    Ok(json!({
        "resource": resource.path,
        "id": id.to_string(),
        "group": person.group.name,
        "visible": visible,
        "permissions": reasons[..rows].iter().map(told).collect::<Vec<_>>(),
        "fields": fields.collect::<Vec<_>>(),
    }))
}

/// Adds a permission, or a field to one that is there.
fn note(reasons: &mut Vec<Reason>, person: &Person, permission: Permission, field: Option<&'static str>) {
    match reasons.iter_mut().find(|reason| reason.permission == permission) {
        Some(reason) => reason.fields.extend(field.filter(|name| !reason.fields.contains(name))),
        None => reasons.push(Reason {
            permission,
            fields: field.into_iter().collect(),
            reach: person.group.policy.reach(permission),
            because: Vec::new(),
        }),
    }
}

/// An explanation as text for people.
pub fn in_words(explanation: &Value) -> String {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let line = |reason: &Value| {
        let because: Vec<_> =
            reason["because"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let why = match (reason["allowed"] == true, because.is_empty()) {
            (true, _) => format!("yes, by {}", because.join(", ")),
            (false, true) => format!("no, it reaches {}", text(reason, "reach")),
            (false, false) => "no, the row itself is not seen".to_owned(),
        };
        format!("{:<28} {why}", text(reason, "permission"))
    };
    let visible = if explanation["visible"] == true { "visible" } else { "not visible" };
    let mut said = format!(
        "{} {} is {visible} to a member of the group {:?}.\n",
        text(explanation, "resource"),
        text(explanation, "id"),
        text(explanation, "group"),
    );
    for reason in explanation["permissions"].as_array().into_iter().flatten() {
        said += &format!("  {}\n", line(reason));
    }
    for reason in explanation["fields"].as_array().into_iter().flatten() {
        let fields: Vec<_> =
            reason["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        said += &format!("  {}\n      {}\n", line(reason), fields.join(", "));
    }
    said
}
