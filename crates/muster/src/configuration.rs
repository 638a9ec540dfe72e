//! Every setting: a flag, a variable of the environment, and what it does.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use accounts::outside::Reachable;
use anyhow::{Context, bail};
use clap::builder::Styles;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use server::{Config, Environment, Setting};
use url::{Host, Url};

/// An open, self-hosted HR platform with a public API.
#[derive(Debug, Parser)]
#[command(name = "muster", version, about, styles = Styles::plain(), max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the server. This is what happens without a subcommand.
    Serve,
    /// Sandboxes of the demo environment, and its clock.
    Sandbox {
        #[command(subcommand)]
        command: SandboxCommand,
    },
    /// OAuth applications, for the operator.
    Application {
        #[command(subcommand)]
        command: ApplicationCommand,
    },
    /// Show the events of a sandbox as they happen, and have a running server send them to an address of yours.
    Listen {
        /// Where they are sent, such as http://127.0.0.1:8000/webhooks.
        #[arg(long)]
        forward_to: String,
        /// Types of events, separated by commas; all of them without it.
        #[arg(long, value_delimiter = ',')]
        events: Vec<String>,
        /// Name of the sandbox; the first one without it.
        #[arg(long)]
        sandbox: Option<String>,
    },
    /// Make an event in a sandbox, with data as they could be, for whoever has subscribed to it.
    Trigger {
        /// Such as timeoff/leave/create.
        event: String,
        /// Name of the sandbox; the first one without it.
        #[arg(long)]
        sandbox: Option<String>,
    },
    /// The days off of workplaces.
    Holidays {
        #[command(subcommand)]
        command: HolidaysCommand,
    },
    /// Print all settings as Markdown.
    Configuration,
    /// Print the operations that are declared, with the versions that have them.
    Operations {
        /// Only those that the server does not answer yet.
        #[arg(long)]
        missing: bool,
    },
    /// Say why a person sees an object and its fields, or does not.
    Explain {
        /// The address that the person logs in with.
        #[arg(long = "as")]
        email: String,
        /// The resource, such as timeoff/leaves.
        resource: String,
        /// The id of the object.
        id: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print who may do what, as docs/permissions.md has it.
    Permissions,
    /// Print the OpenAPI document of a version, the newest if none is named.
    Openapi {
        /// Such as 2026-10-01.
        #[arg(long)]
        version: Option<String>,
    },
    /// Print the SQL that creates the tables of the declared resources.
    Schema {
        /// For which database.
        #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
        database: Engine,
    },
}

/// A database that the schema can be printed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Provision a sandbox company, "Integrations - NAME", and print its credentials once.
    Create {
        /// Name of the company, or your own.
        name: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the sandboxes.
    List,
    /// Bring a sandbox back to its first state. Its ids and credentials stay the same.
    Reset {
        /// Its name, or the client id of its application.
        name: String,
        /// Replace client secret, API key and password by new ones, and print them.
        #[arg(long)]
        new_credentials: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the clock of the demo environment, or move it forward.
    Clock {
        /// How far, such as 90m, 3h or 8d.
        #[arg(long)]
        advance: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApplicationCommand {
    /// Let an application serve people of every company, not of its own alone.
    Share {
        /// Client id of the application.
        client_id: String,
        /// Take it back.
        #[arg(long)]
        off: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum HolidaysCommand {
    /// Take over the days of a holiday calendar (iCalendar, .ics). The same file again changes nothing.
    Import {
        /// The file; - stands for the standard input.
        file: PathBuf,
        /// Name of the company, or its id.
        #[arg(long)]
        company: String,
        /// Name of the workplace, or its id; the headquarters without it.
        #[arg(long)]
        location: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvironmentName {
    Demo,
    Production,
}

/// Which addresses webhooks may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WebhookTargets {
    Public,
    Loopback,
    Everything,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignUp {
    Open,
    Closed,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// Demo: sandboxes, a movable clock, mails kept on a page; data may be deleted at any moment. Production: none of this.
    #[arg(long, global = true, env = "MUSTER_ENVIRONMENT", value_enum, default_value = "demo")]
    pub environment: EnvironmentName,

    /// Address and port to listen on.
    #[arg(long, global = true, env = "MUSTER_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Folder for the embedded database and the secret key. Made if it does not exist.
    #[arg(long, global = true, env = "MUSTER_DATA_DIR", default_value = "muster-data")]
    pub data_dir: PathBuf,

    /// Address under which people and programs reach the server; links are made from it. By default the one it listens on.
    #[arg(long, global = true, env = "MUSTER_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// PostgreSQL to use instead of the embedded database, such as postgres://user:password@host/database.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// 64 hex digits that seal what must not be in the database in clear. By default a file in the data folder; servers that share a database must share it.
    #[arg(long, global = true, env = "MUSTER_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,

    /// Whether anybody may sign up a company.
    #[arg(long, global = true, env = "MUSTER_SIGN_UP", value_enum, default_value = "open")]
    pub sign_up: SignUp,

    /// Mail server, such as smtps://user:password@host. Without it mails wait; the demo environment sends none.
    #[arg(long, global = true, env = "MUSTER_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Sender of mails.
    #[arg(long, global = true, env = "MUSTER_MAIL_FROM", default_value = "Muster <muster@localhost>")]
    pub mail_from: String,

    /// Seconds that an access token lives.
    #[arg(long, global = true, env = "MUSTER_ACCESS_TOKEN_LIFETIME", default_value_t = 7200,
          value_parser = clap::value_parser!(i64).range(60..=31_536_000))]
    pub access_token_lifetime: i64,

    /// Seconds that a refresh token lives.
    #[arg(long, global = true, env = "MUSTER_REFRESH_TOKEN_LIFETIME", default_value_t = 604_800,
          value_parser = clap::value_parser!(i64).range(60..=315_360_000))]
    pub refresh_token_lifetime: i64,

    /// Seconds that a refreshed pair of tokens stays good if the new one is never used.
    #[arg(long, global = true, env = "MUSTER_REFRESH_GRACE", default_value_t = 60,
          value_parser = clap::value_parser!(i64).range(0..=3600))]
    pub refresh_grace: i64,

    /// Whether applications may register redirect URIs with http:// on other hosts than this machine.
    #[arg(long, global = true, env = "MUSTER_ALLOW_HTTP_REDIRECTS", num_args = 0..=1,
          default_value_t = false, default_missing_value = "true")]
    pub allow_http_redirects: bool,

    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, global = true, env = "MUSTER_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Whether anybody may move the clock of the demo environment and read its mails; otherwise administrators read the mails of their company and only the operator moves the clock. By default so when it is reached on this machine alone.
    #[arg(long, global = true, env = "MUSTER_OPEN_SANDBOX", num_args = 0..=1, default_missing_value = "true")]
    pub open_sandbox: Option<bool>,

    /// Whether a new sandbox has about a hundred people and a year of history; otherwise its administrator alone.
    #[arg(long, global = true, env = "MUSTER_FURNISH_SANDBOXES", num_args = 0..=1, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub furnish_sandboxes: bool,

    /// The most POST requests that one credential may make in a minute; 0 for no limit.
    #[arg(long, global = true, env = "MUSTER_POST_RATE_LIMIT", default_value_t = 200)]
    pub post_rate_limit: u32,

    /// Which addresses webhooks may call: those of the internet, also this machine, or also private networks. By default the internet alone, and in the demo environment this machine, too.
    #[arg(long, global = true, env = "MUSTER_WEBHOOK_TARGETS", value_enum)]
    pub webhook_targets: Option<WebhookTargets>,

    /// Seconds that the receiver of a webhook may take to answer.
    #[arg(long, global = true, env = "MUSTER_WEBHOOK_TIMEOUT", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(1..=30))]
    pub webhook_timeout: u64,

    /// Days that events and the log of their deliveries are kept.
    #[arg(long, global = true, env = "MUSTER_WEBHOOK_LOG_DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(i64).range(3..=3650))]
    pub webhook_log_days: i64,

    /// The most that the files of one request may have together, in MiB. They are kept in the database.
    #[arg(long, global = true, env = "MUSTER_LARGEST_FILE", default_value_t = 20)]
    pub largest_file: usize,

    /// The most writes that share one commit of the embedded database.
    #[arg(long, global = true, env = "MUSTER_GROUP_COMMIT", default_value_t = 512)]
    pub group_commit: usize,

    /// What goes to the log on standard error: error, warn, info, debug, or a filter such as info,server=debug.
    #[arg(long, global = true, env = "MUSTER_LOG", default_value = "info")]
    pub log: String,
}

impl Settings {
    /// Whether this is the demo environment.
    pub fn demo(&self) -> bool {
        self.environment == EnvironmentName::Demo
    }

    /// Which addresses webhooks may call.
    pub fn reachable(&self) -> Reachable {
        match self.webhook_targets {
            Some(WebhookTargets::Public) => Reachable::Public,
            Some(WebhookTargets::Loopback) => Reachable::Loopback,
            Some(WebhookTargets::Everything) => Reachable::Everything,
            None if self.demo() => Reachable::Loopback,
            None => Reachable::Public,
        }
    }

    /// How deliveries are made.
    pub fn webhooks(&self) -> anyhow::Result<webhooks::Settings> {
        Ok(webhooks::Settings {
            base_url: self.public_url()?.as_str().trim_end_matches('/').to_owned(),
            reachable: self.reachable(),
            timeout: Duration::from_secs(self.webhook_timeout),
            owner_of: oauth::application::maker,
        })
    }

    /// The public address without a slash at the end.
    fn public_url(&self) -> anyhow::Result<Url> {
        let text = match &self.public_url {
            Some(url) => url.clone(),
            None if self.listen.ip().is_unspecified() => format!("http://127.0.0.1:{}", self.listen.port()),
            None => format!("http://{}", self.listen),
        };
        let url = Url::parse(&text).with_context(|| format!("--public-url: {text:?} is not an address"))?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !bare {
            bail!("--public-url: write it like https://muster.example.com, without a path");
        }
        Ok(url)
    }

    /// The configuration of the server.
    pub fn config(&self) -> anyhow::Result<Config> {
        let url = self.public_url()?;
        let here = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let public_url = url.as_str().trim_end_matches('/').to_owned();
        Ok(Config {
            environment: if self.demo() { Environment::Demo } else { Environment::Production },
            sign_up_open: self.sign_up == SignUp::Open,
            open_sandbox: self.demo() && self.open_sandbox.unwrap_or(here && self.listen.ip().is_loopback()),
            furnish_sandboxes: self.furnish_sandboxes,
            trusted_proxies: self.trusted_proxies.clone(),
            post_rate_limit: self.post_rate_limit,
            largest_file: self.largest_file.saturating_mul(1024 * 1024),
            oauth: oauth::Settings {
                access_token_lifetime: self.access_token_lifetime,
                refresh_token_lifetime: self.refresh_token_lifetime,
                refresh_grace: self.refresh_grace,
                allow_http_redirects: self.allow_http_redirects,
                issuer: public_url.clone(),
                ..oauth::Settings::default()
            },
            settings: reference(),
            public_url,
        })
    }
}

/// Every setting as the command line declares it.
pub(crate) fn reference() -> Vec<Setting> {
    let command = Cli::command();
    let settings = command.get_arguments().filter(|argument| argument.get_env().is_some());
    settings
        .map(|argument| Setting {
            flag: argument.get_long().map(|long| format!("--{long}")).unwrap_or_default(),
            variable: argument.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            default: argument
                .get_default_values()
                .iter()
                .map(|value| value.to_string_lossy())
                .collect::<Vec<_>>()
                .join(","),
            description: argument.get_help().map(ToString::to_string).unwrap_or_default(),
        })
        .collect()
}

/// The reference as a page of Markdown.
pub(crate) fn markdown() -> String {
    let mut text = String::from(
        "# Configuration\n\nEvery setting is a flag of `muster serve` or a variable of the environment; the flag \
         wins. This page is what `muster configuration` prints.\n\n\
         | Flag | Variable | Without it | What it does |\n| --- | --- | --- | --- |\n",
    );
    for Setting { flag, variable, default, description } in reference() {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        text.push_str(&format!("| `{flag}` | `{variable}` | {default} | {description} |\n"));
    }
    text
}
