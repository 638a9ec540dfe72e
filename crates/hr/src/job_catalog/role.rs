//! `job_catalog/roles`

use registry::{Anything, Company, Id, Resource};

use crate::companies::LegalEntity;

/// A job that people do in the company.
#[derive(Debug, Resource)]
#[resource(
    path = "job_catalog/roles",
    object = "job_catalog_role",
    permission = "job_catalog",
    operations(list, read)
)]
pub struct Role {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Role>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Name of the job.
    pub name: String,
    /// Legal entities where the job exists.
    pub legal_entities_ids: Vec<Id<LegalEntity>>,
    /// Whether it is out of use.
    pub archived: bool,
    /// What the job consists of.
    pub description: Option<String>,
    /// People in charge of the job.
    pub supervisors_ids: Option<Vec<Id<Anything>>>,
    /// Skills the job calls for.
    pub competencies_ids: Option<Vec<Id<Anything>>>,
}
