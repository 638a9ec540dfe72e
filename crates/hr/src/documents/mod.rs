//! Documents and folders.

pub mod document;
pub mod download_url;
pub mod folder;

pub use document::Document;
pub use download_url::DownloadUrl;
pub use folder::Folder;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Document>()
            .action::<document::MoveToTrashBin>()
            .action::<document::RestoreFromTrashBin>(),
        Entry::of::<DownloadUrl>().action::<download_url::BulkCreate>(),
        Entry::of::<Folder>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[document::CODE, download_url::CODE, folder::CODE];
