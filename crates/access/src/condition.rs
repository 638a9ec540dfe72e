//! Which rows: a condition as data, which storage puts into its statements.

/// A condition on the rows of a table. Everything in it stays within the company of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Every row.
    Always,
    /// No row.
    Never,
    /// The column is true.
    True(&'static str),
    /// The column has no value.
    Empty(&'static str),
    /// The column is this text.
    Text(&'static str, &'static str),
    /// The list of identifiers in the column has this one in it.
    Lists(&'static str, i64),
    /// The column is in one of the sets.
    In(&'static str, Vec<Set>),
    /// All of them hold.
    All(Vec<Condition>),
    /// At least one of them holds.
    Any(Vec<Condition>),
}

/// A set of identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Set {
    /// One.
    One(i64),
    /// What a column has in the rows of a table that meet a condition.
    Column {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The condition.
        of: Box<Condition>,
    },
    /// The keys of the rows of a table that are below one, directly or through others. `parent` says what is above.
    Below {
        /// The table.
        table: &'static str,
        /// What identifies a row.
        key: &'static str,
        /// What identifies the row above it.
        parent: &'static str,
        /// Where it begins.
        root: i64,
    },
}

impl Set {
    pub(crate) fn column(table: &'static str, column: &'static str, of: Condition) -> Self {
        Self::Column { table, column, of: Box::new(of) }
    }
}

impl Condition {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Always, other) | (other, Self::Always) => other,
            (one, other) if one == other => one,
            (one, other) => Self::All(vec![one, other]),
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::Never, other) | (other, Self::Never) => other,
            (one, other) if one == other => one,
            (one, other) => Self::Any(vec![one, other]),
        }
    }

    /// The column is one of these.
    pub fn one_of<'i>(column: &'static str, ids: impl IntoIterator<Item = &'i i64>) -> Self {
        Self::In(column, ids.into_iter().copied().map(Set::One).collect())
    }
}
