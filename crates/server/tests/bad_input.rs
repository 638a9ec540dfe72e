//! What nobody should send: it is refused with a clear answer, and changes nothing.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use support::{Answer, Application, BASE, CALLBACK, OOB, PASSWORD, Person, World, encoded};

/// Who an address is for, and so how it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// HTML.
    People,
    /// RFC 6749.
    Clients,
    /// RFC 9457.
    Programs,
}

/// Every address and the methods that it takes.
const ADDRESSES: [(&str, &[&str], For); 47] = [
    ("/", &["GET"], For::People),
    ("/home", &["GET"], For::People),
    ("/signup", &["GET", "POST"], For::People),
    ("/login", &["GET", "POST"], For::People),
    ("/logout", &["POST"], For::People),
    ("/companies/switch", &["POST"], For::People),
    ("/account/security", &["GET"], For::People),
    ("/account/password", &["POST"], For::People),
    ("/account/sessions/revoke-all", &["POST"], For::People),
    ("/account/sessions/1/revoke", &["POST"], For::People),
    ("/password/forgot", &["GET", "POST"], For::People),
    ("/password/reset", &["GET", "POST"], For::People),
    ("/addresses/confirm", &["GET", "POST"], For::People),
    ("/invitations/accept", &["GET", "POST"], For::People),
    ("/settings/company", &["GET", "POST"], For::People),
    ("/settings/users", &["GET"], For::People),
    ("/settings/users/invite", &["POST"], For::People),
    ("/settings/users/1/resend", &["POST"], For::People),
    ("/settings/users/1/administrator", &["POST"], For::People),
    ("/settings/audit-log", &["GET"], For::People),
    ("/settings/api-keys", &["GET", "POST"], For::People),
    ("/settings/api-keys/1", &["POST"], For::People),
    ("/oauth/applications", &["GET", "POST"], For::People),
    ("/oauth/applications/new", &["GET"], For::People),
    ("/oauth/applications/1", &["GET", "POST"], For::People),
    ("/oauth/applications/1/edit", &["GET"], For::People),
    ("/oauth/applications/1/secrets", &["POST"], For::People),
    ("/oauth/applications/1/secrets/1", &["POST"], For::People),
    ("/oauth/authorized_applications", &["GET"], For::People),
    ("/oauth/authorized_applications/1", &["POST"], For::People),
    ("/oauth/authorize", &["GET", "POST", "DELETE"], For::People),
    ("/oauth/authorize/native", &["GET"], For::People),
    ("/oauth/token", &["POST"], For::Clients),
    ("/oauth/revoke", &["POST"], For::Clients),
    ("/oauth/introspect", &["POST"], For::Clients),
    ("/oauth/token/info", &["GET"], For::Clients),
    ("/.well-known/oauth-authorization-server", &["GET"], For::Programs),
    ("/api/v1/me", &["GET"], For::Programs),
    ("/api/2026-10-01/resources/api_public/credentials", &["GET"], For::Programs),
    ("/api/v2/resources/api_public/credentials", &["GET"], For::Programs),
    ("/docs", &["GET"], For::People),
    ("/docs/oauth", &["GET"], For::People),
    ("/sandbox", &["GET", "POST"], For::People),
    ("/sandbox/clock", &["GET", "POST"], For::People),
    ("/sandbox/mails", &["GET"], For::People),
    ("/health", &["GET"], For::Programs),
    ("/assets/muster.css", &["GET"], For::Programs),
];

/// Fails unless the answer is a refusal that says what is wrong, in the form that its reader expects.
#[track_caller]
fn assert_refused(answer: &Answer, reader: For, case: &str) {
    assert!(answer.status.is_client_error(), "{case}: {answer}");
    assert_explained(answer, reader, case);
}

#[track_caller]
fn assert_explained(answer: &Answer, reader: For, case: &str) {
    assert!(!answer.header("x-request-id").is_empty(), "{case}: no request id");
    let kind = answer.header("content-type");
    match kind {
        "text/html; charset=utf-8" => {
            assert_eq!(reader, For::People, "{case}: a page for programs: {answer}");
            assert!(answer.text().contains("<h1>"), "{case}: {answer}");
        }
        "application/json" => {
            let body = answer.json();
            assert_eq!(reader, For::Clients, "{case}: {answer}");
            for member in ["error", "error_description"] {
                assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{case}: {answer}");
            }
            assert!(
                answer.header("www-authenticate").starts_with("Bearer "),
                "{case}: WWW-Authenticate: {answer}"
            );
        }
        "application/problem+json" => {
            let body = answer.json();
            assert_eq!(body["status"], answer.status.as_u16(), "{case}: {answer}");
            for member in ["title", "detail", "code", "request_id"] {
                assert!(
                    body[member].as_str().is_some_and(|text| !text.is_empty()),
                    "{case}: {member}: {answer}"
                );
            }
        }
        _ => panic!("{case}: says nothing that its reader understands ({kind:?}): {answer}"),
    }
}

/// An administrator with something in every list, in a company of its own.
async fn administrator(world: &World) -> (Person, Application) {
    let mut ada = world.sign_up("Acme").await;
    let app = ada.create_application("Target", CALLBACK, true, &[]).await;
    ada.api_key("Payroll").await;
    ada.invite("Carol").await;
    ada.tokens(&app).await;
    (ada, app)
}

/// Bodies that no form and no program sends, with their content types.
fn broken_bodies() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const FORM: &str = "application/x-www-form-urlencoded";
    const JSON: &str = "application/json";
    let part = |disposition: &str, value: &[u8]| {
        let head = format!("--x\r\nContent-Disposition: {disposition}\r\n\r\n");
        [head.as_bytes(), value, b"\r\n--x--\r\n"].concat()
    };
    vec![
        ("bytes that are no UTF-8", FORM, b"name=\xff\xfe&x=1".to_vec()),
        ("escapes that are no UTF-8", FORM, b"name=%ff%fe".to_vec()),
        ("a name that is no UTF-8", FORM, b"%c3%28=1".to_vec()),
        ("a NUL", FORM, b"name=a%00b".to_vec()),
        ("a bare NUL", FORM, b"name=a\0b".to_vec()),
        ("a form of 1 MiB", FORM, [b"name=", vec![b'a'; 1 << 20].as_slice()].concat()),
        ("a million separators", FORM, vec![b'&'; 1 << 20]),
        ("no JSON", JSON, b"{\"name\":".to_vec()),
        ("nothing, as JSON", JSON, Vec::new()),
        ("a JSON list", JSON, b"[1,2,3]".to_vec()),
        ("a JSON text", JSON, b"\"name\"".to_vec()),
        ("nested JSON", JSON, b"{\"name\":{\"a\":[1]}}".to_vec()),
        ("JSON that is deeply nested", JSON, vec![b'['; 60_000]),
        ("JSON that is no UTF-8", JSON, b"{\"name\":\"\xff\"}".to_vec()),
        ("a NUL in JSON", JSON, br#"{"name":"a\u0000b"}"#.to_vec()),
        ("half a surrogate", JSON, br#"{"name":"\ud800"}"#.to_vec()),
        ("JSON of 1 MiB", JSON, [b"{\"name\":\"", vec![b'a'; 1 << 20].as_slice(), b"\"}"].concat()),
        ("multipart without a boundary", "multipart/form-data", b"--x\r\n".to_vec()),
        ("multipart that is cut off", "multipart/form-data; boundary=x", b"--x\r\nContent-Disposi".to_vec()),
        (
            "multipart of another boundary",
            "multipart/form-data; boundary=y",
            part("form-data; name=\"a\"", b"1"),
        ),
        (
            "multipart that is no UTF-8",
            "multipart/form-data; boundary=x",
            part("form-data; name=\"a\"", b"\xff"),
        ),
        (
            "multipart of 1 MiB",
            "multipart/form-data; boundary=x",
            part("form-data; name=\"a\"", &vec![b'a'; 1 << 20]),
        ),
        ("an unknown type", "application/xml", b"<name/>".to_vec()),
        ("no type at all", "", b"name=x".to_vec()),
        ("a type that is none", ";;;,,,", b"name=x".to_vec()),
        ("a type that is no ASCII", "t\u{fc}xt", b"name=x".to_vec()),
        ("one long name", FORM, vec![b'a'; 8192]),
    ]
}

#[test]
fn broken_bodies_are_refused_everywhere() {
    World::each(async |world| {
        let (ada, _) = administrator(&world).await;
        let visitor = world.browser();
        let before = world.state().await;
        for (path, methods, reader) in ADDRESSES {
            for method in methods.iter().filter(|method| **method != "GET") {
                for (what, kind, body) in broken_bodies() {
                    for (who, browser) in [("a visitor", &visitor), ("an administrator", &ada.browser)] {
                        let case = format!("{what} to {method} {path} by {who} on {}", world.engine);
                        let answer = browser.call(method, path).body(kind, body.clone()).send().await;
                        if path == "/oauth/revoke" && answer.status == 200 {
                            // No token is no error (RFC 7009), and a body of another type says nothing.
                            assert_eq!(answer.text(), "{}", "{case}");
                            continue;
                        }
                        // Who must log in first is sent there.
                        let login = answer.status == 303 && answer.location().starts_with("/login");
                        if !login {
                            assert_refused(&answer, reader, &case);
                        }
                    }
                }
            }
        }
        world.assert_unchanged(&before, "broken bodies").await;
    });
}

#[test]
fn odd_query_strings_never_break_a_page() {
    World::each(async |world| {
        let (ada, app) = administrator(&world).await;
        let visitor = world.browser();
        let long = format!("x={}", "a".repeat(10_000));
        let many = "x=1&".repeat(2_000);
        let before = world.state().await;
        for (path, methods, reader) in ADDRESSES {
            let path = path.replace("applications/1", &format!("applications/{}", app.id));
            if !methods.contains(&"GET") {
                continue;
            }
            for query in [
                "%ff",
                "a=%00",
                "%00=1",
                "a=%c3%28",
                "=",
                "&&&",
                "a",
                "a=1&a=2",
                "%",
                "%zz",
                "+",
                "a[]=1&a[b]=2",
                "notice=%00",
                "notice=x",
                "id=-1",
                "id=99999999999999999999",
                "id=abc",
                "before=x",
                "before=-1",
                "before=9223372036854775808",
                "filter=%25_%27%22%5C",
                "filter=%00",
                "token=%00",
                "token=%ff",
                "return_to=%00",
                "return_to=%ff",
                "code=%00",
                "client_id=%00&redirect_uri=x&response_type=code",
                "access_token=%00",
                "access_token=x",
                "access_token=1&access_token=2",
                &long,
                &many,
            ] {
                for (who, browser) in [("a visitor", &visitor), ("an administrator", &ada.browser)] {
                    let case = format!("GET {path}?{} by {who}", query.chars().take(60).collect::<String>());
                    let answer = browser.call("GET", &format!("{path}?{query}")).send().await;
                    assert!(answer.status.as_u16() < 500, "{case} on {}: {answer}", world.engine);
                    if answer.status.is_client_error() {
                        assert_explained(&answer, reader, &case);
                    }
                }
            }
        }
        world.assert_unchanged(&before, "odd query strings").await;
    });
}

#[test]
fn a_wrong_method_is_refused_everywhere() {
    World::each(async |world| {
        let (ada, _) = administrator(&world).await;
        let before = world.state().await;
        for (path, methods, reader) in ADDRESSES {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
                if methods.contains(&method) {
                    continue;
                }
                let case = format!("{method} {path} on {}", world.engine);
                let answer = ada.browser.call(method, path).send().await;
                assert!([404, 405].contains(&answer.status.as_u16()), "{case}: {answer}");
                // Programs do not ask for pages.
                let answer = world.call(method, path).header("accept", "application/json").send().await;
                assert!([404, 405].contains(&answer.status.as_u16()), "{case}: {answer}");
                assert_explained(&answer, if reader == For::People { For::Programs } else { reader }, &case);
            }
        }
        world.assert_unchanged(&before, "wrong methods").await;
    });
}

#[test]
fn odd_paths_lead_nowhere() {
    World::each(async |world| {
        let (mut ada, _) = administrator(&world).await;
        let before = world.state().await;
        let long = format!("/{}", "a".repeat(10_000));
        let deep = "/a".repeat(2_000);
        for path in [
            "//",
            "///",
            "//evil.example/",
            "/./",
            "/../",
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/%00",
            "/%ff",
            "/%c3%28",
            "/%",
            "/%zz",
            "/nothing",
            "/nothing/",
            "/home/../settings",
            "/home;x",
            "/HOME",
            "/api",
            "/api/",
            "/api/v3/me",
            "/api/v1/me/1",
            "/api/%ff/resources/api_public/credentials",
            "/api/%00/resources/api_public/credentials",
            "/api/2026-13-45/resources/api_public",
            "/api/v1/resources/api_public/credentials",
            "/docs/nothing",
            "/docs/%00",
            "/docs/%ff",
            "/docs/..%2f..%2f",
            "/assets/",
            "/assets/../Cargo.toml",
            "/assets/%2e%2e/Cargo.toml",
            "/oauth",
            "/oauth/",
            "/oauth/tokens",
            "/.well-known/",
            "/.env",
            "/.git/config",
            "/settings",
            "/oauth/applications.json",
            &long,
            &deep,
        ] {
            for (who, answer) in [
                ("a person", ada.browser.get(path).await),
                ("a program", world.get(path).header("accept", "application/json").send().await),
            ] {
                let case =
                    format!("{} by {who} on {}", path.chars().take(60).collect::<String>(), world.engine);
                let people = who == "a person" && !path.starts_with("/api") || path.starts_with("/docs/");
                let reader = if people { For::People } else { For::Programs };
                // A program that asks for a page without logging in is sent to log in, like anybody.
                if answer.status != 303 {
                    assert_refused(&answer, reader, &case);
                    // What has the form of an address asks who is there first.
                    let known = if path.ends_with("/credentials") { 401 } else { 404 };
                    assert!([400, 404, known].contains(&answer.status.as_u16()), "{case}: {answer}");
                }
            }
        }
        world.assert_unchanged(&before, "odd paths").await;
    });
}

#[test]
fn numbers_that_are_none_name_nothing() {
    World::each(async |world| {
        let (mut ada, _) = administrator(&world).await;
        let csrf = ada.browser.csrf().await;
        let before = world.state().await;
        let delete = [("_method", "delete")];
        for id in [
            "-1",
            "0",
            "999999",
            "9223372036854775807",
            "9223372036854775808",
            "9999999999999999999",
            "abc",
            "1e3",
            "1.0",
            "0x1",
            "%00",
            "%ff",
            "%20",
            "1%20",
            "%EF%BC%91",
            "null",
            "1,2",
            "*",
            "%27%20OR%201=1--",
        ] {
            for (method, path, fields) in [
                ("GET", format!("/oauth/applications/{id}"), &[][..]),
                ("GET", format!("/oauth/applications/{id}/edit"), &[]),
                ("POST", format!("/oauth/applications/{id}"), &delete),
                ("POST", format!("/oauth/applications/{id}/secrets"), &[]),
                ("POST", format!("/oauth/applications/{id}/secrets/1"), &delete),
                ("POST", format!("/oauth/applications/1/secrets/{id}"), &delete),
                ("POST", format!("/oauth/authorized_applications/{id}"), &delete),
                ("POST", format!("/settings/users/{id}/resend"), &[]),
                ("POST", format!("/settings/users/{id}/administrator"), &[("value", "make")]),
                ("POST", format!("/settings/api-keys/{id}"), &delete),
                ("POST", format!("/account/sessions/{id}/revoke"), &[]),
            ] {
                let case = format!("{method} {path} on {}", world.engine);
                let call = ada.browser.call(method, &path);
                let call = match method {
                    "GET" => call,
                    _ => call.form(&[&[("_csrf", csrf.as_str())], fields].concat()),
                };
                let answer = call.send().await;
                assert!([400, 404].contains(&answer.status.as_u16()), "{case}: {answer}");
                assert_refused(&answer, For::People, &case);
            }
            let answer = ada.browser.post("/companies/switch", &[("company_id", id)]).await;
            assert_eq!(answer.status, 404, "switch to {id}: {answer}");
        }
        world.assert_unchanged(&before, "numbers").await;
    });
}

#[test]
fn every_field_of_every_form_is_checked() {
    World::each(async |world| {
        let (mut ada, app) = administrator(&world).await;
        let edit = format!("/oauth/applications/{}", app.id);
        let long = "a".repeat(10_000);
        let password = ("password", PASSWORD);
        let login = [("email", "eve@people.example"), password];
        let company = [("company_name", "Evil"), ("first_name", "E"), ("last_name", "F")];
        let person = [("first_name", "E"), ("last_name", "F"), ("email", "eve@people.example")];
        let application = [
            ("application[name]", "Good"),
            ("application[redirect_uri]", OOB),
            ("application[access_token_lifetime]", "60"),
            ("application[refresh_token_lifetime]", "60"),
        ];
        let update = [&[("_method", "put")], &application[..]].concat();
        let bad_person: Vec<(&str, Vec<&str>)> = vec![
            ("first_name", vec!["", "  ", "a\nb", "a\tb\u{7}", "\u{202e}abc", &long]),
            ("last_name", vec!["", "\u{0085}", &long]),
            (
                "email",
                vec![
                    "",
                    "eve",
                    "@",
                    "a@",
                    "@b",
                    "a@@b",
                    "a b@c.example",
                    "<a@b.example>",
                    "a@b.example\r\nBcc: x@y.z",
                    &long,
                ],
            ),
        ];
        let bad_application: Vec<(&str, Vec<&str>)> = vec![
            ("application[name]", vec!["", "  ", "a\nb", &long]),
            (
                "application[redirect_uri]",
                vec![
                    "",
                    "callback",
                    "//evil.example",
                    "http://evil.example/",
                    "https://a.example/#x",
                    "javascript:alert(1)",
                    "https://user:pw@a.example/",
                    "https://*.a.example/",
                    "https:a.example",
                    "https://a.example/ü",
                    "https://",
                    "data:text/html,x",
                    "urn:x",
                    "file:///etc/passwd",
                    "https://a.example/\u{7}",
                    &long,
                ],
            ),
            (
                "application[access_token_lifetime]",
                vec!["0", "-1", "59", "abc", "1e9", "99999999999999999999", "120"],
            ),
            ("application[refresh_token_lifetime]", vec!["0", "59", "31536001", "١٢٠"]),
            ("application[scopes][]", vec!["nonsense", "read,write", "employees payroll x", &long]),
        ];
        let bad_company: Vec<(&str, Vec<&str>)> = vec![("company_name", vec!["", " ", "a\nb", &long])];
        let weak = [
            "",
            "short",
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "eve@people.example",
            &long,
        ];
        let bad_password = vec![("password", weak.to_vec())];
        let sign_up = [&company[..], &login].concat();
        let sign_up_bad = [bad_company, bad_person.clone(), bad_password].concat();
        let visitor = world.browser();
        type Case<'a> = (&'a str, bool, Vec<(&'a str, &'a str)>, Vec<(&'a str, Vec<&'a str>)>);
        let cases: Vec<Case<'_>> = vec![
            ("/signup", false, sign_up, sign_up_bad),
            ("/settings/users/invite", true, person.to_vec(), bad_person),
            ("/oauth/applications", true, application.to_vec(), bad_application.clone()),
            (&edit, true, update, bad_application),
            (
                "/settings/api-keys",
                true,
                vec![("name", "Good")],
                vec![("name", vec!["", " ", "a\nb", &long])],
            ),
            (
                "/settings/company",
                true,
                vec![("name", "Good"), ("legal_name", ""), ("tin", "")],
                vec![
                    ("name", vec!["", &long]),
                    ("legal_name", vec!["a\nb", &long]),
                    ("tin", vec!["\u{202e}", &long]),
                ],
            ),
            (
                "/sandbox",
                false,
                vec![("company_name", "Good")],
                vec![("company_name", vec!["", " ", "a\nb", &long])],
            ),
            (
                "/sandbox/clock",
                false,
                vec![("advance", "1h")],
                vec![(
                    "advance",
                    vec!["", "x", "-1h", "1", "h", "0s", "1.5h", "99999999999999999999d", "4000d", &long],
                )],
            ),
            (
                "/account/password",
                true,
                vec![("current_password", PASSWORD), ("password", "copper lantern eleven moths")],
                vec![("password", vec!["", "short", "passwordpassword", &long])],
            ),
            (
                "/login",
                false,
                vec![("email", "nobody@people.example"), password],
                vec![("email", vec!["", "x", "a\nb", &long]), ("password", vec!["", &long])],
            ),
        ];
        let before = world.state().await;
        for (path, administrator, good, bad) in &cases {
            for (field, values) in bad {
                for value in values {
                    // From a fresh address, so that nobody is stopped from guessing.
                    let mut browser = if *administrator { ada.browser.clone() } else { visitor.another() };
                    let mut fields: Vec<_> = good.iter().copied().filter(|(name, _)| name != field).collect();
                    fields.push((field, value));
                    let answer = browser.post(path, &fields).await;
                    let shown: String = value.chars().take(40).collect();
                    let case = format!("{path}: {field} = {shown:?} on {}", world.engine);
                    assert!([401, 422].contains(&answer.status.as_u16()), "{case}: {answer}");
                    assert_refused(&answer, For::People, &case);
                }
            }
            // Missing, and there twice.
            for (field, value) in good.iter().filter(|(name, _)| bad.iter().any(|(field, _)| field == name)) {
                let optional = field.ends_with("lifetime]") || ["legal_name", "tin"].contains(field);
                let missing: Vec<_> = good.iter().copied().filter(|(name, _)| name != field).collect();
                let twice = [&good[..], &[(*field, *value)]].concat();
                let other = [&[(*field, "Other")], &good[..]].concat();
                for (how, fields) in [("missing", missing), ("twice", twice), ("twice, different", other)] {
                    if how == "missing" && optional {
                        continue;
                    }
                    let mut browser = if *administrator { ada.browser.clone() } else { visitor.another() };
                    let answer = browser.post(path, &fields).await;
                    assert_refused(
                        &answer,
                        For::People,
                        &format!("{path}: {field} {how} on {}", world.engine),
                    );
                }
            }
        }
        world.assert_unchanged(&before, "fields").await;
        // What is left out of the cases is good.
        for (path, administrator, good, _) in cases.iter().filter(|(path, ..)| *path != "/login") {
            let browser = if *administrator { &mut ada.browser } else { &mut visitor.another() };
            let answer = browser.post(path, good).await;
            assert!(answer.status.as_u16() < 400, "{path} with good fields: {answer}");
        }
    });
}

#[test]
fn the_token_endpoints_say_what_is_wrong() {
    World::each(async |world| {
        let (mut ada, app) = administrator(&world).await;
        let tokens = ada.tokens(&app).await;
        let code = ada.authorize(&app).await;
        let secret = app.client_secret.clone().unwrap();
        let long = "a".repeat(10_000);
        let exchange = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", app.redirect_uri.as_str()),
            ("client_id", app.client_id.as_str()),
            ("client_secret", secret.as_str()),
        ];
        let refresh = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.refresh.as_str()),
            ("client_id", app.client_id.as_str()),
            ("client_secret", secret.as_str()),
        ];
        let with =
            |good: &[(&'static str, &str)], name: &'static str, value: &str| -> Vec<(&'static str, String)> {
                let others = good.iter().filter(|(other, _)| *other != name);
                others.map(|(a, b)| (*a, (*b).to_owned())).chain([(name, value.to_owned())]).collect()
            };
        let before = world.state().await;
        for (good, name, value, status, error) in [
            (&exchange, "grant_type", "", 400, "invalid_request"),
            (&exchange, "grant_type", "password", 400, "unsupported_grant_type"),
            (&exchange, "grant_type", "client_credentials", 400, "unsupported_grant_type"),
            (&exchange, "grant_type", "authorization_code ", 400, "unsupported_grant_type"),
            (&exchange, "grant_type", long.as_str(), 400, "unsupported_grant_type"),
            (&exchange, "code", "", 400, "invalid_request"),
            (&exchange, "code", "x", 400, "invalid_grant"),
            (&exchange, "code", &long, 400, "invalid_grant"),
            (&exchange, "code", "ü\u{1F511}", 400, "invalid_grant"),
            (&exchange, "redirect_uri", "", 400, "invalid_request"),
            (&exchange, "redirect_uri", "x", 400, "invalid_grant"),
            (&exchange, "redirect_uri", &long, 400, "invalid_grant"),
            (&exchange, "client_id", "", 401, "invalid_client"),
            (&exchange, "client_id", "x", 401, "invalid_client"),
            (&exchange, "client_id", &long, 401, "invalid_client"),
            (&exchange, "client_secret", "", 401, "invalid_client"),
            (&exchange, "client_secret", "x", 401, "invalid_client"),
            (&exchange, "client_secret", &long, 401, "invalid_client"),
            (&exchange, "code_verifier", "x", 400, "invalid_grant"),
            (&refresh, "refresh_token", "", 400, "invalid_request"),
            (&refresh, "refresh_token", "x", 400, "invalid_grant"),
            (&refresh, "refresh_token", &long, 400, "invalid_grant"),
            (&refresh, "refresh_token", &tokens.access, 400, "invalid_grant"),
            (&refresh, "client_secret", "x", 401, "invalid_client"),
            (&refresh, "client_id", "", 400, "invalid_grant"),
            (&refresh, "scope", "nonsense", 400, "invalid_scope"),
            (&refresh, "scope", &long, 400, "invalid_scope"),
        ] {
            let shown: String = value.chars().take(30).collect();
            let case = format!("{}: {name} = {shown:?} on {}", good[0].1, world.engine);
            let fields = with(good, name, value);
            let fields: Vec<_> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            let answer = world.post("/oauth/token").form(&fields).send().await;
            assert_refused(&answer, For::Clients, &case);
            assert_eq!(
                (answer.status.as_u16(), answer.json()["error"].as_str()),
                (status, Some(error)),
                "{case}: {answer}"
            );
            assert_eq!(answer.header("cache-control"), "no-store", "{case}");
        }
        // There twice: in the body, in the query, or in one each.
        for good in [&exchange, &refresh] {
            for (name, value) in good {
                let twice = [&good[..], &[(*name, *value)]].concat();
                let query = encoded([(*name, *value)]);
                for (how, call) in [
                    ("in the body", world.post("/oauth/token").form(&twice)),
                    ("in the query", world.post(&format!("/oauth/token?{}", encoded(twice.iter().copied())))),
                    ("in both", world.post(&format!("/oauth/token?{query}")).form(good)),
                ] {
                    let case = format!("{name} twice {how} on {}", world.engine);
                    let answer = call.send().await;
                    assert_refused(&answer, For::Clients, &case);
                    assert_eq!(answer.json()["error"], "invalid_request", "{case}: {answer}");
                    assert!(answer.text().contains(name), "{case}: does not name it: {answer}");
                }
            }
        }
        world.assert_unchanged(&before, "the token endpoint").await;
        world.post("/oauth/token").form(&exchange).send().await.expect(200);
        world.post("/oauth/token").form(&refresh).send().await.expect(200);
    });
}

#[test]
fn odd_headers_are_credentials_that_are_wrong() {
    World::each(async |world| {
        let (mut ada, app) = administrator(&world).await;
        let code = ada.authorize(&app).await;
        let fields =
            [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
        let before = world.state().await;
        let long = format!("Basic {}", "YTpi".repeat(2_000));
        for (case, value) in [
            ("bad base64", "Basic !!!"),
            ("nothing", "Basic"),
            ("empty", "Basic "),
            ("no colon", "Basic YWJj"),
            ("no UTF-8", "Basic //4="),
            ("a bad escape", "Basic JWZmOiVmZg=="),
            ("a NUL", "Basic JTAwOiUwMA=="),
            ("non-ASCII", "Basic \u{fc}"),
            ("long", &long),
        ] {
            let answer = world.post("/oauth/token").header("authorization", value).form(&fields).send().await;
            assert_refused(&answer, For::Clients, case);
            assert_eq!(answer.json()["error"], "invalid_client", "{case} on {}: {answer}", world.engine);
            assert_eq!(answer.status, 401, "{case}: {answer}");
        }
        let bearer = format!("Bearer {}", "a".repeat(20_000));
        for (name, value) in [
            ("authorization", "Bearer"),
            ("authorization", "Bearer "),
            ("authorization", "Bearer \u{fc}"),
            ("authorization", "\u{fc}"),
            ("authorization", ""),
            ("authorization", &bearer),
            ("authentication", "Bearer \u{fc}"),
            ("x-api-key", ""),
            ("x-api-key", "\u{fc}"),
            ("x-api-key", "a b"),
        ] {
            for path in ["/api/v1/me", "/api/2026-10-01/resources/api_public/credentials"] {
                let shown: String = value.chars().take(30).collect();
                let case = format!("{name}: {shown:?} to {path} on {}", world.engine);
                let answer = world.get(path).header(name, value).send().await;
                assert_refused(&answer, For::Programs, &case);
                assert_eq!(answer.status, 401, "{case}: {answer}");
                assert!(answer.header("www-authenticate").starts_with("Bearer "), "{case}");
            }
        }
        for (name, value) in [
            ("cookie", "muster_session=\u{fc}"),
            ("cookie", "muster_session"),
            ("cookie", "=;=;;"),
            ("cookie", &"a=b; ".repeat(3_000)),
            ("cookie", &format!("muster_session={}", "a".repeat(20_000))),
            ("cookie", &format!("muster_visit={}", "\"".repeat(64))),
            ("cookie", &format!("muster_device={}", "a".repeat(20_000))),
            ("user-agent", "\u{fc}"),
            ("user-agent", &"a".repeat(20_000)),
            ("accept", "\u{fc}, */*"),
            ("sec-fetch-site", "\u{fc}"),
            ("host", "\u{fc}"),
            ("content-type", "\u{fc}"),
            ("content-length", "abc"),
            ("expect", "nonsense"),
            ("range", "bytes=0-"),
        ] {
            for path in ["/", "/login", "/docs", "/sandbox/mails"] {
                let answer = world.get(path).header(name, value).send().await;
                let shown: String = value.chars().take(30).collect();
                assert_eq!(answer.status, 200, "{name}: {shown:?} to {path}: {answer}");
            }
        }
        world.assert_unchanged(&before, "odd headers").await;
    });
}

#[test]
fn json_for_programs_names_the_bad_field() {
    World::each(async |world| {
        let before = world.state().await;
        for (path, field, bodies) in [
            ("/sandbox", "company_name", vec!["{}", r#"{"company_name":""}"#, r#"{"company_name":null}"#]),
            (
                "/sandbox/clock",
                "advance",
                vec!["{}", r#"{"advance":"x"}"#, r#"{"advance":3}"#, r#"{"advance":true}"#],
            ),
        ] {
            for body in bodies {
                let case = format!("{path} {body} on {}", world.engine);
                let answer = world.post(path).body("application/json", body).send().await.expect(422);
                assert_refused(&answer, For::Programs, &case);
                let problem = answer.json();
                assert!(problem["errors"][field].is_array(), "{case}: {problem}");
                assert_eq!(problem["problems"][0]["field"], field, "{case}: {problem}");
            }
        }
        world.assert_unchanged(&before, "JSON").await;
    });
}

proptest::prop_compose! {
    /// A path: an address that exists, changed, or nothing of the kind.
    fn path()(
        at in 0..ADDRESSES.len(),
        id in prop_oneof![Just("1".to_owned()), "[0-9a-z%.-]{0,20}"],
        tail in prop_oneof![4 => Just(String::new()), 1 => "/[ -~]{0,20}"],
        query in prop_oneof![Just(String::new()), "[?][ -~]{0,60}", "[?](id|token|code|scope|state|notice)=(%[0-9a-f]{2}|[a-z]){0,20}"],
    ) -> String {
        format!("{}{tail}{query}", ADDRESSES[at].0.replace('1', &id))
    }
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(vec!["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS"]).prop_map(str::to_owned),
        1 => "[A-Z]{1,10}",
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = proptest::sample::select(vec![
        "accept",
        "authorization",
        "authentication",
        "x-api-key",
        "cookie",
        "content-type",
        "host",
        "origin",
        "sec-fetch-site",
        "x-forwarded-for",
        "if-none-match",
        "user-agent",
        "content-length",
        "transfer-encoding",
    ]);
    let value = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "(Bearer|Basic|basic) [ -~]{0,40}".prop_map(String::into_bytes),
        "muster_(session|visit|device)=[ -~]{0,80}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/html",
            "cross-site",
            "same-origin",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec((name.prop_map(str::to_owned), value), 0..5)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        proptest::collection::vec(any::<u8>(), 0..200),
        "((grant_type|code|client_id|client_secret|redirect_uri|token|email|password|_csrf|_method)=([ -~]{0,20})&){0,6}"
            .prop_map(String::into_bytes),
        r#"\{("(grant_type|code|company_name|advance)":("[ -~]{0,10}"|[0-9]{1,30}|null|\[\])){0,1}\}"#
            .prop_map(String::into_bytes),
        "--x\r\nContent-Disposition: form-data; name=\"[a-z]{1,9}\"\r\n\r\n[ -~]{0,20}\r\n--x--\r\n"
            .prop_map(String::into_bytes),
    ]
}

#[test]
fn no_request_whatsoever_breaks_the_server() {
    World::on_sqlite(async |world| {
        let (ada, _) = administrator(&world).await;
        let cookie = format!("muster_session={}", ada.browser.cookies["muster_session"]);
        let handle = tokio::runtime::Handle::current();
        let searched = world.clone();
        let search = tokio::task::spawn_blocking(move || {
            let runs = Runs { cases: 1500, failure_persistence: None, ..Runs::default() };
            let inputs = (method(), path(), headers(), body(), any::<bool>());
            let found = TestRunner::new(runs).run(&inputs, |(method, path, headers, body, logged_in)| {
                // What is no URI never gets past the server's parser.
                let Ok(uri) = format!("{BASE}{path}").parse::<http::Uri>() else {
                    return Ok(());
                };
                let uri = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
                let mut request = Request::new(Body::from(body));
                *request.uri_mut() = uri.parse().expect("a path");
                *request.method_mut() = Method::from_bytes(method.as_bytes()).expect("a method");
                request
                    .extensions_mut()
                    .insert(ConnectInfo(std::net::SocketAddr::new(searched.address(), 1)));
                for (name, value) in headers {
                    if let Ok(value) = HeaderValue::from_bytes(&value) {
                        request.headers_mut().append(name.parse::<HeaderName>().expect("a name"), value);
                    }
                }
                if logged_in {
                    request.headers_mut().insert("cookie", cookie.parse().expect("a cookie"));
                }
                let answer = handle.block_on(searched.send(request));
                prop_assert!(answer.status.as_u16() < 500, "{}", answer);
                prop_assert!(!answer.header("x-request-id").is_empty(), "{}", answer);
                prop_assert_eq!(answer.header("x-content-type-options"), "nosniff");
                Ok(())
            });
            found.map_err(|error| error.to_string())
        });
        search.await.expect("a search").unwrap_or_else(|error| panic!("{error}"));
        world.get("/health").send().await.expect(200);
    });
}
