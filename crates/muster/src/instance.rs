//! Opening an instance: its folder, its key, its database.

use std::fs;
use std::io::Write;
use std::path::Path;

use accounts::Vault;
use anyhow::{Context, bail};
use storage::{Clock, Database, Options, Target};

use crate::configuration::Settings;

/// An opened instance.
pub(crate) struct Instance {
    pub db: Database,
    pub vault: Vault,
}

/// Name under which an instance remembers what kind it is.
const ENVIRONMENT: &str = "production";

/// Opens the instance that the settings name; makes it if there is none.
pub(crate) fn open(settings: &Settings) -> anyhow::Result<Instance> {
    make_private_folder(&settings.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", settings.data_dir.display()))?;
    let vault = Vault::new(key(settings)?);
    let target = match &settings.database_url {
        Some(url) => Target::Postgres(url.clone()),
        None => Target::Sqlite(settings.data_dir.join("muster.db")),
    };
    let options = Options { group_commit: settings.group_commit, ..Options::new(target) };
    let db = Database::open(&options, Clock::system(), &server::migrations(hr::MIGRATION))?;
    remember_environment(&db, settings)?;
    Ok(Instance { db, vault })
}

/// A production database is never served as a demo, where anybody may read its mails, nor the other way.
fn remember_environment(db: &Database, settings: &Settings) -> anyhow::Result<()> {
    let production = i64::from(!settings.demo());
    let known = db.read_blocking(|tx| tx.setting(ENVIRONMENT))?;
    let name = |production| if production == 1 { "production" } else { "demo" };
    match known {
        None => Ok(db.write_blocking(move |tx| tx.set_setting(ENVIRONMENT, production))?),
        Some(known) if known == production => Ok(()),
        Some(known) => bail!(
            "this database belongs to a {} instance; give --environment {}, or another database",
            name(known),
            name(known)
        ),
    }
}

/// The key from the settings, or from the data folder, where it is made at the first start.
fn key(settings: &Settings) -> anyhow::Result<[u8; 32]> {
    if let Some(hex) = &settings.secret_key {
        return parse_key(hex).context("--secret-key: it takes 64 hex digits");
    }
    let file = settings.data_dir.join("secret.key");
    if let Some(kept) = read_if_exists(&file)? {
        return parse_key(kept.trim()).with_context(|| format!("{} does not hold a key", file.display()));
    }
    let key = accounts::random::<32>();
    match write_private_file(&file, &accounts::hex(&key)) {
        Ok(()) => Ok(key),
        // Another process was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let kept = fs::read_to_string(&file)?;
            parse_key(kept.trim()).with_context(|| format!("{} does not hold a key", file.display()))
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", file.display())),
    }
}

fn parse_key(hex: &str) -> anyhow::Result<[u8; 32]> {
    let mut key = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        bail!("it is not 64 hex digits");
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).context("it is not 64 hex digits")?;
    }
    Ok(key)
}

fn read_if_exists(file: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // It may have been there before, open to others.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

fn write_private_file(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_data_folder_that_others_may_read_is_closed() -> std::io::Result<()> {
        let home = tempfile::tempdir()?;
        let folder = home.path().join("data");
        for before in [None, Some(0o755), Some(0o700), Some(0o770)] {
            if let Some(mode) = before {
                fs::set_permissions(&folder, fs::Permissions::from_mode(mode))?;
            }
            make_private_folder(&folder)?;
            assert_eq!(fs::metadata(&folder)?.permissions().mode() & 0o777, 0o700, "{before:?}");
        }
        Ok(())
    }
}
