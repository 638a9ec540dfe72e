//! Access tokens as credentials: what validates a bearer token.

use access::{ActsAs, Principal};
use accounts::{
    CredentialKind, Found, Identity, Presented, Rejection, Source, company_identity, person_identity,
};
use registry::{Id, Instant};
use storage::{Error, Tx};

use crate::family::{self, Kind, State};
use crate::records::{GrantRecord, TokenRecord, known};

/// Turns access tokens into principals.
#[derive(Debug, Clone)]
pub struct TokenSource;

impl Source for TokenSource {
    fn find(&self, tx: &mut Tx<'_>, presented: &Presented) -> Result<Option<Found>, Error> {
        let Some((token, grant, Kind::Access)) = family::find(tx, presented)? else {
            return Ok(None);
        };
        let mut valid_until = match token.state(&grant, tx.now()) {
            State::Revoked => return Ok(Some(Found::Dead(Rejection::Revoked))),
            State::Expired => return Ok(Some(Found::Dead(Rejection::Expired))),
            State::Live(until) => until,
        };
        let (credential, acts_as, profile, company) = match grant.access_id {
            None => {
                let company = company_identity(tx, grant.company_id)?;
                (CredentialKind::CompanyToken, ActsAs::Company, None, company)
            }
            Some(access) => match person_identity(tx, access)? {
                Some(person) => {
                    valid_until = [valid_until, person.until].into_iter().flatten().min();
                    (
                        CredentialKind::UserToken,
                        ActsAs::Person(person.person),
                        Some(person.profile),
                        Some(person.company),
                    )
                }
                // Who leaves the company takes the tokens along.
                None => return Ok(Some(Found::Dead(Rejection::Revoked))),
            },
        };
        let Some(company) = company else {
            return Ok(Some(Found::Dead(Rejection::Revoked)));
        };
        let identity = Identity {
            principal: Principal { company: grant.company_id, acts_as, scopes: Some(known(&token.scopes)) },
            company_name: company.name,
            legal_name: company.legal_name,
            tin: company.tin,
            company_created_at: company.created_at,
            profile,
            credential,
            application: Some(grant.application_id.get()),
            reference: token.id.get(),
            valid_until,
            created_at: token.created_at,
        };
        Ok(Some(Found::Live { identity: Box::new(identity), first_use: !token.used }))
    }

    fn first_use(&self, tx: &mut Tx<'_>, reference: i64) -> Result<(), Error> {
        family::first_use(tx, Id::new(reference))
    }

    fn used(&self, tx: &mut Tx<'_>, uses: &[(i64, Instant)]) -> Result<(), Error> {
        let mut tables = tx.instance("tokens are named by ids, which a cache remembered");
        for (token, at) in uses {
            // A token may have been cleaned away since.
            let Some(token) = tables.find(TokenRecord::id.eq(Id::new(*token)))? else {
                continue;
            };
            let earlier = GrantRecord::last_used_at.is_null().or(GrantRecord::last_used_at.lt(Some(*at)));
            tables.update(
                GrantRecord::id.eq(token.grant_id).and(earlier),
                [GrantRecord::last_used_at.set(Some(*at))],
            )?;
        }
        Ok(())
    }
}
