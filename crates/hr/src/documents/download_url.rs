//! `documents/download_urls`

use engine::{Answer, Code, Context, Error, Input};
use registry::{Action, Id, Resource};
use storage::Datum;

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
#[action(of = DownloadUrl, name = "bulk_create", needs = "browse")]
pub struct BulkCreate {
    /// Documents to fetch, 1 to 100 of them.
    pub ids: Option<Vec<Id<DownloadUrl>>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { actions: &[("bulk_create", bulk_create)], ..Code::of("documents/download_urls") };

/// Documents that one request may ask for.
const MOST: usize = 100;

/// Only for documents that whoever asks may see; one that is out of reach does not exist for him.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const PATH: &str = "documents/documents";
    let ids = input.ids("ids");
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::invalid("ids", "It must name 1 to 100 documents."));
    }
    let found = cx.own_all(cx.plan(PATH)?, &ids)?;
    let mut shown = Vec::with_capacity(found.len());
    for (document, file) in found.iter().zip(cx.files_of(&found, "file")?) {
        if document.get("deleted_at") != &Datum::Null {
            return Err(Error::NotFound);
        }
        let Some(file) = file.first() else {
            let name = document.text("filename").unwrap_or_default();
            return Err(Error::conflict("ids", "no_file", format!("{name:?} was entered without its file.")));
        };
        let id = document.int("id").unwrap_or_default();
        let id =
            if cx.version.ids_are_strings() { id.to_string().into() } else { serde_json::Value::from(id) };
        let named = engine::FileRecord {
            name: document.text("filename").unwrap_or(&file.name).to_owned(),
            ..file.clone()
        };
        shown.push(serde_json::json!({ "id": id, "url": cx.link(&named) }));
    }
    Ok(Answer::Body(serde_json::Value::from(shown).to_string().into_bytes()))
}
