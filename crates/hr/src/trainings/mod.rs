//! Trainings, sessions and who attends.

pub mod category;
pub mod session;
pub mod session_access_membership;
pub mod session_attendance;
pub mod training;
pub mod training_class;
pub mod training_membership;

pub use category::Category;
pub use session::Session;
pub use session_access_membership::SessionAccessMembership;
pub use session_attendance::SessionAttendance;
pub use training::Training;
pub use training_class::TrainingClass;
pub use training_membership::TrainingMembership;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Category>(),
        Entry::of::<SessionAccessMembership>()
            .action::<session_access_membership::BulkCreate>()
            .action::<session_access_membership::BulkDestroy>(),
        Entry::of::<SessionAttendance>().action::<session_attendance::BulkUpdate>(),
        Entry::of::<Session>(),
        Entry::of::<TrainingClass>(),
        Entry::of::<TrainingMembership>()
            .action::<training_membership::BulkCreate>()
            .action::<training_membership::BulkDestroy>(),
        Entry::of::<Training>()
            .action::<training::BulkDelete>()
            .action::<training::BulkUpdateCatalog>()
            .action::<training::UpdateStatus>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    session_attendance::CODE,
    session::CODE,
    session_access_membership::CODE,
    training::CODE,
    training_class::CODE,
    training_membership::CODE,
];
