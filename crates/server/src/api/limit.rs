//! How many posts a credential may make in a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use accounts::{CredentialKind, Identity};
use http::{HeaderMap, HeaderValue, StatusCode};
use registry::{Instant, MINUTE, SECOND};

use crate::http::Problem;

/// Credentials that are counted at most; those of past minutes make room.
const CAPACITY: usize = 100_000;

/// Counts posts by credential and minute, in the memory of this process.
pub(crate) struct Limiter {
    most: u32,
    counts: Mutex<HashMap<(u8, i64), (i64, u32)>>,
}

/// What is left of a minute's posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    most: u32,
    remaining: u32,
    /// Seconds until the next minute.
    reset: i64,
}

impl Limiter {
    pub fn new(most: u32) -> Self {
        Self { most, counts: Mutex::default() }
    }

    /// Counts a post; refuses the one that is too many. `None` where there is no limit.
    pub fn count(&self, identity: &Identity, now: Instant) -> Result<Option<Left>, Problem> {
        if self.most == 0 {
            return Ok(None);
        }
        let kind = match identity.credential {
            CredentialKind::UserToken | CredentialKind::CompanyToken => 0,
            CredentialKind::ApiKey => 1,
            CredentialKind::Session => 2,
        };
        let minute = now.millis().div_euclid(MINUTE);
        let reset = (MINUTE - now.millis().rem_euclid(MINUTE)).div_euclid(SECOND).max(1);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= CAPACITY {
            counts.retain(|_, (counted, _)| *counted == minute);
        }
        let (counted, posts) = counts.entry((kind, identity.reference)).or_insert((minute, 0));
        if *counted != minute {
            (*counted, *posts) = (minute, 0);
        }
        *posts = posts.saturating_add(1);
        let left = Left { most: self.most, remaining: self.most.saturating_sub(*posts), reset };
        if *posts <= self.most {
            return Ok(Some(left));
        }
        let detail = format!("More than {} POST requests in a minute.", self.most);
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
        Err(problem.retry_after(reset).limited(left))
    }
}

impl Left {
    /// As the headers that clients read.
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert("ratelimit-limit", HeaderValue::from(self.most));
        headers.insert("ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(self.reset));
    }
}
