//! The load generator: closed-loop callers, each with a connection of its own.

use crate::http::Connection;
use anyhow::{Context, Result, ensure};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// One caller: it waits for each answer before it asks again.
pub trait Caller: Send + 'static {
    /// The next request, head and body.
    fn request(&mut self) -> &[u8];
    /// Looks at the answer; an error ends the measurement.
    fn answered(&mut self, status: u16, body: &[u8]) -> Result<()>;
}

/// What was measured in one round.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Requests per second.
    pub rate: f64,
    /// Half of the answers took this long at most.
    pub p50: Duration,
    /// All but one in a hundred answers took this long at most.
    pub p99: Duration,
}

impl Measure {
    /// The median of several rounds, figure by figure.
    pub fn median(rounds: &[Self]) -> Self {
        Self {
            rate: median(rounds.iter().map(|round| round.rate).collect()),
            p50: median(rounds.iter().map(|round| round.p50).collect()),
            p99: median(rounds.iter().map(|round| round.p99).collect()),
        }
    }
}

/// The middle value of a non-empty list.
pub fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values[values.len() / 2]
}

/// Lets all callers call for this long, and gives them back.
pub async fn run<C: Caller>(
    address: SocketAddr,
    callers: Vec<C>,
    time: Duration,
) -> Result<(Measure, Vec<C>)> {
    let mut ready = Vec::with_capacity(callers.len());
    for caller in callers {
        ready.push((caller, Connection::open(address).await?));
    }

    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (mut caller, mut connection) in ready {
        tasks.spawn(async move {
            let mut latencies = Vec::with_capacity(4096);
            let mut asked = start;
            while asked - start < time {
                let answer = connection.exchange(caller.request()).await?;
                caller.answered(answer.status, &answer.body)?;
                let now = Instant::now();
                latencies.push(now - asked);
                asked = now;
            }
            anyhow::Ok((caller, latencies))
        });
    }

    let mut callers = Vec::new();
    let mut latencies = Vec::new();
    while let Some(task) = tasks.join_next().await {
        let (caller, own) = task??;
        callers.push(caller);
        latencies.extend(own);
    }
    // The last answers came after the time was up; they count, so their time counts too.
    let elapsed = start.elapsed();
    latencies.sort_unstable();
    let at =
        |share: usize| latencies.get(latencies.len() * share / 100).copied().context("nothing was answered");
    let rate = latencies.len() as f64 / elapsed.as_secs_f64();
    Ok((Measure { rate, p50: at(50)?, p99: at(99)? }, callers))
}

/// A caller that always asks the same.
#[derive(Clone)]
pub struct Repeat(Arc<[u8]>);

impl Repeat {
    pub fn new(request: Vec<u8>) -> Self {
        Self(request.into())
    }
}

impl Caller for Repeat {
    fn request(&mut self) -> &[u8] {
        &self.0
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<()> {
        ensure!(status == 200, "answered {status}: {}", String::from_utf8_lossy(body));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3, 1, 2]), 2);
        assert_eq!(median(vec![0.5]), 0.5);
    }
}
