//! Where the company writes to somebody. A new address waits until whoever reads its mail follows a link.

use accounts::throttle::{self, Key};
use accounts::{Mailroom, Vault, hex, mail};
use engine::{Context, Draft, Error, Object, Sets, by};
use registry::{Company, HOUR, Id};
use serde_json::Value;
use storage::Datum;

use super::lifecycle::{PATH, refused};

const CONFIRMED: &str = "communications_email";
const WAITING: &str = "unconfirmed_communications_email";

/// Mails to one address in an hour at most.
const PER_RECIPIENT: i64 = 5;

/// Lets a new address wait. None at all, and the one that counts already, need no confirmation.
pub(super) fn wait(draft: &mut Draft<'_>) -> Result<(), Error> {
    if !draft.sets.contains_key(CONFIRMED) {
        return Ok(());
    }
    let wanted = draft.text(CONFIRMED).map(accounts::normal_email).filter(|address| !address.is_empty());
    let counts = draft.old.and_then(|old| old.text(CONFIRMED)).map(str::to_owned);
    match wanted {
        Some(wanted) if Some(&wanted) != counts.as_ref() => {
            if !accounts::is_email(&wanted) {
                return Err(Error::invalid(CONFIRMED, "It must be an address such as ada@example.com."));
            }
            draft.sets.insert(CONFIRMED, counts.map_or(Datum::Null, Datum::Text));
            draft.sets.insert(WAITING, Datum::Text(wanted));
        }
        same => {
            draft.sets.insert(CONFIRMED, same.map_or(Datum::Null, Datum::Text));
            draft.sets.insert(WAITING, Datum::Null);
        }
    }
    Ok(())
}

/// Mails a link to an address that waits since a moment ago.
pub(super) fn ask(cx: &mut Context<'_, '_>, old: &Object, now: &Object) -> Result<(), Error> {
    let Some(address) = now.text(WAITING).filter(|address| old.text(WAITING) != Some(address)) else {
        return Ok(());
    };
    let Some(room) = cx.lent::<Mailroom>() else {
        return Err(Error::NotYet("No mail can be written here.".to_owned()));
    };
    let (company, person) = (cx.grant.company(), now.int("id").unwrap_or_default());
    let token = hex(&tag(&room.vault, company, person, address));
    let link = format!("{}/addresses/confirm?token={company}-{person}-{token}", room.base_url);
    let body = mail::Body {
        paragraphs: vec![
            "Somebody entered this address as the one that a company writes to on Muster.".to_owned(),
            "If it is yours, confirm it. Until then nothing else is sent to it.".to_owned(),
        ],
        link: Some(("Confirm the address".to_owned(), link)),
    };
    throttle::count(cx.tx, &Key::invited(address), PER_RECIPIENT, HOUR).map_err(|error| match error {
        accounts::Error::Throttled { .. } => Error::rule(
            CONFIRMED,
            "too_many_mails",
            "This address was written to too often. Try again in an hour.",
        ),
        error => refused(error),
    })?;
    mail::queue(cx.tx, &room.vault, Some(company), address, "Confirm your address", &body)
        .map_err(refused)?;
    Ok(())
}

/// What the link to an address proves: only this server can make it, and it is good for one address of one person.
fn tag(vault: &Vault, company: Id<Company>, person: i64, address: &str) -> accounts::Hash {
    vault.tag("communications email", format!("{company}/{person}/{address}").as_bytes())
}

/// The person that the `token` of a link is for and the address that it proves, while that waits. The token names its
/// company first; whoever asks is in that one already.
fn waiting(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Option<(i64, String)>, Error> {
    let parts = || {
        let (company, rest) = asked["token"].as_str()?.split_once('-')?;
        let (person, proof) = rest.split_once('-')?;
        Some((company.parse().ok()?, person.parse().ok()?, proof))
    };
    let Some((company, person, proof)) = parts() else { return Ok(None) };
    let company = Id::new(company);
    let Some(room) = cx.lent::<Mailroom>().filter(|_| company == cx.grant.company()) else { return Ok(None) };
    let row = cx.objects(PATH, vec![person])?.remove(&person);
    let address = row.as_ref().and_then(|row| row.text(WAITING)).map(str::to_owned);
    let right = |address: &String| {
        let expected = hex(&tag(&room.vault, company, person, address));
        accounts::same(&accounts::hash(&expected), &accounts::hash(proof))
    };
    Ok(address.filter(right).map(|address| (person, address)))
}

/// The errand that asks which address the `token` of a link is for, while it waits.
pub(super) fn named(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    Ok(waiting(cx, asked)?.map(|(_, address)| address).into())
}

/// The errand that makes the address that the `token` of a link is for the one that counts, and returns it; null where it does
/// not wait any more.
pub(super) fn confirm(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    let Some((person, address)) = waiting(cx, asked)? else { return Ok(Value::Null) };
    let sets = Sets::from([(CONFIRMED, Datum::Text(address.clone())), (WAITING, Datum::Null)]);
    cx.change(PATH, &[by(person)], sets)?;
    Ok(address.into())
}
