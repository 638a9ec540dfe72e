//! Installed integrations.

pub mod installation;
pub mod installation_settings;

pub use installation::Installation;
pub use installation_settings::InstallationSettings;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<InstallationSettings>(), Entry::of::<Installation>()]
}
