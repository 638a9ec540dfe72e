//! Programs that people let in.

use super::{Answer, World, encoded};

/// An application as its developer knows it.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its number in the addresses of the dashboard.
    pub id: String,
    pub client_id: String,
    /// None for a public one.
    pub client_secret: Option<String>,
    pub redirect_uri: String,
}

/// A pair of tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl From<Answer> for Tokens {
    fn from(answer: Answer) -> Self {
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}

impl Application {
    /// Where people are sent to.
    pub fn authorize_path(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("response_type", "code"),
        ];
        let own = own.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        format!("/oauth/authorize?{}", encoded(own.chain(more).copied()))
    }

    /// The credentials as parameters.
    pub fn credentials(&self) -> Vec<(&str, &str)> {
        let secret = self.client_secret.as_deref().map(|secret| ("client_secret", secret));
        [("client_id", self.client_id.as_str())].into_iter().chain(secret).collect()
    }

    /// Sends parameters with the credentials.
    pub async fn ask(&self, world: &World, path: &str, more: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = self.credentials().into_iter().chain(more.iter().copied()).collect();
        world.post(path).form(&fields).send().await
    }

    /// Exchanges a code.
    pub async fn exchange(&self, world: &World, code: &str) -> Answer {
        self.exchange_with(world, code, &[]).await
    }

    /// Exchanges a code with more parameters.
    pub async fn exchange_with(&self, world: &World, code: &str, more: &[(&str, &str)]) -> Answer {
        let own =
            [("code", code), ("grant_type", "authorization_code"), ("redirect_uri", &self.redirect_uri)];
        self.ask(world, "/oauth/token", &[&own, more].concat()).await
    }

    /// Refreshes.
    pub async fn refresh(&self, world: &World, token: &str) -> Answer {
        self.ask(world, "/oauth/token", &[("refresh_token", token), ("grant_type", "refresh_token")]).await
    }

    /// Revokes.
    pub async fn revoke(&self, world: &World, token: &str) -> Answer {
        self.ask(world, "/oauth/revoke", &[("token", token)]).await
    }
}

impl World {
    /// Whose token this is.
    pub async fn me(&self, token: &str) -> Answer {
        self.get("/api/v1/me").bearer(token).send().await
    }

    /// Whether a token works.
    pub async fn works(&self, token: &str) -> bool {
        let answer = self.me(token).await;
        match answer.status.as_u16() {
            200 => true,
            401 => false,
            _ => panic!("{answer}"),
        }
    }
}
