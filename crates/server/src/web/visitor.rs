//! Who is looking at a page, and how a page is answered.

use std::net::IpAddr;

use accounts::{Actor, Preview, Secret, SessionView};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, LOCATION,
    SET_COOKIE, USER_AGENT, VARY, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use registry::MINUTE;

use super::errors::Failure;
use super::pages::{Nav, Notice, NoticeKind, Page, PreviewBar, Viewer};
use crate::App;
use crate::http::{Fields, address, cookies};

/// The cookie of a session.
pub(crate) const SESSION: &str = "muster_session";
/// The cookie of a browser without a session; forms are bound to it.
const VISIT: &str = "muster_visit";
/// The cookie by which a browser is known that somebody has logged in with before.
pub(crate) const DEVICE: &str = "muster_device";

/// Whoever opened a page, logged in or not.
pub(crate) struct Visitor {
    pub app: App,
    /// The session, if there is a live one.
    pub session: Option<SessionView>,
    /// The token of the session or of the visit: what forms are bound to.
    pub token: Secret,
    /// Whether the browser has yet to be told the token of its visit.
    new_visit: bool,
    /// The token of the known device.
    pub device: Option<String>,
    pub address: IpAddr,
    pub user_agent: String,
    /// Path and query.
    pub path: String,
    notice: Option<Notice>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let secure = app.config.secure();
        let cookie = |base: &str| cookies::get(&parts.headers, &cookies::name(base, secure));
        let session = match cookie(SESSION) {
            Some(token) => find_session(app, Secret::presented(token)).await?,
            None => None,
        };
        let visit = cookie(VISIT).filter(|value| value.len() == 64).map(Secret::presented);
        let (session, token, new_visit) = match (session, visit) {
            (Some((token, session)), _) => (Some(session), token, false),
            (None, Some(visit)) => (None, visit, false),
            (None, None) => (None, Secret::generate(), true),
        };
        let query = Fields::query(&parts.uri).unwrap_or_default();
        let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        Ok(Self {
            session,
            token,
            new_visit,
            device: cookie(DEVICE).map(str::to_owned),
            address: address::client(parts, &app.config.trusted_proxies),
            user_agent: text(USER_AGENT).unwrap_or_default().chars().take(300).collect(),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            notice: notice(query.text("notice")),
            app: app.clone(),
        })
    }
}

async fn find_session(app: &App, token: Secret) -> Result<Option<(Secret, SessionView)>, Failure> {
    let hash = token.hash();
    let Some(session) = app.db.read(move |tx| accounts::session::find(tx, &hash)).await? else {
        return Ok(None);
    };
    let (id, now) = (session.session, app.db.clock().now());
    if now - session.last_seen_at > MINUTE {
        app.db.write(move |tx| accounts::session::touch(tx, id, now)).await?;
    }
    Ok(Some((token, session)))
}

impl Visitor {
    /// The query of the address; one that cannot be read is empty.
    pub fn query(&self) -> Fields {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        Fields::parse(query).unwrap_or_default()
    }

    /// What the forms of this visitor's pages carry: a tag over the cookie's value that only this server
    /// can make. A form without it, or with another visitor's, does nothing.
    pub fn csrf(&self) -> String {
        accounts::hex(&self.app.vault.tag("csrf", self.token.expose().as_bytes()))
    }

    /// Who does something, for the audit log.
    pub fn actor(&self) -> Actor {
        let address = self.address.to_string();
        match &self.session {
            Some(session) => {
                let user = session.principal.person().map(|person| person.user);
                let name = session.preview.as_ref().map_or(&session.login_email, |p| &p.administrator);
                Actor { user, name: name.clone(), address }
            }
            None => Actor::anonymous("visitor", address),
        }
    }

    /// As whom an administrator looks, if he does.
    pub fn preview(&self) -> Option<&Preview> {
        self.session.as_ref()?.preview.as_ref()
    }

    /// The frame of a page.
    pub fn page(&self, title: impl Into<String>, active: Nav) -> Page {
        Page {
            title: title.into(),
            csrf: self.csrf(),
            demo: self.app.config.demo(),
            signup_open: self.app.config.sign_up_open,
            viewer: self.session.as_ref().map(viewer),
            preview: self.preview().map(|preview| PreviewBar {
                name: preview.name.clone(),
                group: preview.group.clone(),
                other_group: preview.other_group.is_some(),
            }),
            notice: self.notice.clone(),
            active,
            path: self.path.clone(),
        }
    }

    /// Answers with a page.
    pub fn show(&self, status: StatusCode, page: &impl Template) -> Response {
        self.show_leading_to(status, page, None)
    }

    /// Answers with a page whose form may lead to another site. Browsers apply `form-action` to the
    /// redirects that follow a form, so the one of an application's redirect URI has to be named.
    pub fn show_leading_to(&self, status: StatusCode, page: &impl Template, site: Option<&str>) -> Response {
        match page.render() {
            Ok(html) => self.answer(status, html, site),
            Err(error) => unrendered(&error),
        }
    }

    /// Answers with a page that stays as it is until the program changes: a browser that has it already gets 304. It is
    /// its visitor's nevertheless, because the frame tells who is logged in.
    pub fn show_unchanging(&self, headers: &HeaderMap, page: &impl Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => return unrendered(&error),
        };
        let tag = format!("\"{}\"", &accounts::hex(&accounts::hash(&html))[..16]);
        let seen = headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes());
        let mut response = if seen {
            let mut response = self.answer(StatusCode::NOT_MODIFIED, String::new(), None);
            response.headers_mut().remove(CONTENT_TYPE);
            response
        } else {
            self.answer(StatusCode::OK, html, None)
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(VARY, HeaderValue::from_static("cookie"));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(ETAG, tag);
        }
        response
    }

    fn answer(&self, status: StatusCode, html: String, site: Option<&str>) -> Response {
        let mut response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
        let site = site.map_or(String::new(), |site| format!(" {site}"));
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; form-action 'self'{site}; frame-ancestors 'none'; base-uri 'none'"
        );
        let headers = response.headers_mut();
        for (name, value) in [
            (CONTENT_SECURITY_POLICY, policy.as_str()),
            (X_FRAME_OPTIONS, "DENY"),
            (CACHE_CONTROL, "no-store"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        if self.new_visit {
            let cookie = cookies::set(VISIT, self.token.expose(), 86_400, self.app.config.secure());
            if let Ok(cookie) = HeaderValue::try_from(cookie) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        response
    }
}

fn unrendered(error: &askama::Error) -> Response {
    tracing::error!(%error, "a page could not be rendered");
    crate::http::Problem::internal().into_response()
}

fn viewer(session: &SessionView) -> Viewer {
    Viewer {
        name: format!("{} {}", session.first_name, session.last_name),
        email: session.login_email.clone(),
        company: session.company_name.clone(),
        company_id: session.principal.company.get(),
        administrator: session.principal.is_administrator(),
        delegate: session.principal.person().is_some_and(|p| p.administrator || p.delegates()),
        // To go elsewhere, the administrator stops looking as somebody else first.
        companies: session
            .companies
            .iter()
            .filter(|(id, _, _)| session.preview.is_none() || *id == session.principal.company)
            .map(|(id, _, name)| (id.get(), name.clone()))
            .collect(),
    }
}

/// Somebody who is logged in. Others are sent to log in first and come back.
pub(crate) struct SignedIn {
    pub visitor: Visitor,
    pub session: SessionView,
    pub person: access::Person,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let safe = parts.method.is_safe();
        let Some(session) = visitor.session.clone() else {
            let return_to = if safe { visitor.path.as_str() } else { "/home" };
            return Err(Failure::elsewhere(&log_in_address(return_to)));
        };
        match session.principal.person().cloned() {
            Some(person) => Ok(Self { visitor, session, person }),
            None => Err(Failure::forbidden(&visitor)),
        }
    }
}

/// Somebody who is logged in as an administrator of the company.
pub(crate) struct Administrator(pub SignedIn);

impl FromRequestParts<App> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if signed_in.person.administrator {
            Ok(Self(signed_in))
        } else {
            Err(Failure::forbidden(&signed_in.visitor))
        }
    }
}

/// Somebody who may change what groups may do: an administrator everything, others what was delegated to their group.
pub(crate) struct Delegate(pub SignedIn);

impl FromRequestParts<App> for Delegate {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let signed_in = SignedIn::from_request_parts(parts, app).await?;
        if signed_in.person.administrator || signed_in.person.delegates() {
            Ok(Self(signed_in))
        } else {
            Err(Failure::forbidden(&signed_in.visitor))
        }
    }
}

/// What is escaped in the value of a query: all but what stands for itself there (RFC 3986 section 3.4), so
/// that people can read addresses.
const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

/// A text as the value of a query.
pub(crate) fn escaped(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, QUERY)
}

/// Where to log in and come back from.
pub(crate) fn log_in_address(return_to: &str) -> String {
    format!("/login?return_to={}", escaped(return_to))
}

/// A path on this server to go to, or the start page: whatever could lead elsewhere is not followed.
pub(crate) fn local_path(return_to: &str) -> &str {
    let local = return_to.starts_with('/')
        && !return_to.starts_with("//")
        && !return_to.contains('\\')
        && return_to.chars().all(|c| c.is_ascii_graphic());
    if local { return_to } else { "/home" }
}

/// See other: what a form leads to.
pub(crate) fn see_other(location: &str) -> Response {
    let location = HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("/home"));
    (StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("no-store"))])
        .into_response()
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// What a page says after a redirect. The address only holds the code, so nobody can make a page say
/// something by a link.
fn notice(code: &str) -> Option<Notice> {
    let (kind, text) = match code {
        "saved" => (NoticeKind::Success, "Saved."),
        "deleted" => (NoticeKind::Success, "Deleted."),
        "sent_again" => (NoticeKind::Success, "It is on its way."),
        "replayed" => (NoticeKind::Success, "What happened in that time is on its way again."),
        "webhook_disabled" => (NoticeKind::Error, "The webhook is disabled. Enable it first."),
        "invited" => (NoticeKind::Success, "The invitation is on its way. Its link works for 24 hours."),
        "administrator" => (NoticeKind::Success, "The permissions were changed. They apply at once."),
        "last_administrator" => {
            (NoticeKind::Error, "A company needs an administrator. Make somebody else one first.")
        }
        "not_empty" => (NoticeKind::Error, "There are people in the group. Move them to another one first."),
        "name_taken" => (NoticeKind::Error, "There is a group of that name already."),
        "name" => (NoticeKind::Error, "Give the group a name of at most 100 characters."),
        "changed" => (
            NoticeKind::Warning,
            "Somebody else changed the group meanwhile. Nothing was saved: choose again from how it is now.",
        ),
        "preview" => (NoticeKind::Info, "You see the company as that person now. Nothing can be changed."),
        "preview_over" => (NoticeKind::Success, "You are yourself again."),
        "built_in" | "administrators" => (NoticeKind::Error, "This group cannot be changed like that."),
        "not_accepted" => {
            (NoticeKind::Error, "Only somebody who accepted the invitation can be an administrator.")
        }
        "password_changed" => (NoticeKind::Success, "Your password was changed. Other sessions were ended."),
        "session_ended" => (NoticeKind::Success, "The session was ended."),
        "logged_out" => (NoticeKind::Info, "You are logged out."),
        "logged_out_everywhere" => (NoticeKind::Success, "You are logged out everywhere."),
        "withdrawn" => (NoticeKind::Success, "The application was shut out. Its tokens stopped working."),
        "two_secrets" => {
            (NoticeKind::Warning, "Two secrets are live already. Delete the one that is not in use first.")
        }
        "last_secret" => (NoticeKind::Warning, "This is the only secret. Renew it before you delete it."),
        "clock" => (NoticeKind::Success, "The clock was moved."),
        "clocked_in" => (NoticeKind::Success, "You are clocked in."),
        "clocked_out" => (NoticeKind::Success, "You are clocked out."),
        "break_started" => (NoticeKind::Success, "Enjoy your break."),
        "break_ended" => (NoticeKind::Success, "Your break is over."),
        "leave_sent" => (NoticeKind::Success, "Your request is on its way."),
        "leave_approved" => (NoticeKind::Success, "Your time off is approved."),
        "leave_taken_back" => (NoticeKind::Success, "Your time off was taken back."),
        "correction_sent" => {
            (NoticeKind::Success, "Your correction is on its way. It counts once it is approved.")
        }
        "reviewed" => (NoticeKind::Success, "Reviewed. These days stay as they are."),
        "reopened" => (NoticeKind::Success, "The review was taken back."),
        "approved" => (NoticeKind::Success, "Approved."),
        "rejected" => (NoticeKind::Success, "Rejected."),
        "reset" => (NoticeKind::Success, "Log in with your new password."),
        "accepted" => (NoticeKind::Success, "Welcome. Log in to begin."),
        _ => return None,
    };
    Some(Notice { kind, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn a_return_address_never_leads_elsewhere() {
        for local in ["/", "/home", "/oauth/authorize?client_id=1&redirect_uri=https%3A%2F%2Fa.example"] {
            assert_eq!(local_path(local), local);
        }
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/a\r\nSet-Cookie: a=b",
            "/ü",
            " /home",
            "/\t/evil.example",
        ] {
            assert_eq!(local_path(elsewhere), "/home", "{elsewhere:?}");
        }
    }
}
