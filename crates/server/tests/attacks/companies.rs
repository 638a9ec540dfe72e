//! One company never reaches another, and who is no administrator never reaches what is theirs.

use crate::support::{Answer, Application, CALLBACK, HOUR, Person, Tokens, World, html};

/// Number of the first API key, secret, user … in the forms of a page whose action is `prefix` and a number.
fn numbers(page: &Answer, prefix: &str) -> Vec<String> {
    let actions = page.forms().into_iter().map(|form| form.action);
    actions.filter_map(|action| Some(action.strip_prefix(prefix)?.split('/').next()?.to_owned())).collect()
}

/// Everything of a company that has a number.
struct Belongings {
    application: Application,
    secret: String,
    member: String,
    invited: String,
    key: String,
    session: String,
}

async fn belongings(owner: &mut Person) -> Belongings {
    let application = owner.create_application("Crown jewels", CALLBACK, true, &[]).await;
    let page = owner.browser.get(&format!("/oauth/applications/{}", application.id)).await.expect(200);
    let secret = numbers(&page, &format!("/oauth/applications/{}/secrets/", application.id)).remove(0);
    owner.employ("Bob").await;
    owner.invite("Carol").await;
    owner.api_key("Crown key").await;
    let users = owner.browser.get("/settings/users").await.expect(200);
    let members = numbers(&users, "/settings/users/");
    let of = |what: &str| {
        let form = users.forms().into_iter().find(|form| form.action.ends_with(what)).expect("a form");
        form.action.split('/').nth(3).expect("a number").to_owned()
    };
    let key = numbers(&owner.browser.get("/settings/api-keys").await, "/settings/api-keys/").remove(0);
    owner.another_session().await;
    let session = numbers(&owner.browser.get("/account/security").await, "/account/sessions/");
    let session = session.into_iter().find(|id| id.parse::<i64>().is_ok()).expect("another session");
    let member = members.into_iter().find(|id| *id != of("/resend")).expect("somebody who accepted");
    Belongings { application, secret, member, invited: of("/resend"), key, session }
}

impl Person {
    async fn another_session(&self) {
        let mut other = self.browser.another();
        other.log_in(&self.email, crate::support::PASSWORD).await.expect(303);
    }
}

/// Method, address, fields.
type Request = (&'static str, String, Vec<(&'static str, &'static str)>);

impl Belongings {
    /// Every address with a number in it.
    fn addresses(&self) -> Vec<Request> {
        let Self { application, secret, member, invited, key, session } = self;
        let app = format!("/oauth/applications/{}", application.id);
        let rename = vec![
            ("_method", "put"),
            ("application[name]", "Stolen"),
            ("application[redirect_uri]", "https://evil.example/"),
        ];
        vec![
            ("GET", app.clone(), vec![]),
            ("GET", format!("{app}/edit"), vec![]),
            ("POST", app.clone(), rename.clone()),
            ("POST", app.clone(), vec![("_method", "patch"), ("application[name]", "Stolen")]),
            ("POST", app.clone(), vec![("_method", "delete")]),
            ("POST", format!("{app}/secrets"), vec![]),
            ("POST", format!("{app}/secrets/{secret}"), vec![("_method", "delete")]),
            ("POST", format!("/settings/users/{invited}/resend"), vec![]),
            ("POST", format!("/settings/users/{member}/administrator"), vec![("value", "make")]),
            ("POST", format!("/settings/users/{member}/administrator"), vec![("value", "unmake")]),
            ("POST", format!("/settings/api-keys/{key}"), vec![("_method", "delete")]),
            ("POST", format!("/account/sessions/{session}/revoke"), vec![]),
            (
                "POST",
                format!("/oauth/authorized_applications/{}", application.id),
                vec![("_method", "delete")],
            ),
            (
                "POST",
                format!("/oauth/authorized_applications/{}", application.id),
                vec![("_method", "delete"), ("owner", "company")],
            ),
        ]
    }
}

#[test]
fn what_belongs_to_another_company_does_not_exist() {
    World::each(async |world| {
        let mut ada = world.sign_up("Quokka").await;
        let own = belongings(&mut ada).await;
        let tokens = ada.tokens(&own.application).await;
        let mut eve = world.sign_up("Evil").await;
        let csrf = eve.browser.csrf().await;
        let before = world.state().await;
        for (method, path, fields) in own.addresses() {
            let case = format!("{method} {path} {fields:?} on {}", world.engine);
            let call = eve.browser.call(method, &path);
            let call = match method {
                "GET" => call,
                _ => call.form(&[&[("_csrf", csrf.as_str())], &fields[..]].concat()),
            };
            let answer = call.send().await;
            assert_eq!(answer.status, 404, "{case}: {answer}");
            for secret in ["Crown", "Bob", "Carol", "Quokka"] {
                assert!(!answer.text().contains(secret), "{case} tells of {secret}: {answer}");
            }
        }
        // The company itself.
        let switch = eve.browser.post("/companies/switch", &[("company_id", "1")]).await;
        assert_eq!(switch.status, 404, "{switch}");
        // Its application serves its own people only.
        let asked = eve.browser.get(&own.application.authorize_path(&[])).await.expect(401);
        assert!(!asked.text().contains("Crown"), "{asked}");
        let consent = {
            let app = eve.application().await;
            eve.browser.get(&app.authorize_path(&[])).await.expect(200).form("/oauth/authorize")
        };
        let forged = consent
            .forge("client_id", &own.application.client_id)
            .forge("redirect_uri", &own.application.redirect_uri);
        eve.browser.submit(&forged).await.expect(401);
        let mine = eve.application().await;
        mine.refresh(&world, &tokens.refresh).await.expect_error(400, "invalid_grant");
        mine.revoke(&world, &tokens.access).await.expect_error(403, "unauthorized_client");
        assert!(world.works(&tokens.access).await);

        // Nor do lists, logs or tokens of one company tell of the other.
        let of_eve = eve.tokens(&mine).await.access;
        let me = world.me(&of_eve).await.expect(200).text();
        assert!(me.contains("Evil") && !me.contains("Quokka"), "{me}");
        for path in [
            "/home",
            "/oauth/applications",
            "/oauth/authorized_applications",
            "/settings/users",
            "/settings/api-keys",
            "/settings/audit-log",
            "/settings/company",
            "/account/security",
            "/docs",
        ] {
            let page = eve.browser.get(path).await.expect(200).text();
            for of_the_other in ["Quokka", "Crown", "Carol", own.application.client_id.as_str()] {
                assert!(!page.contains(of_the_other), "{path} tells of {of_the_other}");
            }
        }
        let now = world.state().await;
        assert!(before.difference(&now).all(|row| !row.contains("Crown")), "nothing of the company changed");
        for (method, path, fields) in own.addresses() {
            if method == "GET" {
                assert_eq!(
                    ada.browser.get(&path).await.status,
                    200,
                    "{path} {fields:?} is there for its owner"
                );
            }
        }
    });
}

#[test]
fn who_is_no_administrator_is_refused() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let own = belongings(&mut ada).await;
        let mut bob = ada.employ("Robert").await;
        let csrf = bob.browser.csrf().await;
        let before = world.state().await;
        let app = [("application[name]", "Mine"), ("application[redirect_uri]", CALLBACK)];
        let person = [("first_name", "E"), ("last_name", "F"), ("email", "eve@people.example")];
        let fixed = [
            ("GET", "/oauth/applications", vec![]),
            ("GET", "/oauth/applications/new", vec![]),
            ("GET", "/settings/company", vec![]),
            ("GET", "/settings/users", vec![]),
            ("GET", "/settings/audit-log", vec![]),
            ("GET", "/settings/audit-log?filter=x&before=9", vec![]),
            ("GET", "/settings/api-keys", vec![]),
            ("POST", "/oauth/applications", app.to_vec()),
            ("POST", "/settings/company", vec![("name", "Mine")]),
            ("POST", "/settings/users/invite", person.to_vec()),
            ("POST", "/settings/api-keys", vec![("name", "Mine")]),
        ];
        let fixed = fixed.into_iter().map(|(method, path, fields)| (method, path.to_owned(), fields));
        // His own sessions and grants are his own affair; of somebody else's there are none.
        let of_his_own =
            |path: &str| path.contains("/sessions/") || path.contains("/authorized_applications/");
        for (method, path, fields) in fixed.chain(own.addresses()) {
            let call = bob.browser.call(method, &path);
            let call = match method {
                "GET" => call,
                _ => call.form(&[&[("_csrf", csrf.as_str())], &fields[..]].concat()),
            };
            let answer = call.send().await;
            let company = fields.contains(&("owner", "company"));
            let expected = if of_his_own(&path) && !company { 404 } else { 403 };
            assert_eq!(answer.status, expected, "{method} {path} {fields:?} on {}: {answer}", world.engine);
            assert!(!answer.text().contains("Crown"), "{method} {path}: {answer}");
        }
        world.assert_unchanged(&before, "an employee").await;
        // His pages do not lead there, either.
        for (path, page) in bob.browser.crawl(&["/home"]).await {
            for link in html::links(&page.text()) {
                // The documentation is written for everybody.
                let administrative = link.starts_with("/settings") || link.starts_with("/oauth/applications");
                assert!(!administrative || path.starts_with("/docs"), "{path} leads to {link}");
            }
        }
    });
}

#[test]
fn a_visitor_is_sent_to_log_in_and_changes_nothing() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let own = belongings(&mut ada).await;
        let mut visitor = world.browser();
        let csrf = visitor.csrf().await;
        let before = world.state().await;
        for (method, path, fields) in own.addresses() {
            let call = visitor.call(method, &path);
            let call = match method {
                "GET" => call,
                _ => call.form(&[&[("_csrf", csrf.as_str())], &fields[..]].concat()),
            };
            let answer = call.send().await;
            assert_eq!(answer.status, 303, "{method} {path}: {answer}");
            assert!(answer.location().starts_with("/login?return_to="), "{method} {path}: {answer}");
        }
        world.assert_unchanged(&before, "a visitor").await;
    });
}

#[test]
fn a_company_is_never_without_an_administrator() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let mut bob = ada.employ("Bob").await;
        let users = ada.browser.get("/settings/users").await.expect(200);
        let forms: Vec<_> =
            users.forms().into_iter().filter(|form| form.action.ends_with("/administrator")).collect();
        // There is a form for Bob only: the page does not offer to remove the last administrator.
        assert_eq!(forms.len(), 1, "{users}");
        let of_bob = forms[0].action.clone();
        let of_ada = {
            let me = ada.application().await;
            let token = ada.tokens(&me).await.access;
            let id = world.me(&token).await.expect(200).json()["id"].clone();
            format!("/settings/users/{id}/administrator")
        };
        let unmake = [("value", "unmake")];
        let last = ada.browser.post(&of_ada, &unmake).await;
        last.expect_to("/settings/users?notice=last_administrator");
        ada.browser.get("/settings/users").await.expect(200);

        // Somebody who has not accepted cannot be one.
        ada.invite("Carol").await;
        let users = ada.browser.get("/settings/users").await.expect(200);
        let of_carol =
            users.forms().into_iter().find(|form| form.action.ends_with("/resend")).expect("an invitation");
        let of_carol = of_carol.action.replace("/resend", "/administrator");
        let refused = ada.browser.post(&of_carol, &[("value", "make")]).await;
        refused.expect_to("/settings/users?notice=not_accepted");

        // With two, one can go; it works at the next request, on pages and for tokens.
        ada.browser
            .post(&of_bob, &[("value", "make")])
            .await
            .expect_to("/settings/users?notice=administrator");
        bob.browser.get("/settings/users").await.expect(200);
        let app = bob.application().await;
        let token = ada.tokens(&app).await.access;
        assert_eq!(world.me(&token).await.expect(200).json()["role"], "admin");
        bob.browser.post(&of_ada, &unmake).await.expect_to("/settings/users?notice=administrator");
        ada.browser.get("/settings/users").await.expect(403);
        assert_eq!(world.me(&token).await.expect(200).json()["role"], "basic", "on {}", world.engine);

        // Two who unmake each other at once leave one.
        for round in 0..5 {
            // Whoever is one makes both of them one.
            for browser in [&mut ada.browser, &mut bob.browser] {
                for person in [&of_ada, &of_bob] {
                    browser.post(person, &[("value", "make")]).await;
                }
            }
            let (mut a, mut b) = (ada.browser.clone(), bob.browser.clone());
            let (to_bob, to_ada) = (of_bob.clone(), of_ada.clone());
            let first = tokio::spawn(async move { a.post(&to_bob, &unmake).await });
            let second = tokio::spawn(async move { b.post(&to_ada, &unmake).await });
            let (first, second) = (first.await.unwrap(), second.await.unwrap());
            let mut left = 0;
            for browser in [&mut ada.browser, &mut bob.browser] {
                left += usize::from(browser.get("/settings/users").await.status == 200);
            }
            assert_eq!(left, 1, "round {round} on {}: {first} {second}", world.engine);
        }
    });
}

#[test]
fn a_person_of_two_companies_switches_between_them() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let mut eve = world.sign_up("Other").await;
        // Eve invites Ada, who keeps her password.
        let fields = [("first_name", "Ada"), ("last_name", "L"), ("email", ada.email.as_str())];
        eve.browser.fill("/settings/users", "/settings/users/invite", &fields).await.expect(303);
        let link = world.mailed_link(&ada.email).await.unwrap();
        let page = ada.browser.get(&link).await.expect(200);
        let form = page.form("/invitations/accept");
        assert!(!form.has("password"), "the link must not set a password that is there: {page}");
        // Not even when it is forged.
        let forged = form.clone().forge("password", "a password of the attacker 77");
        ada.browser.submit(&forged).await;
        let mut browser = world.browser();
        browser.log_in(&ada.email, "a password of the attacker 77").await.expect(401);

        let home = ada.browser.get("/home").await.expect(200);
        let switch = home.form("/companies/switch");
        assert_eq!(switch.buttons.len(), 2, "{home}");
        for name in ["Other", "Acme"] {
            let text = ada.browser.get("/home").await.expect(200).text();
            let at = switch.buttons.iter().position(|(_, id)| {
                let button = format!("value=\"{id}\"");
                let rest = text.split(&button).nth(1).unwrap_or_default();
                rest.split("</button>").next().unwrap_or_default().contains(name)
            });
            let (field, id) = switch.buttons[at.expect("a button")].clone();
            ada.browser.post("/companies/switch", &[(&field, &id)]).await.expect_to("/home");
            let home = ada.browser.get("/home").await.expect(200);
            assert!(home.text().contains(&format!("You are working in {name}.")), "{home}");
            // An administrator in one, an employee in the other.
            let status = if name == "Acme" { 200 } else { 403 };
            ada.browser.get("/settings/users").await.expect(status);
        }
    });
}

#[test]
fn an_api_key_stops_with_the_request_after_its_deletion() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (first, second) = (ada.api_key("First").await, ada.api_key("Second").await);
        let call = async |key: &str| world.get("/api/v1/me").header("x-api-key", key).send().await;
        for key in [&first, &second] {
            assert_eq!(call(key).await.expect(200).json()["company_name"], "Acme");
        }
        world.advance(HOUR).await;
        call(&first).await.expect(200);
        let page = ada.browser.get("/settings/api-keys").await.expect(200);
        assert!(!page.text().contains(&first) && page.text().contains(&first[60..]), "only the hint: {page}");
        // The newest first.
        let forms: Vec<_> = page.forms().into_iter().filter(|form| form.has("_method")).collect();
        ada.browser.submit(&forms[0]).await.expect_to("/settings/api-keys?notice=deleted");
        assert_eq!(call(&second).await.status, 401, "at the next request on {}", world.engine);
        call(&first).await.expect(200);
        ada.browser.submit(&forms[0]).await.expect(404);
        let log = ada.audit_log().await;
        assert!(log.contains("api_key.created") && log.contains("api_key.deleted"));
    });
}

#[test]
fn tokens_follow_their_person() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let token = Tokens::from({
            let code = ada.authorize(&app).await;
            app.exchange(&world, &code).await
        })
        .access;
        world.me(&token).await.expect(200);
        // A name that changes is told at the next request.
        let fields = [("name", "Acme & Sons"), ("legal_name", "Acme Ltd"), ("tin", "X1")];
        ada.browser.fill("/settings/company", "/settings/company", &fields).await.expect(303);
        assert_eq!(world.me(&token).await.expect(200).json()["company_name"], "Acme & Sons");
    });
}
