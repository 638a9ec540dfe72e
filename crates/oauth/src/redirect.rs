//! Redirect URIs: which may be registered, which is the same as which, and what is sent to them.

use url::{Host, Url};

/// Where an application without a server of its own gets its code: the page shows it.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The older spelling for applications that read the title of the page.
const OUT_OF_BAND_AUTO: &str = "urn:ietf:wg:oauth:2.0:oob:auto";

/// The page that shows a code.
const NATIVE: &str = "/oauth/authorize/native";

/// The longest redirect URI, in bytes.
const LONGEST: usize = 2000;

/// Schemes that a browser runs or opens itself, instead of handing the code to an application.
const DANGEROUS: [&str; 9] =
    ["about", "blob", "data", "file", "filesystem", "javascript", "urn", "vbscript", "view-source"];

pub(crate) fn is_out_of_band(uri: &str) -> bool {
    uri == OUT_OF_BAND || uri == OUT_OF_BAND_AUTO
}

/// Whether a redirect URI that was sent is the registered one: the same string (RFC 9700 section 2.1), but
/// for the port on the loopback address, which a native application learns when it starts (RFC 8252 section 7.3).
pub(crate) fn matches(registered: &str, sent: &str) -> bool {
    registered == sent
        || without_loopback_port(registered).is_some_and(|r| Some(r) == without_loopback_port(sent))
}

/// A URI of the loopback address as what stands before and after its port.
///
/// Not for `localhost`, a name that may resolve to something else (RFC 8252 section 8.3).
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host))?;
    let rest = &uri[host.len()..];
    let path = match rest.strip_prefix(':') {
        Some(port) => {
            let path = port.trim_start_matches(|c: char| c.is_ascii_digit());
            port[..port.len() - path.len()].parse::<u16>().ok()?;
            path
        }
        None => rest,
    };
    // Whatever else follows would make it another host (`127.0.0.1.example.com`, `127.0.0.1:80@example.com`).
    (path.is_empty() || path.starts_with(['/', '?'])).then_some((host, path))
}

/// Why a URI cannot be registered: a code and a sentence.
pub(crate) fn problem(uri: &str, allow_http: bool) -> Option<(&'static str, &'static str)> {
    if is_out_of_band(uri) {
        return None;
    }
    if uri.len() > LONGEST {
        return Some(("too_long", "is longer than 2000 characters"));
    }
    if !uri.bytes().all(|b| b.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&b)) {
        return Some(("invalid", "holds characters that must be percent-encoded in a URI"));
    }
    let Ok(parsed) = Url::parse(uri) else {
        return Some(("relative", "must be absolute, for example https://example.com/callback"));
    };
    if DANGEROUS.contains(&parsed.scheme()) {
        return Some(("forbidden_scheme", "uses a scheme that browsers handle themselves"));
    }
    // RFC 6749 section 3.1.2.
    if uri.contains('#') {
        return Some(("fragment", "must not have a fragment (the part after #)"));
    }
    if uri.contains('*') {
        return Some(("wildcard", "must not have wildcards; register every URI in full"));
    }
    let authority = uri.split_once("//").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return Some(("userinfo", "must not have a user name or password"));
    }
    match parsed.scheme() {
        "http" | "https" if !uri.to_ascii_lowercase().starts_with(&format!("{}://", parsed.scheme())) => {
            Some(("relative", "must have two slashes after the scheme"))
        }
        "http" if !allow_http && !is_loopback(&parsed) => {
            Some(("insecure", "must use https, unless it is on 127.0.0.1, [::1] or localhost"))
        }
        _ => None,
    }
}

fn is_loopback(uri: &Url) -> bool {
    match uri.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Where in the redirect URI the answer stands (OAuth 2.0 Multiple Response Type Encoding Practices).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseMode {
    /// In the query.
    #[default]
    Query,
    /// In the fragment, which browsers do not send to the server.
    Fragment,
}

/// The address to which an answer is sent: the redirect URI with parameters added to what it has, or for an
/// application without one the page that shows the code.
pub fn redirect_location(redirect_uri: &str, mode: ResponseMode, params: &[(&str, &str)]) -> String {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    if is_out_of_band(redirect_uri) {
        // Nobody reads the other parameters there, and a page must not show words from its address.
        encoded.extend_pairs(params.iter().filter(|(name, _)| matches!(*name, "code" | "error")));
        return format!("{NATIVE}?{}", encoded.finish());
    }
    let encoded = encoded.extend_pairs(params).finish();
    let separator = match mode {
        ResponseMode::Fragment => "#",
        ResponseMode::Query if !redirect_uri.contains('?') => "?",
        ResponseMode::Query if redirect_uri.ends_with(['?', '&']) => "",
        ResponseMode::Query => "&",
    };
    format!("{redirect_uri}{separator}{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_is_compared_as_a_string() {
        const REGISTERED: &str = "https://app.example/callback?tenant=1";
        assert!(matches(REGISTERED, REGISTERED));
        for twist in [
            "https://app.example/callback?tenant=1&x",
            "https://app.example/callback",
            "https://app.example/callback/?tenant=1",
            "https://app.example/Callback?tenant=1",
            "https://APP.example/callback?tenant=1",
            "https://app.example:443/callback?tenant=1",
            "https://app.example/%63allback?tenant=1",
            "https://app.example/x/../callback?tenant=1",
            "https://app.example@evil.example/callback?tenant=1",
            "https://app.example.evil.example/callback?tenant=1",
            "http://app.example/callback?tenant=1",
            "https://app.example/callback?tenant=1#",
            " https://app.example/callback?tenant=1",
            "",
        ] {
            assert!(!matches(REGISTERED, twist), "{twist}");
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_address_is_free() {
        for (registered, sent, same) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb", true),
            ("http://127.0.0.1:1/cb", "http://127.0.0.1/cb", true),
            ("http://[::1]:8080/cb", "http://[::1]:9/cb", true),
            ("http://127.0.0.1", "http://127.0.0.1:80?x=1", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51234/other", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1:51234/cb", false),
            ("http://127.0.0.1/cb", "http://[::1]/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80\\@evil.example/cb", false),
            ("http://localhost:1/cb", "http://localhost:2/cb", false),
            ("https://app.example:1/cb", "https://app.example:2/cb", false),
        ] {
            assert_eq!(matches(registered, sent), same, "{registered} {sent}");
        }
    }

    #[test]
    fn what_may_be_registered() {
        for (uri, expected) in [
            ("https://app.example/callback?x=1", None),
            ("http://127.0.0.1/cb", None),
            ("http://[::1]:1234/cb", None),
            ("http://localhost:3000/cb", None),
            ("com.example.app:/oauth", None),
            ("myapp://callback", None),
            (OUT_OF_BAND, None),
            (OUT_OF_BAND_AUTO, None),
            ("http://app.example/cb", Some("insecure")),
            ("http://localhost.evil.example/cb", Some("insecure")),
            ("/callback", Some("relative")),
            ("app.example/callback", Some("relative")),
            ("https:app.example", Some("relative")),
            ("https://", Some("relative")),
            ("https://app.example/#part", Some("fragment")),
            ("https://app.example/#", Some("fragment")),
            ("https://user@app.example/", Some("userinfo")),
            ("https://*.app.example/", Some("wildcard")),
            ("https://app.example/a b", Some("invalid")),
            ("https://app.example/\u{e9}", Some("invalid")),
            ("https://app.example\\@evil.example", Some("invalid")),
            ("JavaScript:alert(1)", Some("forbidden_scheme")),
            ("data:text/html,x", Some("forbidden_scheme")),
            ("vbscript:x", Some("forbidden_scheme")),
            ("file:///etc/passwd", Some("forbidden_scheme")),
            ("urn:other", Some("forbidden_scheme")),
        ] {
            assert_eq!(problem(uri, false).map(|(code, _)| code), expected, "{uri}");
        }
        assert_eq!(problem("http://app.example/cb", true), None);
        assert_eq!(
            problem(&format!("https://app.example/{}", "a".repeat(2000)), false).map(|p| p.0),
            Some("too_long")
        );
    }

    #[test]
    fn an_answer_is_added_to_what_the_uri_has() {
        let params = [("code", "a b&c"), ("state", "é")];
        for (uri, mode, location) in [
            ("https://a.example/cb", ResponseMode::Query, "https://a.example/cb?code=a+b%26c&state=%C3%A9"),
            (
                "https://a.example/cb?x=1",
                ResponseMode::Query,
                "https://a.example/cb?x=1&code=a+b%26c&state=%C3%A9",
            ),
            ("https://a.example/cb?", ResponseMode::Query, "https://a.example/cb?code=a+b%26c&state=%C3%A9"),
            (
                "https://a.example/cb?x=1",
                ResponseMode::Fragment,
                "https://a.example/cb?x=1#code=a+b%26c&state=%C3%A9",
            ),
            (OUT_OF_BAND, ResponseMode::Query, "/oauth/authorize/native?code=a+b%26c"),
        ] {
            assert_eq!(redirect_location(uri, mode, &params), location);
        }
    }
}
