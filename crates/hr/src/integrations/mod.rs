//! Synchronisation with other systems.

pub mod sync_run;
pub mod sync_run_output;
pub mod syncable_item;
pub mod syncable_state;
pub mod syncable_sync_run;

pub use sync_run::SyncRun;
pub use sync_run_output::SyncRunOutput;
pub use syncable_item::SyncableItem;
pub use syncable_state::SyncableState;
pub use syncable_sync_run::SyncableSyncRun;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<SyncRunOutput>(),
        Entry::of::<SyncRun>(),
        Entry::of::<SyncableItem>(),
        Entry::of::<SyncableState>(),
        Entry::of::<SyncableSyncRun>().action::<syncable_sync_run::BulkUpsert>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[sync_run::CODE, syncable_item::CODE, syncable_sync_run::CODE];
