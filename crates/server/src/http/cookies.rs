//! Cookies.

use http::HeaderMap;
use http::header::COOKIE;

/// The name under which a cookie is stored: over https with the `__Host-` prefix, so that no neighbouring
/// subdomain can set it (RFC 6265bis section 4.1.3.2).
pub(crate) fn name(base: &str, secure: bool) -> String {
    if secure { format!("__Host-{base}") } else { base.to_owned() }
}

/// The value of a cookie. The first one counts.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A `Set-Cookie` value that scripts cannot read and other sites' forms do not send.
pub(crate) fn set(base: &str, value: &str, seconds: i64, secure: bool) -> String {
    let (name, flag) = (name(base, secure), if secure { "; Secure" } else { "" });
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{flag}")
}
