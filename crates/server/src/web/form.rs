//! Forms: read, and checked to come from a page of this server.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::errors::Failure;
use super::visitor::Visitor;
use crate::App;
use crate::http::Fields;

/// A form that the visitor sent from a page that this server showed to him.
pub(crate) struct Posted<V = Visitor> {
    pub by: V,
    pub form: Fields,
}

impl<V> FromRequest<App> for Posted<V>
where
    V: FromRequestParts<App, Rejection = Failure> + AsRef<Visitor> + Send + Sync,
{
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let by = V::from_request_parts(&mut parts, app).await?;
        let visitor = by.as_ref();
        // Whoever is logged in may send a file along.
        let file = visitor.session.as_ref().map_or(0, |_| app.config.largest_file);
        let form = Fields::body_with(&parts.headers, body, file).await;
        let form = form.map_err(|problem| Failure::problem(visitor, problem))?;
        let expected = visitor.csrf();
        let presented = form.text("_csrf");
        let genuine = accounts::same(&accounts::hash(presented), &accounts::hash(&expected));
        if !genuine || !same_site(&parts.headers) {
            return Err(Failure::forged(visitor));
        }
        if let Some(preview) = visitor.preview().filter(|_| !AS_ONESELF.contains(&parts.uri.path())) {
            let text = format!(
                "You look at the company as {}. Nothing is changed in somebody else's name: stop looking first.",
                preview.name
            );
            return Err(Failure::page(visitor, StatusCode::FORBIDDEN, "You are only looking", &text));
        }
        if let Some(name) = form.doubled() {
            let text = format!("The field {name} is there more than once. Nothing was changed.");
            return Err(Failure::page(visitor, StatusCode::BAD_REQUEST, "The form cannot be read", &text));
        }
        Ok(Self { by, form })
    }
}

/// Where forms of whoever looks as somebody else lead: out.
const AS_ONESELF: [&str; 2] = ["/preview/end", "/logout"];

/// What browsers say of where a request was made. Old ones say nothing and have the token alone.
pub(crate) fn same_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, None | Some(b"same-origin" | b"none"))
}

impl AsRef<Visitor> for Visitor {
    fn as_ref(&self) -> &Visitor {
        self
    }
}

impl AsRef<Visitor> for super::SignedIn {
    fn as_ref(&self) -> &Visitor {
        &self.visitor
    }
}

impl AsRef<Visitor> for super::visitor::Delegate {
    fn as_ref(&self) -> &Visitor {
        &self.0.visitor
    }
}

impl AsRef<Visitor> for super::Administrator {
    fn as_ref(&self) -> &Visitor {
        &self.0.visitor
    }
}
