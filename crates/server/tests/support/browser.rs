//! People with their browsers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;

use http::header::{COOKIE, SET_COOKIE};

use super::{Answer, BASE, Call, Form, OOB, PASSWORD, World, encoded, html};
use crate::support::Application;

/// A browser: remembers cookies, and sends the headers that browsers send with forms.
#[derive(Clone)]
pub struct Browser {
    pub world: World,
    pub cookies: BTreeMap<String, String>,
    pub address: IpAddr,
}

impl Browser {
    pub(super) fn new(world: &World) -> Self {
        Self { world: world.clone(), cookies: BTreeMap::new(), address: world.address() }
    }

    /// Another browser at the same desk.
    pub fn another(&self) -> Self {
        self.world.browser()
    }

    /// Begins a request with the cookies.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let call = self.world.call(method, path.strip_prefix(BASE).unwrap_or(path)).from(self.address);
        let call = call.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        if self.cookies.is_empty() {
            return call;
        }
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        call.header(COOKIE.as_str(), &cookies.join("; "))
    }

    /// Sends a request and remembers the cookies of the answer.
    pub async fn send(&mut self, call: Call) -> Answer {
        let answer = call.send().await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie of text");
            let (name, rest) = cookie.split_once('=').expect("a cookie with a name");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens an address. Does not follow redirects.
    pub async fn get(&mut self, path: &str) -> Answer {
        let call = self.call("GET", path);
        self.send(call).await
    }

    /// Opens an address and follows redirects on this server.
    pub async fn follow(&mut self, path: &str) -> Answer {
        let mut answer = self.get(path).await;
        for _ in 0..5 {
            let location = answer.location().to_owned();
            if !answer.status.is_redirection() || !location.starts_with('/') {
                break;
            }
            answer = self.get(&location).await;
        }
        answer
    }

    /// Sends a form as a person does who presses its button. Does not follow redirects.
    pub async fn submit(&mut self, form: &Form) -> Answer {
        let fields = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        if form.method == "get" {
            let path = format!("{}?{}", form.action, encoded(fields));
            return self.get(&path).await;
        }
        let call =
            self.call("POST", &form.action).header("sec-fetch-site", "same-origin").header("origin", BASE);
        let call = call.raw_form(&encoded(fields));
        self.send(call).await
    }

    /// Opens a page and sends its form that goes to `action`, with some fields filled in.
    pub async fn fill(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).await;
        let mut form = shown.form(action);
        for (name, value) in fields {
            form = form.fill(name, value);
        }
        self.submit(&form).await
    }

    /// What the forms of this browser's pages carry.
    pub async fn csrf(&mut self) -> String {
        let page = self.get("/docs").await;
        match page.forms().first() {
            Some(form) => form.value("_csrf").to_owned(),
            // A visitor's documentation has no form; the log-in page has.
            None => self.get("/login").await.form("/login").value("_csrf").to_owned(),
        }
    }

    /// Posts fields with the right token, as an attacker does who is a visitor himself.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf().await;
        let mut all = vec![("_csrf", csrf.as_str())];
        all.extend(fields);
        let call = self.call("POST", path).header("sec-fetch-site", "same-origin").form(&all);
        self.send(call).await
    }

    /// Logs in.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.fill("/login", "/login", &[("email", email), ("password", password)]).await
    }

    /// Whether somebody is logged in here.
    pub async fn logged_in(&mut self) -> bool {
        self.get("/home").await.status == 200
    }

    /// The pages that one gets to by following links from some addresses, the addresses included. Within the reference, which
    /// has hundreds of pages and a test of its own, none is followed.
    pub async fn crawl(&mut self, from: &[&str]) -> Vec<(String, Answer)> {
        let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
        let (mut seen, mut pages) = (BTreeSet::new(), Vec::new());
        while let Some(path) = waiting.pop_front() {
            if !seen.insert(path.clone()) {
                continue;
            }
            assert!(seen.len() < 200, "the pages have no end: {seen:?}");
            let page = self.get(&path).await;
            for link in html::links(&page.text()) {
                let link = link.strip_prefix(BASE).unwrap_or(&link);
                let link = link.split('#').next().unwrap_or_default();
                // A calendar has no end; its other months are the same page.
                let another = path.contains("?month=") && link.contains("?month=");
                let described = ["/reference", "/oas"].iter().any(|start| link.starts_with(start));
                let another = another || (described && path.starts_with("/reference"));
                if link.starts_with('/') && !another {
                    waiting.push_back(link.to_owned());
                }
            }
            if page.status.is_redirection() && page.location().starts_with('/') {
                waiting.push_back(page.location().to_owned());
            }
            pages.push((path, page));
        }
        pages
    }
}

/// Somebody who can log in, in the browser in which he is logged in.
#[derive(Clone)]
pub struct Person {
    pub browser: Browser,
    pub email: String,
    pub company: String,
}

impl World {
    /// Signs up a company; answers its administrator.
    pub async fn sign_up(&self, company: &str) -> Person {
        let mut browser = self.browser();
        let email = format!("ada{}@{}.example", self.number(), company.to_lowercase());
        let fields = [
            ("company_name", company),
            ("first_name", "Ada"),
            ("last_name", "Lovelace"),
            ("email", &email),
            ("password", PASSWORD),
        ];
        browser.fill("/signup", "/signup", &fields).await.expect_to("/home");
        Person { browser, email, company: company.to_owned() }
    }

    /// Reads the newest mail to an address, and answers the path that its link leads to.
    pub async fn mailed_link(&self, to: &str) -> Option<String> {
        let mut reader = self.browser();
        let list = reader.get("/sandbox/mails").await.expect(200).text();
        // The list shows the newest first: subject, then receiver.
        let entry =
            list.split("<li><a href=\"").skip(1).find(|entry| entry.contains(&format!("to {to}<")))?;
        let path = entry.split('"').next()?.replace("&#38;", "&");
        let mail = reader.get(&path).await.expect(200);
        let links = html::links(&mail.text());
        let link = links.iter().find(|link| link.contains("token="))?;
        Some(link.strip_prefix(BASE).unwrap_or_else(|| panic!("a link elsewhere: {link}")).to_owned())
    }
}

impl Person {
    /// Invites somebody and answers the path in the mail.
    pub async fn invite(&mut self, name: &str) -> (String, String) {
        let email = format!("{}{}@people.example", name.to_lowercase(), self.browser.world.number());
        let fields = [("first_name", name), ("last_name", "Byron"), ("email", email.as_str())];
        let sent = self.browser.fill("/settings/users", "/settings/users/invite", &fields).await;
        sent.expect_to("/settings/users?notice=invited");
        let link = self.browser.world.mailed_link(&email).await.expect("the mail of an invitation");
        (email, link)
    }

    /// Invites somebody who accepts and logs in.
    pub async fn employ(&mut self, name: &str) -> Person {
        let (email, link) = self.invite(name).await;
        let mut browser = self.browser.another();
        let accepted = browser.fill(&link, "/invitations/accept", &[("password", PASSWORD)]).await;
        accepted.expect_to("/login?notice=accepted");
        browser.log_in(&email, PASSWORD).await.expect_to("/home");
        Person { browser, email, company: self.company.clone() }
    }

    /// Creates an application through its form: name, one redirect URI, a confidential one or not, scopes.
    pub async fn create_application(
        &mut self,
        name: &str,
        redirect_uri: &str,
        confidential: bool,
        scopes: &[&str],
    ) -> Application {
        let form = self.browser.get("/oauth/applications/new").await.expect(200).form("/oauth/applications");
        let mut form = form.fill("application[name]", name).fill("application[redirect_uri]", redirect_uri);
        if !confidential {
            form = form.untick("application[confidential]", "1");
        }
        for scope in scopes {
            form = form.tick("application[scopes][]", scope);
        }
        let page = self.browser.submit(&form).await.expect(201);
        let edit = html::links(&page.text())
            .into_iter()
            .find(|link| link.ends_with("/edit"))
            .expect("a link to edit");
        let id = edit.split('/').nth(3).expect("an id").to_owned();
        let first = redirect_uri.lines().next().unwrap_or(OOB).to_owned();
        Application {
            id,
            client_id: page.element("client_id"),
            client_secret: confidential.then(|| page.element("client_secret")),
            redirect_uri: first,
        }
    }

    /// A confidential application with the code on a page, as in the guide.
    pub async fn application(&mut self) -> Application {
        self.create_application("Payroll export", OOB, true, &[]).await
    }

    /// Lets an application in and answers the code.
    pub async fn authorize(&mut self, application: &Application) -> String {
        self.authorize_with(application, &[]).await
    }

    /// Lets an application in, with more parameters, and answers the code.
    pub async fn authorize_with(&mut self, application: &Application, more: &[(&str, &str)]) -> String {
        let answer = self.consent(application, more).await;
        answer.location_parameter("code").unwrap_or_else(|| panic!("no code: {answer}"))
    }

    /// Lets an application in, with more parameters, and answers the redirect.
    pub async fn consent(&mut self, application: &Application, more: &[(&str, &str)]) -> Answer {
        let page = self.browser.get(&application.authorize_path(more)).await;
        if page.status != 200 {
            return page;
        }
        self.browser.submit(&page.form("/oauth/authorize")).await
    }

    /// Lets an application in and answers the tokens.
    pub async fn tokens(&mut self, application: &Application) -> super::Tokens {
        let code = self.authorize(application).await;
        application.exchange(&self.browser.world, &code).await.expect(200).into()
    }

    /// Creates an API key.
    pub async fn api_key(&mut self, name: &str) -> String {
        let page = self.browser.fill("/settings/api-keys", "/settings/api-keys", &[("name", name)]).await;
        page.expect(201).element("api_key")
    }

    /// What the audit log says.
    pub async fn audit_log(&mut self) -> String {
        self.browser.get("/settings/audit-log").await.expect(200).text()
    }
}
