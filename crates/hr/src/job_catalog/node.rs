//! `job_catalog/tree_nodes`

use registry::{Instant, Object, Resource};

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
