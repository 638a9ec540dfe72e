//! `integrations/syncable_items`

use engine::{Code, Narrow};
use registry::{Anything, Id, Map, Resource};

use crate::integrations::SyncableSyncRun;

/// A record that a sync run has to send, with its data.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/syncable_items",
    object = "integrations_syncable_item",
    permission = "integrations",
    operations(list(until = "2026-07-01"))
)]
#[parameter(name = "sync_run_id", as = Id<Anything>, doc = "Sync run whose records are wanted.", required)]
pub struct SyncableItem {
    /// Entry of the run where the result is reported.
    pub syncable_sync_run_id: Id<SyncableSyncRun>,
    /// Data to send, which depend on the kind of record.
    pub sync_payload: Map,
    /// Kind of record, written as namespace and resource.
    pub syncable_type: SyncableType,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "sync_run_id",
        Narrow::through("syncable_sync_run_id", "integrations/syncable_sync_runs", "id", "sync_run_id"),
    )],
    ..Code::of("integrations/syncable_items")
};

registry::choice! {
    /// The values of `syncable_type`.
    pub enum SyncableType {
        CompensationsCompensation = "compensations/compensation",
        EmployeeUpdatesLeave = "employee_updates/leave",
        ExpensesExpense = "expenses/expense",
        FinanceVendor = "finance/vendor",
    }
}
