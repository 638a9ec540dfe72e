//! What the documentation says, chapter by chapter.
//!
//! Pure: a chapter is a function of its reader. The chapter on configuration is not here, because it is made
//! from the settings themselves.

mod webhooks;

use super::pages::docs::Block;

/// For whom a chapter is written.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The public address of this server, without a slash at the end.
    pub base_url: &'a str,
    /// The client id of the reader's own application, if he is logged in and has one.
    pub client_id: Option<&'a str>,
    /// Whether this is the demo environment.
    pub demo: bool,
    /// Types of events that nothing causes, each with the reason.
    pub uncaused: &'a [(&'a str, &'a str)],
}

impl Reader<'_> {
    fn client_id(&self) -> &str {
        self.client_id.unwrap_or("CLIENT_ID")
    }

    /// What there is still to replace in a command.
    fn replace(&self, others: &str) -> String {
        match self.client_id {
            Some(_) => format!("Replace {others}. The client id is already yours."),
            None => format!("Replace `CLIENT_ID`, {others}."),
        }
    }
}

/// A chapter: what stands in its address, its title, and what it says. The first one has no name of its own.
pub type Chapter = (&'static str, &'static str, fn(&Reader<'_>) -> Vec<Block>);

/// The chapters in their order.
pub const CHAPTERS: &[Chapter] = &[
    ("", "Getting started", getting_started),
    ("sandbox", "Sandbox", sandbox),
    ("oauth", "OAuth reference", oauth_reference),
    ("authentication", "Calling the API", authentication),
    ("webhooks", "Webhooks", webhooks::chapter),
    ("accounts", "Accounts and security", accounts_and_security),
    ("permissions", "Permissions", permissions),
    ("limits", "Limits", limits),
];

/// The redirect URI of an application that has no address of its own.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

fn getting_started(reader: &Reader<'_>) -> Vec<Block> {
    let (base, client_id) = (reader.base_url, reader.client_id());
    let mut blocks = vec![text(
        "A program never sees anybody's password here. It asks a person to let it in, gets a code for \
         that, and exchanges the code for a token. From then on it acts in that person's name. This page \
         walks the whole way, from an empty account to a token that renews itself.",
    )];
    if reader.demo {
        blocks.push(note(
            "In a hurry? A sandbox comes with its company, its administrator and its application, and with \
             the commands to try them.",
        ));
        blocks.push(link("/docs/sandbox", "Start with a sandbox"));
    }
    blocks.extend([
        heading("overview", "The way in four steps"),
        list([
            "An administrator registers an application. It gets a client id and a client secret.",
            "A person lets the application in, and the application receives an authorization code.",
            "The application exchanges the code for an access token and a refresh token.",
            "It calls the API with the access token, and renews it with the refresh token.",
        ]),
        text(
            "Only the first step needs an administrator. Everybody in the company can let its applications \
             in, and whoever holds the client id and the secret can do the rest.",
        ),
        heading("sign-up", "Sign up"),
        text(
            "Sign up a company and you are its first administrator. If the company is here already, ask \
             one of its administrators: they invite people and make further administrators under Company \
             settings, Users.",
        ),
        link("/signup", "Sign up a company"),
        heading("application", "Create an application"),
        text(
            "Applications belong to the company, so only its administrators may open them; anybody else asks one of \
             them. Log in as an administrator, open the applications and choose New application.",
        ),
        link("/oauth/applications", "Your applications"),
        text(
            "The next page shows the client id, and once only the client secret: what is stored is its \
             hash. If it gets lost, renew it. The old secret and the new one both work until you delete \
             the old one, so nothing has to stand still in between.",
        ),
        heading("redirect-uri", "The redirect URI"),
        text(
            "This is where people are sent back to, with the code, after they said yes. Register every one \
             that you use, one per line. The one in a request must be a registered one, character by \
             character, and the token request must repeat the one that the code was asked for with.",
        ),
        list([
            "It uses `https`. Plain `http` is for your own machine, `127.0.0.1`, `[::1]` and `localhost`, \
             unless the operator allows more.",
            "On `http://127.0.0.1` and `http://[::1]` the port is free, because a desktop application \
             learns it when it starts. On `localhost` it is not.",
            "An application without any address uses `urn:ietf:wg:oauth:2.0:oob`: the code is shown on a \
             page, for the person to copy.",
        ]),
        heading("confidential", "Confidential or not"),
        text(
            "An application is confidential if nobody but you can read its secret, which is to say that it \
             runs on a server of yours. What runs in a browser, on a phone or on somebody's desktop can be \
             taken apart, and its secret with it. Untick the box for those: they need no secret and must \
             use PKCE instead.",
        ),
        heading("permissions", "What it will be allowed to do"),
        text(
            "A token never opens more than the person behind it may open on these pages. Both go the same \
             way, past the same rules. Scopes narrow that further: choose those that the application \
             needs, or none at all, which means `read write`, everything that the person may see and \
             change.",
        ),
        heading("code", "Get a code"),
        text(
            "Without writing any code: open your application and press Authorize. That is the quickest way \
             when the only one to let it in is you. With the redirect URI `urn:ietf:wg:oauth:2.0:oob` you \
             find the code on the page that follows.",
        ),
        text("In your own code: send the person's browser to this address."),
        code(
            "authorize",
            format!(
                "{base}/oauth/authorize?client_id={client_id}&redirect_uri={OUT_OF_BAND}&response_type=code&state=STATE"
            ),
        ),
        list([
            "`redirect_uri` is one that you registered, percent-encoded.",
            "`state` is a random value of your own. It comes back unchanged; compare it, and you know that \
             the answer belongs to your question.",
            "`scope`, if you send it, names scopes of the application, separated by spaces.",
        ]),
        text(
            "Whoever is not logged in logs in first and comes back to the same request. Then the person \
             sees who asks, for what, and decides. After a yes the browser goes to your redirect URI with \
             `code`, `state` and `iss` in its query; after a no with `error=access_denied`.",
        ),
        note(
            "A code works once and for ten minutes. A failed exchange does not use it up, so a typing \
             error costs nothing.",
        ),
        heading("token", "Exchange the code"),
        code(
            "exchange",
            format!(
                "curl -X POST '{base}/oauth/token' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'code=CODE' \\\n  \
                 -d 'grant_type=authorization_code' \\\n  -d 'redirect_uri={OUT_OF_BAND}'"
            ),
        ),
        text(reader.replace("`CLIENT_SECRET` and `CODE`, and the redirect URI if yours is another one")),
        text("The answer:"),
        code("token-answer", TOKEN_ANSWER),
        table(
            ["Member", "What it is"],
            &[
                ["`access_token`", "64 hex digits. Send it with every call."],
                ["`token_type`", "Always `Bearer`."],
                ["`expires_in`", "Seconds that the access token works. Absent if it does not expire."],
                ["`refresh_token`", "64 hex digits, for the next access token. Absent if there is nothing to renew."],
                ["`scope`", "What was granted. It may be less than what was asked for, since people can untick."],
                ["`created_at`", "When it was issued, in seconds since 1970."],
            ],
        ),
        heading("first-call", "Make the first call"),
        code(
            "me",
            format!("curl '{base}/api/v1/me' \\\n  -H 'Authorization: Bearer ACCESS_TOKEN'"),
        ),
        text("The answer says whose token this is:"),
        code("me-answer", ME_ANSWER),
        text("What else there is to call, and a search for it, is in the API reference."),
        link("/reference", "API reference"),
        heading("refresh", "Refresh the token"),
        text("Before the access token expires, or when a call is answered with 401, ask for the next one:"),
        code(
            "refresh-token",
            format!(
                "curl -X POST '{base}/oauth/token' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'refresh_token=REFRESH_TOKEN' \\\n  \
                 -d 'grant_type=refresh_token'"
            ),
        ),
        text(
            "The answer has the same form and holds a new access token and a new refresh token. Store \
             both. The pair before it stops working once you use the new access token. If the answer got \
             lost on its way, send the same refresh token again within a minute: nothing is lost.",
        ),
        heading("lifetimes", "How long tokens live"),
        text(
            "The guide of the API that Muster is compatible with gives two answers for access tokens, one \
             week in one place and two hours in another. Its own example says 7200 seconds, and so does \
             Muster. The week belongs to the refresh token.",
        ),
        table(
            ["What", "Works for", "Who can change it"],
            &[
                ["Authorization code", "10 minutes, once", "nobody"],
                ["Access token", "7200 seconds (two hours)", "the operator; an administrator per application"],
                ["Refresh token", "604800 seconds (one week)", "the operator; an administrator per application"],
                ["Company token", "until it is revoked", "nobody"],
            ],
        ),
        note(
            "Whatever a server is configured to, `expires_in` is the truth. Go by it rather than by a \
             number in a document.",
        ),
        text(
            "Every refresh starts a new week. An application that refreshes at least once a week never has \
             to ask the person again.",
        ),
        link("/docs/oauth", "Everything about the OAuth endpoints"),
        link("/docs/authentication", "Everything about calling the API"),
    ]);
    blocks
}

const TOKEN_ANSWER: &str = r#"{
  "access_token": "9f1c4f7a60d2b85e3a7715c08d4e92ab61f03c5d7e2894b6a0c1d3f5e7092b4d",
  "token_type": "Bearer",
  "expires_in": 7200,
  "refresh_token": "3b8e05d1f7c9426aa8510e6d94c27bf03e61d5a9087c4f2b1d6ea35890f7c2e4",
  "scope": "read write",
  "created_at": 1795426200
}"#;

const ME_ANSWER: &str = r#"{
  "id": 1,
  "email": "admin@acme.example",
  "login_email": "admin@acme.example",
  "full_name": "Ada Admin",
  "first_name": "Ada",
  "last_name": "Admin",
  "employee_id": 1,
  "company_id": 1,
  "company_name": "Integrations - Acme",
  "role": "admin"
}"#;

fn sandbox(reader: &Reader<'_>) -> Vec<Block> {
    // In production there is no sandbox; the commands are for the one that the reader starts himself.
    let (base, client_id) = if reader.demo {
        (reader.base_url, reader.client_id())
    } else {
        ("http://127.0.0.1:3000", "CLIENT_ID")
    };
    let mut blocks = vec![text(
        "A sandbox is a company of your own to try an integration on. You make it yourself, in a second, \
         as often as you like, on a page, over HTTP or on the command line.",
    )];
    blocks.push(if reader.demo {
        note("This is a demo environment. Its data may be deleted at any moment, so keep nothing here that you need.")
    } else {
        note(
            "This server is a production one and has no sandboxes. Start Muster on your own machine, \
             without any configuration, and you have a demo environment at `http://127.0.0.1:3000`. The \
             commands of this chapter are written for that one.",
        )
    });
    blocks.extend([
        heading("five-things", "The five things you get"),
        list([
            "the OAuth id, which is the client id of an application that is registered for you",
            "the OAuth secret, which is its client secret",
            "an API key, which acts as the company and needs no OAuth",
            "an administrator to log in as: an e-mail address and a password",
            "the name of the company: `Integrations - ` and the name you gave",
        ]),
        text(
            "The secrets are shown once, because only their hashes are stored. If you lose them, make \
             another sandbox, or have new ones issued with a reset.",
        ),
        heading("create", "Create one"),
    ]);
    if reader.demo {
        blocks.extend([text("On a page:"), link("/sandbox", "Get a sandbox")]);
    }
    blocks.extend([
        text("Over HTTP:"),
        code(
            "create-http",
            format!(
                "curl -X POST '{base}/sandbox' \\\n  -H 'Content-Type: application/json' \\\n  \
                 -d '{{\"company_name\": \"Acme\"}}'"
            ),
        ),
        text("On the command line of the machine that the server runs on, while it runs:"),
        code("create-command", "muster sandbox create Acme --json"),
        text("Both answer with the same JSON, over HTTP with the status 201:"),
        code(
            "create-answer",
            format!(
                "{{\n  \"base_url\": \"{base}\",\n  \"company_name\": \"Integrations - Acme\",\n  \
                 \"client_id\": \"…\",\n  \"client_secret\": \"…\",\n  \"redirect_uri\": \"{OUT_OF_BAND}\",\n  \
                 \"api_key\": \"…\",\n  \"admin_email\": \"admin@acme.example\",\n  \"admin_password\": \"…\"\n}}"
            ),
        ),
        text(
            "The sandbox `Integrations - Demo` is made when the server starts on an empty data folder. Its \
             credentials are printed in the terminal.",
        ),
        heading("first-steps", "First steps"),
        text(
            "Log in with the administrator's address and password. Then, in the same browser, open the \
             address below. The application asks to be let in; say yes, and the page that follows shows \
             the code.",
        ),
        link("/login", "Log in"),
        code(
            "sandbox-authorize",
            format!("{base}/oauth/authorize?client_id={client_id}&redirect_uri={OUT_OF_BAND}&response_type=code"),
        ),
        text("Exchange the code for a token:"),
        code(
            "sandbox-exchange",
            format!(
                "curl -X POST '{base}/oauth/token' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'code=CODE' \\\n  \
                 -d 'grant_type=authorization_code' \\\n  -d 'redirect_uri={OUT_OF_BAND}'"
            ),
        ),
        text("See whose token it is:"),
        code("sandbox-me", format!("curl '{base}/api/v1/me' -H 'Authorization: Bearer ACCESS_TOKEN'")),
        text("Or skip OAuth and call with the API key, which acts as the company:"),
        code("sandbox-key", format!("curl '{base}/api/v1/me' -H 'x-api-key: API_KEY'")),
        heading("clock", "Move the clock"),
        text(
            "The demo environment has a clock of its own. Move it forward and see what happens when a \
             token expires, without waiting for it. One clock serves the whole environment: every sandbox \
             in it moves along. It keeps its lead over restarts and never goes back.",
        ),
        code(
            "clock-http",
            format!(
                "curl '{base}/sandbox/clock'\n\ncurl -X POST '{base}/sandbox/clock' \\\n  \
                 -H 'Content-Type: application/json' \\\n  -d '{{\"advance\": \"3h\"}}'"
            ),
        ),
        code("clock-answer", CLOCK_ANSWER),
        code("clock-command", "muster sandbox clock --advance 3h"),
        text("The span is a whole number with a unit: `90s`, `30m`, `3h`, `8d`. Three that are worth trying:"),
        list([
            "`3h`: access tokens have expired, refresh tokens work. Does your client refresh?",
            "`8d`: refresh tokens have expired too, and your own session with them. Does your client ask \
             the person again?",
            "`11m` between code and exchange: the code has expired. Does your client say so in words?",
        ]),
        note(
            "While the server is reached on a loopback address, the clock and the mails are open to \
             everybody who reaches it. Otherwise administrators read the mails of their company, and only \
             the operator moves the clock, because all sandboxes share it. The operator can decide \
             otherwise.",
        ),
        heading("mail", "Mail"),
        text(
            "No mail leaves the demo environment. Invitations and links for a new password are on a page \
             instead, with working links.",
        ),
    ]);
    if reader.demo {
        blocks.push(link("/sandbox/mails", "Mail of this environment"));
    }
    blocks.extend([
        heading("reset", "Reset and list"),
        code(
            "reset-command",
            "muster sandbox list\nmuster sandbox reset Acme\nmuster sandbox reset Acme --new-credentials",
        ),
        text(
            "A reset brings a sandbox back to the state in which it was made, with the same ids. Its \
             client id, client secret, API key and log-in go on working, so a test suite can reset between \
             runs without learning new ones. Everything that came later is gone: tokens, sessions, further \
             applications, and people who were invited. With `--new-credentials` the secrets, the key and \
             the password are made anew and printed; the client id stays.",
        ),
        text(
            "Two sandboxes may have the same name. A reset names one of them by its client id then, which \
             `muster sandbox list` shows.",
        ),
        heading("not-yet", "Not here yet"),
        text(
            "A sandbox holds about a hundred people in two legal entities and three workplaces, their teams, contracts, \
             leaves and a year of shifts, and something in every other list. Further people to act as and a log of \
             requests are not there yet.",
        ),
    ]);
    blocks
}

const CLOCK_ANSWER: &str = r#"{"now": "2026-11-23T12:30:00.000Z", "offset_seconds": 10800}"#;

fn oauth_reference(reader: &Reader<'_>) -> Vec<Block> {
    let mut blocks = vec![text(
        "Muster is an OAuth 2 authorization server for the authorization code grant (RFC 6749) with \
         refresh tokens and PKCE (RFC 7636). What is written here is all there is to know for a client; a \
         library that speaks OAuth 2 knows most of it already.",
    )];
    blocks.extend(endpoints(reader));
    blocks.extend(authorization_request(reader));
    blocks.extend(token_request(reader));
    blocks.extend(refreshing());
    blocks.extend(ending_and_inspecting(reader));
    blocks.extend(oauth_errors());
    blocks
}

fn endpoints(reader: &Reader<'_>) -> Vec<Block> {
    let base = reader.base_url;
    vec![
        heading("endpoints", "Endpoints"),
        table(
            ["Address", "Method", "What it is for", "Standard"],
            &[
                ["`/oauth/authorize`", "GET", "asks a person; open it in a browser", "RFC 6749, 4.1.1"],
                [
                    "`/oauth/token`",
                    "POST",
                    "gives tokens for a code or a refresh token",
                    "RFC 6749, 4.1.3 and 6",
                ],
                ["`/oauth/revoke`", "POST", "ends tokens", "RFC 7009"],
                ["`/oauth/introspect`", "POST", "tells an application what its token is worth", "RFC 7662"],
                ["`/oauth/token/info`", "GET", "tells what the token in use is worth", "of the matched API"],
                [
                    "`/.well-known/oauth-authorization-server`",
                    "GET",
                    "tells all this to programs",
                    "RFC 8414",
                ],
            ],
        ),
        code("metadata", format!("curl '{base}/.well-known/oauth-authorization-server'")),
    ]
}

fn authorization_request(reader: &Reader<'_>) -> Vec<Block> {
    let (base, client_id) = (reader.base_url, reader.client_id());
    vec![
        heading("authorize", "Asking a person"),
        text("The parameters stand in the query of `/oauth/authorize`. Each may stand there once."),
        table(
            ["Parameter", "Value"],
            &[
                ["`response_type`", "Required: `code`."],
                ["`client_id`", "Required: the client id of the application."],
                ["`redirect_uri`", "Required: one that is registered, character by character."],
                ["`scope`", "Scopes of the application, separated by spaces. Without it: all that it has."],
                ["`state`", "Comes back unchanged. Use a random value and compare it."],
                [
                    "`code_challenge`",
                    "For PKCE. 43 characters for `S256`, 43 to 128 unreserved characters for `plain`.",
                ],
                [
                    "`code_challenge_method`",
                    "`S256`. Confidential applications may also use `plain`, which is what no method means.",
                ],
                ["`response_mode`", "`query`, which is the default, or `fragment`."],
                ["`resource_owner_type`", "`user`, which is the default, or `company` for a company token."],
                ["`resource`", "An address on this server (RFC 8707). Anything else is refused."],
            ],
        ),
        text(
            "The answer goes to the redirect URI: `code`, `iss` (the issuer, RFC 9207) and your `state`. \
             If something is wrong it is `error`, `error_description`, `iss` and `state` instead.",
        ),
        note(
            "An unknown client and a redirect URI that is not registered are never redirected. The person sees a page \
             with what was sent, and if he belongs to the application's company what is registered beside it. The \
             same goes for every error of a request with the out-of-band redirect URI.",
        ),
        heading("consent", "When the person is asked"),
        list([
            "The page names the application, the company it belongs to, each scope in words, and where the \
             person is sent afterwards.",
            "The second time, a confidential application that asks for exactly the same scopes gets its \
             code at once. Fewer scopes ask again, and so do more.",
            "A public application always asks, because any program can pretend to be one.",
            "Whoever shuts an application out under Authorized applications is asked again the next time.",
        ]),
        heading("pkce", "PKCE"),
        text(
            "PKCE ties a code to the program that asked for it: make a random verifier, send its hash with \
             the question and the verifier itself with the exchange. Public applications must use it with \
             `S256`. Confidential ones may, and an administrator can require it of them.",
        ),
        code(
            "pkce-example",
            format!(
                "verifier=$(openssl rand -hex 32)\n\
                 challenge=$(printf %s \"$verifier\" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')\n\
                 echo \"{base}/oauth/authorize?client_id={client_id}&redirect_uri={OUT_OF_BAND}&response_type=code\
                 &code_challenge=$challenge&code_challenge_method=S256\"\n\n\
                 # with the code from the page:\n\
                 curl -X POST '{base}/oauth/token' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'code=CODE' \\\n  -d \"code_verifier=$verifier\" \\\n  \
                 -d 'grant_type=authorization_code' \\\n  -d 'redirect_uri={OUT_OF_BAND}'"
            ),
        ),
        list([
            "A public application leaves out `client_secret`.",
            "A verifier without a challenge is refused as well: it would mean that somebody took the \
             challenge away.",
            "For an application that must use PKCE, the Authorize button of the dashboard brings a challenge \
             along, and the command beside it holds the verifier.",
        ]),
        heading("company", "Tokens of a company"),
        text(
            "With `resource_owner_type=company` an application asks to act for the company rather than for \
             one person. Only an administrator can agree. The token may do everything that its scopes \
             open, belongs to nobody's account and does not expire: the answer holds neither `expires_in` \
             nor `refresh_token`. It ends when an administrator shuts the application out, when the \
             application revokes it, or when the application's scopes change.",
        ),
        heading("shared", "Applications for several companies"),
        text(
            "People can let in the applications of their own company. For people of other companies an \
             application does not exist, unless the operator of the server opens it with `muster \
             application share CLIENT_ID`; with `--off` it is closed again, and what other companies \
             granted ends. Either way every token belongs to one company and sees nothing of another.",
        ),
    ]
}

fn token_request(reader: &Reader<'_>) -> Vec<Block> {
    let (base, client_id) = (reader.base_url, reader.client_id());
    vec![
        heading("token", "Asking for tokens"),
        table(
            ["Parameter", "With a code", "With a refresh token"],
            &[
                ["`grant_type`", "`authorization_code`", "`refresh_token`"],
                ["`client_id`", "required", "required"],
                ["`client_secret`", "of confidential applications", "of confidential applications"],
                ["`code`", "required", "–"],
                ["`redirect_uri`", "required, the same as in the question", "–"],
                ["`code_verifier`", "if there was a challenge", "–"],
                ["`refresh_token`", "–", "required"],
                ["`scope`", "–", "fewer scopes, if you want fewer from now on"],
            ],
        ),
        text(
            "They may stand in a form body, which is what you should use, in a multipart or JSON body, or \
             in the query string, as clients of the matched API may send them. A query string ends up in \
             the logs of proxies, so keep secrets out of it where you have the choice.",
        ),
        text(
            "Client id and secret may stand in the `Authorization` header instead (HTTP Basic), but not in \
             both places: two ways at once, or two different clients, are `invalid_request`.",
        ),
        code(
            "basic",
            format!(
                "curl -X POST '{base}/oauth/token' \\\n  -u '{client_id}:CLIENT_SECRET' \\\n  -d 'code=CODE' \\\n  \
                 -d 'grant_type=authorization_code' \\\n  -d 'redirect_uri={OUT_OF_BAND}'"
            ),
        ),
        list([
            "A code works for ten minutes. Only success uses it up.",
            "A code that is used a second time within that time was seen by two parties. The second \
             exchange fails, and the tokens of the first are revoked.",
            "Answers carry `Cache-Control: no-store` and `Pragma: no-cache`.",
        ]),
    ]
}

fn refreshing() -> Vec<Block> {
    vec![
        heading("refresh", "Refreshing, lost answers and theft"),
        text(
            "Each refresh gives a new pair of tokens, and the pair before it ends. When exactly it ends is \
             what matters when a connection breaks or two processes refresh at once:",
        ),
        list([
            "A pair that was refreshed goes on working until the new access token is used for the first \
             time.",
            "If that does not happen, it goes on working for 60 seconds after its first refresh, unless \
             the operator chose another time.",
            "While it works it can be refreshed again. Every such refresh gives a pair of its own, and all \
             of them work: a lost answer costs nothing, and neither do two refreshes at the same moment.",
            "This holds for the pair directly before the newest one, never for an older one.",
        ]),
        text(
            "A refresh token that comes back after that has been used by somebody who should not have it, \
             or by somebody who should have the next one. Nobody can tell which of them is the thief, so \
             the whole grant is revoked with every token in it, the entry `oauth.refresh_reused` appears \
             in the audit log, and the application has to ask the person again.",
        ),
        note(
            "What your client has to do: store the new pair before you use it, throw the old one away \
             after that, and if a refresh got no answer, repeat it at once rather than an hour later.",
        ),
        text(
            "A refresh token works for one week from its own issue, and every pair gets a new one, with a \
             new week. A refresh may ask for fewer scopes than the pair has; its successors have the fewer \
             then.",
        ),
    ]
}

fn ending_and_inspecting(reader: &Reader<'_>) -> Vec<Block> {
    let (base, client_id) = (reader.base_url, reader.client_id());
    vec![
        heading("revoke", "Revoking"),
        code(
            "revoke-token",
            format!(
                "curl -X POST '{base}/oauth/revoke' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'token=TOKEN'"
            ),
        ),
        list([
            "`token` is an access token or a refresh token. Both end, with everything that came out of the \
             same yes. `token_type_hint` may be sent and changes nothing.",
            "A pair that has been refreshed already ends alone: whoever tidies up after a refresh keeps \
             the new pair.",
            "The answer is 200 with `{}`, also for a token that does not exist or has ended before.",
            "A token of another application, and a client that does not prove itself, get 403 with \
             `unauthorized_client`.",
        ]),
        text("A revocation holds from the next request on, on every node of the server."),
        heading("introspect", "Introspection"),
        code(
            "introspect-token",
            format!(
                "curl -X POST '{base}/oauth/introspect' \\\n  -d 'client_id={client_id}' \\\n  \
                 -d 'client_secret=CLIENT_SECRET' \\\n  -d 'token=TOKEN'"
            ),
        ),
        text(
            "A live token of the application is answered with `active`, `scope`, `client_id`, `iat`, `iss` \
             and, where there is one, `token_type`, `exp` and `sub`. Everything else, a token of another \
             application included, is `{\"active\": false}`.",
        ),
        heading("token-info", "Token info"),
        code(
            "token-info-call",
            format!("curl '{base}/oauth/token/info' \\\n  -H 'Authorization: Bearer ACCESS_TOKEN'"),
        ),
        text(
            "It answers with `resource_owner_id`, `scope` as a list, `expires_in` as what is left of it, \
             `application` with the client id as `uid`, and `created_at`.",
        ),
    ]
}

fn oauth_errors() -> Vec<Block> {
    vec![
        heading("errors", "Errors"),
        text(
            "The endpoints for programs answer with JSON that has the members `error` and \
             `error_description`, and repeat both in `WWW-Authenticate`.",
        ),
        table(
            ["Error", "Status", "What is wrong"],
            &[
                ["`invalid_request`", "400", "A parameter is missing, stands twice or has the wrong form."],
                [
                    "`invalid_client`",
                    "401",
                    "The client is unknown or did not prove itself. One text for all reasons, so that \
                     guesses learn nothing.",
                ],
                [
                    "`invalid_grant`",
                    "400",
                    "The code or the refresh token is unknown, expired, used, revoked or another \
                     application's; or redirect URI or verifier do not belong to the code.",
                ],
                ["`unsupported_grant_type`", "400", "Neither `authorization_code` nor `refresh_token`."],
                ["`invalid_scope`", "400", "A scope does not exist, or is more than there is to have."],
                ["`unauthorized_client`", "403", "The token to be revoked is not this application's."],
            ],
        ),
        text("These arrive at the redirect URI, besides `invalid_request` and `invalid_scope`:"),
        table(
            ["Error", "What is wrong"],
            &[
                ["`access_denied`", "The person said no, or only an administrator may say yes."],
                ["`unsupported_response_type`", "It is not `code`."],
                ["`invalid_target`", "The `resource` is not on this server."],
            ],
        ),
        note(
            "The descriptions say as much as a stranger may know. The page of your application has a list \
             of its failed requests that says the rest: which redirect URI was sent, whose code it was, \
             whether it had expired. Administrators of the company may open it.",
        ),
        link("/oauth/applications", "Your applications and their failed requests"),
    ]
}

fn authentication(reader: &Reader<'_>) -> Vec<Block> {
    let base = reader.base_url;
    vec![
        text(
            "Every call of the API carries a credential. It says who is calling, for which company, and so \
             what the caller may see and do. There are four kinds; three of them are for programs.",
        ),
        heading("kinds", "Four kinds of credential"),
        table(
            ["Kind", "Acts as", "Lives", "Comes from"],
            &[
                [
                    "User token",
                    "the person who let the application in, within its scopes",
                    "two hours, renewable",
                    "OAuth",
                ],
                [
                    "Company token",
                    "the company, within its scopes",
                    "until revoked",
                    "OAuth, by an administrator",
                ],
                [
                    "API key",
                    "the company, with all permissions",
                    "until deleted",
                    "an administrator, under API keys",
                ],
                [
                    "Session",
                    "the person in the browser",
                    "while logged in",
                    "logging in; for pages, not for programs",
                ],
            ],
        ),
        text(
            "Prefer a user token. An API key opens everything in the company, to whoever holds it, and its \
             calls cannot be told from each other by person.",
        ),
        heading("headers", "Where it goes"),
        code(
            "bearer",
            format!(
                "curl '{base}/api/v1/me' -H 'Authorization: Bearer ACCESS_TOKEN'\n\
                 curl '{base}/api/v1/me' -H 'x-api-key: API_KEY'"
            ),
        ),
        list([
            "If a request carries both, the API key counts. A wrong key is not rescued by a good token.",
            "`Bearer` may be written in capitals or not.",
            "`Authentication: Bearer` is understood as well, because the guide of the matched API spells \
             the header so in one place.",
            "A token may stand in the query as `access_token` or `bearer_token`, for clients that cannot \
             do better. A header, even a wrong one with the scheme `Bearer`, comes first.",
        ]),
        heading("calls", "What there is to call"),
        text("Two calls tell a client who it is:"),
        code(
            "credentials",
            format!(
                "curl '{base}/api/2026-10-01/resources/api_public/credentials' \\\n  \
                 -H 'Authorization: Bearer ACCESS_TOKEN'"
            ),
        ),
        table(
            ["Call", "Answer"],
            &[
                [
                    "`GET /api/v1/me`",
                    "One object: the person, or for a company token and an API key the company. Ids are \
                     numbers.",
                ],
                [
                    "`GET /api/VERSION/resources/api_public/credentials`",
                    "A list with one entry, the credential in use. Fields that do not apply to its kind \
                     are null.",
                ],
            ],
        ),
        text(
            "The resources of the API are at `/api/VERSION/resources/NAMESPACE/RESOURCE`: `GET` lists them, `POST` adds \
             one, and with an id behind it `GET`, `PUT`, `PATCH` and `DELETE` read, change and delete one.",
        ),
        code(
            "resources",
            format!(
                "curl '{base}/api/2026-10-01/resources/teams/teams?limit=10' \\\n  \
                 -H 'Authorization: Bearer ACCESS_TOKEN'"
            ),
        ),
        text(
            "A list is a page of up to 100 objects in `data`, by id. `meta` has `total`, `has_next_page` and \
             `end_cursor`, which goes into `after_id` for the next page; `start_cursor` goes into `before_id` for the \
             one before. A `PUT` changes what its body names; what is absent stays, what is null goes. What a body or \
             a query names and the API does not know is left aside and named in the header `Muster-Ignored`; with \
             `Prefer: handling=strict` it is refused.",
        ),
        text(
            "A `POST` may carry an `Idempotency-Key` of your choice. The same request with the same key is done once \
             and answered alike for a day, with the header `Idempotent-Replayed`; another request under that key is \
             refused with 422.",
        ),
        text(
            "Every operation with its parameters, bodies and answers is in the API reference, and for programs, as OpenAPI \
             3.1, at `/oas`, and for another version at `/oas?version=2026-04-01`.",
        ),
        link("/reference", "API reference"),
        text(
            "Administrators, API keys and company tokens reach everything in the company. Everybody else sees and does \
             what the permission group allows, as on the pages.",
        ),
        heading("versions", "Versions"),
        text(
            "`VERSION` is one of `2025-10-01`, `2026-01-01`, `2026-04-01`, `2026-07-01` and `2026-10-01`. \
             Ids are numbers before `2026-07-01` and strings from then on. A date that is not in the list \
             is served as the oldest version, and the answer carries a `Deprecation` header; so does the \
             old spelling `/api/v2/resources/…`.",
        ),
        heading("errors", "Errors"),
        text("The API answers errors as `application/problem+json` (RFC 9457):"),
        code("problem", PROBLEM),
        table(
            ["Status", "Code", "What it means"],
            &[
                [
                    "400",
                    "`malformed_json`, `malformed_multipart`, `malformed_text`",
                    "The request cannot be read. Nothing was changed.",
                ],
                ["401", "`invalid_token`", "No credential, or one that is unknown, expired or revoked."],
                [
                    "400",
                    "`invalid`",
                    "Parameters or members are wrong. `errors` and `problems` name all at once.",
                ],
                ["403", "`forbidden`", "The credential is good, but this is not for its owner to do."],
                ["403", "`insufficient_scope`, `missing_permission`", "`detail` names what is missing."],
                ["404", "`not_found`", "There is nothing, as far as this credential may know."],
                ["405", "`method_not_allowed`", "The address exists, but not with this method."],
                ["409", "`referred_to`, `taken`", "Others refer to it, or have what only one may have."],
                [
                    "409",
                    "one of its own",
                    "It conflicts with how things stand, such as `already_approved`. `problems` names the member; \
                     `id` is the object itself.",
                ],
                ["413", "`body_too_large`", "See the chapter on limits."],
                ["422", "`invalid`", "Fields are wrong. `errors` and `problems` name all of them at once."],
                [
                    "422",
                    "one of its own",
                    "A rule says no, such as `balance_exceeded`. `problems` names the member.",
                ],
                ["429", "`throttled`", "Too many attempts. `Retry-After` says how long to wait."],
                [
                    "429",
                    "`rate_limited`",
                    "More than 200 posts in a minute; `RateLimit-Reset` says how long.",
                ],
                ["500", "`internal_error`", "Our fault. Tell the operator the request id."],
                ["501", "`not_implemented`", "This server does not do that yet."],
                ["503", "`unavailable`", "The database does not answer. Nothing was changed; try again."],
            ],
        ),
        text(
            "A 401 says in `WWW-Authenticate` (RFC 6750) and in `detail` what to do about it. \"The access token expired\": \
             refresh. \"The access token was revoked\": use the newer pair if you have one, otherwise ask the person \
             again. \"The access token is invalid\": check what you send.",
        ),
        heading("request-ids", "Request ids"),
        text(
            "Every answer has an `X-Request-Id`, and every problem repeats it as `request_id`. It is the \
             way from a failed call to the line in the server's log, so write it into yours.",
        ),
    ]
}

const PROBLEM: &str = r#"{
  "type": "about:blank",
  "title": "Unauthorized",
  "status": 401,
  "detail": "The access token expired",
  "code": "invalid_token",
  "request_id": "5d41c02a9be7f316"
}"#;

fn accounts_and_security(_: &Reader<'_>) -> Vec<Block> {
    vec![
        text(
            "What people can do with their accounts, what administrators decide, and what is kept about it.",
        ),
        heading("roles", "Administrators and everybody else"),
        text(
            "Everybody in a company is in one permission group: Administrators, who may do everything, \
             Default employees, or one that administrators added. Who signs up a company is its first \
             administrator; any number of people can be one. The last one cannot be removed, so that no \
             company locks itself out.",
        ),
        table(
            ["Page", "Administrators", "Everybody"],
            &[
                ["Company, users, audit log, API keys", "yes", "no"],
                ["Create and change applications", "yes", "no"],
                ["Let an application act as the company", "yes", "no"],
                ["Let an application act for oneself, and shut it out", "yes", "yes"],
                ["One's own password and sessions", "yes", "yes"],
            ],
        ),
        text("A change of the group holds from the next request on, for pages and for tokens."),
        link("/docs/permissions", "What a group may do"),
        heading("invitations", "Invitations"),
        text(
            "Administrators invite people by mail. The link works once and for 24 hours, and can be sent \
             again, five times an hour; then only the newest link works. One login can belong to several companies: whoever is \
             invited to another company keeps the password and switches between companies in the side \
             bar.",
        ),
        link("/settings/users", "Users of the company"),
        heading("passwords", "Passwords"),
        list([
            "At least 15 characters. A few unrelated words are easy to remember and hard to guess.",
            "No rules about digits and capitals, and no regular changes: neither makes passwords better.",
            "What is easy to guess is refused: common words and patterns, and what is known about you, \
             such as your address.",
            "Wrong guesses are answered more and more slowly, by account and by network address. A browser \
             that you have logged in with before is counted apart, so that a stranger's guesses do not \
             lock you out.",
            "Forgotten? A link comes by mail. The page says the same whether or not there is such an \
             account.",
        ]),
        heading("sessions", "Sessions"),
        text(
            "A session ends after 14 days, or after three days in which it was not used. Under Security \
             you see where you are logged in, end single sessions, or log out everywhere. A new password \
             ends your other sessions.",
        ),
        link("/account/security", "Your password and sessions"),
        heading("authorized", "Applications that you let in"),
        text(
            "Under Authorized applications you see who may act in your name, with which scopes, since when \
             and when last. Shutting an application out ends its tokens at once.",
        ),
        link("/oauth/authorized_applications", "Applications that you let in"),
        heading("api-keys", "API keys"),
        text(
            "A key acts as the company with all permissions. Administrators create it, give it a name, and \
             see when it was last used. The key itself is shown once. Deleting it ends it at once. Give \
             each program a key of its own, so that you can end one without the others.",
        ),
        link("/settings/api-keys", "API keys of the company"),
        heading("audit-log", "Audit log"),
        text(
            "Security events are written down in the same transaction as what they tell of: who, what, to \
             whom, when and from which address. Administrators read the log of their company and can \
             filter it. It never holds a secret.",
        ),
        table(
            ["Code", "Somebody …"],
            &[
                ["`company.created`, `company.updated`", "signed up the company, or changed it"],
                ["`session.created`, `session.ended`", "logged in or out"],
                ["`session.revoked`, `sessions.revoked_all`", "ended a session, or logged out everywhere"],
                ["`login.failed`, `login.throttled`", "gave a wrong password, or was stopped from guessing"],
                ["`password.changed`, `password.reset_requested`, `password.reset`", "dealt with a password"],
                [
                    "`invitation.sent`, `invitation.resent`, `invitation.accepted`",
                    "invited somebody, or came",
                ],
                ["`administrator.added`, `administrator.removed`", "made or unmade an administrator"],
                ["`api_key.created`, `api_key.deleted`", "created or deleted an API key"],
                ["`oauth.application_created`, `…_updated`, `…_deleted`", "changed an application"],
                ["`oauth.application_shared`, `…_unshared`", "opened it to other companies, or closed it"],
                ["`oauth.secret_added`, `oauth.secret_deleted`", "renewed a client secret, or deleted one"],
                ["`oauth.authorized`, `oauth.withdrawn`", "let an application in, or shut it out"],
                ["`oauth.token_revoked`", "handed back a token"],
                ["`oauth.code_reused`", "used a code twice; what it gave was revoked"],
                ["`oauth.refresh_reused`", "used an old refresh token; the grant was revoked"],
            ],
        ),
        link("/settings/audit-log", "Audit log of the company"),
        heading("secrets", "How secrets are kept"),
        list([
            "Tokens, codes, client secrets, API keys, sessions and mailed links are 256 random bits. The \
             database holds their SHA-256 hashes and nothing to restore them from.",
            "Passwords are hashed with Argon2id.",
            "Mails wait for their dispatch encrypted, because they may hold a link.",
        ]),
    ]
}

fn permissions(reader: &Reader<'_>) -> Vec<Block> {
    let base = reader.base_url;
    let mut blocks = vec![
        text(
            "What a person may see and do is decided once, for the pages and for the API. A token that acts \
             as a person never sees more than that person does on the pages; a company token and an API key \
             see everything. Scopes only narrow that.",
        ),
        heading("groups", "Groups"),
        text(
            "Everybody is in exactly one group. A group says for each module what its members may see, add, \
             change, delete and decide on, and whose records each of that reaches:",
        ),
        table(
            ["Reach", "Whose records"],
            &[
                ["`own`", "The person's own."],
                ["`reports`", "Those of everybody who reports to the person, also through others."],
                ["`teams`", "Those of the members of teams that the person leads."],
                ["`supervised`", "Those of people on whose time off the person decides."],
                ["`legal_entity`", "Those of the people of the same legal entity."],
                ["`everyone`", "Everybody's."],
            ],
        ),
        text(
            "Several together reach what any of them does. What is nobody's in particular, such as kinds of \
             leave, is browsed and managed, or not. A group also says whom its members see at all; nothing \
             reaches beyond that, except for oneself. Whoever changes something sees it, so seeing comes along.",
        ),
        text(
            "Salary, bank account, identity documents, private address, birth, reasons of leaves and \
             documents are modules of their own. To see a person is not to see these.",
        ),
        link("/settings/permissions", "The groups of your company"),
        heading("hidden", "What a program notices"),
        table(
            ["What may not be", "What comes back"],
            &[
                ["A field is not seen", "It is `null`. A filter on it finds nothing there."],
                ["A row is not seen", "It is not in any list, nor in `total`, and `404` by its id."],
                [
                    "Something is not changed",
                    "`403` with `missing_permission`; `detail` names the permission.",
                ],
                ["The scope is missing", "`403` with `insufficient_scope`, for reading as for writing."],
            ],
        ),
        text(
            "The reference names the permission of every operation and of every sensitive field, and so does \
             the description at `/oas`, as `x-permission`. A change of a group, or of who reports to whom, \
             holds from the next request on. Nobody can make himself reach further.",
        ),
        heading("delegation", "Passing permissions on"),
        text(
            "An administrator can let a group pass on some permissions. Its members then find Permissions in \
             their side bar, and give and take these for any group. Nothing is saved before the difference was \
             shown, and everything that is saved is in the audit log.",
        ),
        heading("looking", "Looking as somebody else, and why"),
        text(
            "On the page of a person administrators find who sees what of that person, and can look at the \
             company as that person does. A banner says so on every page; nothing can be changed meanwhile, and \
             the audit log has when it began and ended. On the page of a group they look as a member of it.",
        ),
        text(
            "Why somebody sees a row, or does not, is explained on a page, by `muster explain`, and to a request \
             of an administrator or with an API key that names the employee:",
        ),
        link("/settings/permissions/explain", "Why somebody sees something"),
        code(
            "explain",
            format!(
                "curl -i {base}/api/2026-10-01/resources/employees/employees/42 \\\n  \
                 -H 'x-api-key: API_KEY' -H 'X-Muster-Act-As: EMPLOYEE_ID' -H 'X-Muster-Explain: 1'"
            ),
        ),
    ];
    if reader.demo {
        blocks.extend([
            heading("personas", "People to try it as"),
            text("A sandbox has one of each, with a password and tokens. The same list is longer for one than for another:"),
            table(
                ["Persona", "Directory", "Salaries, bank, private data", "Time off and attendance"],
                &[
                    ["`administrator`", "everybody", "everybody's", "everybody's"],
                    ["`hr`", "everybody", "of one legal entity", "of one legal entity"],
                    ["`manager`", "everybody", "own", "of everybody below, also through others"],
                    ["`team_lead`", "everybody", "own", "of the team that is led"],
                    ["`employee`", "everybody", "own", "own"],
                ],
            ),
        ]);
    }
    blocks
}

fn limits(_: &Reader<'_>) -> Vec<Block> {
    vec![
        text(
            "Numbers that a client may run into. Those that an operator can change are marked; the chapter \
             on configuration says how.",
        ),
        link("/docs/configuration", "Configuration"),
        heading("tokens", "Tokens"),
        table(
            ["What", "Limit", "Can be changed"],
            &[
                ["Authorization code", "10 minutes, one success", "no"],
                [
                    "Access token",
                    "7200 seconds",
                    "yes: for the server, and for an application from 60 seconds to a year",
                ],
                ["Refresh token", "604800 seconds", "yes, likewise; never shorter than the access token"],
                ["Grace for a refreshed pair", "60 seconds", "yes: for the server"],
                ["Company token, API key", "no end", "no"],
            ],
        ),
        heading("applications", "Applications"),
        table(
            ["What", "Limit"],
            &[
                ["Name", "100 characters"],
                ["Redirect URIs", "20, of 2000 characters each"],
                ["Live client secrets", "2"],
                ["Failed requests that are kept", "the latest 200"],
            ],
        ),
        heading("requests", "Requests"),
        table(
            ["What", "Limit"],
            &[
                ["Body of a request", "64 KiB"],
                ["Sandboxes for one network address, in the demo environment", "60 in a minute"],
                ["Move of the demo environment's clock", "ten years at once"],
                ["Encoding", "UTF-8, without NUL"],
                ["Parameter of an OAuth endpoint", "once in a request"],
            ],
        ),
        heading("accounts", "Accounts"),
        table(
            ["What", "Limit"],
            &[
                ["Password", "15 characters to 1024 bytes"],
                ["Companies signed up from one network address", "10 in an hour"],
                ["Session", "14 days, or three days without use"],
                ["Link of an invitation", "24 hours, once"],
                ["Wrong passwords for one account", "5, then pauses from 30 seconds to 15 minutes"],
                ["Wrong passwords from one network address", "50, then the same pauses"],
            ],
        ),
        text(
            "A refused attempt is answered with 429 and `Retry-After`. In IPv6 a network of 64 bits counts \
             as one address.",
        ),
        heading("rates", "Rates"),
        text(
            "A credential may make 200 posts a minute. The headers `RateLimit-Limit`, `RateLimit-Remaining` and \
             `RateLimit-Reset` count them; beyond that the answer is 429 with `Retry-After`. A 503 with \
             `Retry-After` changed nothing, either: try again after that time.",
        ),
    ]
}

fn heading(id: &str, title: &str) -> Block {
    Block::Heading(id.to_owned(), title.to_owned())
}

fn text(words: impl Into<String>) -> Block {
    Block::Text(words.into())
}

fn note(words: impl Into<String>) -> Block {
    Block::Note(words.into())
}

fn link(address: &str, label: &str) -> Block {
    Block::Link(address.to_owned(), label.to_owned())
}

/// The id of the element is kept apart from those of headings.
fn code(id: &str, code: impl Into<String>) -> Block {
    Block::Code { id: format!("code-{id}"), text: code.into() }
}

fn list<const N: usize>(points: [&str; N]) -> Block {
    Block::List(points.map(str::to_owned).to_vec())
}

fn table<const N: usize>(head: [&str; N], rows: &[[&str; N]]) -> Block {
    let owned = |cells: [&str; N]| cells.map(str::to_owned).to_vec();
    Block::Table { head: owned(head), rows: rows.iter().map(|row| owned(*row)).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const READERS: [Reader<'_>; 3] = [
        Reader { base_url: "https://hr.example", client_id: None, demo: false, uncaused: &[] },
        Reader { base_url: "https://hr.example", client_id: Some("c0ffee"), demo: false, uncaused: &[] },
        Reader { base_url: "https://hr.example", client_id: Some("c0ffee"), demo: true, uncaused: &[] },
    ];

    /// Every text of a block in which backquotes make code.
    fn running(block: &Block) -> Vec<&str> {
        match block {
            Block::Text(text) | Block::Note(text) => vec![text],
            Block::List(points) => points.iter().map(String::as_str).collect(),
            Block::Table { rows, .. } => rows.iter().flatten().map(String::as_str).collect(),
            Block::Heading(..) | Block::Code { .. } | Block::Link(..) => Vec::new(),
        }
    }

    fn all() -> impl Iterator<Item = (&'static str, Reader<'static>, Vec<Block>)> {
        let chapters = CHAPTERS.iter();
        chapters.flat_map(|(_, title, blocks)| READERS.map(|reader| (*title, reader, blocks(&reader))))
    }

    #[test]
    fn ids_are_unique_in_a_chapter_and_slugs_among_chapters() {
        for (title, _, blocks) in all() {
            let mut ids = HashSet::new();
            for block in &blocks {
                if let Block::Heading(id, _) | Block::Code { id, .. } = block {
                    assert!(ids.insert(id), "{title}: {id} stands twice");
                }
            }
        }
        let slugs: HashSet<_> = CHAPTERS.iter().map(|(slug, _, _)| slug).collect();
        assert_eq!(slugs.len(), CHAPTERS.len());
    }

    #[test]
    fn backquotes_come_in_pairs_and_sentences_end() {
        for (title, _, blocks) in all() {
            for block in &blocks {
                for words in running(block) {
                    assert_eq!(words.matches('`').count() % 2, 0, "{title}: {words}");
                    assert!(!words.contains("  "), "{title}: {words}");
                }
                if let Block::Text(words) | Block::Note(words) = block {
                    assert!(words.ends_with(['.', ':', '?']), "{title}: {words}");
                }
            }
        }
    }

    #[test]
    fn commands_are_the_readers_own() {
        for (title, reader, blocks) in all() {
            for block in &blocks {
                let Block::Code { text, .. } = block else { continue };
                let elsewhere = !reader.demo && title == "Sandbox";
                if text.contains("curl") {
                    let host = if elsewhere { "http://127.0.0.1:3000/" } else { "https://hr.example/" };
                    assert!(text.contains(host), "{title}: {text}");
                }
                if reader.client_id.is_some() && !elsewhere {
                    assert!(!text.contains("CLIENT_ID"), "{title}: {text}");
                }
            }
        }
    }

    #[test]
    fn links_inside_the_documentation_lead_somewhere() {
        for (title, _, blocks) in all() {
            for block in &blocks {
                let Block::Link(address, _) = block else { continue };
                if let Some(slug) = address.strip_prefix("/docs/") {
                    let known =
                        slug == "configuration" || CHAPTERS.iter().any(|(known, _, _)| *known == slug);
                    assert!(known, "{title}: {address}");
                }
            }
        }
    }
}
