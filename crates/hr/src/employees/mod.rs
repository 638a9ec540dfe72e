//! People who work for the company.

pub mod employee;

pub(crate) use employee::DERIVED;
pub use employee::Employee;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Employee>()
            .action::<employee::CreateWithContract>()
            .action::<employee::Invite>()
            .action::<employee::SetRegularAccessStartDate>()
            .action::<employee::Terminate>()
            .action::<employee::Unterminate>(),
    ]
}
