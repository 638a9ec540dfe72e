//! The program as an operator meets it: what it prints, what it refuses, and what its commands do to a server that runs.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use storage::{Clock, Database, Migration, Options, Target};
use support::server::{finish, free_address};
use support::{Client, Instance, Server, eventually, postgres};

/// What a sandbox is handed over with, in this order.
const KEYS: [&str; 8] = [
    "base_url",
    "company_name",
    "client_id",
    "client_secret",
    "redirect_uri",
    "api_key",
    "admin_email",
    "admin_password",
];

/// How long a running server may take to hear of what another process did.
const NEWS: Duration = Duration::from_secs(5);

/// The credentials of a sandbox.
#[derive(Debug, Clone, PartialEq)]
struct Sandbox(Value);

impl Sandbox {
    #[track_caller]
    fn checked(value: Value, server: Option<&Server>, name: &str) -> Self {
        let keys = value.as_object().expect("an object").keys().map(String::as_str);
        let keys: Vec<_> = keys.filter(|name| *name != "personas").collect();
        assert_eq!(keys, KEYS);
        let sandbox = Self(value);
        for secret in ["client_id", "client_secret", "api_key"] {
            let secret = sandbox.get(secret);
            assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
        }
        assert_eq!(sandbox.get("company_name"), format!("Integrations - {name}"));
        assert_eq!(sandbox.get("redirect_uri"), "urn:ietf:wg:oauth:2.0:oob");
        if let Some(server) = server {
            assert_eq!(sandbox.get("base_url"), server.url());
        }
        sandbox
    }

    /// Over HTTP.
    #[track_caller]
    fn posted(server: &Server, name: &str) -> Self {
        let answer = server.client().post_json("/sandbox", &json!({ "company_name": name })).expect(201);
        Self::checked(answer.json(), Some(server), name)
    }

    /// On the command line.
    #[track_caller]
    fn created(instance: &Instance, name: &str) -> Self {
        let done = instance.run(&["sandbox", "create", name, "--json"]).succeeded();
        Self::checked(done.json(), None, name)
    }

    #[track_caller]
    fn get(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_else(|| panic!("no {key} in {}", self.0))
    }

    #[track_caller]
    fn log_in(&self, server: &Server) -> Client {
        server.client().logged_in(self.get("admin_email"), self.get("admin_password"))
    }

    #[track_caller]
    fn tokens(&self, server: &Server) -> Value {
        self.log_in(server).tokens(self.get("client_id"), self.get("client_secret"))
    }

    /// Everything that was handed over works.
    #[track_caller]
    fn works_on(&self, server: &Server) {
        let company = server.client().me_with_key(self.get("api_key")).expect(200).json();
        assert_eq!(company["company_name"], self.0["company_name"]);
        let tokens = self.tokens(server);
        assert_eq!(tokens["expires_in"], 7200);
        let me = server.client().me(tokens["access_token"].as_str().expect("a token")).expect(200).json();
        assert_eq!(me["email"], self.0["admin_email"]);
        assert_eq!(me["role"], "admin");
        assert_eq!(me["company_id"], company["company_id"]);
        let refresh = [
            ("client_id", self.get("client_id")),
            ("client_secret", self.get("client_secret")),
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().expect("a token")),
        ];
        server.client().post("/oauth/token", &refresh).expect(200);
    }
}

fn access_token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().expect("a token")
}

/// The migrations of this version.
fn migrations() -> Vec<Migration> {
    server::migrations(hr::MIGRATION)
}

// ---------------------------------------------------------------------------------------------------------------------
// Starting

#[test]
fn a_first_start_says_everything_that_a_developer_needs() {
    let instance = Instance::demo();
    let server = instance.serve();
    let said = server.says_until("grant_type=refresh_token");
    let url = server.url();
    let value = |label: &str| {
        let line = said
            .lines()
            .find(|line| line.starts_with(label))
            .unwrap_or_else(|| panic!("no {label} in {said}"));
        line[label.len()..].trim().to_owned()
    };
    assert!(said.contains("demo environment"), "{said}");
    assert!(said.contains("may be deleted at any moment"), "{said}");
    let sandbox = Sandbox::checked(
        json!({
            "base_url": value("Base URL"),
            "company_name": value("Company"),
            "client_id": value("OAuth id"),
            "client_secret": value("OAuth secret"),
            "redirect_uri": value("Redirect URI"),
            "api_key": value("API key"),
            "admin_email": value("Administrator"),
            "admin_password": value("Password"),
        }),
        Some(&server),
        "Demo",
    );
    // The commands of the guide, with everything filled in but what only comes with the next answer.
    let (id, secret) = (sandbox.get("client_id"), sandbox.get("client_secret"));
    for command in [
        format!(
            "{url}/oauth/authorize?client_id={id}&redirect_uri=urn:ietf:wg:oauth:2.0:oob&response_type=code"
        ),
        format!(
            "curl -X POST '{url}/oauth/token' -d 'client_id={id}&client_secret={secret}&code=CODE\
             &grant_type=authorization_code&redirect_uri=urn:ietf:wg:oauth:2.0:oob'"
        ),
        format!("curl {url}/api/v1/me -H 'Authorization: Bearer TOKEN'"),
        format!(
            "curl -X POST '{url}/oauth/token' -d 'client_id={id}&client_secret={secret}\
             &refresh_token=REFRESH_TOKEN&grant_type=refresh_token'"
        ),
    ] {
        assert!(said.contains(&command), "{command} is not in {said}");
    }
    sandbox.works_on(&server);
    assert_eq!(server.log().matches("ERROR").count(), 0, "{}", server.log());

    // The same folder again: everything is still there, and the credentials are not shown again.
    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
    let server = instance.serve();
    let said = server.says_until("--new-credentials");
    assert!(said.contains("shown once"), "{said}");
    for secret in ["client_secret", "api_key", "admin_password"] {
        assert!(!said.contains(sandbox.get(secret)), "{said}");
    }
    sandbox.works_on(&server);
}

#[test]
fn nothing_that_was_issued_is_in_the_data_folder_or_in_the_log() {
    let instance = Instance::demo();
    let server = instance.serve_with(&["--log", "debug"]);
    let said = server.says_until("grant_type=refresh_token");
    let sandbox = Sandbox::posted(&server, "Secrets");
    let tokens = sandbox.tokens(&server);
    let mut secrets: Vec<String> =
        ["client_secret", "api_key", "admin_password"].map(|key| sandbox.get(key).to_owned()).into();
    secrets.extend(
        ["access_token", "refresh_token"].map(|key| tokens[key].as_str().expect("a token").to_owned()),
    );
    secrets.extend(
        ["OAuth secret", "API key", "Password"]
            .iter()
            .filter_map(|label| said.lines().find_map(|line| line.strip_prefix(label)))
            .map(|secret| secret.trim().to_owned()),
    );
    assert_eq!(secrets.len(), 8);
    let log = server.log();
    server.stop();
    let mut files = 0;
    for entry in fs::read_dir(instance.data()).expect("the data folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
        files += 1;
        for secret in &secrets {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "a secret lies in clear"
            );
            assert!(!log.contains(secret), "a secret is in the log");
        }
    }
    assert!(files >= 2, "there are a database and a key");
}

#[cfg(unix)]
#[test]
fn only_the_operator_can_read_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;

    let instance = Instance::demo();
    instance.run(&["sandbox", "list"]).succeeded();
    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&instance.data()), 0o700);
    let key = instance.data().join("secret.key");
    assert_eq!(mode(&key), 0o600);
    let made = fs::read_to_string(&key).expect("a key");
    assert!(made.trim().len() == 64 && made.trim().bytes().all(|byte| byte.is_ascii_hexdigit()));
    instance.run(&["sandbox", "list"]).succeeded();
    assert_eq!(fs::read_to_string(&key).expect("a key"), made, "the key stays");
}

#[test]
fn a_server_stops_when_it_is_told_to_and_loses_nothing() {
    let instance = Instance::demo();
    let server = instance.serve();
    let sandbox = Sandbox::posted(&server, "Stopping");
    // A last use is only remembered until the worker writes it down.
    server.client().me_with_key(sandbox.get("api_key")).expect(200);
    // Somebody who is connected and says nothing does not keep it from stopping.
    let (_idle, _silent) =
        (connected(&server, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"), connected(&server, ""));
    let (status, time) = server.stop();
    assert!(status.success(), "{status}");
    assert!(time < Duration::from_secs(12), "it took {time:?}");

    let server = instance.serve();
    let mut administrator = sandbox.log_in(&server);
    let keys = administrator.get("/settings/api-keys").expect(200);
    let row = keys.body.split("<tr").find(|row| row.contains("Sandbox key")).expect("the key").to_owned();
    assert!(!row.contains("never"), "the last use was written down: {row}");
}

#[expect(clippy::disallowed_methods, reason = "a test talks to the server that it started")]
fn connected(server: &Server, text: &str) -> std::net::TcpStream {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(server.address).expect("a connection");
    stream.write_all(text.as_bytes()).expect("it is open");
    stream
}

/// Who is refused before his body arrived can send the next request on the same connection.
#[test]
fn a_refusal_does_not_end_the_connection() {
    use std::io::{Read, Write};
    let instance = Instance::demo();
    let server = instance.serve();
    let path = "/api/2026-10-01/resources/tasks/tasks";
    let mut stream =
        connected(&server, &format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"));
    stream.write_all(b"{}").expect("it is open");
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").expect("it is open");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("answers");
    let states: Vec<_> = answers.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3)).collect();
    assert_eq!(states, ["401", "200"], "{answers}");
}

// ---------------------------------------------------------------------------------------------------------------------
// Sandboxes

#[test]
fn a_sandbox_made_at_the_command_line_works_on_the_running_server_at_once() {
    let instance = Instance::demo();
    let server = instance.serve();
    let posted = Sandbox::posted(&server, "Acme");
    let created = Sandbox::created(&instance, "Acme");
    created.works_on(&server);
    posted.works_on(&server);
    assert_ne!(
        posted.get("admin_email"),
        created.get("admin_email"),
        "people tell two of the same name apart"
    );

    // In words, too.
    let said = instance.run(&["sandbox", "create", "In words"]).succeeded().stdout;
    for part in [
        "Integrations - In words",
        "OAuth id",
        "OAuth secret",
        "API key",
        "Administrator",
        "Password",
        "curl ",
    ] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    let list = instance.run(&["sandbox", "list"]).succeeded().stdout;
    let names: Vec<_> = list.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
    assert_eq!(names, ["Demo", "Acme", "Acme", "In words"]);
    for sandbox in [posted, created] {
        let row = format!("Acme\t{}\t{}", sandbox.get("admin_email"), sandbox.get("client_id"));
        assert!(list.lines().any(|line| line == row), "{row:?} is not in {list}");
    }
}

#[test]
fn a_sandbox_needs_no_server_to_be_made() {
    let instance = Instance::demo();
    assert_eq!(instance.run(&["sandbox", "list"]).succeeded().stdout.trim(), "");
    let sandbox = Sandbox::created(&instance, "Ünïcode & Söhne");
    // Starting makes no Demo sandbox where there is one already.
    let server = instance.serve();
    assert!(server.says_until("--new-credentials").contains("shown once"));
    sandbox.works_on(&server);
    assert_eq!(instance.run(&["sandbox", "list"]).succeeded().stdout.lines().count(), 1);
}

#[test]
fn a_name_that_cannot_be_a_companys_is_refused() {
    let instance = Instance::demo();
    for name in ["", "   ", &"x".repeat(500), "two\nlines"] {
        let done = instance.run(&["sandbox", "create", name, "--json"]).refused("Error: ");
        assert!(done.stderr.len() < 500, "{done:?}");
    }
    assert_eq!(instance.run(&["sandbox", "list"]).succeeded().stdout.trim(), "");
}

/// A person of a sandbox changes whatever can be changed.
fn lay_waste(server: &Server, sandbox: &Sandbox) -> Client {
    let mut person = sandbox.log_in(server);
    person.submit("/settings/company", "/settings/company", &[("name", "Wasteland")]).expect(303);
    let stranger = [("first_name", "Stray"), ("last_name", "Person"), ("email", "stray@elsewhere.example")];
    person.submit("/settings/users", "/settings/users/invite", &stranger).expect(303);
    let application = [
        ("application[name]", "One too many"),
        ("application[redirect_uri]", "urn:ietf:wg:oauth:2.0:oob"),
        ("application[confidential]", "1"),
    ];
    person.submit("/oauth/applications/new", "/oauth/applications", &application);
    let keys = person.get("/settings/api-keys").expect(200);
    let key = keys.between("action=\"/settings/api-keys/", "\"");
    let deleted =
        person.submit("/settings/api-keys", &format!("/settings/api-keys/{key}"), &[("_method", "delete")]);
    assert_eq!(deleted.expect(303).location(), "/settings/api-keys?notice=deleted");
    let change =
        [("current_password", sandbox.get("admin_password")), ("password", "quite another lorry rope")];
    let changed = person.submit("/account/security", "/account/password", &change).expect(303);
    assert!(changed.location().contains("password_changed"), "{changed:?}");
    person
}

#[test]
fn a_reset_undoes_everything_and_keeps_ids_and_credentials() {
    let instance = Instance::demo();
    let server = instance.serve();
    let sandbox = Sandbox::posted(&server, "Acme");
    let other = Sandbox::posted(&server, "Bystander");
    let (tokens, others) = (sandbox.tokens(&server), other.tokens(&server));
    let me = server.client().me(access_token(&tokens)).expect(200).json();
    server.client().me(access_token(&others)).expect(200);
    let mut person = lay_waste(&server, &sandbox);
    assert_eq!(server.client().me(access_token(&tokens)).expect(200).json()["company_name"], "Wasteland");
    server.client().me_with_key(sandbox.get("api_key")).expect(401);

    let said = instance.run(&["sandbox", "reset", "Acme"]).succeeded().stdout;
    assert!(said.contains("same as before"), "{said}");
    // What was issued since is gone from the caches of the server, too.
    let client = || server.client();
    eventually("the end of the token", NEWS, || {
        (client().me(access_token(&tokens)).status == 401).then_some(())
    });
    assert_eq!(person.get("/home").status, 303, "the session ended");
    client().me(access_token(&others)).expect(200);

    sandbox.works_on(&server);
    let again = client().me(access_token(&sandbox.tokens(&server))).expect(200).json();
    assert_eq!(again, me, "the same person with the same ids");
    let mut person = sandbox.log_in(&server);
    let users = person.get("/settings/users").expect(200).body;
    assert!(!users.contains("stray@elsewhere.example") && !users.contains("Wasteland"), "{users}");
    let applications = person.get("/oauth/applications").expect(200).body;
    assert!(applications.contains(sandbox.get("client_id")) && !applications.contains("One too many"));
    // The address of who is gone is free again, and there is nothing left to reset twice.
    let said = instance.run(&["sandbox", "reset", "Integrations - Acme", "--json"]).succeeded();
    assert_eq!(said.json(), json!({ "reset": true }));
    sandbox.works_on(&server);
}

#[test]
fn a_reset_with_new_credentials_makes_them_the_first_state() {
    let instance = Instance::demo();
    let server = instance.serve();
    let old = Sandbox::posted(&server, "Acme");
    let tokens = old.tokens(&server);
    server.client().me(access_token(&tokens)).expect(200);
    server.client().me_with_key(old.get("api_key")).expect(200);
    let done = instance.run(&["sandbox", "reset", "Acme", "--new-credentials", "--json"]).succeeded();
    let new = Sandbox::checked(done.json(), None, "Acme");
    for same in ["client_id", "admin_email", "company_name"] {
        assert_eq!(new.get(same), old.get(same));
    }
    let client = || server.client();
    eventually("the end of the key", NEWS, || {
        (client().me_with_key(old.get("api_key")).status == 401).then_some(())
    });
    client().me(access_token(&tokens)).expect(401);
    client().log_in(old.get("admin_email"), old.get("admin_password")).expect(401);
    let code = new.log_in(&server).authorize(new.get("client_id"));
    client().exchange(new.get("client_id"), old.get("client_secret"), &code).expect(401);
    new.works_on(&server);
    lay_waste(&server, &new);
    instance.run(&["sandbox", "reset", "Acme"]).succeeded();
    eventually("the news", NEWS, || (client().me_with_key(new.get("api_key")).status == 200).then_some(()));
    new.works_on(&server);
    client().me_with_key(old.get("api_key")).expect(401);
}

#[test]
fn a_sandbox_has_to_be_named_clearly() {
    let instance = Instance::demo();
    let twin = Sandbox::created(&instance, "Twin");
    Sandbox::created(&instance, "Twin");
    instance.run(&["sandbox", "reset", "Nobody"]).refused("no sandbox named \"Nobody\"");
    instance.run(&["sandbox", "reset", "Nobody", "--json"]).refused("muster sandbox list");
    instance.run(&["sandbox", "reset", "Twin"]).refused("several sandboxes are named \"Twin\"");
    instance.run(&["sandbox", "reset", twin.get("client_id")]).succeeded();
    instance.run(&["sandbox", "reset"]).refused("<NAME>");
}

// ---------------------------------------------------------------------------------------------------------------------
// The clock

#[test]
fn moving_the_clock_expires_the_tokens_of_the_running_server() {
    let instance = Instance::demo();
    let server = instance.serve();
    let sandbox = Sandbox::posted(&server, "Acme");
    let tokens = sandbox.tokens(&server);
    server.client().me(access_token(&tokens)).expect(200);
    let before = instance.run(&["sandbox", "clock"]).succeeded().stdout;
    let after = instance.run(&["sandbox", "clock", "--advance", "3h"]).succeeded().stdout;
    assert!(before.trim().ends_with('Z') && after > before, "{before} {after}");
    let client = || server.client();
    eventually("the end of the token", NEWS, || {
        (client().me(access_token(&tokens)).status == 401).then_some(())
    });
    let clock = client().get("/sandbox/clock").expect(200).json();
    assert_eq!(clock["offset_seconds"], 3 * 3600);
    // The refresh token lives on, for a week.
    sandbox.works_on(&server);
    let refresh = |token: &Value| {
        let fields = [
            ("client_id", sandbox.get("client_id")),
            ("client_secret", sandbox.get("client_secret")),
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str().expect("a token")),
        ];
        client().post("/oauth/token", &fields)
    };
    let tokens = refresh(&tokens["refresh_token"]).expect(200).json();
    client().me(access_token(&tokens)).expect(200);
    instance.run(&["sandbox", "clock", "--advance", "7d1s"]).succeeded();
    eventually("the end of the token", NEWS, || {
        (client().me(access_token(&tokens)).status == 401).then_some(())
    });
    let refused = refresh(&tokens["refresh_token"]).expect(400).json();
    assert_eq!(refused["error"], "invalid_grant");

    // Over HTTP, and it outlives the server.
    let moved = client().post_json("/sandbox/clock", &json!({ "advance": "90m" })).expect(200).json();
    let seconds = 3 * 3600 + 7 * 86_400 + 1 + 90 * 60;
    assert_eq!(moved["offset_seconds"], seconds);
    server.stop();
    let server = instance.serve();
    assert_eq!(server.client().get("/sandbox/clock").expect(200).json()["offset_seconds"], seconds);
}

#[test]
fn only_spans_of_time_move_the_clock() {
    let instance = Instance::demo();
    for span in ["", "3", "tomorrow", "3w", "1.5h", "0s", "3 h", "99999999999999999999d", "4000d"] {
        instance.run(&["sandbox", "clock", "--advance", span]).refused("is not a span of time");
    }
    instance.run(&["sandbox", "clock", "--advance=-3h"]).refused("is not a span of time");
    let server = instance.serve();
    assert_eq!(server.client().get("/sandbox/clock").expect(200).json()["offset_seconds"], 0);
}

// ---------------------------------------------------------------------------------------------------------------------
// Production

/// Signs a company up and answers with its administrator, logged in.
#[track_caller]
fn sign_up(server: &Server) -> Client {
    let mut person = server.client();
    let answer = person.submit(
        "/signup",
        "/signup",
        &[
            ("company_name", "Acme"),
            ("first_name", "Ada"),
            ("last_name", "Brandt"),
            ("email", "ada@acme.example"),
            ("password", "seven lorries of rope"),
        ],
    );
    assert_eq!(answer.expect(303).location(), "/home");
    person
}

#[test]
fn production_starts_empty_and_without_any_of_the_sandbox() {
    let instance = Instance::production();
    let server = instance.serve();
    let mut client = server.client();
    for path in ["/sandbox", "/sandbox/clock", "/sandbox/mails"] {
        client.get(path).expect(404);
    }
    client.post_json("/sandbox", &json!({ "company_name": "Acme" })).expect(404);
    client.post_json("/sandbox/clock", &json!({ "advance": "3h" })).expect(404);
    let landing = client.get("/").expect(200).body;
    assert!(!landing.contains("Demo environment") && !landing.contains("/sandbox"), "{landing}");
    assert!(server.log().contains("no mail server is configured"), "{}", server.log());
    for command in
        [&["create", "Acme"][..], &["list"], &["reset", "Demo"], &["clock"], &["clock", "--advance", "3h"]]
    {
        instance.run(&[&["sandbox"], command].concat()).refused("this is a production instance");
    }
    let home = sign_up(&server).get("/home").expect(200).body;
    assert!(home.contains("Acme") && !home.contains("Demo environment"), "{home}");
    // It starts without a word about sandboxes: all that it says is where it listens.
    let (status, _) = server.stop();
    assert!(status.success());
    let server = instance.serve_with(&["--sign-up", "closed"]);
    let closed = server.client().get("/signup").expect(403).body;
    assert!(closed.contains("Sign-up is closed"), "{closed}");
    server.client().logged_in("ada@acme.example", "seven lorries of rope");
}

#[test]
fn a_database_is_never_opened_as_the_other_environment() {
    let demo = Instance::demo();
    demo.run(&["sandbox", "create", "Acme"]).succeeded();
    demo.run(&["--environment", "production", "serve", "--listen", &free_address().to_string()])
        .refused("this database belongs to a demo instance");
    let production = Instance::demo();
    production
        .run(&["application", "share", "unknown", "--environment", "production"])
        .refused("application");
    production
        .run(&["serve", "--listen", &free_address().to_string()])
        .refused("this database belongs to a production instance");
    production.run(&["sandbox", "create", "Acme"]).refused("--environment production");
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let instance = Instance::demo();
    instance.run(&["sandbox", "create", "Acme"]).succeeded();
    let newer =
        [migrations(), vec![Migration { name: "9999_flying_cars", tables: Vec::new, additive: false }]]
            .concat();
    let options = Options::new(Target::Sqlite(instance.data().join("muster.db")));
    drop(Database::open(&options, Clock::system(), &newer).expect("the version to come opens it"));
    for command in
        [&["serve", "--listen", "127.0.0.1:0"][..], &["sandbox", "list"], &["application", "share", "x"]]
    {
        let refused = instance.run(command).refused("newer version");
        assert!(refused.stderr.contains("9999_flying_cars"), "{refused:?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Several nodes

/// A server that shares its database with the first one hears of what happens there.
fn nodes_agree(instance: &Instance) {
    let (first, second) = (instance.serve(), instance.serve());
    let sandbox = Sandbox::posted(&first, "Acme");
    let (key, id, secret) = (sandbox.get("api_key"), sandbox.get("client_id"), sandbox.get("client_secret"));
    second.client().me_with_key(key).expect(200);
    let (tokens, more) = (sandbox.tokens(&first), sandbox.tokens(&second));
    for server in [&first, &second] {
        for tokens in [&tokens, &more] {
            server.client().me(access_token(tokens)).expect(200);
        }
    }
    let revoke = [("client_id", id), ("client_secret", secret), ("token", access_token(&tokens))];
    first.client().post("/oauth/revoke", &revoke).expect(200);
    first.client().me(access_token(&tokens)).expect(401);
    eventually("the revocation", NEWS, || {
        (second.client().me(access_token(&tokens)).status == 401).then_some(())
    });
    second.client().me(access_token(&more)).expect(200);

    // A session of one node is one of the other.
    let mut person = sandbox.log_in(&first);
    groups_agree(&mut person, &sandbox, [&first, &second]);
    let page = person.get("/settings/api-keys").expect(200);
    let row = page.between("action=\"/settings/api-keys/", "\"");
    person
        .submit("/settings/api-keys", &format!("/settings/api-keys/{row}"), &[("_method", "delete")])
        .expect(303);
    first.client().me_with_key(key).expect(401);
    eventually("the end of the key", NEWS, || (second.client().me_with_key(key).status == 401).then_some(()));

    first.client().post_json("/sandbox/clock", &json!({ "advance": "3h" })).expect(200);
    eventually("the time", NEWS, || (second.client().me(access_token(&more)).status == 401).then_some(()));
    assert_eq!(second.client().get("/sandbox/clock").expect(200).json()["offset_seconds"], 3 * 3600);
    // The first one may go.
    first.stop();
    let tokens = sandbox.tokens(&second);
    second.client().me(access_token(&tokens)).expect(200);
    instance.run(&["sandbox", "reset", "Acme"]).succeeded();
    eventually("the reset", NEWS, || (second.client().me(access_token(&tokens)).status == 401).then_some(()));
    sandbox.works_on(&second);
}

/// What a group may do, and who reports to whom, counts on the other node from the next request on.
fn groups_agree(administrator: &mut Client, sandbox: &Sandbox, nodes: [&Server; 2]) {
    let personas = sandbox.0["personas"].as_array().expect("personas");
    let employee = personas.iter().find(|persona| persona["persona"] == "employee").expect("an employee");
    let manager = personas.iter().find(|persona| persona["persona"] == "manager").expect("a manager");
    let get = |node: &Server, who: &Value, path: &str| {
        let token = who["access_token"].as_str().expect("a token");
        node.client().get_as(token, &format!("/api/2026-10-01/resources/{path}")).expect(200).json()
    };
    let other = manager["employee_id"].as_str().expect("an id");
    let birthday =
        |node: &Server| get(node, employee, &format!("employees/employees/{other}"))["birthday_on"].clone();
    nodes.iter().for_each(|node| assert_eq!(birthday(node), Value::Null));
    let groups = administrator.get("/settings/permissions").expect(200);
    let pages = groups.body.split("href=\"/settings/permissions/").skip(1).map(|rest| {
        let id = rest.split('"').next().unwrap_or_default();
        format!("/settings/permissions/{id}")
    });
    let page = pages.filter(|page| !page.ends_with("explain")).nth(1).expect("the group of most");
    let preview = administrator
        .submit(
            &page,
            &page,
            &[("step", "preview"), ("employees.see", "everyone"), ("birth.see", "everyone")],
        )
        .expect(200);
    let hidden = |name: &str| preview.between(&format!("name=\"{name}\" value=\""), "\"");
    let (policy, seen) = (hidden("policy"), hidden("seen"));
    administrator.submit(&page, &page, &[("step", "save"), ("policy", &policy), ("seen", &seen)]).expect(303);
    assert_ne!(birthday(nodes[0]), Value::Null);
    eventually("the change of the group", NEWS, || (birthday(nodes[1]) != Value::Null).then_some(()));
}

#[test]
fn nodes_on_one_postgres_agree() {
    if let Some((_database, url)) = postgres() {
        nodes_agree(&Instance::demo().with(&["--database-url", &url, "--secret-key", &"5e".repeat(32)]));
    }
}

#[test]
fn processes_on_one_sqlite_file_agree() {
    nodes_agree(&Instance::demo());
}

// ---------------------------------------------------------------------------------------------------------------------
// Applications

#[test]
fn the_operator_lets_an_application_serve_several_companies() {
    let instance = Instance::demo();
    let server = instance.serve();
    let (maker, guest) = (Sandbox::posted(&server, "Maker"), Sandbox::posted(&server, "Guest"));
    let id = maker.get("client_id");
    let path = format!(
        "/oauth/authorize?client_id={id}&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&response_type=code"
    );
    let mut person = guest.log_in(&server);
    let refused = person.get(&path);
    assert!((400..500).contains(&refused.status), "{refused:?}");
    let said = instance.run(&["application", "share", id]).succeeded().stdout;
    assert!(said.contains("every company"), "{said}");
    let tokens = person.tokens(id, maker.get("client_secret"));
    let me = server.client().me(access_token(&tokens)).expect(200).json();
    assert_eq!(me["company_name"], "Integrations - Guest");
    let said = instance.run(&["application", "share", id, "--off"]).succeeded().stdout;
    assert!(said.contains("its own company"), "{said}");
    let refused = person.get(&path);
    assert!((400..500).contains(&refused.status), "{refused:?}");
    instance.run(&["application", "share", &"0".repeat(64)]).refused("application");
    instance.run(&["application", "share"]).refused("<CLIENT_ID>");
}

// ---------------------------------------------------------------------------------------------------------------------
// Settings

/// What a file that is checked in has is what a command prints, which is returned.
fn assert_fresh(file: &str, command: &str) -> String {
    let printed = Instance::demo().run(&[command]).succeeded().stdout;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let kept = fs::read_to_string(kept).unwrap_or_default();
    assert!(kept == printed, "{file} is stale; refresh it: cargo run -q -- {command} > {file}");
    printed
}

#[test]
fn the_description_of_the_api_is_fresh() {
    assert_fresh("docs/openapi.json", "openapi");
}

/// What is printed may be more than somebody wants to read.
#[test]
fn a_reader_who_stops_is_no_failure() {
    let instance = Instance::demo();
    let mut child =
        instance.command(&["openapi"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut begin = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut begin).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
}

#[test]
fn the_reference_of_the_settings_is_fresh_and_help_lists_them_all() {
    let printed = assert_fresh("docs/configuration.md", "configuration");
    let rows: Vec<Vec<_>> = printed
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 10, "{printed}");
    for command in [&["--help"][..], &["serve", "--help"], &["sandbox", "create", "--help"]] {
        let help = Instance::demo().run(command).succeeded().stdout;
        for row in &rows {
            let (flag, variable) = (row[1].trim_matches('`'), row[2].trim_matches('`'));
            assert!(
                help.contains(flag) && help.contains(&format!("[env: {variable}")),
                "{flag} is not in {help}"
            );
        }
    }
    let variables: BTreeSet<_> = rows.iter().map(|row| row[2]).collect();
    assert_eq!(variables.len(), rows.len(), "each has a variable of its own");
    for promised in [
        "`MUSTER_ENVIRONMENT`",
        "`MUSTER_LISTEN`",
        "`MUSTER_DATA_DIR`",
        "`MUSTER_PUBLIC_URL`",
        "`DATABASE_URL`",
    ] {
        assert!(variables.contains(promised), "{promised}");
    }
    let version = Instance::demo().run(&["--version"]).succeeded().stdout;
    assert_eq!(version.trim(), format!("muster {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn variables_are_settings_and_flags_win() {
    let instance = Instance::demo();
    let folder = tempfile::tempdir().unwrap();
    let mut command = instance.command(&["sandbox", "list"]);
    command.env("MUSTER_ENVIRONMENT", "production");
    finish(&mut command, folder.path()).refused("this is a production instance");
    let mut command = instance.command(&["sandbox", "list", "--environment", "demo"]);
    command.env("MUSTER_ENVIRONMENT", "production");
    finish(&mut command, folder.path()).succeeded();
    // The settings of a server's own reach its pages.
    let server =
        instance.serve_with(&["--public-url", "http://people.example:8080", "--access-token-lifetime", "60"]);
    let answer = server.client().post_json("/sandbox", &json!({ "company_name": "Acme" })).expect(201).json();
    assert_eq!(answer["base_url"], "http://people.example:8080");
    let sandbox = Sandbox::checked(answer, None, "Acme");
    let tokens = sandbox.tokens(&server);
    assert_eq!(tokens["expires_in"], 60);
}

#[test]
fn wrong_settings_are_refused_in_words() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let file = file.path().display().to_string();
    let production = ["--environment", "production"];
    for (settings, words) in [
        (&["--listen", "nonsense"][..], "--listen"),
        (&["--listen", "127.0.0.1:99999"], "--listen"),
        (&["--environment", "staging"], "demo, production"),
        (&["--sign-up", "maybe"], "open, closed"),
        (&["--public-url", "people.example"], "--public-url"),
        (&["--public-url", "ftp://people.example"], "--public-url"),
        (&["--public-url", "https://people.example/muster"], "without a path"),
        (&["--public-url", "https://people.example/?a=b"], "without a path"),
        (&["--secret-key", "abc"], "64 hex digits"),
        (&["--secret-key", &"zz".repeat(32)], "64 hex digits"),
        (&["--access-token-lifetime", "5"], "--access-token-lifetime"),
        (&["--access-token-lifetime", "forever"], "--access-token-lifetime"),
        (&["--refresh-token-lifetime", "0"], "--refresh-token-lifetime"),
        (&["--refresh-grace=-1"], "--refresh-grace"),
        (&["--trusted-proxies", "10.0.0.0/8"], "--trusted-proxies"),
        (&["--mail-from", "nobody"], "--mail-from"),
        (&["--log", "a=b=c=d"], "--log"),
        (&["--smtp-url", "nonsense://hunter2@host", production[0], production[1]], "--smtp-url"),
        (&["--database-url", "postgres://muster:hunter2@127.0.0.1:1/none"], "the database cannot be reached"),
        (&["--database-url", "nonsense hunter2"], "DATABASE_URL"),
        (&["--nonsense"], "--nonsense"),
        (&["nonsense"], "nonsense"),
        (&["--data-dir", &file], &file),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
        let folder = tempfile::tempdir().unwrap();
        command.env_clear().env("MUSTER_LISTEN", "127.0.0.1:0").current_dir(folder.path()).args(settings);
        let done = finish(&mut command, folder.path()).refused(words);
        assert!(!done.stderr.contains("hunter2"), "it repeats a password: {done:?}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (instance, taken) = (Instance::demo(), std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap());
    let address = taken.local_addr().unwrap().to_string();
    instance.run(&["serve", "--listen", &address]).refused(&format!("{address} cannot be listened on"));
    // The credentials of the sandbox were not shown, so the next start has to make them.
    let server = instance.serve();
    server.says_until("grant_type=refresh_token");
}

#[test]
fn declared_operations_and_tables_are_printed() {
    let muster = Instance::demo();
    let all = muster.run(&["operations"]).succeeded().stdout;
    let missing = muster.run(&["operations", "--missing"]).succeeded().stdout;
    for line in ["GET    api_public/credentials", "POST   teams/memberships/move  since 2026-10-01"] {
        assert!(all.lines().any(|printed| printed == line), "{line}");
    }
    // The server answers all of them.
    assert_eq!(missing.trim(), "");
    for (database, column) in [("sqlite", "\"clock_in\" TEXT"), ("postgres", "\"clock_in\" time")] {
        let schema = muster.run(&["schema", "--database", database]).succeeded().stdout;
        let shifts = schema.lines().find(|line| line.starts_with("CREATE TABLE \"attendance_shifts\""));
        assert!(shifts.is_some_and(|line| line.contains(column)), "{database}");
    }
    muster.run(&["schema", "--database", "oracle"]).refused("postgres");
}

// ---------------------------------------------------------------------------------------------------------------------
// Holidays

#[test]
fn a_holiday_calendar_is_taken_over() {
    let instance = Instance::demo();
    let sandbox = Sandbox::created(&instance, "Ada");
    let company = sandbox.get("company_name");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("days.ics");
    let events = "BEGIN:VEVENT\nSUMMARY:Moon day\nDTSTART:20310720\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Weekly\n\
        DTSTART:20310721\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n";
    fs::write(&file, format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).expect("a file");
    let file = file.to_str().expect("a path of text");
    let import = |more: &[&str]| instance.run(&[&["holidays", "import", file], more].concat());
    let said = import(&["--company", company, "--location", "Madrid"]).succeeded().stdout;
    assert!(said.contains("added\t2031-07-20\tMoon day"), "{said}");
    assert!(said.contains("left out\tWeekly\tIt repeats"), "{said}");
    let said = import(&["--company", company, "--location", "Madrid"]).succeeded().stdout;
    assert!(said.contains("as it was\t2031-07-20"), "{said}");
    for (more, why) in [
        (&["--company", "Nobody"][..], "There is no company"),
        (&["--company", company, "--location", "Paris"], "There are: Barcelona, Madrid, Lisbon."),
    ] {
        import(more).refused(why);
    }
    instance.run(&["holidays", "import", "/nowhere.ics", "--company", company]).refused("cannot be read");
}
