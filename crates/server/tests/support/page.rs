//! What every page must be.

use std::collections::BTreeSet;

use super::Answer;
use super::html::{self, Piece};

/// Fails unless the page is what every page is.
#[track_caller]
pub fn assert_well_made(page: &Answer, case: &str) {
    let case = format!("{case}: {}", page.asked);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{case}");
    // The reference stays as it is until the program changes, so a browser may keep it and ask whether it is still good.
    let kept = page.headers.contains_key("etag") && page.asked.contains(" /reference");
    for (header, value) in [
        ("cache-control", if kept { "private, no-cache" } else { "no-store" }),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(page.header(header), value, "{case}: {header}");
    }
    let policy = page.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(directive), "{case}: {directive} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{case}: {policy}");

    let text = page.text();
    assert!(text.starts_with("<!doctype html>\n<html lang=\"en\">"), "{case}: no language");
    let (mut ids, mut labelled, mut described, mut anchors) =
        <(BTreeSet<String>, BTreeSet<String>, Vec<String>, Vec<String>)>::default();
    let (mut headings, mut mains, mut title, mut in_title, mut in_label) = (0, 0, String::new(), false, 0);
    let mut inputs: Vec<(String, bool)> = Vec::new();
    for piece in html::pieces(&text) {
        match piece {
            Piece::Open { tag, attributes } => {
                let get = |name: &str| attributes.get(name).cloned().unwrap_or_default();
                for name in attributes.keys() {
                    assert!(name != "style" && !name.starts_with("on"), "{case}: <{tag} {name}> is inline");
                }
                for link in ["href", "src", "action"] {
                    let to = get(link).to_lowercase();
                    assert!(!to.starts_with("javascript:") && !to.starts_with("data:"), "{case}: {to}");
                    let third_party = matches!(tag.as_str(), "script" | "link" | "img") && !to.is_empty();
                    assert!(!third_party || to.starts_with("/assets/"), "{case}: <{tag}> from {to}");
                }
                if let Some(id) = attributes.get("id") {
                    assert!(ids.insert(id.clone()), "{case}: two elements are #{id}");
                }
                for name in ["aria-describedby", "aria-labelledby", "popovertarget"] {
                    described.extend(get(name).split_whitespace().map(str::to_owned));
                }
                if let Some(anchor) = get("href").strip_prefix('#') {
                    anchors.push(anchor.to_owned());
                }
                match tag.as_str() {
                    "h1" => headings += 1,
                    "main" => mains += 1,
                    "title" => in_title = true,
                    "style" => panic!("{case}: inline style"),
                    "script" => assert!(!get("src").is_empty(), "{case}: inline script"),
                    "img" => assert!(attributes.contains_key("alt"), "{case}: an image without alt"),
                    "label" => {
                        in_label += 1;
                        labelled.insert(get("for"));
                    }
                    "input" | "textarea" | "select" => {
                        let hidden = get("type") == "hidden" || attributes.contains_key("hidden");
                        let named = in_label > 0 || !get("aria-label").is_empty();
                        if !hidden {
                            inputs.push((get("id"), named));
                        }
                    }
                    _ => {}
                }
            }
            Piece::Close(tag) if tag == "label" => in_label -= 1,
            Piece::Close(tag) if tag == "title" => in_title = false,
            Piece::Text(text) if in_title => title.push_str(&text),
            _ => {}
        }
    }
    assert!(title.ends_with(" · Muster") && title.len() > " · Muster".len(), "{case}: title {title:?}");
    assert_eq!((headings, mains), (1, 1), "{case}: one h1 and one main");
    for (id, named) in inputs {
        assert!(named || (!id.is_empty() && labelled.contains(&id)), "{case}: the input #{id} has no label");
    }
    for id in described.iter().chain(&anchors) {
        assert!(ids.contains(id), "{case}: nothing is #{id}");
    }
    for form in page.forms() {
        let token = form.fields.iter().filter(|(name, _)| name == "_csrf").count();
        assert_eq!(token, usize::from(form.method == "post"), "{case}: the form to {}", form.action);
        assert!(form.action.starts_with('/'), "{case}: the form to {}", form.action);
    }
}
