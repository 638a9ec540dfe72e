//! The code path through an independent client, the `oauth2` crate: with PKCE and without.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::convert::Infallible;

use axum::body::Body;
use oauth2::basic::{BasicClient, BasicErrorResponseType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IntrospectionUrl, PkceCodeChallenge, RedirectUrl, RefreshToken, RequestTokenError, RevocationUrl, Scope,
    StandardRevocableToken, TokenIntrospectionResponse, TokenResponse, TokenUrl,
};
use support::{BASE, CALLBACK, Person, World};

/// The client's way to the server: the router itself.
async fn deliver(world: World, request: HttpRequest) -> Result<HttpResponse, Infallible> {
    let answer = world.send(request.map(Body::from)).await;
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// What a person's browser does with the address that the client sends him to: yes.
async fn consent(person: &mut Person, url: &url::Url) -> (AuthorizationCode, String) {
    let path = format!("{}?{}", url.path(), url.query().expect("parameters"));
    let page = person.browser.get(&path).await;
    // Who was asked before need not be asked again.
    let back = match page.status.as_u16() {
        200 => person.browser.submit(&page.form("/oauth/authorize")).await,
        _ => page,
    };
    let parameter = |name| back.location_parameter(name).unwrap_or_else(|| panic!("no {name}: {back}"));
    assert!(back.location().starts_with(CALLBACK), "{back}");
    (AuthorizationCode::new(parameter("code")), parameter("state"))
}

#[test]
fn an_independent_client_walks_the_whole_path() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let confidential = ada.create_application("Server", CALLBACK, true, &["employees", "time_off"]).await;
        let public = ada.create_application("Desktop", CALLBACK, false, &["employees", "time_off"]).await;
        let http = |request| deliver(world.clone(), request);
        for (case, app, auth, pkce) in [
            ("confidential, Basic", &confidential, AuthType::BasicAuth, false),
            ("confidential, body", &confidential, AuthType::RequestBody, false),
            ("confidential, Basic, PKCE", &confidential, AuthType::BasicAuth, true),
            ("public, PKCE", &public, AuthType::RequestBody, true),
        ] {
            let case = format!("{case}, {}", world.engine);
            let address = |path: &str| format!("{BASE}{path}");
            let mut client = BasicClient::new(ClientId::new(app.client_id.clone()))
                .set_auth_uri(AuthUrl::new(address("/oauth/authorize")).unwrap())
                .set_token_uri(TokenUrl::new(address("/oauth/token")).unwrap())
                .set_introspection_url(IntrospectionUrl::new(address("/oauth/introspect")).unwrap())
                // The crate sends nothing to be revoked over plain http; the path is all that counts here.
                .set_revocation_url(
                    RevocationUrl::new("https://muster.example/oauth/revoke".to_owned()).unwrap(),
                )
                .set_redirect_uri(RedirectUrl::new(app.redirect_uri.clone()).unwrap())
                .set_auth_type(auth);
            if let Some(secret) = &app.client_secret {
                client = client.set_client_secret(ClientSecret::new(secret.clone()));
            }

            let mut request = client
                .authorize_url(CsrfToken::new_random)
                .add_scope(Scope::new("time_off".to_owned()))
                .add_scope(Scope::new("employees".to_owned()));
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            if pkce {
                request = request.set_pkce_challenge(challenge);
            }
            let (url, state) = request.url();
            let (code, returned) = consent(&mut ada, &url).await;
            assert_eq!(&returned, state.secret(), "{case}: state");

            let mut exchange = client.exchange_code(code);
            if pkce {
                exchange = exchange.set_pkce_verifier(verifier);
            }
            let tokens =
                exchange.request_async(&http).await.unwrap_or_else(|error| panic!("{case}: {error:?}"));
            assert_eq!(tokens.expires_in().map(|span| span.as_secs()), Some(7200), "{case}");
            let scopes: Vec<_> = tokens.scopes().unwrap().iter().map(|scope| scope.as_str()).collect();
            assert_eq!(scopes, ["time_off", "employees"], "{case}: scopes in the order asked");
            assert!(world.works(tokens.access_token().secret()).await, "{case}");

            let refresh = RefreshToken::new(tokens.refresh_token().unwrap().secret().clone());
            let next = client.exchange_refresh_token(&refresh).request_async(&http).await;
            let next = next.unwrap_or_else(|error| panic!("{case}: {error:?}"));
            assert!(world.works(next.access_token().secret()).await, "{case}: after the refresh");
            assert!(
                !world.works(tokens.access_token().secret()).await,
                "{case}: the old one ended with that use"
            );

            if app.client_secret.is_some() {
                let told = client.introspect(next.access_token()).request_async(&http).await.unwrap();
                assert!(told.active(), "{case}");
                assert_eq!(told.client_id().map(|id| id.as_str()), Some(app.client_id.as_str()), "{case}");
                let told = client.introspect(tokens.access_token()).request_async(&http).await.unwrap();
                assert!(!told.active(), "{case}: the old token");
            }

            let revocable = StandardRevocableToken::from(next.access_token());
            client.revoke_token(revocable).unwrap().request_async(&http).await.unwrap();
            assert!(!world.works(next.access_token().secret()).await, "{case}: revoked");
            let next = RefreshToken::new(next.refresh_token().unwrap().secret().clone());
            match client.exchange_refresh_token(&next).request_async(&http).await {
                Err(RequestTokenError::ServerResponse(error)) => {
                    assert_eq!(error.error(), &BasicErrorResponseType::InvalidGrant, "{case}");
                }
                other => panic!("{case}: {other:?}"),
            }
        }
    });
}

#[test]
fn an_independent_client_understands_the_errors() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Server", CALLBACK, true, &[]).await;
        let http = |request| deliver(world.clone(), request);
        for (case, auth, secret, code, expected) in [
            ("wrong secret, Basic", AuthType::BasicAuth, "wrong", "x", BasicErrorResponseType::InvalidClient),
            (
                "wrong secret, body",
                AuthType::RequestBody,
                "wrong",
                "x",
                BasicErrorResponseType::InvalidClient,
            ),
            (
                "wrong code",
                AuthType::BasicAuth,
                app.client_secret.as_deref().unwrap(),
                "x",
                BasicErrorResponseType::InvalidGrant,
            ),
        ] {
            let client = BasicClient::new(ClientId::new(app.client_id.clone()))
                .set_client_secret(ClientSecret::new(secret.to_owned()))
                .set_token_uri(TokenUrl::new(format!("{BASE}/oauth/token")).unwrap())
                .set_redirect_uri(RedirectUrl::new(app.redirect_uri.clone()).unwrap())
                .set_auth_type(auth);
            match client.exchange_code(AuthorizationCode::new(code.to_owned())).request_async(&http).await {
                Err(RequestTokenError::ServerResponse(error)) => {
                    assert_eq!(error.error(), &expected, "{case}");
                    assert!(error.error_description().is_some_and(|text| !text.is_empty()), "{case}");
                }
                other => panic!("{case}: {other:?}"),
            }
        }
    });
}
