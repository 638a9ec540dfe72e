//! The documentation inside the product.

use askama::Template;

use super::Page;

/// `/docs` and `/docs/SLUG`
#[derive(Debug, Template)]
#[template(path = "docs/docs.html")]
pub struct DocsPage {
    /// The frame.
    pub page: Page,
    /// Address, label, and whether it is this page, of every page of the documentation.
    pub toc: Vec<(String, String, bool)>,
    /// The title of this one.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl DocsPage {
    /// The page before this one.
    #[must_use]
    pub fn previous(&self) -> Option<&(String, String, bool)> {
        let here = self.toc.iter().position(|(_, _, current)| *current)?;
        self.toc.get(here.checked_sub(1)?)
    }

    /// The page after this one.
    #[must_use]
    pub fn next(&self) -> Option<&(String, String, bool)> {
        let here = self.toc.iter().position(|(_, _, current)| *current)?;
        self.toc.get(here + 1)
    }
}

/// A piece of documentation. In all running text a pair of backquotes makes code of what is between them.
#[derive(Clone, Debug)]
pub enum Block {
    /// Id and text.
    Heading(String, String),
    /// A paragraph.
    Text(String),
    /// Something to copy.
    Code {
        /// The id of the element, for the copy button.
        id: String,
        /// The code.
        text: String,
    },
    /// A list of points.
    List(Vec<String>),
    /// A table.
    Table {
        /// The titles of the columns.
        head: Vec<String>,
        /// The cells.
        rows: Vec<Vec<String>>,
    },
    /// Something to watch out for.
    Note(String),
    /// Address and text.
    Link(String, String),
}

/// Splits running text at its backquotes: pieces, and whether each is code.
#[must_use]
pub fn pieces(text: &str) -> Vec<(&str, bool)> {
    if text.matches('`').count() % 2 == 1 {
        return vec![(text, false)];
    }
    text.split('`').enumerate().map(|(number, piece)| (piece, number % 2 == 1)).collect()
}
