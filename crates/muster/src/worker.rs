//! What the server does by itself: send mail, write down last uses, clean up.

use std::time::Duration;

use server::App;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

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

/// Works until the server stops.
pub(crate) async fn run(app: App, mailer: Mailer, mut stopping: watch::Receiver<bool>) {
    let mut clock = interval(PAUSE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0u64.. {
        tokio::select! {
            _ = clock.tick() => {}
            _ = stopping.changed() => break,
        }
        if let Err(error) = work(&app, &mailer, round).await {
            tracing::error!(%error, "background work failed; it is tried again");
        }
    }
    if let Err(error) = app.credentials.flush().await {
        tracing::error!(%error, "last uses could not be written");
    }
}

async fn work(app: &App, mailer: &Mailer, round: u64) -> anyhow::Result<()> {
    if mailer.can_send() {
        send_mails(app, mailer).await?;
    }
    app.credentials.flush().await?;
    if round.is_multiple_of(CLEANING) {
        // Batch after batch, so that other writes come in between; what is left waits for the next turn.
        for _ in 0..BATCHES {
            let removed = app.db.write(|tx| accounts::housekeeping::clean(tx, BATCH)).await?
                + app.db.write(|tx| oauth::clean(tx, BATCH)).await?;
            if removed < BATCH {
                break;
            }
        }
    }
    Ok(())
}

async fn send_mails(app: &App, mailer: &Mailer) -> anyhow::Result<()> {
    let vault = app.vault.clone();
    let due = app.db.write(move |tx| accounts::mail::due(tx, &vault, MAILS)).await?;
    for mail in due {
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
