//! The yardstick of `cargo xtask bench`: the fewest lines of axum that answer a request, with the bytes of a file.
//!
//!     bare PORT BODY_FILE CONTENT_TYPE

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::routing::any;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().context("PORT is missing")?.parse()?;
    let body = Bytes::from(std::fs::read(arguments.next().context("BODY_FILE is missing")?)?);
    let content_type = HeaderValue::from_str(&arguments.next().context("CONTENT_TYPE is missing")?)?;

    // Taking the request's body costs a POST what it costs any handler that looks at it.
    let handler = move |_request: Bytes| async move { ([(header::CONTENT_TYPE, content_type)], body) };
    let routes = Router::new()
        .route("/health", any(|| async {}))
        .route("/api/v1/me", any(handler.clone()))
        .route("/oauth/token", any(handler));
    axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, routes).await?;
    Ok(())
}
