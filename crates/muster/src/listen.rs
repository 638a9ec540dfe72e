//! `muster listen` and `muster trigger`: webhooks for whoever builds their receiver.

use std::collections::BTreeMap;
use std::time::Duration;

use access::Grant;
use anyhow::{bail, ensure};
use engine::{Body, Caller, Context, Engine};
use registry::{Company, Id, Version};
use storage::{Database, Datum, Look, Tx};
use webhooks::SUBSCRIPTIONS;
use webhooks::log::{self, Filter};

use crate::commands::{let_servers_notice, print};
use crate::configuration::Settings;
use crate::declared;
use crate::instance::{self, Instance};

/// Between two looks at what was delivered.
const PAUSE: Duration = Duration::from_millis(200);

/// The name of the subscriptions that this command makes.
const NAME: &str = "muster listen";

/// Makes an event, for whoever has subscribed to it.
pub(crate) fn trigger(settings: &Settings, event: &str, sandbox: Option<&str>) -> anyhow::Result<()> {
    let (Instance { db, .. }, company) = open(settings, sandbox)?;
    let engine = knowing(event)?;
    let kind = event.to_owned();
    let count = db.write_blocking(move |tx| log::trigger(tx, engine, company, &kind))?;
    ensure!(count > 0, "nobody has subscribed to {event}");
    print(&format!("{event}: {count} subscription{}", if count == 1 { "" } else { "s" }))?;
    let_servers_notice();
    Ok(())
}

/// Subscribes an address and shows what it is sent, until it is interrupted.
pub(crate) fn run(
    settings: &Settings,
    target: &str,
    events: &[String],
    sandbox: Option<&str>,
) -> anyhow::Result<()> {
    let (Instance { db, vault, .. }, company) = open(settings, sandbox)?;
    let engine = declared::engine()?;
    for event in events {
        knowing(event)?;
    }
    let all = || engine.events().map(|(kind, _)| kind.to_owned());
    let mut events: Vec<_> = if events.is_empty() { all().collect() } else { events.to_vec() };
    // Those that tell of subscriptions come last, so that they do not tell of the others.
    let of_itself = |event: &str| engine.event(event).is_some_and(|(_, told)| told.path == SUBSCRIPTIONS);
    events.sort_by(|one, other| of_itself(one).cmp(&of_itself(other)).then(other.cmp(one)));
    let (count, url, secret) = (events.len(), target.to_owned(), webhooks::signature::secret());
    db.write_blocking(move |tx| {
        forget(engine, tx, company)?;
        events.iter().try_for_each(|event| {
            let made = subscribe(engine, tx, company, event, &url)?;
            log::renew_secret(tx, &vault, company, made, &secret, 0).map(drop)
        })
    })?;
    let_servers_notice();
    print(&format!("Events of {count} types go to {target}. Ctrl-C ends it."))?;
    print(&format!("They are signed with {}.", webhooks::signature::shown(&secret)))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let shown = runtime.block_on(async {
        tokio::select! {
            shown = show(&db, company, target) => shown,
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    });
    db.write_blocking(move |tx| forget(engine, tx, company))?;
    let_servers_notice();
    shown
}

fn open(settings: &Settings, sandbox: Option<&str>) -> anyhow::Result<(Instance, Id<Company>)> {
    ensure!(settings.demo(), "this is for the demo environment; this is a production instance");
    let instance = instance::open(settings)?;
    let sandboxes = instance.db.read_blocking(demo::list)?;
    let wanted = |name: &str| {
        sandbox.is_none_or(|wanted| wanted == name || format!("Integrations - {wanted}") == name)
    };
    match sandboxes.into_iter().find(|(known, _)| wanted(&known.name)) {
        Some((known, _)) => Ok((instance, known.furnished_company_id)),
        None => bail!("there is no such sandbox; `muster sandbox list` names them"),
    }
}

/// Every resource, if an event of this type can tell of one.
fn knowing(event: &str) -> anyhow::Result<&'static Engine> {
    let engine = declared::engine()?;
    ensure!(engine.event(event).is_some(), "there is no event of the type {event:?}");
    Ok(engine)
}

fn subscribe(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    event: &str,
    url: &str,
) -> Result<i64, engine::Error> {
    let grant = Grant::system(company, "the operator listens");
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let plan = cx.plan(SUBSCRIPTIONS)?;
    let given = [
        ("subscription_type", event.into()),
        ("target_url", url.into()),
        ("name", NAME.into()),
        ("company_id", company.get().into()),
    ];
    let body: Body = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    cx.make(plan, &body)
}

/// Also what an interrupted run left.
fn forget(engine: &Engine, tx: &mut Tx<'_>, company: Id<Company>) -> Result<(), engine::Error> {
    let grant = Grant::system(company, "the operator listens");
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    cx.remove(SUBSCRIPTIONS, &[Look::Equal("name", Datum::Text(NAME.to_owned()))])?;
    Ok(())
}

/// Prints a line for each delivery, and another whenever it gets on.
async fn show(db: &Database, company: Id<Company>, target: &str) -> anyhow::Result<()> {
    let mut seen: BTreeMap<i64, (String, i64)> = BTreeMap::new();
    let mut first = true;
    loop {
        let filter = Filter { target: Some(target.to_owned()), limit: 100, ..Filter::default() };
        let deliveries = db.read(move |tx| log::list(tx, company, &filter)).await?;
        for delivery in deliveries.into_iter().rev() {
            let now = (delivery.state.clone(), delivery.attempts);
            if seen.insert(delivery.id.get(), now.clone()).as_ref() == Some(&now) || first {
                continue;
            }
            let status = delivery.status.map(|status| format!(" {status}")).unwrap_or_default();
            let object = delivery.object_id.map(|id| format!(" {id}")).unwrap_or_default();
            print(&format!("{} {}{object}: {}{status}", delivery.created_at, delivery.kind, delivery.state))?;
        }
        first = false;
        while seen.len() > 1000 {
            seen.pop_first();
        }
        tokio::time::sleep(PAUSE).await;
    }
}
