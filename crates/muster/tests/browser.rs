//! People at work in a real browser: the whole path of the guide, by mouse and by keyboard alone, and every page in every
//! light and width.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use support::webdriver::{Browser, key};
use support::{Instance, Server, eventually};

const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
const PASSWORD: &str = "seven lorries of rope";

/// Fills in what signing up takes.
#[track_caller]
fn sign_up(browser: &Browser, server: &Server, company: &str, email: &str) {
    browser.open(&format!("{}/signup", server.url()));
    browser.fill("#company_name", company);
    browser.fill("#first_name", "Ada");
    browser.fill("#last_name", "Brandt");
    browser.fill("#email", email);
    browser.fill("#password", PASSWORD);
    browser.press("Create company");
    browser.arrives_at("/home");
}

#[track_caller]
fn log_out(browser: &Browser) {
    browser.click("details.account summary");
    browser.click("details.account form[action='/logout'] button");
    browser.arrives_at("logged_out");
}

#[track_caller]
fn log_in(browser: &Browser, email: &str, password: &str) {
    browser.fill("#email", email);
    browser.fill("#password", password);
    browser.press("Log in");
}

/// Nothing was blocked, nothing went wrong; answers with an error status are no surprise on the pages that show errors.
#[track_caller]
fn quiet(browser: &Browser, page: &str) {
    let loud: Vec<_> = browser
        .console()
        .into_iter()
        .filter(|(level, message)| {
            let shown =
                message.contains("the server responded with a status of 4") && !message.contains("/assets/");
            level != "INFO" && level != "DEBUG" && !shown
        })
        .collect();
    assert!(loud.is_empty(), "{page}: {loud:?}");
}

// ---------------------------------------------------------------------------------------------------------------------
// The path of the guide

#[test]
fn from_sign_up_to_the_first_call() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    browser.look(1280, false);
    sign_up(&browser, &server, "Acme", "ada@acme.example");

    // An application whose code is shown on a page.
    browser.press("Create an application");
    browser.arrives_at("/oauth/applications");
    browser.press("New application");
    browser.arrives_at("/oauth/applications/new");
    browser.fill("#name", "Payroll bridge");
    browser.fill("#redirect_uri", OUT_OF_BAND);
    browser.press("Create application");
    let secret = browser.text("#client_secret");
    let client_id = browser.text("#client_id");
    assert!(secret.len() == 64 && client_id.len() == 64, "{secret} {client_id}");
    assert!(browser.text("#authorization_url_1").starts_with(&format!("{}/oauth/authorize?", server.url())));

    // The code, on a page with a button that copies it.
    browser.press("Authorize");
    browser.arrives_at("/oauth/authorize?");
    assert!(browser.text("h1").contains("Payroll bridge"));
    assert!(browser.text("main").contains("Acme") && browser.text("main").contains("ada@acme.example"));
    browser.press("Authorize");
    browser.arrives_at("/oauth/authorize/native");
    let code = browser.text("#authorization_code");
    assert!(code.len() == 64 && code.bytes().all(|byte| byte.is_ascii_hexdigit()), "{code}");
    let origin =
        json!({ "origin": server.url(), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.cdp("Browser.grantPermissions", &origin);
    browser.press("Copy code");
    eventually("the button says so", Duration::from_secs(5), || {
        (browser.text("button[data-copy]") == "Copied").then_some(())
    });
    assert_eq!(browser.run_async("navigator.clipboard.readText()"), json!(code));
    quiet(&browser, "the path");

    // A program goes on from here.
    let tokens = server.client().exchange(&client_id, &secret, &code).expect(200).json();
    assert_eq!(tokens["expires_in"], 7200);
    let token = tokens["access_token"].as_str().expect("a token");
    let me = server.client().me(token).expect(200).json();
    assert_eq!(me["email"], "ada@acme.example");
    assert_eq!(me["full_name"], "Ada Brandt");

    // The secret is shown once; the application is listed, and the person sees whom he let in.
    browser.open(&format!("{}/oauth/applications", server.url()));
    browser.press("Payroll bridge");
    browser.arrives_at("/oauth/applications/");
    assert!(!browser.has("#client_secret") && !browser.text("main").contains(&secret));
    browser.open(&format!("{}/oauth/authorized_applications", server.url()));
    assert!(browser.text("main").contains("Payroll bridge"));
    browser.press("Revoke");
    assert!(browser.text("dialog").contains("no longer reach"), "one is asked first");
    server.client().me(token).expect(200);
    browser.click("#confirm");
    browser.arrives_at("notice=withdrawn");
    server.client().me(token).expect(401);

    // Out and in again, this time on the way to an application, which is denied.
    log_out(&browser);
    let ask = format!(
        "{}/oauth/authorize?client_id={client_id}&redirect_uri={OUT_OF_BAND}&response_type=code&state=abc",
        server.url()
    );
    browser.open(&ask);
    browser.arrives_at("/login?return_to=");
    assert!(browser.text("main").contains("to continue to Payroll bridge"));
    log_in(&browser, "ada@acme.example", "not the password");
    eventually("an error", Duration::from_secs(10), || browser.has("#error-summary").then_some(()));
    assert_eq!(browser.run("return document.activeElement.id", &[]), "error-summary");
    log_in(&browser, "ada@acme.example", PASSWORD);
    browser.arrives_at("/oauth/authorize?");
    browser.press("Deny");
    let address = browser.arrives_at("/oauth/authorize/native");
    assert!(address.contains("error=access_denied"), "{address}");
    assert!(browser.text("main").contains("did not let the application in"));
    quiet(&browser, "log-in and deny");
}

#[test]
fn colleagues_are_invited_and_keys_are_shown_once() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    browser.look(1280, false);
    sign_up(&browser, &server, "Acme", "ada@acme.example");
    browser.press("Invite somebody");
    browser.arrives_at("/settings/users");
    browser.fill("#first_name", "Grace");
    browser.fill("#last_name", "Håkansson");
    browser.fill("#email", "grace@acme.example");
    browser.press("Send invitation");
    browser.arrives_at("notice=invited");
    assert!(
        browser.text("table").contains("grace@acme.example") && browser.text("table").contains("Invited")
    );
    browser.open(&format!("{}/sandbox/mails", server.url()));
    browser.click(".mail .rows a");
    browser.arrives_at("/sandbox/mails?id=");
    let link = browser.run("return document.querySelector('article a.button').href", &[]);
    let link = link.as_str().expect("a link");
    assert!(link.starts_with(&format!("{}/invitations/accept?token=", server.url())), "{link}");

    // Another person at another machine.
    let colleague = Browser::start().expect("there is one browser already");
    colleague.look(320, true);
    colleague.open(link);
    assert!(colleague.text("h1").contains("Grace, join Acme"));
    colleague.fill("#password", "a lighthouse in fog");
    colleague.click("button[data-reveal]");
    assert_eq!(colleague.run("return document.getElementById('password').type", &[]), "text");
    colleague.press("Accept invitation");
    colleague.arrives_at("/login?notice=accepted");
    log_in(&colleague, "grace@acme.example", "a lighthouse in fog");
    colleague.arrives_at("/home");
    assert!(colleague.text("h1").contains("Grace"));
    assert!(!colleague.has("nav a[href='/settings/users']"), "only what she may open is in the navigation");
    quiet(&colleague, "the invitation");

    // An administrator makes another one.
    browser.open(&format!("{}/settings/users", server.url()));
    browser.press("Make administrator");
    browser.arrives_at("notice=administrator");
    colleague.open(&format!("{}/settings/users", server.url()));
    assert_eq!(colleague.text("h1"), "Users");

    // A key is part of one page and of no other.
    browser.open(&format!("{}/settings/api-keys", server.url()));
    browser.fill("#name", "Payroll export");
    browser.press("Create key");
    let key = browser.text("#api_key");
    server.client().me_with_key(&key).expect(200);
    browser.open(&format!("{}/settings/api-keys", server.url()));
    let page = browser.run("return document.documentElement.outerHTML", &[]);
    assert!(!page.as_str().expect("a page").contains(&key));
    browser.press("Delete");
    assert_eq!(browser.run("return document.activeElement.textContent", &[]), "Cancel");
    browser.keys(key::ESCAPE);
    eventually("the dialog closes", Duration::from_secs(5), || (!browser.has("dialog")).then_some(()));
    server.client().me_with_key(&key).expect(200);
    browser.press("Delete");
    browser.click("#confirm");
    browser.arrives_at("notice=deleted");
    server.client().me_with_key(&key).expect(401);

    // Colours stay as they were chosen.
    browser.click("details.account summary");
    browser.click("[data-theme-choice=dark]");
    browser.open(&format!("{}/home", server.url()));
    assert_eq!(browser.run("return document.documentElement.dataset.theme", &[]), "dark");
    quiet(&browser, "users and keys");
}

// ---------------------------------------------------------------------------------------------------------------------
// By keyboard alone

/// What has the focus, and how one sees that.
const FOCUS: &str = r"
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const outlined = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    // A choice wears the ring around its label, a step around its whole line.
    const label = at.closest('label');
    const ring = outlined(style) || outlined(getComputedStyle(at, '::after')) || Boolean(label && outlined(getComputedStyle(label)));
    const shown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const over = document.elementFromPoint(
        Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
    return {
        tag: at.tagName, id: at.id, name: at.name || '', css: at.className,
        text: (at.innerText || '').trim().replace(/\s+/g, ' '),
        ring, shown, covered: !(over && (at.contains(over) || over.contains(at))),
    };";

/// Presses Tab until the focus is where it should be; at every stop one sees where that is.
#[track_caller]
fn tab_to(browser: &Browser, what: &str, wanted: impl Fn(&Value) -> bool) {
    let mut stops = Vec::new();
    for _ in 0..80 {
        browser.keys(key::TAB);
        let stop = browser.run(FOCUS, &[]);
        assert!(stop["tag"] == "BODY" || stop["shown"] == true, "the focus is out of sight: {stop}");
        assert!(stop["tag"] == "BODY" || stop["ring"] == true, "the focus cannot be seen: {stop}");
        assert!(stop["tag"] == "BODY" || stop["covered"] == false, "something covers the focus: {stop}");
        if wanted(&stop) {
            return;
        }
        stops.push(format!("{} #{} {:?}", stop["tag"], stop["id"], stop["text"]));
    }
    panic!("Tab never led to {what}: {stops:#?}");
}

#[track_caller]
fn tab_to_id(browser: &Browser, id: &str) {
    tab_to(browser, id, |stop| stop["id"] == id);
}

/// To the link or button that says this.
#[track_caller]
fn tab_to_text(browser: &Browser, text: &str) {
    tab_to(browser, text, |stop| {
        let says = stop["text"].as_str().and_then(|has| has.strip_prefix(text));
        (stop["tag"] == "A" || stop["tag"] == "BUTTON")
            && says.is_some_and(|more| more.is_empty() || more.starts_with(' '))
    });
}

fn by_keyboard(width: u32, dark: bool) {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    browser.look(width, dark);
    browser.open(&format!("{}/signup", server.url()));
    // The first stop skips what is the same on every page.
    browser.keys(key::TAB);
    let first = browser.run(FOCUS, &[]);
    assert!(first["text"] == "Skip to content" && first["shown"] == true && first["ring"] == true, "{first}");
    browser.keys(key::ENTER);
    assert_eq!(browser.run("return document.activeElement.id", &[]), "main");
    for (field, text) in [
        ("company_name", "Keys only"),
        ("first_name", "Kay"),
        ("last_name", "Board"),
        ("email", "kay@keys.example"),
        ("password", PASSWORD),
    ] {
        tab_to_id(&browser, field);
        browser.keys(text);
    }
    tab_to_text(&browser, "Create company");
    browser.keys(key::ENTER);
    browser.arrives_at("/home");

    if width < 600 {
        // The navigation is behind a button here.
        tab_to_text(&browser, "Menu");
        browser.keys(key::ENTER);
        tab_to_text(&browser, "Applications");
        browser.keys(key::ESCAPE);
        eventually("the menu closes", Duration::from_secs(5), || {
            let open = browser.run("return document.getElementById('sidebar').matches(':popover-open')", &[]);
            (open == false).then_some(())
        });
        assert_eq!(browser.run(FOCUS, &[])["text"], "Menu", "the focus returns");
        browser.keys(key::ENTER);
    }
    tab_to_text(&browser, "Applications");
    browser.keys(key::ENTER);
    browser.arrives_at("/oauth/applications");
    tab_to_text(&browser, "New application");
    browser.keys(key::ENTER);
    browser.arrives_at("/oauth/applications/new");
    tab_to_id(&browser, "name");
    browser.keys("By hand");
    tab_to_id(&browser, "redirect_uri");
    browser.keys(OUT_OF_BAND);
    tab_to_id(&browser, "confidential");
    let confidential = || browser.run("return document.getElementById('confidential').checked", &[]);
    browser.keys(key::SPACE);
    assert_eq!(confidential(), false);
    browser.keys(key::SPACE);
    assert_eq!(confidential(), true);
    // Two scopes, out of a box that scrolls.
    tab_to(&browser, "a scope", |stop| stop["name"] == "application[scopes][]");
    browser.keys(key::SPACE);
    browser.keys(key::TAB);
    browser.keys(key::SPACE);
    assert_eq!(browser.text("[data-selected]"), "2 chosen");
    tab_to(&browser, "the end of the scopes", |stop| stop["tag"] == "SUMMARY");
    browser.keys(key::SPACE);
    tab_to_id(&browser, "access_token_lifetime");
    browser.keys("600");
    tab_to_text(&browser, "Create application");
    browser.keys(key::SPACE);
    let secret = browser.text("#client_secret");
    let client_id = browser.text("#client_id");
    tab_to_text(&browser, "Authorize");
    browser.keys(key::ENTER);
    browser.arrives_at("/oauth/authorize?");
    // One scope less.
    tab_to(&browser, "a scope", |stop| stop["name"] == "granted_scopes[]");
    browser.keys(key::SPACE);
    tab_to_text(&browser, "Authorize");
    browser.keys(key::SPACE);
    browser.arrives_at("/oauth/authorize/native");
    tab_to_text(&browser, "Copy code");
    browser.keys(key::ENTER);
    eventually("the button says so", Duration::from_secs(5), || {
        (browser.text("button[data-copy]") == "Copied").then_some(())
    });
    let code = browser.text("#authorization_code");
    let tokens = server.client().exchange(&client_id, &secret, &code).expect(200).json();
    assert_eq!(tokens["expires_in"], 600);
    assert_eq!(tokens["scope"].as_str().expect("scopes").split(' ').count(), 1, "{tokens}");
    quiet(&browser, "by keyboard");
}

#[test]
fn the_path_by_keyboard_alone_on_a_wide_screen() {
    by_keyboard(1280, false);
}

#[test]
fn the_path_by_keyboard_alone_on_a_narrow_screen() {
    by_keyboard(320, true);
}

// ---------------------------------------------------------------------------------------------------------------------
// Every page

/// What is wrong with the page, as far as a program can tell (WCAG 2.2 AA).
const AUDIT: &str = include_str!("support/audit.js");

/// Looks at the page in every light and width, and keeps pictures.
struct Inspector<'b> {
    browser: &'b Browser,
    folder: PathBuf,
    seen: Vec<String>,
    problems: Vec<String>,
}

impl<'b> Inspector<'b> {
    fn new(browser: &'b Browser) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let folder = target.join("screenshots");
        fs::create_dir_all(&folder).expect("a folder");
        Self { browser, folder, seen: Vec::new(), problems: Vec::new() }
    }

    #[track_caller]
    fn look(&mut self, name: &str) {
        assert!(!self.seen.iter().any(|seen| seen == name), "{name} was looked at already");
        self.seen.push(name.to_owned());
        for width in [1280, 320] {
            for (light, dark) in [("light", false), ("dark", true)] {
                self.browser.look(width, dark);
                let found = self.browser.run(AUDIT, &[]);
                let found = found.as_array().expect("a list").iter().filter_map(Value::as_str);
                self.problems.extend(found.map(|problem| format!("{name} {width} {light}: {problem}")));
                self.browser.picture(&self.folder.join(format!("{name}-{width}-{light}.png")));
            }
        }
        self.browser.look(1280, false);
        quiet(self.browser, name);
    }

    #[track_caller]
    fn open(&mut self, name: &str, url: &str) {
        self.browser.open(url);
        self.look(name);
    }

    #[track_caller]
    fn end(self) {
        assert!(self.problems.is_empty(), "{} problems:\n{}", self.problems.len(), self.problems.join("\n"));
    }
}

#[test]
fn every_page_fits_and_can_be_read() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    let url = |path: &str| format!("{}{path}", server.url());
    let mut pages = Inspector::new(&browser);
    browser.look(1280, false);

    // Nobody yet.
    for (name, path) in [
        ("landing", "/"),
        ("docs", "/docs"),
        ("sandbox", "/sandbox"),
        ("mails-empty", "/sandbox/mails"),
        ("signup", "/signup"),
        ("login", "/login"),
        ("login-notice", "/login?notice=logged_out"),
        ("forgot", "/password/forgot"),
        ("reset-expired", "/password/reset?token=0"),
        ("invitation-unknown", "/invitations/accept?token=0"),
        ("not-found", "/nowhere"),
        (
            "authorize-error",
            "/oauth/authorize?client_id=unknown&redirect_uri=https%3A%2F%2Fa.example&response_type=code",
        ),
    ] {
        pages.open(name, &url(path));
    }
    browser.open(&url("/docs"));
    let chapters = browser.run(
        "return [...new Set([...document.querySelectorAll('main a[href^=\"/docs/\"], nav a[href^=\"/docs/\"]')]
            .map((link) => link.getAttribute('href').split('#')[0]))]",
        &[],
    );
    let chapters: Vec<_> = chapters.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(chapters.len() >= 3, "{chapters:?}");
    for chapter in chapters {
        pages.open(&chapter.trim_start_matches('/').replace('/', "-"), &url(chapter));
    }
    browser.open(&url("/sandbox"));
    browser.fill("#company_name", "Acme");
    browser.press("Create sandbox");
    let admin = (browser.text("#admin_email"), browser.text("#admin_password"));
    pages.look("sandbox-ready");
    browser.open(&url("/login"));
    log_in(&browser, &admin.0, "wrong");
    eventually("an error", Duration::from_secs(10), || browser.has("#error-summary").then_some(()));
    pages.look("login-error");
    browser.open(&url("/signup"));
    browser.fill(
        "#company_name",
        "A company with quite a long name that goes on and on Gesellschaft mbH & Co. KG",
    );
    browser.fill("#first_name", "Maximiliane-Wilhelmine");
    browser.fill("#last_name", "Featherstonehaugh-Cholmondeley");
    browser.fill("#email", "maximiliane-wilhelmine.featherstonehaugh-cholmondeley@people.example");
    browser.fill("#password", "password");
    browser.press("Create company");
    eventually("an error", Duration::from_secs(10), || browser.has("#error-summary").then_some(()));
    pages.look("signup-errors");
    browser.fill("#password", PASSWORD);
    browser.press("Create company");
    browser.arrives_at("/home");
    for (name, path) in [
        ("home", "/home"),
        ("applications-empty", "/oauth/applications"),
        ("application-new", "/oauth/applications/new"),
        ("authorized-empty", "/oauth/authorized_applications"),
        ("api-keys-empty", "/settings/api-keys"),
        ("company", "/settings/company"),
        ("users-one", "/settings/users"),
        ("webhooks-empty", "/settings/webhooks"),
    ] {
        pages.open(name, &url(path));
    }
    // The menu of a narrow screen.
    browser.look(320, false);
    browser.open(&url("/home"));
    browser.click("[popovertarget=sidebar]");
    for dark in [false, true] {
        browser.look(320, dark);
        browser.picture(&pages.folder.join(format!("menu-320-{}.png", if dark { "dark" } else { "light" })));
    }
    browser.look(1280, false);
    browser.open(&url("/oauth/applications/new"));
    browser.fill("#name", "Broken");
    browser.fill("#redirect_uri", "https://people.example/a#fragment\nnonsense");
    browser.press("Create application");
    eventually("an error", Duration::from_secs(10), || browser.has("#error-summary").then_some(()));
    pages.look("application-errors");
    browser.open(&url("/oauth/applications/new"));
    browser.fill("#name", "Payroll bridge");
    browser.fill(
        "#redirect_uri",
        &format!("{OUT_OF_BAND}\nhttps://integrations.people.example/a/rather/long/path/to/the/callback/of/this/application"),
    );
    browser.press("Select all");
    browser.press("Create application");
    let client_id = browser.text("#client_id");
    pages.look("application-created");
    let application = browser.run("return document.querySelector('.actions a[href$=\"/edit\"]').href", &[]);
    let edit = application.as_str().expect("an address").to_owned();
    browser.press("Authorize");
    browser.arrives_at("/oauth/authorize?");
    pages.look("consent");
    browser.press("Authorize");
    browser.arrives_at("/oauth/authorize/native");
    pages.look("code");
    browser.open(&url(&format!(
        "/oauth/authorize?client_id={client_id}&redirect_uri={OUT_OF_BAND}&response_type=code&resource_owner_type=company"
    )));
    pages.look("consent-company");
    browser.press("Deny");
    browser.arrives_at("/oauth/authorize/native");
    pages.look("denied");
    // A request that failed.
    server.client().exchange(&client_id, "wrong", "wrong").expect(401);
    pages.open("application", edit.trim_end_matches("/edit"));
    pages.open("application-edit", &edit);
    pages.open(
        "authorize-error-own",
        &url(&format!(
            "/oauth/authorize?client_id={client_id}&redirect_uri=https%3A%2F%2Fa.example&response_type=code"
        )),
    );
    pages.open("applications", &url("/oauth/applications"));
    pages.open("authorized", &url("/oauth/authorized_applications"));
    browser.press("Revoke");
    pages.look("confirm");
    browser.open(&url("/settings/api-keys"));
    browser.fill("#name", "Payroll export");
    browser.press("Create key");
    browser.text("#api_key");
    pages.look("api-key-issued");
    pages.open("api-keys", &url("/settings/api-keys"));
    browser.open(&url("/settings/users"));
    browser.fill("#first_name", "Grace");
    browser.fill("#last_name", "Håkansson");
    browser.fill("#email", "grace.hakansson@subsidiary.people.example");
    browser.press("Send invitation");
    browser.arrives_at("notice=invited");
    pages.look("users");
    browser.open(&url("/sandbox/mails"));
    pages.look("mails");
    browser.click(".mail .rows a");
    browser.arrives_at("/sandbox/mails?id=");
    pages.look("mail");
    let link = browser.run("return document.querySelector('article a.button').href", &[]);
    for (name, path) in [
        ("security", "/account/security"),
        ("audit-log", "/settings/audit-log"),
        ("sandbox-inside", "/sandbox"),
        ("docs-inside", "/docs"),
        ("not-found-inside", "/nowhere"),
        ("home-later", "/home"),
    ] {
        pages.open(name, &url(path));
    }
    permissions(&browser, &mut pages, &server);
    browser.open(&url("/home"));
    log_out(&browser);
    pages.open("invitation", link.as_str().expect("a link"));
    pages.end();
}

/// The pages of permissions, and others with somebody else's eyes.
#[track_caller]
fn permissions(browser: &Browser, pages: &mut Inspector<'_>, server: &Server) {
    let url = |path: &str| format!("{}{path}", server.url());
    let links = |page: &str, start: &str| -> Vec<String> {
        browser.open(&url(page));
        let script =
            "return [...document.querySelectorAll(`main a[href^='${arguments[0]}']`)].map((a) => a.href)";
        let found = browser.run(script, &[json!(start)]);
        let found = found.as_array().expect("a list").iter().filter_map(Value::as_str);
        found.filter(|href| !href.contains("explain")).map(str::to_owned).collect()
    };
    let groups = links("/settings/permissions", "/settings/permissions/");
    pages.look("permissions");
    pages.open("permission-group-administrators", &groups[0]);
    pages.open("permission-group", &groups[1]);
    browser.run("document.getElementById('bank.see').value = 'everyone'", &[]);
    browser.run("document.getElementById('timeoff.see').value = ''", &[]);
    browser.press("See what would change");
    browser.arrives_at("/settings/permissions/");
    assert!(browser.text("#changes").contains("everybody"), "the difference is shown before it is saved");
    pages.look("permission-group-changes");
    browser.press("Save");
    browser.arrives_at("notice=saved");
    pages.open("explain", &url("/settings/permissions/explain"));
    browser.fill("#person", "grace.hakansson@subsidiary.people.example");
    browser.run("document.getElementById('resource').value = 'employees/employees'", &[]);
    let person = links("/people?everybody=true", "/people/").remove(0);
    let id = person.rsplit('/').next().expect("an id").to_owned();
    let asked =
        format!("person=grace.hakansson@subsidiary.people.example&resource=employees/employees&id={id}");
    pages.open("explain-answer", &url(&format!("/settings/permissions/explain?{asked}")));
    pages.open("explain-error", &url("/settings/permissions/explain?person=a@b.example&resource=a&id=b"));
    pages.open("person", &person);
    pages.open("person-access", &format!("{person}/access"));
    browser.open(&groups[1]);
    browser.press("Look as a member");
    browser.arrives_at("/home?notice=preview");
    pages.look("preview-home");
    pages.open("preview-people", &url("/people"));
    browser.click(".looking button");
    browser.arrives_at("notice=preview_over");
}

#[test]
fn the_audit_sees_what_is_wrong() {
    let Some(browser) = Browser::start() else { return };
    let server = Instance::demo().serve();
    for dark in [false, true] {
        browser.look(320, dark);
        browser.open(&format!("{}/login", server.url()));
        assert_eq!(browser.run(AUDIT, &[]), json!([]));
        for (html, problem) in [
            ("<p class='bad'>gone with the wind</p>", "text contrast"),
            ("<input class='bad' value='gone'>", "input contrast"),
            ("<input>", "no label"),
            ("<button type='button'></button>", "no name"),
            ("<img src='/assets/icon.svg'>", "no alt"),
            ("<h4>Too deep</h4>", "heading jumps from 1 to 4"),
            ("<h1>Another</h1>", "2 main headings"),
            ("<p id='main'>twice</p>", "id twice"),
            ("<p aria-describedby='nothing'>text</p>", "aria-describedby leads nowhere"),
            ("<div><img alt='' src='/assets/icon.svg' width='900' height='9'></div>", "scrolls sideways"),
        ] {
            let add = "const box = document.createElement('div'); box.innerHTML = arguments[0];
                document.querySelector('main').append(box);
                for (const bad of box.querySelectorAll('.bad')) bad.style.color = arguments[1];";
            let color = if dark { "#445" } else { "#ccd" };
            browser.run(add, &[json!(html), json!(color)]);
            let found = browser.run(AUDIT, &[]);
            let said = found.as_array().expect("a list").iter().filter_map(Value::as_str);
            assert!(said.into_iter().any(|said| said.starts_with(problem)), "{html}: {found}");
            browser.run("document.querySelector('main').lastChild.remove()", &[]);
        }
    }
}

#[test]
fn production_pages_fit_and_can_be_read() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::production();
    let server = instance.serve();
    let mut pages = Inspector::new(&browser);
    browser.look(1280, false);
    pages.open("production-landing", &server.url());
    sign_up(&browser, &server, "Acme", "ada@acme.example");
    pages.look("production-home");
    server.stop();
    let server = instance.serve_with(&["--sign-up", "closed"]);
    pages.open("production-closed", &server.url());
    pages.open("production-sign-up-closed", &format!("{}/signup", server.url()));
    pages.end();
}

// ---------------------------------------------------------------------------------------------------------------------
// Daily work

/// The people of a furnished sandbox, by what they are, each with address and password.
fn cast(server: &Server) -> impl Fn(&str) -> (String, String) {
    let made = server.client().post_json("/sandbox", &json!({ "company_name": "Acme" })).expect(201).json();
    move |persona| {
        let personas = made["personas"].as_array().expect("personas");
        let person = personas.iter().find(|person| person["persona"] == persona).expect("such a person");
        let text = |member: &str| person[member].as_str().expect("text").to_owned();
        (text("email"), text("password"))
    }
}

/// Opens a page as somebody, who logs in where he is not.
#[track_caller]
fn open_as(browser: &Browser, (email, password): &(String, String), url: &str) {
    browser.open(url);
    if browser.address().contains("/login") {
        log_in(browser, email, password);
        browser.arrives_at(url.rsplit_once(['?', '/']).map_or(url, |(_, last)| last));
    }
}

/// Gives a field a value, as picking it in the browser's own widget does.
#[track_caller]
fn pick(browser: &Browser, css: &str, value: &str) {
    let code = "const field = document.querySelector(arguments[0]); field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true })); return field.value;";
    assert_eq!(browser.run(code, &[json!(css), json!(value)]), value, "{css}");
}

/// Says yes to the request in the inbox whose line holds some texts.
#[track_caller]
fn approve(browser: &Browser, texts: &[&str]) {
    let code = "const line = [...document.querySelectorAll('main .rows > li')].find((line) =>
            arguments[0].every((text) => line.innerText.includes(text)));
        line?.querySelector('button[value=approve]').click(); return Boolean(line);";
    assert_eq!(browser.run(code, &[json!(texts)]), true, "{texts:?} in {}", browser.text("main"));
    browser.arrives_at("notice=approved");
}

#[test]
fn time_off_from_the_request_to_the_balance() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    let people = cast(&server);
    let (eve, boss) = (people("employee"), people("administrator"));
    let url = |path: &str| format!("{}{path}", server.url());
    // On a phone, a Monday and a Tuesday of next June.
    browser.look(320, false);
    let days = browser.run(
        "const day = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 5, 7));
        while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() + 1);
        const next = new Date(day); next.setUTCDate(day.getUTCDate() + 1);
        return [day, next].map((day) => day.toISOString().slice(0, 10));",
        &[],
    );
    let [monday, tuesday] = [0, 1].map(|at| days[at].as_str().expect("a day").to_owned());
    let page = url(&format!("/time-off?on={}-12-31", &monday[..4]));
    let left = |browser: &Browser| -> f64 {
        let tile = browser.text(".tile .bigtime");
        tile.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{tile}"))
    };
    open_as(&browser, &eve, &page);
    browser.open(&page);
    let before = left(&browser);
    assert!(browser.text(".tile summary").contains("How this comes about"));

    // What it costs is told while the form is filled in; nothing is sent by that.
    pick(&browser, "#start_on", &monday);
    pick(&browser, "#finish_on", &tuesday);
    eventually("the cost of two days", Duration::from_secs(10), || {
        browser.text("#preview").contains("This costs 2 days.").then_some(())
    });
    pick(&browser, "#half_day", "beginning_of_day");
    assert!(browser.run("return document.querySelector('#finish_on').checkVisibility()", &[]) == false);
    eventually("the cost of half a day", Duration::from_secs(10), || {
        browser.text("#preview").contains("This costs 0.5 days.").then_some(())
    });
    pick(&browser, "#half_day", "hours");
    pick(&browser, "#hours_amount_in_cents", "1:30");
    eventually("the cost of some hours", Duration::from_secs(10), || {
        browser.text("#preview").contains("This costs 1.5 hours.").then_some(())
    });
    pick(&browser, "#half_day", "");
    browser.fill("#description", "The sea");
    browser.press("Send request");
    browser.arrives_at("notice=leave_sent");
    browser.open(&page);
    assert!(left(&browser) == before && browser.text(".tile").contains("2 days asked for, not decided yet"));

    // Who decides sees what would be left, and who else is away.
    let office = Browser::start().expect("there is one browser already");
    office.look(1280, true);
    open_as(&office, &boss, &url("/inbox"));
    let inbox = office.text("main");
    assert!(inbox.contains("would be left") && inbox.contains("The sea"), "{inbox}");
    approve(&office, &["The sea"]);
    browser.open(&page);
    assert!((left(&browser) - (before - 2.0)).abs() < 0.001, "{} of {before}", left(&browser));
    assert!(browser.text("main").contains("Approved"));
    let code = "const line = [...document.querySelectorAll('main .rows > li')].find((line) =>
        line.innerText.includes('Approved') && line.querySelector('button'));
        line.querySelector('button').click();";
    browser.run(code, &[]);
    browser.click("#confirm");
    browser.arrives_at("notice=leave_taken_back");
    browser.open(&page);
    assert!((left(&browser) - before).abs() < 0.001);
    quiet(&browser, "time off");
    quiet(&office, "the inbox");
}

#[test]
fn a_forgotten_shift_is_put_right() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    let people = cast(&server);
    let (eve, boss) = (people("employee"), people("administrator"));
    let url = |path: &str| format!("{}{path}", server.url());
    browser.look(320, true);
    open_as(&browser, &eve, &url("/home"));
    browser.press("Clock in");
    browser.arrives_at("notice=clocked_in");
    let began = browser.text(".clockstate");
    assert!(began.contains("Working"), "{began}");
    browser.press("Start a break");
    browser.arrives_at("notice=break_started");
    browser.press("End the break");
    browser.arrives_at("notice=break_ended");

    // The next day.
    server.client().post_json("/sandbox/clock", &json!({ "advance": "20h" })).expect(200);
    open_as(&browser, &eve, &url("/home"));
    assert!(browser.text("main").contains("You did not clock out"), "{}", browser.text("main"));
    browser.press("Say when you left");
    browser.arrives_at("/timesheet?month=");
    let start = browser.run("return document.getElementById('clock_in').value", &[]);
    let start = start.as_str().expect("a time of day").to_owned();
    let hour: u32 = start[..2].parse().expect("an hour");
    let end = format!("{:02}{}", (hour + 1) % 24, &start[2..]);
    pick(&browser, "#clock_out", &end);
    browser.fill("#observations", "Ran for the bus");
    browser.press("Ask for approval");
    browser.arrives_at("notice=correction_sent");
    assert!(browser.text("main").contains("Pending"));

    let office = Browser::start().expect("there is one browser already");
    office.look(1280, false);
    open_as(&office, &boss, &url("/inbox"));
    approve(&office, &["Change time", "Ran for the bus"]);
    browser.open(&url("/home"));
    assert!(!browser.text("main").contains("You did not clock out"));
    browser.open(&url("/timesheet"));
    let sheet = browser.text("main");
    assert!(sheet.contains(&format!("{start} to {end}")) || sheet.contains("Approved"), "{sheet}");
    quiet(&browser, "the timesheet");
}

/// The pages of daily work of a company with people, each as somebody who has something on it.
#[test]
fn daily_work_fits_and_can_be_read() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    let people = cast(&server);
    let (eve, boss) = (people("employee"), people("administrator"));
    let url = |path: &str| format!("{}{path}", server.url());
    let mut pages = Inspector::new(&browser);
    browser.look(1280, false);
    open_as(&browser, &eve, &url("/home"));
    pages.look("work-home");
    pages.open("work-time-off", &url("/time-off"));
    browser.open(&url("/time-off"));
    pick(&browser, "#half_day", "hours");
    pick(&browser, "#start_on", "2027-06-05");
    pick(&browser, "#hours_amount_in_cents", "2");
    eventually("the cost", Duration::from_secs(10), || {
        browser.text("#preview").contains("This costs").then_some(())
    });
    pages.look("work-time-off-preview");
    pick(&browser, "#hours_amount_in_cents", "all");
    browser.press("Send request");
    eventually("an error", Duration::from_secs(10), || browser.has("#error-summary").then_some(()));
    pages.look("work-time-off-errors");
    browser.open(&url("/home"));
    browser.press("Clock in");
    browser.arrives_at("notice=clocked_in");
    pages.open("work-timesheet", &url("/timesheet"));
    browser.press("Change");
    browser.arrives_at("&shift=");
    pages.look("work-timesheet-change");
    browser.press("Ask to remove it");
    browser.arrives_at("notice=correction_sent");
    pages.look("work-timesheet-asked");
    for (name, path) in
        [("work-inbox-empty", "/inbox"), ("work-calendar-own", "/calendar"), ("work-profile", "/people/me")]
    {
        pages.open(name, &url(path));
    }
    browser.open(&url("/home"));
    log_out(&browser);
    open_as(&browser, &boss, &url("/home"));
    pages.look("work-home-boss");
    for (name, path) in [
        ("work-inbox", "/inbox"),
        ("work-calendar", "/calendar"),
        ("work-calendar-busy", "/calendar?month=2026-08"),
        ("work-timesheet-review", "/timesheet"),
        ("work-people", "/people"),
        ("work-people-none", "/people?q=nobody+is+called+so"),
        ("reference", "/reference"),
        ("reference-namespace", "/reference/timeoff"),
        ("reference-resource", "/reference/timeoff/leaves"),
        ("reference-referred-to", "/reference/employees/employees"),
        ("reference-search", "/reference?q=vacation"),
    ] {
        pages.open(name, &url(path));
    }
    browser.open(&url("/people"));
    browser.click(".table tr:nth-child(4) a.title");
    browser.arrives_at("/people/");
    pages.look("work-person");
    pages.end();
}

#[test]
fn time_off_is_asked_for_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let instance = Instance::demo();
    let server = instance.serve();
    let eve = cast(&server)("employee");
    browser.look(1280, false);
    open_as(&browser, &eve, &format!("{}/time-off", server.url()));
    tab_to_id(&browser, "half_day");
    // The first half of a day, by its first letters.
    browser.keys("Fi");
    tab_to_id(&browser, "start_on");
    browser.keys("06072027");
    tab_to_id(&browser, "description");
    browser.keys("By hand");
    tab_to_text(&browser, "Send request");
    browser.keys(key::ENTER);
    browser.arrives_at("notice=leave_sent");
    let shown = browser.text("main");
    assert!(shown.contains("7 Jun 2027, first half of the day"), "{shown}");
    quiet(&browser, "time off by keyboard");
}
