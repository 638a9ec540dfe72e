//! Guessed passwords, links from mails, sessions that should be over.

use tokio::task::JoinSet;

use crate::support::{HOUR, MINUTE, PASSWORD, SECOND, World, encoded};

/// Posts a log-in from a fresh network address, as a program that guesses does.
async fn guess(world: &World, email: &str, password: &str) -> crate::support::Answer {
    let mut browser = world.browser();
    browser.log_in(email, password).await
}

#[test]
fn ten_thousand_wrong_passwords_get_nowhere_and_keep_nobody_out() {
    const GUESSES: usize = 10_000;
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        // One page for all guesses; each from another address, so that only the account is left to count by.
        let mut page = world.browser();
        let form = page.get("/login").await.expect(200).form("/login").fill("email", &ada.email);
        let mut tasks = JoinSet::new();
        for task in 0..8 {
            let (world, page, form) = (world.clone(), page.clone(), form.clone());
            tasks.spawn(async move {
                let mut looked_at = 0;
                for n in 0..GUESSES / 8 {
                    let form = form.clone().fill("password", &format!("guess number {task} {n}"));
                    let fields = form.fields.iter().map(|(a, b)| (a.as_str(), b.as_str()));
                    let call = page.call("POST", "/login").from(world.address()).raw_form(&encoded(fields));
                    let answer = call.send().await;
                    match answer.status.as_u16() {
                        401 => looked_at += 1,
                        429 => assert!(!answer.header("retry-after").is_empty(), "{answer}"),
                        _ => panic!("guess {task} {n}: {answer}"),
                    }
                }
                looked_at
            });
        }
        let looked_at: usize = tasks.join_all().await.into_iter().sum();
        assert!((1..=5).contains(&looked_at), "{looked_at} passwords were compared on {}", world.engine);

        // Even the right one is not looked at from a browser that nobody knows …
        let stranger = guess(&world, &ada.email, PASSWORD).await;
        assert_eq!(stranger.status, 429, "{stranger}");
        // … but the owner's browser is known. It stays so when its session ends.
        ada.browser.cookies.remove("muster_session");
        ada.browser.log_in(&ada.email.clone(), PASSWORD).await.expect_to("/home");
        let log = ada.audit_log().await;
        assert!(log.contains("login.failed") && log.contains("login.throttled"), "the audit log says so");

        // The pause ends, also for a browser that nobody knows.
        world.advance(16 * MINUTE).await;
        guess(&world, &ada.email, PASSWORD).await.expect_to("/home");
    });
}

#[test]
fn an_account_that_does_not_exist_looks_like_one_that_does() {
    World::each(async |world| {
        let ada = world.sign_up("Acme").await;
        let nobody = "nobody77@acme.example";
        let seen = async |email: &str| {
            let mut seen = Vec::new();
            for _ in 0..9 {
                let mut browser = world.browser();
                let answer = browser.log_in(email, "a wrong password of length").await;
                let csrf = browser.csrf().await;
                let body = answer.text().replace(email, "EMAIL").replace(&csrf, "CSRF");
                seen.push((answer.status.as_u16(), answer.header("retry-after").to_owned(), body));
            }
            let mut browser = world.browser();
            for _ in 0..6 {
                let answer = browser.fill("/password/forgot", "/password/forgot", &[("email", email)]).await;
                let csrf = browser.csrf().await;
                let id = crate::support::html::element(&answer.text(), "request_id").unwrap_or_default();
                let mut body = answer.text().replace(email, "EMAIL").replace(&csrf, "CSRF");
                if !id.is_empty() {
                    body = body.replace(&id, "ID");
                }
                seen.push((answer.status.as_u16(), answer.header("retry-after").to_owned(), body));
            }
            seen
        };
        let (of_ada, of_nobody) = (seen(&ada.email).await, seen(nobody).await);
        for (at, (a, b)) in of_ada.iter().zip(&of_nobody).enumerate() {
            assert_eq!(a, b, "answer {at} on {}", world.engine);
        }
        let statuses: Vec<_> = of_ada.iter().map(|(status, _, _)| *status).collect();
        assert_eq!(statuses[..5], [401; 5], "five are looked at");
        assert_eq!(statuses[5..9], [429; 4], "then there is a pause");
        assert!(world.mailed_link(nobody).await.is_none(), "nobody gets no mail");
        // Sign-up tells whoever knows the password only.
        let fields = [
            ("company_name", "Other"),
            ("first_name", "E"),
            ("last_name", "F"),
            ("email", ada.email.as_str()),
            ("password", "a wrong password of length"),
        ];
        world.browser().fill("/signup", "/signup", &fields).await.expect(422);
    });
}

#[test]
fn many_sign_ups_from_one_address_are_stopped() {
    World::each(async |world| {
        let mut browser = world.browser();
        for n in 0..11 {
            let email = format!("a{n}@flood.example");
            let fields = [
                ("company_name", "Flood"),
                ("first_name", "E"),
                ("last_name", "F"),
                ("email", email.as_str()),
                ("password", PASSWORD),
            ];
            browser.cookies.clear();
            let answer = browser.fill("/signup", "/signup", &fields).await;
            let expected = if n < 10 { 303 } else { 429 };
            assert_eq!(answer.status, expected, "sign-up {n}: {answer}");
        }
    });
}

#[test]
fn a_link_for_a_new_password_works_once_for_one_hour_and_for_its_owner() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let mut bob = ada.employ("Bob").await;
        let request = async |email: &str| {
            let mut browser = world.browser();
            browser.fill("/password/forgot", "/password/forgot", &[("email", email)]).await.expect(200);
            world.mailed_link(email).await.expect("a mail")
        };
        let new = "copper lantern eleven moths";
        let reset = async |link: &str, password: &str| {
            let mut browser = world.browser();
            let page = browser.get(link).await;
            let form = page.forms().into_iter().find(|form| form.action == "/password/reset");
            let token = link.split("token=").nth(1).expect("a token");
            // A page that offers no form does not stop somebody who sends one.
            let csrf = browser.csrf().await;
            match form {
                Some(form) => browser.submit(&form.fill("password", password)).await,
                None => {
                    assert_eq!(page.status, 410, "{page}");
                    let fields = [("_csrf", csrf.as_str()), ("token", token), ("password", password)];
                    browser.call("POST", "/password/reset").form(&fields).send().await
                }
            }
        };

        let expired = request(&ada.email).await;
        world.advance(HOUR + SECOND).await;
        reset(&expired, new).await.expect(410);

        let replaced = request(&ada.email).await;
        let link = request(&ada.email).await;
        reset(&replaced, new).await.expect(410);
        reset(&link, "too short").await.expect(422);
        assert!(ada.browser.logged_in().await);
        // Looking at it, as programs do that check links in mails, does not use it up.
        world.browser().get(&link).await.expect(200);
        reset(&link, new).await.expect_to("/login?notice=reset");
        reset(&link, "another password 7 times").await.expect(410);
        assert!(!ada.browser.logged_in().await, "sessions end with the password on {}", world.engine);
        assert!(bob.browser.logged_in().await, "those of others do not");
        guess(&world, &ada.email, PASSWORD).await.expect(401);
        guess(&world, &ada.email, new).await.expect_to("/home");
        guess(&world, &bob.email, PASSWORD).await.expect_to("/home");

        // An invitation is no link for a new password, nor the other way round.
        ada.browser.log_in(&ada.email.clone(), new).await.expect(303);
        let (_, invitation) = ada.invite("Carol").await;
        let as_reset = invitation.replace("/invitations/accept", "/password/reset");
        reset(&as_reset, new).await.expect(410);
        let link = request(&bob.email).await;
        let as_invitation = link.replace("/password/reset", "/invitations/accept");
        world.browser().get(&as_invitation).await.expect(404);
        for nonsense in ["", "x", &"0".repeat(64), "%00", &"a".repeat(10_000)] {
            let answer = world.browser().get(&format!("/password/reset?token={nonsense}")).await;
            assert_eq!(answer.status, 410, "{nonsense}: {answer}");
        }
    });
}

#[test]
fn an_invitation_works_once_for_a_day_and_can_be_sent_again() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (email, first) = ada.invite("Bob").await;
        let accept = async |link: &str| {
            let mut browser = world.browser();
            let page = browser.get(link).await;
            if page.status != 200 {
                return page;
            }
            let form = page.form("/invitations/accept").fill("password", PASSWORD);
            browser.submit(&form).await
        };
        // Nobody logs in before he accepted.
        guess(&world, &email, PASSWORD).await.expect(401);
        world.advance(24 * HOUR).await;
        let late = accept(&first).await.expect(410);
        assert!(late.text().contains("has expired"), "{late}");

        let resend = async |ada: &mut crate::support::Person| {
            let page = ada.browser.get("/settings/users").await.expect(200);
            let form =
                page.forms().into_iter().find(|form| form.action.ends_with("/resend")).expect("send again");
            ada.browser.submit(&form).await.expect_to("/settings/users?notice=invited");
            world.mailed_link(&email).await.expect("another mail")
        };
        let second = resend(&mut ada).await;
        let third = resend(&mut ada).await;
        assert!(first != second && second != third);
        assert_eq!(accept(&second).await.status, 404, "replaced by a newer one");
        assert_eq!(accept(&first).await.status, 404, "replaced by a newer one");
        accept(&third).await.expect_to("/login?notice=accepted");
        assert_eq!(accept(&third).await.status, 404, "used");
        guess(&world, &email, PASSWORD).await.expect_to("/home");
        let log = ada.audit_log().await;
        for action in ["invitation.sent", "invitation.resent", "invitation.accepted"] {
            assert!(log.contains(action), "{action}");
        }
        // There is nothing left to send again.
        let page = ada.browser.get("/settings/users").await.expect(200);
        assert!(page.forms().iter().all(|form| !form.action.ends_with("/resend")));
    });
}

#[test]
fn a_session_is_new_at_every_log_in() {
    World::each(async |world| {
        let ada = world.sign_up("Acme").await;
        let chosen = "a".repeat(64);
        let mut browser = world.browser();
        // What somebody else put there before (fixation).
        browser.cookies.insert("muster_session".to_owned(), chosen.clone());
        browser.cookies.insert("muster_visit".to_owned(), chosen.clone());
        browser.log_in(&ada.email, PASSWORD).await.expect_to("/home");
        let first = browser.cookies["muster_session"].clone();
        assert!(first != chosen && first.len() == 64, "{first}");
        let mut attacker = world.browser();
        attacker.cookies.insert("muster_session".to_owned(), chosen);
        assert!(!attacker.logged_in().await, "the chosen token is worth nothing");

        let mut again = world.browser();
        again.log_in(&ada.email, PASSWORD).await.expect(303);
        assert_ne!(again.cookies["muster_session"], first, "two log-ins, two tokens");
        // Forms of before do not work after it.
        let mut visitor = world.browser();
        let before = visitor.csrf().await;
        visitor.log_in(&ada.email, PASSWORD).await.expect(303);
        let call = visitor.call("POST", "/logout").form(&[("_csrf", &before)]);
        assert_eq!(call.send().await.status, 403);
        assert!(visitor.logged_in().await);
    });
}

#[test]
fn a_session_ends_at_the_next_request() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (email, mut bob) = (ada.email.clone(), ada.employ("Bob").await);
        let another = async || {
            let mut browser = world.browser();
            browser.log_in(&email, PASSWORD).await.expect(303);
            browser
        };
        // Logged out: the token is worth nothing, also for who kept it.
        let mut gone = another().await;
        let kept = gone.clone();
        gone.post("/logout", &[]).await.expect_to("/login?notice=logged_out");
        assert!(!kept.clone().logged_in().await && ada.browser.logged_in().await, "logged out");

        // One of several, from the list.
        let mut other = another().await;
        let page = ada.browser.get("/account/security").await.expect(200);
        let forms: Vec<_> =
            page.forms().into_iter().filter(|form| form.action.ends_with("/revoke")).collect();
        assert_eq!(forms.len(), 1, "{page}");
        // Somebody else cannot end it.
        bob.browser.post(&forms[0].action, &[]).await.expect(404);
        assert!(other.logged_in().await);
        ada.browser.submit(&forms[0]).await.expect_to("/account/security?notice=session_ended");
        assert!(!other.logged_in().await && ada.browser.logged_in().await, "ended from the list");

        // A changed password ends all others.
        let mut other = another().await;
        let new = "copper lantern eleven moths";
        for (current, status) in [("wrong password here", 422), ("", 422), (PASSWORD, 303)] {
            let fields = [("current_password", current), ("password", new)];
            let answer = ada.browser.fill("/account/security", "/account/password", &fields).await;
            assert_eq!(answer.status, status, "{current}: {answer}");
        }
        assert!(!other.logged_in().await && ada.browser.logged_in().await, "after the password changed");
        guess(&world, &email, PASSWORD).await.expect(401);

        // Everywhere.
        let mut others = Vec::new();
        for _ in 0..2 {
            let mut browser = world.browser();
            browser.log_in(&email, new).await.expect(303);
            others.push(browser);
        }
        let page = ada.browser.get("/account/security").await.expect(200);
        let out = ada.browser.submit(&page.form("/account/sessions/revoke-all")).await;
        out.expect_to("/login?notice=logged_out_everywhere");
        assert!(!ada.browser.logged_in().await, "here as well");
        for mut browser in others {
            assert!(!browser.logged_in().await, "everywhere on {}", world.engine);
        }
        assert!(bob.browser.logged_in().await, "but nobody else");
    });
}

#[test]
fn a_session_ends_by_itself() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let day = 24 * HOUR;
        // Used every two days it lasts for fourteen.
        for days in [2, 4, 6, 8, 10, 12] {
            world.advance(2 * day).await;
            assert!(ada.browser.logged_in().await, "after {days} days");
        }
        world.advance(2 * day).await;
        assert!(!ada.browser.logged_in().await, "after fourteen days");
        ada.browser.log_in(&ada.email.clone(), PASSWORD).await.expect(303);
        world.advance(3 * day).await;
        assert!(!ada.browser.logged_in().await, "three days without use");
    });
}

#[test]
fn cookies_are_kept_from_scripts_and_other_sites() {
    for (url, prefix, secure) in
        [("http://127.0.0.1:3000", "", false), ("https://hr.example", "__Host-", true)]
    {
        World::each_with(
            |config| config.public_url = url.to_owned(),
            async |world| {
                let mut browser = world.browser();
                let page = browser.get("/signup").await.expect(200);
                let form = page
                    .form("/signup")
                    .fill("company_name", "Acme")
                    .fill("first_name", "Ada")
                    .fill("last_name", "Lovelace")
                    .fill("email", "ada@acme.example")
                    .fill("password", PASSWORD);
                let answer = browser.submit(&form).await.expect_to("/home");
                let set =
                    page.headers.get_all("set-cookie").iter().chain(answer.headers.get_all("set-cookie"));
                let set: Vec<_> = set.map(|value| value.to_str().unwrap()).collect();
                for name in ["muster_visit", "muster_session", "muster_device"] {
                    let start = format!("{prefix}{name}=");
                    let cookie = set.iter().find(|cookie| cookie.starts_with(&start));
                    let cookie = cookie.unwrap_or_else(|| panic!("{url}: no {start} in {set:?}"));
                    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                        assert!(cookie.contains(attribute), "{url}: {cookie}");
                    }
                    assert_eq!(cookie.contains("; Secure"), secure, "{url}: {cookie}");
                    assert!(!cookie.contains("Domain"), "{url}: {cookie}");
                }
                assert_eq!(!answer.header("strict-transport-security").is_empty(), secure, "{url}");
                assert!(browser.logged_in().await, "{url}");
            },
        );
    }
}
