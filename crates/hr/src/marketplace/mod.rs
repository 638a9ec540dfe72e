//! Installed integrations.

pub mod installation;
pub mod installation_settings;

pub use installation::Installation;
pub use installation_settings::InstallationSettings;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<InstallationSettings>(), Entry::of::<Installation>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[installation_settings::CODE];
