//! Mail leaves through here and nowhere else.

use std::time::Duration;

use accounts::mail::Outgoing;
use anyhow::Context;
use lettre::message::Mailbox;
use lettre::{Message, SmtpTransport, Transport};

use crate::configuration::Settings;

/// How long the mail server may take for one step.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The way out for mail, if there is one.
#[derive(Clone)]
pub(crate) struct Mailer {
    transport: Option<SmtpTransport>,
    from: Mailbox,
}

impl Mailer {
    /// The mail server of the settings. The demo environment keeps its mails, whatever is configured.
    #[expect(clippy::disallowed_methods, reason = "the one place that talks to a mail server")]
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let from = settings.mail_from.parse().context("--mail-from: it is not an address")?;
        let url = settings.smtp_url.as_deref().filter(|_| !settings.demo());
        let transport = match url {
            // The URL may hold a password, so the error must not repeat it.
            Some(url) => match SmtpTransport::from_url(url) {
                Ok(builder) => Some(builder.timeout(Some(TIMEOUT)).build()),
                Err(_) => anyhow::bail!("--smtp-url: it cannot be understood"),
            },
            None => None,
        };
        if transport.is_none() && !settings.demo() {
            tracing::warn!("no mail server is configured: invitations and new passwords cannot be sent");
        }
        Ok(Self { transport, from })
    }

    /// Whether there is a way out.
    pub fn can_send(&self) -> bool {
        self.transport.is_some()
    }

    /// Sends one mail. Waits for the network.
    pub fn send(&self, mail: &Outgoing) -> anyhow::Result<()> {
        let transport = self.transport.as_ref().context("no mail server is configured")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(mail.to.parse().context("the recipient is not an address")?)
            .subject(mail.subject.clone())
            .body(mail.text.clone())?;
        transport.send(&message)?;
        Ok(())
    }
}
