//! Files: kept in the database in pieces, so that every node has them and a company goes with all that is its own.

use std::collections::HashMap;
use std::sync::Arc;

use registry::{Company, Id, Instant, Kind};
use serde_json::Value;
use storage::{Datum, Migration, OnDelete, Table, Tx, Type};

use crate::{Context, Error, Object, Plan, Sets};

/// Creates the tables of files.
pub(crate) const MIGRATION: Migration = Migration {
    name: "0008_files",
    additive: false,
    tables: || {
        vec![
            Table::new("files")
                .company()
                .column("name", Type::Text)
                .column("content_type", Type::Text)
                .column("size", Type::Int)
                .column("sha256", Type::Bytes)
                .column("created_at", Type::Instant)
                .index(&["company_id", "id"]),
            Table::new("file_pieces")
                .company()
                .reference("file_id", "files", OnDelete::Cascade)
                .column("position", Type::Int)
                .column("bytes", Type::Bytes)
                .unique(&["company_id", "file_id", "position"]),
        ]
    },
};

/// Bytes of a piece: few enough that a reader never holds much, many enough that a file has few rows.
const PIECE: usize = 512 * 1024;

/// Names the records of `files`.
#[derive(Debug)]
pub enum File {}

/// Names the records of `file_pieces`.
#[derive(Debug)]
pub enum Piece {}

storage::record! {
    /// A file that somebody handed in.
    pub struct FileRecord in "files" company {
        pub id: Id<File>,
        pub company_id: Id<Company>,
        /// As whoever handed it in calls it, without folders.
        pub name: String,
        /// What its bytes look like, whatever was said.
        pub content_type: String,
        pub size: i64,
        pub sha256: [u8; 32],
        pub created_at: Instant,
    }
}

storage::record! {
    /// A part of a file.
    pub struct PieceRecord in "file_pieces" company {
        pub id: Id<Piece>,
        pub file_id: Id<File>,
        pub position: i64,
        pub bytes: Vec<u8>,
    }
}

/// A file as it came.
#[derive(Debug, Clone)]
pub struct Upload {
    /// As it was called.
    pub name: String,
    /// The hash of its bytes.
    pub sha256: [u8; 32],
    /// All of it.
    pub bytes: Arc<[u8]>,
}

/// Makes addresses under which a file can be fetched for a short time.
pub trait Links {
    /// Where the server is reached, without a slash at the end.
    fn base(&self) -> &str;
    /// The address of a file of this name, behind the base and a slash.
    fn path(&self, file: i64, name: &str, now: Instant) -> String;
}

/// A piece of a file; nothing behind the last one. Whoever asks was shown the file before.
pub fn piece(tx: &mut Tx<'_>, file: Id<File>, position: i64) -> Result<Option<Vec<u8>>, storage::Error> {
    let piece = PieceRecord::file_id.eq(file).and(PieceRecord::position.eq(position));
    Ok(tx.instance("a signed address stands for its company").find(piece)?.map(|piece| piece.bytes))
}

/// What is known of a file, of whichever company. Whoever asks has an address that was signed.
pub fn find(tx: &mut Tx<'_>, file: Id<File>) -> Result<Option<FileRecord>, storage::Error> {
    tx.instance("a signed address stands for its company").find(FileRecord::id.eq(file))
}

impl Context<'_, '_> {
    /// Keeps a file and returns its id.
    pub fn keep(&mut self, upload: &Upload) -> Result<i64, Error> {
        let (company, now) = (self.grant.company(), self.tx.now());
        let name = plain_name(&upload.name);
        let mut bound = self.tx.company(company);
        let file = bound.insert([
            FileRecord::content_type.set(content_type(&name, &upload.bytes).to_owned()),
            FileRecord::name.set(name),
            FileRecord::size.set(i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX)),
            FileRecord::sha256.set(upload.sha256),
            FileRecord::created_at.set(now),
        ])?;
        for (position, bytes) in (0..).zip(upload.bytes.chunks(PIECE)) {
            bound.put([
                PieceRecord::file_id.set(file),
                PieceRecord::position.set(position),
                PieceRecord::bytes.set(bytes.to_vec()),
            ])?;
        }
        Ok(file.get())
    }

    /// Files of the company by their ids.
    pub fn files(&mut self, ids: &[i64]) -> Result<HashMap<i64, FileRecord>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let company = self.grant.company();
        let found = self.tx.company(company).list(FileRecord::id.one_of(ids.iter().copied().map(Id::new)))?;
        Ok(found.into_iter().map(|file| (file.id.get(), file)).collect())
    }

    /// A file of the company.
    pub fn file(&mut self, id: i64) -> Result<Option<FileRecord>, Error> {
        Ok(self.files(&[id])?.remove(&id))
    }

    /// An address under which a file can be fetched for a short time.
    pub fn link(&self, file: &FileRecord) -> String {
        self.links.map_or_else(String::new, |links| format!("{}/{}", links.base(), self.path(file)))
    }

    /// The same address without the server that it begins with.
    pub fn path(&self, file: &FileRecord) -> String {
        self.links.map_or_else(String::new, |links| links.path(file.id.get(), &file.name, self.tx.now()))
    }

    /// The address of something on this server.
    pub fn here(&self, path: &str) -> String {
        self.links.map_or_else(String::new, |links| format!("{}/{path}", links.base()))
    }

    /// For each row the files in a column, as they can be shown.
    pub fn files_of(&mut self, rows: &[Object], column: &str) -> Result<Vec<Vec<FileRecord>>, Error> {
        let ids: Vec<i64> = rows.iter().flat_map(|row| files_in(row, column)).collect();
        let files = self.files(&ids)?;
        let known = |row| files_in(row, column).iter().filter_map(|id| files.get(id).cloned()).collect();
        Ok(rows.iter().map(known).collect())
    }

    /// A file as objects of the API show one.
    pub fn shown(&self, file: &FileRecord) -> Value {
        serde_json::json!({
            "filename": file.name,
            "url": self.link(file),
            "byte_size": file.size,
            "content_type": file.content_type,
            "created_at": file.created_at.to_string(),
        })
    }

    /// Forgets files with all their bytes.
    pub fn forget(&mut self, ids: &[i64]) -> Result<(), Error> {
        if !ids.is_empty() {
            let company = self.grant.company();
            let gone = FileRecord::id.one_of(ids.iter().copied().map(Id::new));
            self.tx.company(company).delete(gone)?;
        }
        Ok(())
    }

    /// Keeps the files that a body carries, and puts their ids where the body has their numbers.
    pub(crate) fn keep_files(
        &mut self,
        plan: &Plan,
        sets: &mut Sets,
        input: impl Fn(&registry::Field) -> Option<registry::Input>,
    ) -> Result<(), Error> {
        let fields = plan.resource().fields.iter();
        for (field, input) in fields.filter_map(|field| Some((field, input(field)?))) {
            if !carries_file(&input.kind) {
                continue;
            }
            let name = field.member.name;
            let kept = match sets.get(name) {
                Some(Datum::Int(number)) => match (self.uploaded(*number, name)?, field.member.kind) {
                    (file, Kind::File) => Datum::Int(file),
                    // The column has another form, and code of the resource shows it.
                    (file, _) => Datum::Text(file.to_string()),
                },
                Some(Datum::Text(json)) => {
                    let mut value = serde_json::from_str(json).unwrap_or_default();
                    self.keep_nested(&input.kind, &mut value, name)?;
                    Datum::Text(value.to_string())
                }
                _ => continue,
            };
            sets.insert(name, kept);
        }
        Ok(())
    }

    fn keep_nested(&mut self, kind: &Kind, value: &mut Value, at: &str) -> Result<(), Error> {
        match (kind, value) {
            (Kind::File, value) => {
                if let Some(number) = value.as_i64() {
                    *value = self.uploaded(number, at)?.into();
                }
            }
            (Kind::List(kind), Value::Array(items)) => {
                for item in items {
                    self.keep_nested(kind, item, at)?;
                }
            }
            (Kind::Object(members), Value::Object(values)) => {
                for member in *members {
                    if let Some(value) = values.get_mut(member.name) {
                        self.keep_nested(&member.kind, value, at)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn uploaded(&mut self, number: i64, at: &str) -> Result<i64, Error> {
        let upload = usize::try_from(number).ok().and_then(|at| self.uploads.get(at)).cloned();
        let upload = upload.ok_or_else(|| Error::invalid(at, "It must be a file."))?;
        self.keep(&upload)
    }
}

/// The files that a column of a row has.
pub(crate) fn files_in(object: &Object, column: &str) -> Vec<i64> {
    match object.get(column) {
        Datum::Int(file) => vec![*file],
        Datum::Text(text) => text.parse().map_or_else(|_| object.ids(column), |file| vec![file]),
        _ => Vec::new(),
    }
}

fn carries_file(kind: &Kind) -> bool {
    match kind {
        Kind::File => true,
        Kind::List(kind) => carries_file(kind),
        Kind::Object(members) => members.iter().any(|member| carries_file(&member.kind)),
        _ => false,
    }
}

/// A name without folders and without what no name has.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    let plain = plain.trim();
    if plain.is_empty() || plain.chars().all(|c| c == '.') { "file".to_owned() } else { plain.to_owned() }
}

/// What bytes look like. Where several types begin alike the ending decides; nothing is believed that a browser runs.
fn content_type(name: &str, bytes: &[u8]) -> &'static str {
    const BEGINNINGS: [(&[u8], &str); 9] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"{\\rtf", "application/rtf"),
        (b"\x1f\x8b", "application/gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"PK\x03\x04", "application/zip"),
    ];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return "image/webp";
    }
    match BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| *kind) {
        Some("application/zip") => match ending.as_str() {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "odt" => "application/vnd.oasis.opendocument.text",
            "ods" => "application/vnd.oasis.opendocument.spreadsheet",
            _ => "application/zip",
        },
        Some(kind) => kind,
        None if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() => match ending.as_str() {
            "csv" => "text/csv",
            "json" => "application/json",
            _ => "text/plain",
        },
        None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_look_like() {
        for (name, bytes, expected) in [
            ("a.pdf", b"%PDF-1.7 ...".as_slice(), "application/pdf"),
            ("a.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
            ("a.png", b"<script>alert(1)</script>", "text/plain"),
            ("a.html", b"<html>", "text/plain"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
            ("a.csv", b"a;b\n", "text/csv"),
            ("a.JSON", b"{}", "application/json"),
            (
                "a.docx",
                b"PK\x03\x04..",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            ("a.exe", b"PK\x03\x04..", "application/zip"),
            ("a.webp", b"RIFF0000WEBPVP8 ", "image/webp"),
            ("a.txt", b"\0\x01\x02", "application/octet-stream"),
            ("a", b"", "text/plain"),
        ] {
            assert_eq!(content_type(name, bytes), expected, "{name} {bytes:?}");
        }
    }

    #[test]
    fn a_name_has_no_folders() {
        for (given, kept) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\cv.pdf", "cv.pdf"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("", "file"),
            ("..", "file"),
            ("Zürich – Übersicht.pdf", "Zürich – Übersicht.pdf"),
        ] {
            assert_eq!(plain_name(given), kept, "{given:?}");
        }
    }
}
