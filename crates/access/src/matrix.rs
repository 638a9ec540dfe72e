//! Who may do what, as a document that people read and reviews compare.

use std::collections::BTreeMap;
use std::fmt::Write;

use registry::{Catalogue, Verb};

use crate::{Doing, Permission, Policy, Reach, permission_of, permission_of_action};

/// A column of the matrix: somebody with a policy, who has people only within some reach.
#[derive(Debug, Clone)]
pub struct Column {
    /// Who.
    pub name: &'static str,
    /// What the group permits.
    pub policy: Policy,
    /// How far it can matter: for somebody to whom nobody reports, reports are nobody.
    pub within: Reach,
}

/// Every operation and every group of fields with the permission that it needs, and how far it reaches for each column.
pub fn matrix(catalogue: &Catalogue, columns: &[Column]) -> String {
    let mut modules: BTreeMap<&str, Vec<(String, Permission)>> = BTreeMap::new();
    let mut operations = 0;
    let mut fields: BTreeMap<(Permission, &str), Vec<&str>> = BTreeMap::new();
    for entry in catalogue.iter() {
        let resource = entry.resource;
        let mut add = |text: String, permission: Permission| {
            operations += 1;
            modules.entry(permission.module).or_default().push((text, permission));
        };
        for operation in resource.operations {
            let text = match operation.verb {
                Verb::List => format!("GET {}", resource.path),
                Verb::Read => format!("GET {}/id", resource.path),
                Verb::Create => format!("POST {}", resource.path),
                Verb::Update => format!("PUT {}/id", resource.path),
                Verb::Delete => format!("DELETE {}/id", resource.path),
            };
            add(text, permission_of(resource, operation.verb));
        }
        for action in &entry.actions {
            add(format!("POST {}/{}", resource.path, action.name), permission_of_action(resource, action));
        }
        if let Some(glimpse) = resource.glimpse {
            let hidden = resource.fields.iter().filter(|field| field.withheld.is_some());
            let hidden: Vec<_> = hidden.map(|field| field.member.name).collect();
            let text = format!("glimpse {}: without {}", resource.path, hidden.join(", "));
            let permission = Permission::new(glimpse.module, Doing::See);
            modules.entry(glimpse.module).or_default().push((text, permission));
        }
        for field in resource.fields {
            let reading = field.sensitive.map(|module| Permission::new(module, Doing::See));
            let written = field.create.is_some() || field.update.is_some();
            let writing = Permission::guarding(field).filter(|_| written);
            for permission in reading.into_iter().chain(writing) {
                fields.entry((permission, resource.path)).or_default().push(field.member.name);
            }
        }
    }
    for ((permission, path), names) in fields {
        let verb = if permission.doing.reads() { "read" } else { "write" };
        let text = format!("{verb} {path}: {}", names.join(", "));
        modules.entry(permission.module).or_default().push((text, permission));
    }
    let mut text = format!(
        "# Who may do what\n\n\
         Every one of the {operations} operations is under one permission, and so is every group of sensitive fields. \
         A cell says whose records are reached; `yes` stands for what is the company's. Administrators, company \
         tokens and API keys reach everything. `muster permissions` writes this file.\n"
    );
    // Writing to memory does not fail.
    for (module, rows) in modules {
        let _ = write!(text, "\n## {module}\n\n| operation or fields | permission |");
        columns.iter().for_each(|column| text += &format!(" {} |", column.name));
        let _ = write!(text, "\n| --- | --- |{}\n", " --- |".repeat(columns.len()));
        for (what, permission) in rows {
            let _ = write!(text, "| `{what}` | {permission} |");
            for column in columns {
                let _ = write!(text, " {} |", cell(column, permission));
            }
            text.push('\n');
        }
    }
    text
}

fn cell(column: &Column, permission: Permission) -> String {
    let reach = column.policy.reach(permission);
    if !permission.doing.reaches() {
        return if reach.is_nothing() { "" } else { "yes" }.to_owned();
    }
    if reach.has(Reach::EVERYONE) {
        return "everyone".to_owned();
    }
    let parts = reach.parts().filter(|(part, _)| column.within.has(*part));
    parts.map(|(_, name)| name.replace('_', " ")).collect::<Vec<_>>().join(", ")
}
