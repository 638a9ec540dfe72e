//! What the server does by itself: send mail, write down last uses, clean up.

use std::time::Duration;

use server::App;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::mailer::Mailer;

/// Between two looks for work.
const PAUSE: Duration = Duration::from_secs(5);
/// Rounds between two clean-ups.
const CLEANING: u64 = 12;
/// Rows that one clean-up removes of each kind, so that it never holds the writer for long.
const BATCH: u64 = 500;
/// Batches of one clean-up.
const BATCHES: usize = 200;
/// Mails of one round: few, so that a round with a slow mail server ends before its claim on them does.
const MAILS: u64 = 10;

/// Sends mails until the server stops. On its own, because a mail server may be slow.
pub(crate) async fn mails(app: App, mailer: Mailer, mut stopping: watch::Receiver<bool>) {
    if !mailer.can_send() {
        return;
    }
    let mut clock = every_pause();
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            _ = stopping.wait_for(|stop| *stop) => break,
        }
        if let Err(error) = send_mails(&app, &mailer, &stopping).await {
            tracing::error!(%error, "mails could not be looked at; it is tried again");
        }
    }
}

fn every_pause() -> Interval {
    let mut clock = interval(PAUSE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    clock
}

/// Writes down and cleans up until the server stops.
pub(crate) async fn run(app: App, log_days: i64, mut stopping: watch::Receiver<bool>) {
    let mut clock = every_pause();
    for round in 0u64.. {
        tokio::select! {
            _ = clock.tick() => {}
            _ = stopping.wait_for(|stop| *stop) => break,
        }
        if let Err(error) = work(&app, log_days, round, &stopping).await {
            tracing::error!(%error, "background work failed; it is tried again");
        }
    }
    if let Err(error) = app.credentials.flush().await {
        tracing::error!(%error, "last uses could not be written");
    }
}

async fn work(app: &App, log_days: i64, round: u64, stopping: &watch::Receiver<bool>) -> anyhow::Result<()> {
    app.credentials.flush().await?;
    let resources = app.engine;
    if round.is_multiple_of(CLEANING) {
        // Batch after batch, so that other writes come in between; what is left waits for the next turn.
        for _ in 0..BATCHES {
            let removed = app.db.write(|tx| accounts::housekeeping::clean(tx, BATCH)).await?
                + app.db.write(|tx| oauth::clean(tx, BATCH)).await?
                + app.db.write(|tx| engine::clean(tx, BATCH)).await?
                + app.db.write(move |tx| webhooks::log::clean(tx, log_days * registry::DAY, BATCH)).await?
                + app.db.write(|tx| resources.lapse(tx, BATCH)).await?;
            if removed < BATCH || *stopping.borrow() {
                break;
            }
        }
    }
    Ok(())
}

async fn send_mails(app: &App, mailer: &Mailer, stopping: &watch::Receiver<bool>) -> anyhow::Result<()> {
    let vault = app.vault.clone();
    let due = app.db.write(move |tx| accounts::mail::due(tx, &vault, MAILS)).await?;
    for mail in due {
        // What is claimed and not sent falls due again.
        if *stopping.borrow() {
            break;
        }
        let (id, mailer) = (mail.id, mailer.clone());
        match tokio::task::spawn_blocking(move || mailer.send(&mail)).await? {
            Ok(()) => app.db.write(move |tx| accounts::mail::sent(tx, id)).await?,
            Err(error) => {
                tracing::warn!(%error, %id, "a mail could not be sent; it is tried again later");
                app.db.write(move |tx| accounts::mail::postponed(tx, id)).await?;
            }
        }
    }
    Ok(())
}
