//! Permission groups.

use askama::Template;

use super::Page;

/// `/settings/permissions`
#[derive(Debug, Template)]
#[template(path = "settings/permissions.html")]
pub struct GroupsPage {
    /// The frame.
    pub page: Page,
    /// The groups of the company.
    pub rows: Vec<GroupRow>,
}

/// One group in the list.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// The id in its address.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What kind of group it is, in a sentence.
    pub about: &'static str,
    /// How many people are in it.
    pub members: i64,
}

/// `/settings/permissions/{id}`
#[derive(Debug, Template)]
#[template(path = "settings/permission_group.html")]
pub struct GroupPage {
    /// The frame.
    pub page: Page,
    /// The id in its address.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Whether its members may do everything.
    pub administrators: bool,
    /// Whether it can be renamed and deleted.
    pub custom: bool,
    /// What there is to permit.
    pub modules: Vec<ModuleRow>,
    /// Whether the members may see everybody of the company.
    pub everyone: bool,
    /// Otherwise whom.
    pub ways: Vec<Way>,
    /// What would be different; `None` where nothing was chosen yet.
    pub changes: Option<Vec<String>>,
    /// What was chosen, as it is kept.
    pub text: String,
    /// Who is in it.
    pub members: Vec<MemberRow>,
    /// The other groups, to move people to.
    pub others: Vec<(i64, String)>,
}

/// One module.
#[derive(Clone, Debug)]
pub struct ModuleRow {
    /// What it is called.
    pub name: String,
    /// The resources and fields that are under it.
    pub about: Vec<String>,
    /// What can be done there.
    pub cells: Vec<Cell>,
}

/// One permission.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The name of its field.
    pub name: String,
    /// What is done.
    pub label: &'static str,
    /// Whether it is chosen, what it says, its value.
    pub options: Vec<(bool, String, String)>,
}

/// A way to choose people.
#[derive(Clone, Debug)]
pub struct Way {
    /// The name of its field.
    pub name: &'static str,
    /// What it says.
    pub label: String,
    /// The ids that were chosen.
    pub ids: String,
}

/// Somebody who is in the group.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// The membership.
    pub access_id: i64,
    /// Full name.
    pub name: String,
    /// Log-in address.
    pub email: String,
}
