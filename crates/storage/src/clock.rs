//! The one source of time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use registry::Instant;

/// The clock of an instance. In the demo environment it can be moved forward; the distance is kept in
/// the database, so that every node and every restart agrees.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Where a stopped clock stands, in milliseconds since the epoch.
    stopped_at: Option<i64>,
    offset: AtomicI64,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Arc::new(Inner { stopped_at: None, offset: AtomicI64::new(0) }))
    }

    /// A clock that only moves by hand, for tests.
    pub fn stopped(at: Instant) -> Self {
        Self(Arc::new(Inner { stopped_at: Some(at.millis()), offset: AtomicI64::new(0) }))
    }

    /// The current time.
    pub fn now(&self) -> Instant {
        let base = self.0.stopped_at.unwrap_or_else(system_millis);
        Instant::from_millis(base.saturating_add(self.offset()))
    }

    /// How far ahead of the machine it stands, in milliseconds.
    pub fn offset(&self) -> i64 {
        self.0.offset.load(Ordering::Relaxed)
    }

    pub(crate) fn set_offset(&self, millis: i64) {
        self.0.offset.store(millis, Ordering::Relaxed);
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn system_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}
