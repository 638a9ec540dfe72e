//! Permission groups.

use askama::Template;

use super::Page;

/// `/settings/permissions`
#[derive(Debug, Template)]
#[template(path = "settings/permissions.html")]
pub struct GroupsPage {
    /// The frame.
    pub page: Page,
    /// Whether the viewer may do more than hand on what was delegated to him.
    pub administrator: bool,
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
    /// Whether what it may do can be changed.
    pub changes: bool,
    /// Whom its members see at all.
    pub sees: String,
    /// How many permissions its members may hand on.
    pub hands_on: usize,
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
    /// Whether the viewer may do more than hand on what was delegated to him.
    pub administrator: bool,
    /// Whether there is one administrator, who has to stay.
    pub only_one: bool,
    /// Whether it can be renamed and deleted.
    pub custom: bool,
    /// What there is to permit.
    pub sections: Vec<SectionRow>,
    /// How many permissions the members may hand on.
    pub delegated: usize,
    /// Whether the members may see everybody of the company.
    pub everyone: bool,
    /// Otherwise whom.
    pub ways: Vec<Way>,
    /// The name that was looked for, to choose by.
    pub searched: String,
    /// What would be different; `None` where nothing was chosen yet.
    pub changes: Option<Vec<ChangeRow>>,
    /// What was chosen, as it is kept.
    pub text: String,
    /// What the group is, while the difference is shown.
    pub seen: String,
    /// Who is in it.
    pub members: Vec<MemberRow>,
    /// The other groups, to move people to.
    pub others: Vec<(i64, String)>,
}

/// Something that would be different.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// What.
    pub what: String,
    /// The permission as the API calls it.
    pub code: String,
    /// How it is.
    pub before: String,
    /// How it would be.
    pub after: String,
}

/// Modules that belong together.
#[derive(Clone, Debug)]
pub struct SectionRow {
    /// What they are about.
    pub heading: &'static str,
    /// They.
    pub modules: Vec<ModuleRow>,
}

/// One module.
#[derive(Clone, Debug)]
pub struct ModuleRow {
    /// Its name in the API.
    pub key: &'static str,
    /// What it is called.
    pub name: String,
    /// What is in it, in a sentence.
    pub about: &'static str,
    /// The resources and fields that are under it.
    pub holds: Vec<String>,
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
    /// Whether the members may hand it on.
    pub delegated: bool,
    /// Whether it is chosen, what it says, its value.
    pub options: Vec<(bool, String, String)>,
}

/// A way to choose people.
#[derive(Clone, Debug)]
pub struct Way {
    /// The name of its field.
    pub name: &'static str,
    /// What it says.
    pub label: &'static str,
    /// What there is to choose: whether it is chosen, its id, its name.
    pub choices: Vec<(bool, i64, String)>,
    /// What is said about what is not shown; nothing where everything is.
    pub more: &'static str,
}

/// Somebody who is in the group.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// The membership.
    pub access_id: i64,
    /// The employee record.
    pub employee_id: i64,
    /// Full name.
    pub name: String,
    /// Log-in address.
    pub email: String,
}
