//! Names and sentences.

use access::Permission;
use registry::{Resource, Verb};

/// What holds for all operations.
pub(crate) const INTRODUCTION: &str = "\
Every object has the same five operations at most: list, read, create, update, delete; whatever else it can do is a POST \
of its own. `PATCH` does what `PUT` does: what is absent stays, what is null goes.\n\n\
**Lists** go in ascending order of ids, in pages of at most 100. Follow `meta.end_cursor` with `after_id` while \
`meta.has_next_page` is true. No parameter is required. Several values stand as `ids[]=1&ids[]=2` or `ids=1,2`.\n\n\
**Identifiers** are taken as numbers and as texts, in every version. They are answered as numbers before `2026-07-01` \
and as texts from then on.\n\n\
**Values.** A value that is not there is null; a nested object that is not there is left out, and a list is then empty. \
Points in time are answered in UTC with milliseconds. Clients should let members pass that they do not know.\n\n\
**Bodies** are JSON. A form with the same members, `application/x-www-form-urlencoded` or `multipart/form-data`, is \
taken as well.\n\n\
**Errors** have one form, `application/problem+json` (RFC 9457). Whatever is refused has changed nothing.";

/// `timeoff_leave` or `timeoff/leaves` as `TimeoffLeave` or `TimeoffLeaves`.
pub(crate) fn camel(name: &str) -> String {
    name.split(['_', '/']).map(sentence).collect()
}

/// With a capital letter.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What several objects of a resource are called.
pub(crate) fn plural(resource: &Resource) -> String {
    let name = resource.path.split_once('/').map_or(resource.path, |(_, name)| name);
    name.replace('_', " ")
}

/// What one object of a resource is called.
pub(crate) fn singular(resource: &Resource) -> String {
    let name = resource.object.strip_prefix(resource.namespace()).unwrap_or(resource.object);
    name.trim_start_matches('_').replace('_', " ")
}

/// A few words on what a plain operation does.
pub(crate) fn summary(resource: &Resource, of: Verb) -> String {
    let object = if of == Verb::List { plural(resource) } else { singular(resource) };
    format!("{} {object}", sentence(of.name()))
}

/// What a plain operation does.
pub(crate) fn effect(of: Verb) -> &'static str {
    match of {
        Verb::List => "Lists those that the caller may see, in ascending order of their ids.",
        Verb::Read => "Answers one of them.",
        Verb::Create => "Adds one and answers it.",
        Verb::Update => {
            "Changes one and answers it as it is now: what is absent stays, what is null goes. `PATCH` is the same."
        }
        Verb::Delete => "Deletes one and answers it as it was. It is refused while others refer to it.",
    }
}

/// Who may do it.
pub(crate) fn access(resource: &Resource, permission: Permission) -> String {
    let reads = permission.doing.reads();
    let legacy = if reads { "read" } else { "write" };
    let scope = resource.scope().map_or_else(
        || "Any token opens it, whatever its scopes.".to_owned(),
        |scope| format!("A token needs the scope `{}`, or the legacy `{legacy}`.", scope.name),
    );
    let person = match (permission.doing.reaches(), reads) {
        (true, true) => format!("The permission `{permission}` decides which of them a person sees."),
        (true, false) => format!("A person needs the permission `{permission}`, as far as it reaches."),
        (false, _) => format!("A person needs the permission `{permission}`."),
    };
    format!("{scope} {person}")
}
