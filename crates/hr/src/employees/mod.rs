//! People who work for the company.

mod address;
pub mod employee;
pub(crate) mod lifecycle;
pub mod rules;

pub use employee::Employee;

use engine::{Code, Context, Error, Object};
use registry::Entry;
use serde_json::Value;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Employee>()
            .action::<employee::CreateWithContract>()
            .action::<employee::Invite>()
            .action::<employee::SetRegularAccessStartDate>()
            .action::<employee::Terminate>()
            .action::<employee::Unterminate>()
            .notice(&crate::banking::bank_account_number::NOTICE),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[employee::CODE];

/// First and last name of the employee whom a field of each row refers to.
pub(crate) fn full_names(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    field: &str,
) -> Result<Vec<Value>, Error> {
    let people = cx.referred("employees/employees", rows, field)?;
    let name = |row: &Object| {
        let person = people.get(&row.int(field)?)?;
        let names = [person.text("first_name"), person.text("last_name")];
        Some(names.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    Ok(rows.iter().map(|row| name(row).into()).collect())
}
