//! What the operator does at the command line. A server that runs on the same database notices.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use demo::{Request, Sandbox};
use serde_json::Value;

use crate::configuration::{ApplicationCommand, HolidaysCommand, SandboxCommand, Settings};
use crate::declared;
use crate::instance::{self, Instance};

/// Prints what a command answers. Whoever stops reading (`| head`) has read enough.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) fn sandbox(settings: &Settings, command: &SandboxCommand) -> anyhow::Result<()> {
    if !settings.demo() {
        bail!("sandboxes belong to the demo environment; this is a production instance");
    }
    let config = settings.config()?;
    let Instance { db, .. } = instance::open(settings)?;
    match command {
        SandboxCommand::Create { name, json } => {
            let (request, oauth) = (Request::new(name), config.oauth.clone());
            let furnisher = config.furnisher(declared::engine()?);
            let sandbox = db.write_blocking(move |tx| demo::create(tx, &oauth, furnisher, &request))?;
            show(&sandbox, &config.public_url, *json)?;
        }
        SandboxCommand::List => {
            for (sandbox, client_id) in db.read_blocking(demo::list)? {
                let client_id = client_id.unwrap_or_else(|| "(its application was deleted)".to_owned());
                print(&format!("{}\t{}\t{client_id}", sandbox.name, sandbox.email))?;
            }
        }
        SandboxCommand::Reset { name, new_credentials, json } => {
            let (name, renewed) = (name.clone(), new_credentials.then(|| Request::new(name)));
            let oauth = config.oauth.clone();
            let sandbox = db.write_blocking(move |tx| demo::reset(tx, &oauth, &name, renewed.as_ref()))?;
            match sandbox {
                Some(sandbox) => show(&sandbox, &config.public_url, *json)?,
                None if *json => print("{\"reset\":true}")?,
                None => print("The sandbox is as it was at first. Its credentials are the same as before.")?,
            }
        }
        SandboxCommand::Clock { advance } => {
            if let Some(span) = advance {
                let millis = demo::parse_duration(span)?;
                db.write_blocking(move |tx| tx.advance_clock(millis))?;
            }
            print(&db.clock().now().to_string())?;
        }
    }
    let_servers_notice();
    Ok(())
}

fn show(sandbox: &Sandbox, base_url: &str, json: bool) -> anyhow::Result<()> {
    if json {
        print(&serde_json::to_string_pretty(&sandbox.to_json(base_url))?)?;
    } else {
        print(&card(sandbox, base_url))?;
    }
    Ok(())
}

/// What a developer gets, with the commands of the guide ready to paste.
pub(crate) fn card(sandbox: &Sandbox, base_url: &str) -> String {
    format!(
        "Base URL        {base_url}\n\
         Company         {company}\n\
         OAuth id        {id}\n\
         OAuth secret    {secret}\n\
         Redirect URI    {redirect}\n\
         API key         {key}\n\
         Administrator   {email}\n\
         Password        {password}\n\
         \n\
         These are shown once. Three steps to the first call:\n\
         \n\
         1. Log in at {base_url}/login as the administrator, then open\n   \
            {authorize}\n   \
            and press Authorize. The page shows a code.\n\
         \n\
         2. Exchange the code for a token:\n   \
            {token}\n\
         \n\
         3. Call the API, and later refresh the token:\n   \
            {me}\n   \
            {refresh}",
        company = sandbox.company_name,
        id = sandbox.client_id,
        secret = sandbox.client_secret.expose(),
        redirect = oauth::OUT_OF_BAND,
        key = sandbox.api_key.expose(),
        email = sandbox.admin_email,
        password = sandbox.admin_password.expose(),
        authorize = sandbox.authorize_url(base_url),
        token = sandbox.token_curl(base_url),
        me = sandbox.me_curl(base_url),
        refresh = sandbox.refresh_curl(base_url),
    ) + &personas(sandbox)
}

/// As whom an integration can be tried.
fn personas(sandbox: &Sandbox) -> String {
    let Some(first) = sandbox.personas.first() else { return String::new() };
    let mut text = String::from("\n\nPeople to try it as; all have the password above:\n");
    for persona in &sandbox.personas {
        text += &format!(
            "\n   {:<14} {}\n   {:<14} {}\n   {:<14} access token {}\n",
            persona.persona,
            persona.email,
            "",
            persona.about(),
            "",
            persona.tokens.access.expose(),
        );
    }
    text + &format!("\n   --json has the refresh tokens, too, and the employee ids ({} …).", first.employee)
}

pub(crate) fn application(settings: &Settings, command: &ApplicationCommand) -> anyhow::Result<()> {
    let Instance { db, .. } = instance::open(settings)?;
    let ApplicationCommand::Share { client_id, off } = command;
    let (id, shared) = (client_id.clone(), !off);
    db.write_blocking(move |tx| oauth::application::share(tx, &id, shared)).map_err(|error| match error {
        oauth::Error::NotFound => anyhow!("there is no application with the client id {client_id:?}"),
        error => error.into(),
    })?;
    print(if shared {
        "People of every company can let this application in now."
    } else {
        "Only people of its own company can let this application in now."
    })?;
    let_servers_notice();
    Ok(())
}

/// Says why a person sees an object and its fields, or does not.
pub(crate) fn explain(
    settings: &Settings,
    email: &str,
    resource: &str,
    id: i64,
    json: bool,
) -> anyhow::Result<()> {
    let Instance { db, .. } = instance::open(settings)?;
    let (address, path) = (email.to_owned(), resource.to_owned());
    let engine = declared::engine()?;
    let explained = db.read_blocking(move |tx| server::explain(engine, tx, &address, &path, id));
    let explained = explained.map_err(|error| match error {
        engine::Error::NotFound => anyhow!("there is no {resource} {id} in a company of {email}"),
        error => error.into(),
    })?;
    print(&if json { serde_json::to_string_pretty(&explained)? } else { engine::in_words(&explained) })?;
    Ok(())
}

/// Takes over a holiday calendar and says what became of each of its days.
pub(crate) fn holidays(settings: &Settings, command: &HolidaysCommand) -> anyhow::Result<()> {
    let HolidaysCommand::Import { file, company, location } = command;
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?
    };
    let calendar = String::from_utf8(bytes).context("the file is no text in UTF-8")?;
    let Instance { db, .. } = instance::open(settings)?;
    let (engine, company, location) = (declared::engine()?, company.clone(), location.clone());
    let done = db.write_blocking(move |tx| {
        server::import_holidays(engine, tx, &company, location.as_deref(), &calendar)
    });
    let report = done.map_err(|error| match error {
        engine::Error::Broken(problem) => anyhow!("{}", problem.message),
        error => error.into(),
    })?;
    let all = |member: &str| report[member].as_array().into_iter().flatten();
    let said = |of: &Value, member: &str| of[member].as_str().unwrap_or_default().to_owned();
    for (what, member) in [("added", "added"), ("changed", "changed"), ("as it was", "same")] {
        for day in all(member) {
            let half = day["half_day"].as_str().map_or(String::new(), |half| format!(" ({half})"));
            print(&format!("{what}\t{}\t{}{half}", said(day, "date"), said(day, "summary")))?;
        }
    }
    for refused in all("refused") {
        print(&format!("left out\t{}\t{}", said(refused, "name"), said(refused, "why")))?;
    }
    let_servers_notice();
    Ok(())
}

/// When a command has ended, a server on the same database acts on what it did.
#[expect(
    clippy::disallowed_methods,
    reason = "the writer of another process looks every 20 ms; twice that is enough"
)]
pub(crate) fn let_servers_notice() {
    std::thread::sleep(Duration::from_millis(50));
}
