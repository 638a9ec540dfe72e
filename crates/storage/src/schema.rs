//! Tables, their form in each dialect, and migrations.

use std::collections::{HashMap, HashSet};

use registry::Default;
use sea_query::{
    Alias, ColumnDef, ConditionalStatement, Expr, ExprTrait, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Index, PostgresQueryBuilder, SqliteQueryBuilder,
};

/// Which SQL is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A 64-bit integer; also every identifier.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A point in time with milliseconds.
    Instant,
    /// A number with a fraction.
    Real,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A nested object, kept as it was written.
    Json,
}

impl Type {
    fn name(self, dialect: Dialect) -> &'static str {
        match (dialect, self) {
            (Dialect::Sqlite, Type::Bool | Type::Int | Type::Instant) => "INTEGER",
            // ISO 8601, so that order and equality are those of the text.
            (Dialect::Sqlite, Type::Text | Type::Json | Type::Date | Type::Time) => "TEXT",
            (Dialect::Sqlite, Type::Real) => "REAL",
            (Dialect::Postgres, Type::Real) => "double precision",
            (Dialect::Postgres, Type::Date) => "date",
            (Dialect::Postgres, Type::Time) => "time",
            (Dialect::Sqlite, Type::Bytes) => "BLOB",
            (Dialect::Postgres, Type::Bool) => "boolean",
            (Dialect::Postgres, Type::Int) => "bigint",
            (Dialect::Postgres, Type::Text) => "text",
            (Dialect::Postgres, Type::Bytes) => "bytea",
            (Dialect::Postgres, Type::Instant) => "timestamptz",
            // Not jsonb: what was written is read back byte for byte.
            (Dialect::Postgres, Type::Json) => "json",
        }
    }
}

/// What becomes of a row when the one it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// It goes too.
    Cascade,
    /// It forgets the reference.
    SetNull,
    /// The deletion is refused.
    Restrict,
}

#[derive(Debug)]
struct ColumnDeclaration {
    name: &'static str,
    kind: Type,
    null: bool,
    references: Option<(&'static str, OnDelete)>,
    /// What rows have that do not say.
    default: Option<Default>,
}

/// Where the `id` of a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// There is none.
    None,
    /// The database assigns it.
    Assigned,
    /// The program chooses it.
    Chosen,
}

/// Which rows a partial index has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Has {
    /// Those in which its column has a value.
    Value,
    /// Those in which it has none.
    None,
}

/// A table as a migration declares it.
#[derive(Debug)]
pub struct Table {
    name: &'static str,
    key: Key,
    columns: Vec<ColumnDeclaration>,
    unique: Vec<Vec<&'static str>>,
    indexes: Vec<Vec<&'static str>>,
    /// Indexes of the rows alone in which a column has a value, or has none.
    partial: Vec<(Vec<&'static str>, &'static str, Has)>,
    /// Whether the number of each company's rows is kept.
    counted: bool,
}

impl Table {
    /// A table with an `id` that the database assigns and never reuses.
    pub fn new(name: &'static str) -> Self {
        Self { key: Key::Assigned, ..Self::without_id(name) }
    }

    /// A table with an `id` that the program chooses. Ids that follow each other keep rows together that are written
    /// together.
    pub fn numbered(name: &'static str) -> Self {
        Self { key: Key::Chosen, ..Self::without_id(name) }
    }

    /// A table that is found by other columns.
    pub fn without_id(name: &'static str) -> Self {
        Self {
            name,
            key: Key::None,
            columns: Vec::new(),
            unique: Vec::new(),
            indexes: Vec::new(),
            partial: Vec::new(),
            counted: false,
        }
    }

    /// Adds `company_id`: the rows belong to a company and go with it.
    pub fn company(self) -> Self {
        self.reference("company_id", "companies", OnDelete::Cascade)
    }

    /// Adds a column that always has a value.
    pub fn column(self, name: &'static str, kind: Type) -> Self {
        self.add(ColumnDeclaration { name, kind, null: false, references: None, default: None })
    }

    /// Adds a column that may be null.
    pub fn nullable(self, name: &'static str, kind: Type) -> Self {
        self.add(ColumnDeclaration { name, kind, null: true, references: None, default: None })
    }

    /// Adds a reference that always has a value.
    pub fn reference(self, name: &'static str, table: &'static str, on_delete: OnDelete) -> Self {
        let references = Some((table, on_delete));
        self.add(ColumnDeclaration { name, kind: Type::Int, null: false, references, default: None })
    }

    /// Adds a reference that may be null.
    pub fn nullable_reference(self, name: &'static str, table: &'static str, on_delete: OnDelete) -> Self {
        let references = Some((table, on_delete));
        self.add(ColumnDeclaration { name, kind: Type::Int, null: true, references, default: None })
    }

    /// Adds a column that a declaration describes.
    pub(crate) fn declared(
        self,
        name: &'static str,
        kind: Type,
        null: bool,
        references: Option<(&'static str, OnDelete)>,
        default: Option<Default>,
    ) -> Self {
        self.add(ColumnDeclaration { name, kind, null, references, default })
    }

    /// Adds a unique index.
    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        self.unique.push(columns.to_vec());
        self
    }

    /// Adds an index.
    pub fn index(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(columns.to_vec());
        self
    }

    /// Adds an index of the rows alone in which a column has a value, or has none: the others cost it nothing. It serves
    /// conditions which say so, or compare that column.
    pub fn index_where(mut self, columns: &[&'static str], column: &'static str, has: Has) -> Self {
        self.partial.push((columns.to_vec(), column, has));
        self
    }

    /// Keeps the number of each company's rows, so that nobody has to count them.
    pub fn counted(mut self) -> Self {
        self.counted = true;
        self
    }

    pub(crate) fn is_counted(&self) -> bool {
        self.counted
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn has_id(&self) -> bool {
        self.key != Key::None
    }

    pub(crate) fn has_company(&self) -> bool {
        self.columns.iter().any(|column| column.name == crate::tx::COMPANY)
    }

    /// Whether the rows of a company go when it goes.
    pub(crate) fn goes_with_company(&self) -> bool {
        self.columns.iter().any(|column| column.name == crate::tx::COMPANY && column.references.is_some())
    }

    /// The columns besides `id`, with their types.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static str, Type)> {
        self.columns.iter().map(|column| (column.name, column.kind))
    }

    fn add(mut self, column: ColumnDeclaration) -> Self {
        self.columns.push(column);
        self
    }

    /// The statement that creates it, with its constraints where they are part of that statement.
    fn create(&self, dialect: Dialect) -> String {
        let mut create = sea_query::Table::create();
        create.table(self.name);
        if self.has_id() {
            let mut id = ColumnDef::new("id");
            id.custom(if dialect == Dialect::Sqlite { "INTEGER" } else { "bigint" });
            if self.key == Key::Assigned && dialect == Dialect::Postgres {
                id.extra("GENERATED BY DEFAULT AS IDENTITY");
            }
            id.primary_key();
            if self.key == Key::Assigned && dialect == Dialect::Sqlite {
                // An identifier is never given to another row, even after a deletion.
                id.extra("AUTOINCREMENT");
            }
            create.col(id);
        }
        for column in &self.columns {
            let mut definition = ColumnDef::new(column.name);
            definition.custom(column.kind.name(dialect));
            if !column.null {
                definition.not_null();
            }
            create.col(definition);
        }
        if dialect == Dialect::Sqlite {
            for mut constraint in self.constraints() {
                create.foreign_key(&mut constraint);
            }
            create.extra("STRICT");
        }
        render(&create, dialect)
    }

    fn constraints(&self) -> impl Iterator<Item = ForeignKeyCreateStatement> {
        self.columns.iter().filter_map(|column| self.constraint(column))
    }

    fn constraint(&self, column: &ColumnDeclaration) -> Option<ForeignKeyCreateStatement> {
        let (table, on_delete) = column.references?;
        let mut constraint = ForeignKey::create();
        constraint.from(self.name, column.name).to(table, "id").on_delete(match on_delete {
            OnDelete::Cascade => ForeignKeyAction::Cascade,
            OnDelete::SetNull => ForeignKeyAction::SetNull,
            // Checked when the statement ends: a company goes with all its rows, in whatever order.
            OnDelete::Restrict => ForeignKeyAction::NoAction,
        });
        Some(constraint)
    }

    /// Adds the columns and indexes of another declaration of the same table that it does not have.
    fn extend(&mut self, other: Table) {
        let missing =
            other.columns.into_iter().filter(|new| !self.columns.iter().any(|c| c.name == new.name));
        let missing: Vec<_> = missing.map(|column| ColumnDeclaration { null: true, ..column }).collect();
        self.columns.extend(missing);
        self.indexes.extend(other.indexes);
        self.partial.extend(other.partial);
        self.counted |= other.counted;
    }

    /// The statements that add a column to a table that has rows, which do not have a value for it.
    fn add_column(&self, column: &ColumnDeclaration, dialect: Dialect) -> Vec<String> {
        let mut definition = ColumnDef::new(column.name);
        definition.custom(column.kind.name(dialect));
        if let (Dialect::Sqlite, Some((table, _))) = (dialect, column.references) {
            // Without more it refuses, which is all that an added column may ask for.
            definition.extra(format!("REFERENCES \"{table}\" (\"id\")"));
        }
        match column.default {
            Some(Default::Bool(value)) => definition.default(value),
            Some(Default::Integer(value)) => definition.default(value),
            Some(Default::Text(text)) => definition.default(text),
            _ => &mut definition,
        };
        let mut alter = sea_query::Table::alter();
        alter.table(self.name).add_column(definition);
        let mut statements = vec![render(&alter, dialect)];
        if dialect == Dialect::Postgres {
            statements.extend(self.constraint(column).map(|c| constrain(&c)));
        }
        statements
    }

    fn indexes(&self, dialect: Dialect) -> impl Iterator<Item = String> {
        let indexes = self.unique.iter().map(|columns| (columns, true, None));
        let indexes = indexes.chain(self.indexes.iter().map(|columns| (columns, false, None)));
        let partial =
            self.partial.iter().map(|(columns, column, has)| (columns, false, Some((*column, *has))));
        indexes.chain(partial).map(move |(columns, unique, only)| {
            let mut index = Index::create();
            let mut called = format!("{}_{}", self.name, columns.join("_"));
            if let Some((column, has)) = only {
                let column_is = Expr::col(column);
                let (condition, word) = match has {
                    Has::Value => (column_is.is_not_null(), "with"),
                    Has::None => (column_is.is_null(), "without"),
                };
                index.and_where(condition);
                called = format!("{called}_{word}_{column}");
            }
            index.name(name(&called)).table(self.name).if_not_exists();
            if unique {
                index.unique();
            }
            for column in columns {
                index.col(Alias::new(*column));
            }
            render(&index, dialect)
        })
    }
}

/// The statements that create tables, which may refer to each other in circles.
pub fn ddl(tables: &[Table], dialect: Dialect) -> Vec<String> {
    let mut statements: Vec<_> = tables.iter().map(|table| table.create(dialect)).collect();
    statements.extend(tables.iter().flat_map(|table| table.indexes(dialect)));
    // SQLite knows constraints as part of a table only, and does not mind tables that come later.
    if dialect == Dialect::Postgres {
        statements.extend(tables.iter().flat_map(Table::constraints).map(|c| constrain(&c)));
    }
    statements.extend(counters(tables, dialect));
    statements
}

/// The statements that create the triggers of counted tables. A trigger sees every row that comes or goes, whatever
/// statement or cascade moves it.
fn counters<'t>(tables: impl IntoIterator<Item = &'t Table>, dialect: Dialect) -> Vec<String> {
    let counted: Vec<_> = tables.into_iter().filter(|table| table.counted).map(|table| table.name).collect();
    let mut statements = Vec::new();
    if dialect == Dialect::Postgres && !counted.is_empty() {
        // Once for each statement. Each connection counts in a slot of its own, so that writers do not wait for each
        // other; one that removes what another one added makes its slot negative, and the sum is right.
        statements.push(format!(
            "CREATE OR REPLACE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO {COUNTS} (company, name, slot, rows) \
             SELECT company_id, TG_TABLE_NAME, pg_backend_pid() % 64, \
             CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END FROM changed GROUP BY company_id \
             ON CONFLICT (company, name, slot) DO UPDATE SET rows = {COUNTS}.rows + excluded.rows; \
             RETURN NULL; END $$"
        ));
    }
    for table in counted {
        for (event, side, change) in [("insert", "new", "1"), ("delete", "old", "-1")] {
            let name = trigger(table, event);
            statements.push(match dialect {
                Dialect::Postgres => format!(
                    "CREATE TRIGGER \"{name}\" AFTER {event} ON \"{table}\" REFERENCING {side} TABLE AS changed \
                     FOR EACH STATEMENT EXECUTE FUNCTION count_rows()"
                ),
                // There is one writer, so there is one slot.
                Dialect::Sqlite => format!(
                    "CREATE TRIGGER \"{name}\" AFTER {event} ON \"{table}\" BEGIN \
                     INSERT INTO {COUNTS} (company, name, slot, rows) VALUES ({side}.company_id, '{table}', 0, {change}) \
                     ON CONFLICT (company, name, slot) DO UPDATE SET rows = rows + excluded.rows; END"
                ),
            });
        }
    }
    statements
}

fn trigger(table: &str, event: &str) -> String {
    name(&format!("{table}_{event}_counted"))
}

/// The statement that counts the rows which a table had before its triggers.
fn recount(table: &str) -> String {
    format!(
        "INSERT INTO {COUNTS} (company, name, slot, rows) \
         SELECT company_id, '{table}', 0, count(*) FROM \"{table}\" GROUP BY company_id"
    )
}

/// The statement that adds a constraint to a table of PostgreSQL. A restore of rows that refer to each other in
/// circles defers them all.
fn constrain(constraint: &ForeignKeyCreateStatement) -> String {
    render(constraint, Dialect::Postgres) + " DEFERRABLE"
}

/// All tables of some migrations, each once: what an additive one says of a table of another extends it.
pub(crate) fn tables(migrations: &[Migration]) -> Vec<Table> {
    let mut all: Vec<Table> = Vec::new();
    for table in migrations.iter().flat_map(|migration| (migration.tables)()) {
        match all.iter_mut().find(|known| known.name == table.name) {
            Some(known) => known.extend(table),
            None => all.push(table),
        }
    }
    all
}

/// The tables of a database with their columns and triggers.
pub(crate) type Columns = HashMap<String, HashSet<String>>;

/// The statements that bring a database to where additive migrations want it.
pub(crate) fn missing(tables: Vec<Table>, existing: &Columns, dialect: Dialect) -> Vec<String> {
    let (known, new): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|table| existing.contains_key(table.name));
    let mut statements = ddl(&new, dialect);
    for table in &known {
        let has = existing.get(table.name);
        let lacking = table.columns.iter().filter(|column| has.is_none_or(|has| !has.contains(column.name)));
        statements.extend(lacking.flat_map(|column| table.add_column(column, dialect)));
        statements.extend(table.indexes(dialect));
        if has.is_none_or(|has| !has.contains(&trigger(table.name, "insert"))) {
            statements.extend(counters([table], dialect));
            // The triggers keep others from writing until the transaction ends.
            statements.extend(table.counted.then(|| recount(table.name)));
        }
    }
    statements
}

/// A number that tells whether additive migrations say anything new.
pub(crate) fn fingerprint(known: &[Migration], dialect: Dialect) -> i64 {
    let additive = known.iter().filter(|migration| migration.additive);
    let statements = additive.flat_map(|migration| ddl(&(migration.tables)(), dialect));
    // FNV-1a.
    let hash = statements.fold(0xcbf2_9ce4_8422_2325_u64, |hash, sql| {
        sql.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    });
    hash.cast_signed()
}

/// Name under which the fingerprint is kept.
pub(crate) const FINGERPRINT: &str = "declared_tables";

/// A name for an index, within the 63 bytes that PostgreSQL keeps.
fn name(full: &str) -> String {
    const LONGEST: usize = 63;
    if full.len() <= LONGEST {
        return full.to_owned();
    }
    // FNV-1a tells apart what the cut makes equal.
    let hash =
        full.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}_{hash:08x}", full.get(..LONGEST - 9).unwrap_or(full))
}

fn render(statement: &impl sea_query::SchemaStatementBuilder, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => statement.to_string(SqliteQueryBuilder),
        Dialect::Postgres => statement.to_string(PostgresQueryBuilder),
    }
}

/// A named step from one schema to the next. Once released it never changes.
#[derive(Clone, Copy)]
pub struct Migration {
    /// Unique, and sorted in the order of application.
    pub name: &'static str,
    /// The tables it creates.
    pub tables: fn() -> Vec<Table>,
    /// Whether it is no step but the state to reach: tables, columns and indexes that are missing are added at every
    /// start, and nothing is ever taken away. For what follows from declarations.
    pub additive: bool,
}

/// What storage itself needs, before anybody else's migrations.
pub(crate) const OWN: Migration = Migration {
    name: "0000_instance",
    tables: || {
        vec![
            Table::without_id("instance_settings")
                .column("name", Type::Text)
                .column("value", Type::Int)
                .unique(&["name"]),
        ]
    },
    additive: false,
};

/// How many rows of a table a company has: the sum over the slots. It has no `company_id` and refers to nothing, so
/// that it is no row of the company itself: those of a deleted company sum up to zero.
pub(crate) const COUNTS: &str = "row_counts";

/// What storage needs to count rows.
pub(crate) const COUNTING: Migration = Migration {
    name: "0000_row_counts",
    tables: || {
        vec![
            Table::without_id(COUNTS)
                .column("company", Type::Int)
                .column("name", Type::Text)
                .column("slot", Type::Int)
                .column("rows", Type::Int)
                .unique(&["company", "name", "slot"]),
        ]
    },
    additive: false,
};

/// The one table that exists before any migration.
pub(crate) fn ledger(dialect: Dialect) -> String {
    let mut create = sea_query::Table::create();
    create.table("schema_migrations").if_not_exists();
    create.col(ColumnDef::new("name").custom(Type::Text.name(dialect)).not_null().primary_key());
    render(&create, dialect)
}

/// The migrations that are not applied yet, or the reason why none may be.
pub(crate) fn pending(known: &[Migration], applied: &[String]) -> Result<Vec<Migration>, crate::Error> {
    if let Some(newer) = applied.iter().find(|name| !known.iter().any(|m| m.name == **name)) {
        return Err(crate::Error::NewerSchema(newer.clone()));
    }
    Ok(known.iter().filter(|m| !m.additive && !applied.iter().any(|name| name == m.name)).copied().collect())
}
