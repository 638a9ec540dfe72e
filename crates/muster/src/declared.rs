//! What the declarations of the API's resources say, at the command line.

use std::sync::LazyLock;

use anyhow::anyhow;
use engine::Engine;
use registry::{Entry, Filter, Verb, Version};
use storage::Dialect;

use crate::commands::print;
use crate::configuration::Settings;

/// Every resource with its code, prepared when it is first asked for.
pub(crate) fn engine() -> anyhow::Result<&'static Engine> {
    static ENGINE: LazyLock<Result<Engine, Vec<String>>> = LazyLock::new(hr::engine);
    ENGINE.as_ref().map_err(|faults| anyhow!("the declarations have faults:\n{}", faults.join("\n")))
}

/// Prints every operation, or those only that the server does not answer yet.
pub(crate) fn operations(missing: bool) -> anyhow::Result<()> {
    let mut lines = String::new();
    let engine = engine()?;
    for entry in engine.catalogue().iter() {
        if missing {
            lines.extend(unknown_fields(engine, entry));
            lines.extend(unknown_parameters(engine, entry));
        }
        for Operation { method, path, since, until, served } in operations_of(engine, entry) {
            if missing && served {
                continue;
            }
            let mut line = format!("{method:6} {path}");
            if let Some(since) = since {
                line += &format!("  since {since}");
            }
            if let Some(until) = until {
                line += &format!("  until {until}");
            }
            lines += &line;
            lines.push('\n');
        }
    }
    print(&lines)
}

/// Prints which permission every operation and every sensitive field needs, and who has it.
pub(crate) fn permissions() -> anyhow::Result<()> {
    print(demo::permissions(engine()?.catalogue()).trim_end())
}

/// Prints the statements that create the tables of all resources.
pub(crate) fn schema(dialect: Dialect) -> anyhow::Result<()> {
    let statements = storage::ddl(&storage::tables(engine()?.catalogue()), dialect);
    print(&statements.iter().map(|statement| format!("{statement};\n")).collect::<String>())
}

/// Prints the OpenAPI document of a version.
pub(crate) fn openapi(settings: &Settings, version: Option<&str>) -> anyhow::Result<()> {
    let known = || Version::SUPPORTED.map(|version| version.to_string()).join(", ");
    let version = match version {
        None => Version::NEWEST,
        Some(text) => Version::supported(text).ok_or_else(|| anyhow!("the versions are {}", known()))?,
    };
    print(&server::document(engine()?, version, &settings.config()?.public_url))
}

/// Fields that are worked out from other rows and always answered without a value so far.
fn unknown_fields(engine: &Engine, entry: &Entry) -> impl Iterator<Item = String> {
    let path = entry.resource.path;
    let fields = server::unknown_fields(engine, path).into_iter();
    fields.map(move |field| format!("field  {path} {field}\n"))
}

/// Parameters of lists that nothing understands yet; they are answered with 501.
fn unknown_parameters(engine: &Engine, entry: &Entry) -> impl Iterator<Item = String> {
    let path = entry.resource.path;
    let plan = engine.find(path);
    let unknown = |filter: &&Filter| plan.is_some_and(|plan| !plan.understands(filter));
    let filters = entry.resource.filters.iter().filter(unknown);
    filters.map(move |filter| format!("query  {path} {}\n", filter.name)).collect::<Vec<_>>().into_iter()
}

struct Operation {
    method: &'static str,
    path: String,
    since: Option<Version>,
    until: Option<Version>,
    served: bool,
}

fn operations_of(engine: &'static Engine, entry: &Entry) -> impl Iterator<Item = Operation> {
    let path = entry.resource.path;
    let plain = entry.resource.operations.iter().map(move |operation| {
        let (method, rest) = match operation.verb {
            Verb::List => ("GET", ""),
            Verb::Read => ("GET", "/{id}"),
            Verb::Create => ("POST", ""),
            Verb::Update => ("PUT", "/{id}"),
            Verb::Delete => ("DELETE", "/{id}"),
        };
        let served = server::served(engine, path, operation.verb);
        Operation {
            method,
            path: format!("{path}{rest}"),
            since: operation.since,
            until: operation.until,
            served,
        }
    });
    let actions = entry.actions.iter().map(move |action| Operation {
        method: "POST",
        path: format!("{path}/{}", action.name),
        since: action.since,
        until: action.until,
        served: server::acted(engine, path, action.name),
    });
    plain.chain(actions)
}

#[cfg(test)]
mod tests {
    /// A change of who may do what is a change of this file, for a review to see.
    #[test]
    fn the_document_of_permissions_is_true() {
        let written = include_str!("../../../docs/permissions.md");
        let engine = super::engine().unwrap_or_else(|error| panic!("{error}"));
        assert!(
            demo::permissions(engine.catalogue()) == written,
            "docs/permissions.md is stale: cargo run -p muster -- permissions > docs/permissions.md"
        );
    }
}
