//! `documents/download_urls`

use registry::{Action, Id, Resource};

/// A temporary address from which a document can be fetched.
#[derive(Debug, Resource)]
#[resource(
    path = "documents/download_urls",
    object = "documents_download_url",
    permission = "documents",
    computed
)]
pub struct DownloadUrl {
    /// Identifies it, for good.
    pub id: Id<DownloadUrl>,
    /// Address of the file, valid for a short time.
    pub url: String,
}

/// Makes download addresses for up to 100 documents.
#[derive(Debug, Action)]
#[action(of = DownloadUrl, name = "bulk_create")]
pub struct BulkCreate {
    /// Documents to fetch, 1 to 100 of them.
    pub ids: Option<Vec<Id<DownloadUrl>>>,
}
