//! The chapter on webhooks.

use super::{Block, Reader, code, heading, link, list, note, table, text};

pub(super) fn chapter(reader: &Reader<'_>) -> Vec<Block> {
    let base = reader.base_url;
    let uncaused = reader.uncaused.iter().map(|(kind, why)| vec![format!("`{kind}`"), (*why).to_owned()]);
    let mut blocks = vec![
        text(
            "A webhook tells your program what happened as it happens: the server sends a `POST` with the object to an \
             address of yours. Every type of event is a subscription of its own.",
        ),
        heading("subscribe", "Subscribe"),
        text(
            "An administrator makes one under Developers, Webhooks, or a program over the API. The reference lists the \
             types of events with each resource.",
        ),
        code(
            "subscribe",
            format!(
                "curl -X POST '{base}/api/2026-10-01/resources/api_public/webhook_subscriptions' \\\n  \
                 -H 'x-api-key: API_KEY' -H 'content-type: application/json' \\\n  \
                 -d '{{\"subscription_type\": \"timeoff/leave/create\", \"company_id\": \"COMPANY_ID\",\n       \
                 \"target_url\": \"https://example.com/hooks\", \"challenge\": \"knock knock\"}}'"
            ),
        ),
        text(
            "`api_version` says in which version the object is sent; without it, in that of the request. What somebody \
             is sent is what he may see: fields without permission are null, and whoever loses his rights is told no more. \
             Addresses of private networks are refused, also when a name comes to mean one later.",
        ),
        link("/settings/webhooks", "Your webhooks"),
        heading("uncaused", "What nothing causes"),
        text(
            "Every type can be subscribed to and tried out. These the matched API knows without an operation that causes \
             them, so they come as test events only:",
        ),
        Block::Table { head: vec!["Type".to_owned(), "Why".to_owned()], rows: uncaused.collect() },
        heading("request", "What you are sent"),
        text(
            "The body is the object alone, as the API answers it. What else there is to know is in headers.",
        ),
        table(
            ["Header", "What it says"],
            &[
                ["`muster-event`", "The type, such as `timeoff/leave/create`."],
                [
                    "`webhook-id`",
                    "The event. The same whenever it is sent again: what you have seen you can leave aside.",
                ],
                ["`webhook-timestamp`, `webhook-signature`", "When it was sent, and by whom; see below."],
                ["`muster-delivery`, `muster-attempt`", "Its number in the log, and which attempt this is."],
                ["`x-factorial-wh-challenge`", "The `challenge` of your subscription."],
                [
                    "`x-factorial-author-id`, `x-factorial-author-type`",
                    "Who did it, an `employee` or the `company`, if you may see that.",
                ],
            ],
        ),
        text(
            "Answer with any status from 200 to 299 within ten seconds, and do the work afterwards. Redirects are not \
             followed, and what you answer matters to nobody but the log.",
        ),
        heading("signature", "Check the signature"),
        text(
            "Anybody can send a request to your address. Requests from here are signed as Standard Webhooks describes it, \
             so its libraries check them. Press New secret on the page of webhooks to get the secret; it begins with \
             `whsec_`. The secret before goes on signing for a day, so that nothing stands still while you change it.",
        ),
        code("signature", SIGNATURE),
        heading("promise", "What is promised"),
        list([
            "At least once: an event is stored together with the change that it tells of, so nothing that was done is \
             left out, and nothing that was undone is told. A server that dies delays it by a minute at most.",
            "Sometimes twice: a server may die after it sent a request and before it wrote that down. The `webhook-id` \
             is the same then.",
            "In order for each object and subscription, except for what failed and is tried again. Compare `updated_at` \
             if it matters. Between objects there is no order.",
            "As it was: the object is shown as the change left it, even if it is delivered a day later.",
        ]),
        heading("retries", "When it fails"),
        text(
            "Anything else than success is tried 20 times within 48 hours, with pauses from 30 seconds to six hours. After \
             the first, the fifth, the tenth and every further fifth failure there is a mail: to whom the application \
             belongs if that is another company, else to whoever subscribed, else to all administrators. After the last, \
             the subscription is disabled.",
        ),
        text(
            "Meanwhile events are kept. Enable it again, on the page or with `PUT` and `{\"enabled\": true}`, and replay \
             what was missed.",
        ),
        heading("log", "The log"),
        text("Every delivery is in a log with its attempts and answers, for administrators:"),
        table(
            ["Call", "What it does"],
            &[
                [
                    "`GET /api/muster/webhooks/deliveries`",
                    "The log, newest first. Narrow it with `subscription_id`, `type`, `state`, `object_id`, \
                     `target_url`, `from` and `until`.",
                ],
                [
                    "`GET /api/muster/webhooks/deliveries/ID`",
                    "One with its attempts: headers and body as they were sent, and the answers.",
                ],
                ["`POST /api/muster/webhooks/deliveries/ID/redeliver`", "Sends it once more."],
                [
                    "`POST /api/muster/webhooks/replay`",
                    "Sends again what happened: `subscription_id`, `from`, `until`, and `states` such as \
                     `[\"failed\", \"missed\"]`.",
                ],
                [
                    "`POST /api/muster/webhooks/subscriptions/ID/test`",
                    "Sends an event with data as they could be.",
                ],
                [
                    "`POST /api/muster/webhooks/subscriptions/ID/secret`",
                    "A new secret; the old one for `overlap_hours`.",
                ],
                [
                    "`GET /api/muster/webhooks/sample?type=TYPE&version=VERSION`",
                    "What an event of a type looks like.",
                ],
                [
                    "`POST /api/muster/webhooks/trigger`",
                    "An event of a `type`, for everybody who subscribed.",
                ],
            ],
        ),
    ];
    if reader.demo {
        blocks.extend([
            heading("build", "While you build"),
            text(
                "On the machine of the server, one command sends every event of a sandbox to a program of yours and shows \
                 what became of it; another makes an event of any type.",
            ),
            code(
                "listen",
                "muster listen --forward-to http://127.0.0.1:8000/hooks\nmuster trigger timeoff/leave/create",
            ),
            note("The clock of the demo environment can be moved: 48 hours of failures take a minute."),
        ]);
    }
    blocks
}

const SIGNATURE: &str = r#"import base64, hashlib, hmac

def genuine(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split())"#;
