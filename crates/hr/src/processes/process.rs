//! `processes/processes`

use registry::{Id, Resource};

/// A workflow of steps, such as an onboarding.
#[derive(Debug, Resource)]
#[resource(
    path = "processes/processes",
    object = "processes_process",
    permission = "processes",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct Process {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Process>,
    /// Title users see.
    #[field(filter(search = "name"))]
    pub name: String,
    /// What it is for, in words.
    pub description: Option<String>,
    /// Occasion it serves.
    #[field(filter(any = "categories[]"))]
    pub category: Option<Category>,
}

registry::choice! {
    /// The values of `category`.
    pub enum Category {
        Custom = "custom",
        Offboarding = "offboarding",
        Onboarding = "onboarding",
        Training = "training",
    }
}
