//! Onboarding, offboarding and other workflows.

pub mod materialized_process;
pub mod process;

pub use materialized_process::MaterializedProcess;
pub use process::Process;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<MaterializedProcess>(), Entry::of::<Process>()]
}
