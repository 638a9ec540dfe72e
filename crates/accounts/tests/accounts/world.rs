//! Databases with somebody in them.

use std::collections::HashMap;
use std::sync::Arc;

use accounts::company::{self, Founded, SignUp};
use accounts::records::{AuditEventRecord, UserRecord};
use accounts::session::{self, LogIn};
use accounts::{Actor, Error, MIGRATIONS, Secret, Vault, mail};
use registry::{Company, Id, User};
use storage::testing::{TestDatabase, databases};
use storage::{Condition, Database, Tx};

pub const BASE: &str = "https://muster.example";
pub const ADDRESS: &str = "192.0.2.1";

pub struct World {
    pub test: TestDatabase,
    pub vault: Arc<Vault>,
}

/// A fresh world on every engine.
pub fn worlds() -> impl Iterator<Item = World> {
    databases(MIGRATIONS).into_iter().map(|test| World { test, vault: Arc::new(Vault::new([42; 32])) })
}

/// Stands for a password's hash where no password is verified.
pub fn hash_of(email: &str) -> String {
    format!("$hash of the password of {email}")
}

pub fn sign_up(company: &str, email: &str) -> SignUp {
    SignUp {
        company_name: company.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        email: email.to_owned(),
        password_hash: hash_of(email),
    }
}

pub fn actor() -> Actor {
    Actor::anonymous("a test", ADDRESS)
}

pub fn log_in(user: Id<User>, email: &str, token: &Secret) -> LogIn {
    LogIn {
        user,
        expected_hash: hash_of(email),
        email: email.to_owned(),
        address: ADDRESS.to_owned(),
        user_agent: "a test".to_owned(),
        token: token.clone(),
    }
}

impl World {
    pub fn engine(&self) -> &'static str {
        self.test.engine
    }

    pub fn db(&self) -> &Database {
        &self.test.db
    }

    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.db().write_blocking(work)
    }

    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.db().read_blocking(work).unwrap()
    }

    pub fn advance(&self, millis: i64) {
        self.write(move |tx| Ok(tx.advance_clock(millis)?)).unwrap();
    }

    pub fn found(&self, company: &str, email: &str) -> Founded {
        let request = sign_up(company, email);
        self.write(move |tx| company::found(tx, &actor(), &request)).unwrap()
    }

    /// A new session, as after a right password.
    pub fn session(&self, user: Id<User>, email: &str) -> Secret {
        let token = Secret::generate();
        let (vault, log_in) = (self.vault.clone(), log_in(user, email, &token));
        self.write(move |tx| session::succeeded(tx, &vault, &log_in, None)).unwrap();
        token
    }

    pub fn view(&self, token: &Secret) -> Option<accounts::SessionView> {
        let hash = token.hash();
        self.read(move |tx| session::find(tx, &hash))
    }

    pub fn user(&self, email: &str) -> UserRecord {
        let email = email.to_owned();
        self.read(move |tx| Ok(tx.instance("a test looks").find(UserRecord::email.eq(email.clone()))?))
            .unwrap()
    }

    pub fn mails(&self) -> Vec<mail::Kept> {
        let vault = self.vault.clone();
        self.read(move |tx| mail::kept(tx, &vault, None, 100))
    }

    /// Codes of the audit log with how often they are in it.
    pub fn audit(&self, company: Id<Company>) -> HashMap<String, usize> {
        let events = self.read(move |tx| {
            let all: Condition<AuditEventRecord> = AuditEventRecord::company_id.eq(Some(company));
            Ok(tx.instance("a test looks").list(all)?)
        });
        events.into_iter().fold(HashMap::new(), |mut counts, event| {
            *counts.entry(event.action).or_default() += 1;
            counts
        })
    }
}

/// Names and codes of what is wrong.
pub fn problems<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(&'static str, &'static str)> {
    match outcome {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|p| (p.field, p.code)).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}
