//! `muster serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use server::App;
use tokio::net::TcpListener;
use tokio::sync::watch;
use webhooks::Worker;
use webhooks::client::System;

use crate::commands::{card, print};
use crate::configuration::Settings;
use crate::declared;
use crate::instance::{self, Instance};
use crate::mailer::Mailer;
use crate::worker;

/// How long a stopping server waits for requests that are under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it then waits for a mail that is being sent, and for last uses to be written down.
const WORK: Duration = Duration::from_secs(5);

pub(crate) fn run(settings: &Settings) -> anyhow::Result<()> {
    log_to_stderr(&settings.log)?;
    let config = settings.config()?;
    let mailer = Mailer::new(settings)?;
    // Before anything is made: credentials that nobody gets to see would be lost.
    let listener = std::net::TcpListener::bind(settings.listen)
        .with_context(|| format!("{} cannot be listened on", settings.listen))?;
    let Instance { db, vault } = instance::open(settings)?;
    let reachable = settings.reachable();
    db.write_blocking(move |tx| reachable.remember(tx))?;
    let greeting = if settings.demo() { greet(&db, &config)? } else { String::new() };
    let app = App::new(db, vault, config, declared::engine()?);
    let (database, seals) = (app.db.clone(), app.vault.clone());
    let deliverer = Worker::new(database, seals, app.engine, Arc::new(System), settings.webhooks()?)?;
    let background = Background { mailer, deliverer, log_days: settings.webhook_log_days };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(listener, app, background, &greeting));
    // A mail that was cut off still sits on a thread.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

fn log_to_stderr(filter: &str) -> anyhow::Result<()> {
    let filter =
        tracing_subscriber::EnvFilter::try_new(filter).context("--log: the filter cannot be read")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}

/// Provisions the first sandbox of a demo environment and says how to use it.
fn greet(db: &storage::Database, config: &server::Config) -> anyhow::Result<String> {
    let base = &config.public_url;
    // New secrets cost a moment, so they are made only where they may be needed.
    if !db.read_blocking(demo::exists)? {
        let (request, oauth) = (demo::Request::new("Demo"), config.oauth.clone());
        let furnisher = config.furnisher(declared::engine()?);
        // One transaction, so that of two servers that start together only one makes it.
        let first = db.write_blocking(move |tx| demo::create_first(tx, &oauth, furnisher, &request))?;
        if let Some(sandbox) = first {
            return Ok(card(&sandbox, base));
        }
    }
    Ok(format!(
        "The sandboxes of this data folder are as they were left; their credentials were shown once.\n\
         For new ones: {base}/sandbox, `muster sandbox create NAME`,\n\
         or `muster sandbox reset Demo --new-credentials`."
    ))
}

/// What is done without being asked for.
struct Background {
    mailer: Mailer,
    deliverer: Worker,
    log_days: i64,
}

async fn serve(
    listener: std::net::TcpListener,
    app: App,
    background: Background,
    greeting: &str,
) -> anyhow::Result<()> {
    let listen = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?.tap_io(|stream| {
        // Answers are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
    });
    print(&format!(
        "Muster {} is listening on {listen}: {}\n",
        env!("CARGO_PKG_VERSION"),
        app.config.public_url
    ))?;
    if app.config.demo() {
        print(&format!(
            "\nThis is a demo environment. Its data may be deleted at any moment.\n\n{greeting}\n"
        ))?;
    }
    let (stop, stopping) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.clone(), background.log_days, stopping.clone()));
    let mails = tokio::spawn(worker::mails(app.clone(), background.mailer, stopping.clone()));
    let deliveries = tokio::spawn(background.deliverer.run(stopping.clone()));
    let router =
        ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(server::router(&app));
    let mut until = stopping.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = until.wait_for(|stop| *stop).await;
    });
    let serving = tokio::spawn(async move { serving.await });
    tokio::select! {
        () = asked_to_stop() => tracing::info!("stopping"),
        () = async { let _ = stopping.clone().changed().await; } => {}
    }
    let _ = stop.send(true);
    if tokio::time::timeout(PATIENCE, serving).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
    // A mail server or a receiver that does not answer must not keep the process: what it is sent falls due again.
    let work = async { tokio::join!(worker, mails, deliveries) };
    match tokio::time::timeout(WORK, work).await {
        Ok((worker, mails, deliveries)) => worker.and(mails).and(deliveries)?,
        Err(_) => tracing::warn!("some background work was cut off"),
    }
    Ok(())
}

/// Until somebody presses Ctrl-C or the system ends the process.
async fn asked_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
