//! Mails about deliveries that fail.

use std::collections::BTreeSet;

use accounts::mail::{self, Body};
use accounts::members::{self, MemberState};
use registry::{Company, Id};
use storage::Tx;

use crate::Error;
use crate::queue::Post;
use crate::records::SubscriptionRecord;

/// Which company an application belongs to. Applications are not known in this room.
pub type OwnerOf = fn(&mut Tx<'_>, i64) -> Result<Option<Id<Company>>, storage::Error>;

/// What there is to tell.
pub(crate) struct Notice {
    /// Attempts that failed.
    pub(crate) failures: i64,
    /// Whether there is no other, so that the subscription was disabled.
    pub(crate) last: bool,
    /// What came of the last.
    pub(crate) error: String,
}

/// Writes a mail to whom it may concern: whoever made the application, the author of the subscription, or all
/// administrators; the first of these that there are.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    post: &Post<'_>,
    subscription: &SubscriptionRecord,
    notice: &Notice,
) -> Result<(), Error> {
    let name = subscription.name.as_deref().unwrap_or(&subscription.r#type);
    let (subject, then) = if notice.last {
        (
            format!("The webhook “{name}” was disabled"),
            "It was disabled, because the last of 20 attempts failed. What happens from now on is kept, and you can \
             replay it after you have enabled the webhook again."
                .to_owned(),
        )
    } else {
        let left = crate::schedule::ATTEMPTS - notice.failures;
        (
            format!("The webhook “{name}” fails"),
            format!("It is tried {left} more times within 48 hours. After that the webhook is disabled."),
        )
    };
    let times = if notice.failures == 1 { "time".to_owned() } else { format!("{} times", notice.failures) };
    let first = if notice.failures == 1 { "for the first " } else { "" };
    let body = Body {
        paragraphs: vec![
            format!(
                "A notification of {} could not be delivered to {} {first}{times}.",
                subscription.r#type, subscription.target_url
            ),
            format!("The last attempt: {}.", notice.error.trim_end_matches('.')),
            then,
        ],
        link: Some(("See the deliveries".to_owned(), format!("{}/settings/webhooks", post.base_url))),
    };
    for to in recipients(tx, post, subscription)? {
        mail::queue(tx, post.vault, Some(subscription.company_id), &to, &subject, &body)?;
    }
    Ok(())
}

fn recipients(
    tx: &mut Tx<'_>,
    post: &Post<'_>,
    subscription: &SubscriptionRecord,
) -> Result<BTreeSet<String>, Error> {
    if let Some(application) = subscription.application_id
        && let Some(company) = (post.owner_of)(tx, application)?
        && company != subscription.company_id
    {
        let makers = administrators(tx, company)?;
        if !makers.is_empty() {
            return Ok(makers);
        }
    }
    if let Some(access) = subscription.owner_access_id
        && let Some(person) = accounts::person_identity(tx, Id::new(access))?
        && person.company.company == subscription.company_id
    {
        return Ok([person.profile.login_email].into());
    }
    administrators(tx, subscription.company_id)
}

fn administrators(tx: &mut Tx<'_>, company: Id<Company>) -> Result<BTreeSet<String>, Error> {
    let members = members::list(tx, company)?.into_iter();
    let active = |member: &members::Member| member.administrator && member.state == MemberState::Active;
    Ok(members.filter(active).map(|member| member.email).collect())
}
