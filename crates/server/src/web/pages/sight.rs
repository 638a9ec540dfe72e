//! Who sees what, and why.

use askama::Template;

use super::{FieldErrors, Page};

/// `/people/{id}/access`
#[derive(Debug, Template)]
#[template(path = "work/person_sight.html")]
pub struct PersonSightPage {
    /// The frame.
    pub page: Page,
    /// The employee record.
    pub id: i64,
    /// Whose it is.
    pub name: String,
    /// The person's own permission group.
    pub group: Option<(i64, String)>,
    /// Whoever sees everything.
    pub administrators: Vec<String>,
    /// What there is to see, in sections.
    pub sections: Vec<(&'static str, Vec<SightRow>)>,
}

/// Something that there is to see of a person.
#[derive(Clone, Debug)]
pub struct SightRow {
    /// What it is called.
    pub name: String,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// The permission as the API calls it.
    pub code: String,
    /// The fields of other resources that are under it.
    pub fields: Vec<String>,
    /// Who sees it, administrators aside.
    pub who: Vec<SightLine>,
}

/// People of one group who see something for one reason.
#[derive(Clone, Debug)]
pub struct SightLine {
    /// The group.
    pub group: String,
    /// Its page.
    pub href: String,
    /// The part of a reach, by its name.
    pub through: &'static str,
    /// The people.
    pub who: String,
}

impl SightLine {
    /// Why they see it.
    #[must_use]
    pub fn because(&self) -> &'static str {
        match self.through {
            "own" => "own record",
            "reports" => "reports to them",
            "teams" => "is in a team they lead",
            "supervised" => "they decide on the time off",
            "legal_entity" => "same legal entity",
            _ => "sees everybody",
        }
    }
}

/// `/settings/permissions/explain`
#[derive(Debug, Template)]
#[template(path = "settings/explain.html")]
pub struct ExplainPage {
    /// The frame.
    pub page: Page,
    /// Addresses and names to choose from.
    pub people: Vec<(String, String)>,
    /// Resources to choose from, by namespace.
    pub resources: Vec<(&'static str, Vec<&'static str>)>,
    /// Whose eyes.
    pub person: String,
    /// What.
    pub resource: String,
    /// Which row.
    pub id: String,
    /// What is wrong with the question.
    pub errors: FieldErrors,
    /// The answer.
    pub explained: Option<Explained>,
}

/// Why somebody sees a row, or does not.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The person.
    pub name: String,
    /// The employee record.
    pub employee_id: i64,
    /// The row.
    pub row: String,
    /// The person's permission group.
    pub group: String,
    /// Its page.
    pub group_href: String,
    /// Whether the row is there for the person.
    pub visible: bool,
    /// What may be done with it.
    pub permissions: Vec<ReasonRow>,
    /// Fields that are under permissions of their own.
    pub fields: Vec<ReasonRow>,
}

/// What one permission comes to.
#[derive(Clone, Debug)]
pub struct ReasonRow {
    /// The permission.
    pub what: String,
    /// The permission as the API calls it.
    pub code: String,
    /// How far it reaches for the group.
    pub reach: String,
    /// Whether it holds for the row.
    pub allowed: bool,
    /// The parts of the reach in which the row is.
    pub because: Vec<&'static str>,
    /// The fields that are under it.
    pub fields: Vec<String>,
}
