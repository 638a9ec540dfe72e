//! What operations answer.

use serde_json::{Value, json};

use crate::component::reference;
use crate::schema::{Schema, with};

/// Something that can go wrong.
struct Fault {
    status: &'static str,
    name: &'static str,
    doc: &'static str,
    headers: &'static [&'static str],
}

const FAULTS: [Fault; 11] = [
    Fault {
        status: "400",
        name: "BadRequest",
        doc: "The request cannot be read, or some of the input is not what is declared. Everything that is wrong is named.",
        headers: &[],
    },
    Fault {
        status: "401",
        name: "Unauthorized",
        doc: "No credential, or one that is not valid any more.",
        headers: &["WWW-Authenticate"],
    },
    Fault {
        status: "403",
        name: "Forbidden",
        doc: "The scope or the permission is missing that the answer names.",
        headers: &[],
    },
    Fault {
        status: "404",
        name: "NotFound",
        doc: "There is nothing at this address, as far as the caller may know.",
        headers: &[],
    },
    Fault {
        status: "409",
        name: "Conflict",
        doc: "The member or parameter that is named conflicts with how things stand. `id` is the object itself.",
        headers: &[],
    },
    Fault { status: "413", name: "TooLarge", doc: "The body is too large.", headers: &[] },
    Fault {
        status: "422",
        name: "Unprocessable",
        doc: "The input is well formed, and a rule of the business says no to the member that is named.",
        headers: &[],
    },
    Fault {
        status: "429",
        name: "TooManyRequests",
        doc: "The credential made too many POST requests in this minute.",
        headers: &["Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"],
    },
    Fault { status: "501", name: "NotImplemented", doc: "This server does not do it yet.", headers: &[] },
    Fault { status: "4XX", name: "Refused", doc: "Something else is wrong with the request.", headers: &[] },
    Fault {
        status: "5XX",
        name: "Failed",
        doc: "Something went wrong here. Nothing was changed.",
        headers: &["Retry-After"],
    },
];

/// The headers of the answer to a post.
const POSTED: [&str; 4] =
    ["Idempotent-Replayed", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

/// What a good answer is.
pub(crate) struct Success {
    pub status: &'static str,
    pub doc: String,
    pub schema: Value,
    /// Whether the request could say something that is ignored.
    pub lenient: bool,
    /// Whether it is counted.
    pub posted: bool,
}

/// The answers of an operation: the good one, and what can go wrong.
pub(crate) fn answers(success: &Success, faults: &[&str]) -> Schema {
    let mut names = vec!["X-Request-Id"];
    if success.lenient {
        names.push("Muster-Ignored");
    }
    if success.posted {
        names.extend(POSTED);
    }
    let good = json!({
        "description": success.doc,
        "headers": refer(&names),
        "content": { "application/json": { "schema": success.schema } },
    });
    let mut answers = with(Schema::new(), success.status, good);
    for fault in FAULTS.iter().filter(|fault| faults.contains(&fault.status)) {
        answers.insert(fault.status.to_owned(), reference("responses", fault.name));
    }
    answers
}

/// The answers that belong to no resource.
pub(crate) fn shared() -> Schema {
    let answer = |fault: &Fault| {
        let names: Vec<_> = ["X-Request-Id"].iter().chain(fault.headers).copied().collect();
        let answer = json!({
            "description": fault.doc,
            "headers": refer(&names),
            "content": { "application/problem+json": { "schema": reference("schemas", "Problem") } },
        });
        (fault.name.to_owned(), answer)
    };
    FAULTS.iter().map(answer).collect()
}

/// The headers of answers.
pub(crate) fn headers() -> Value {
    let header =
        |doc: &str, kind: &str| json!({ "description": doc, "schema": { "type": kind, "description": doc } });
    json!({
        "X-Request-Id": header("What the log of the server has the request under.", "string"),
        "Muster-Ignored": header("Parameters and members that are not known and were ignored, between commas.", "string"),
        "Idempotent-Replayed": header("`true` where the request had been done before, under the same key.", "string"),
        "RateLimit-Limit": header("POST requests that the credential may make in a minute.", "integer"),
        "RateLimit-Remaining": header("Those that are left in this minute.", "integer"),
        "RateLimit-Reset": header("Seconds until the next minute.", "integer"),
        "Retry-After": header("Seconds after which to try again.", "integer"),
        "WWW-Authenticate": header("What is wrong with the credential (RFC 6750).", "string"),
    })
}

fn refer(names: &[&str]) -> Schema {
    names.iter().map(|name| ((*name).to_owned(), reference("headers", name))).collect()
}
