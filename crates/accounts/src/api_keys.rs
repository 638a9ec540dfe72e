//! API keys: they act as the company, and do not expire.

use access::{ActsAs, Principal};
use registry::{Company, Id, Instant};
use storage::{Condition, Stale, Tx};

use crate::audit::{self, Actor};
use crate::credentials::{CredentialKind, Found, Identity, Source, company_identity};
use crate::records::{ApiKey, ApiKeyRecord};
use crate::text;
use crate::{Error, Presented, Secret};

/// Adds a key. Whoever calls shows it, once.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    name: &str,
    key: &Secret,
) -> Result<Id<ApiKey>, Error> {
    let name = text::name("name", name).map_err(|problem| Error::Invalid(vec![problem]))?;
    let now = tx.now();
    let id = tx.company(company).insert([
        ApiKeyRecord::name.set(name.clone()),
        ApiKeyRecord::key_hash.set(key.hash()),
        ApiKeyRecord::hint.set(key.hint()),
        ApiKeyRecord::created_by.set(actor.name.clone()),
        ApiKeyRecord::created_at.set(now),
    ])?;
    audit::record(tx, Some(company), actor, "api_key.created", &name, "")?;
    Ok(id)
}

/// The keys of a company, the newest first.
pub fn list(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Vec<ApiKeyRecord>, Error> {
    Ok(tx.company(company).list(Condition::any().descending(ApiKeyRecord::id))?)
}

/// Deletes a key; it stops working at once.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, company: Id<Company>, id: Id<ApiKey>) -> Result<(), Error> {
    let key = tx.company(company).find(ApiKeyRecord::id.eq(id))?.ok_or(Error::NotFound)?;
    tx.company(company).delete(ApiKeyRecord::id.eq(id))?;
    tx.stale(Stale::Credential(key.key_hash));
    audit::record(tx, Some(company), actor, "api_key.deleted", &key.name, "")?;
    Ok(())
}

/// API keys as credentials.
#[derive(Debug, Clone, Copy)]
pub struct ApiKeySource;

impl Source for ApiKeySource {
    fn find(&self, tx: &mut Tx<'_>, presented: &Presented) -> Result<Option<Found>, storage::Error> {
        let key = tx
            .instance("the key says which company it is of")
            .find(ApiKeyRecord::key_hash.eq(presented.hash))?;
        let Some(key) = key else { return Ok(None) };
        let Some(company) = company_identity(tx, key.company_id)? else {
            return Ok(None);
        };
        let identity = Identity {
            principal: Principal { company: company.company, acts_as: ActsAs::Company, scopes: None },
            company_name: company.name,
            legal_name: company.legal_name,
            tin: company.tin,
            company_created_at: company.created_at,
            profile: None,
            credential: CredentialKind::ApiKey,
            application: None,
            reference: key.id.get(),
            valid_until: None,
            created_at: key.created_at,
        };
        Ok(Some(Found::Live { identity: Box::new(identity), first_use: false }))
    }

    fn first_use(&self, _: &mut Tx<'_>, _: i64) -> Result<(), storage::Error> {
        Ok(())
    }

    fn used(&self, tx: &mut Tx<'_>, uses: &[(i64, Instant)]) -> Result<(), storage::Error> {
        let mut instance = tx.instance("uses of all companies are written together");
        for (id, at) in uses {
            let key = ApiKeyRecord::id.eq(Id::new(*id));
            instance.update(key, [ApiKeyRecord::last_used_at.set(Some(*at))])?;
        }
        Ok(())
    }
}
