//! `job_catalog/tree_nodes`

use std::collections::HashMap;

use engine::{Code, Context, Derived, Error, Narrow};
use registry::{Instant, Object, Resource};
use serde_json::{Value, json};
use storage::{Datum, Look};

/// A node in the tree of families, functions, roles and levels.
#[derive(Debug, Resource)]
#[resource(
    path = "job_catalog/tree_nodes",
    object = "job_catalog_node",
    permission = "job_catalog",
    operations(list)
)]
#[parameter(name = "ancestor_uuids[]", as = String, doc = "Only nodes at any depth below one of these.")]
#[parameter(name = "include_full_path", as = bool, doc = "True adds the path up to the top.")]
pub struct Node {
    /// Tier of the tree it is in.
    #[field(filter(eq = "node_type"(required)))]
    pub r#type: Type,
    /// Identifies the node across all tiers.
    #[field(filter(any = "uuids[]"))]
    pub uuid: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Node directly above. Empty at the top.
    pub ancestor_uuid: Option<String>,
    /// Name of the node.
    pub name: Option<String>,
    /// What the node stands for.
    pub description: Option<String>,
    /// Nodes from this one up to the top.
    #[field(derived)]
    pub full_path_to_root: Option<Vec<FullPathToRoot>>,
    /// Complete title of the position.
    #[field(derived)]
    pub job_catalog_title: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("full_path_to_root", paths), Derived::page("job_catalog_title", titles)],
    filters: &[("ancestor_uuids[]", Narrow::Code(below)), ("include_full_path", Narrow::Idle)],
    ..Code::of(PATH)
};

const PATH: &str = "job_catalog/tree_nodes";

/// Deeper than any catalogue is, so that one that goes in a circle ends.
const DEPTH: usize = 20;

fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Datum> {
    texts.into_iter().map(|text| Datum::Text(text.to_owned())).collect()
}

/// Each node with those above it, the nearest first. A statement for each tier.
fn lines(cx: &mut Context<'_, '_>, rows: &[engine::Object]) -> Result<Vec<Vec<engine::Object>>, Error> {
    let mut known: HashMap<String, engine::Object> = HashMap::new();
    let mut wanted: Vec<String> = rows.iter().filter_map(|row| row.text("uuid")).map(str::to_owned).collect();
    for _ in 0..DEPTH {
        wanted.retain(|uuid| !known.contains_key(uuid));
        if wanted.is_empty() {
            break;
        }
        let found = cx.facts(PATH, &[Look::OneOf("uuid", texts(wanted.iter().map(String::as_str)))])?;
        wanted = found.iter().filter_map(|node| node.text("ancestor_uuid")).map(str::to_owned).collect();
        known.extend(found.into_iter().filter_map(|node| Some((node.text("uuid")?.to_owned(), node))));
    }
    let line = |row: &engine::Object| {
        let above = |node: &engine::Object| known.get(node.text("ancestor_uuid")?).cloned();
        std::iter::successors(Some(row.clone()), above).take(DEPTH).collect()
    };
    Ok(rows.iter().map(line).collect())
}

/// The way up, where it was asked for.
fn paths(cx: &mut Context<'_, '_>, rows: &[engine::Object]) -> Result<Vec<Value>, Error> {
    if !cx.asked_for("include_full_path") {
        return Ok(vec![Value::Null; rows.len()]);
    }
    let step = |node: &engine::Object| json!({ "uuid": node.text("uuid"), "name": node.text("name"), "description": node.text("description") });
    Ok(lines(cx, rows)?.iter().map(|line| line.iter().map(step).collect()).collect())
}

/// A level together with its role is a position: `Senior Engineer`.
fn titles(cx: &mut Context<'_, '_>, rows: &[engine::Object]) -> Result<Vec<Value>, Error> {
    let title = |line: &Vec<engine::Object>| {
        let of = |kind: &str| line.iter().find(|node| node.text("type") == Some(kind))?.text("name");
        let role = of("jobcatalog_treerole")?;
        let level = of("jobcatalog_treelevel");
        Some(level.into_iter().chain([role]).collect::<Vec<_>>().join(" "))
    };
    Ok(lines(cx, rows)?.iter().map(|line| title(line).into()).collect())
}

/// Nodes at any depth below some.
fn below(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let mut found: Vec<String> = Vec::new();
    let mut above: Vec<String> = values.to_vec();
    while !above.is_empty() {
        let nodes =
            cx.facts(PATH, &[Look::OneOf("ancestor_uuid", texts(above.iter().map(String::as_str)))])?;
        above = nodes.iter().filter_map(|node| node.text("uuid")).map(str::to_owned).collect();
        above.retain(|uuid| !found.contains(uuid));
        found.extend(above.iter().cloned());
    }
    Ok(vec![Look::OneOf("uuid", texts(found.iter().map(String::as_str)))])
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        JobcatalogTreefamily = "jobcatalog_treefamily",
        JobcatalogTreefunction = "jobcatalog_treefunction",
        JobcatalogTreelevel = "jobcatalog_treelevel",
        JobcatalogTreerole = "jobcatalog_treerole",
        JobcatalogTreeroot = "jobcatalog_treeroot",
    }
}

/// The objects of `full_path_to_root`.
#[derive(Debug, Object)]
pub struct FullPathToRoot {
    /// Identifies the node on the path.
    pub uuid: String,
    /// Name of the node on the path.
    pub name: Option<String>,
    /// What that node stands for.
    pub description: Option<String>,
}
