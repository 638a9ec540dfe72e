//! `integrations/sync_runs`

use engine::{Code, Context as Work, Draft, Error};
use registry::{Company, HOUR, Id, Instant, Object, Resource};
use serde_json::Value;
use storage::{Datum, Look};

/// One exchange of data between the company and an external system.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/sync_runs",
    object = "integrations_sync_run",
    permission = "integrations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"), create(since = "2026-10-01"))
)]
pub struct SyncRun {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SyncRun>,
    /// How far the run is, or how it ended.
    #[field(default = "running")]
    pub status: Status,
    /// Moment when the exchange began.
    #[field(default(now), filter(from = "created_at_gteq"(required, as = String)))]
    pub started_at: Instant,
    /// Period that the run covers. Empty when it has none.
    #[field(default(empty))]
    pub context: Context,
    /// The company that it belongs to.
    #[field(create)]
    pub company_id: Id<Company>,
    /// Marketplace integration that carries out the run.
    #[field(default = "", filter(eq = "marketplace_integration_uuid"(required)))]
    pub integration_uuid: String,
    /// Moment when the exchange ended. Null while it runs.
    pub finished_at: Option<Instant>,
    /// Integration to run. By default the one that owns the credential.
    #[field(input, create)]
    pub marketplace_integration_uuid: Option<String>,
    /// Until when results can be reported; empty once that is over.
    #[field(input)]
    pub open_until: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("marketplace_integration_uuid", "integration_uuid")],
    rule: Some(rule),
    due: Some(("open_until", close)),
    ..Code::of(PATH)
};

pub(crate) const PATH: &str = "integrations/sync_runs";

/// How long results of a run can be reported.
const OPEN: i64 = HOUR;

fn rule(cx: &mut Work<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.begin("open_until", || Datum::Int((cx.tx.now() + OPEN).millis()));
    Ok(())
}

/// A run of which nobody said how it ended has failed when its hour is over.
fn close(cx: &mut Work<'_, '_>, id: i64) -> Result<(), Error> {
    let run = cx.objects(PATH, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    let mut sets = engine::Sets::from([("open_until", Datum::Null)]);
    if run.text("status") == Some("running") {
        sets.insert("status", Datum::Text("errored".to_owned()));
        sets.insert("finished_at", Datum::Int(cx.tx.now().millis()));
    }
    cx.change(PATH, &[engine::by(id)], sets)?;
    Ok(())
}

/// The integration of a run that results are reported for. After an hour nothing more is taken.
pub(crate) fn open(cx: &mut Work<'_, '_>, id: i64) -> Result<String, Error> {
    let run = cx.objects(PATH, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    if run.int("started_at").unwrap_or(0) + OPEN < cx.tx.now().millis() {
        let detail = "The run began more than an hour ago, so its results can no longer be reported.";
        return Err(Error::rule("sync_run_id", "sync_run_over", detail));
    }
    Ok(run.text("integration_uuid").unwrap_or_default().to_owned())
}

/// How a run stands by the results of its records.
fn standing<'r>(results: impl Iterator<Item = &'r str>) -> &'static str {
    let (mut good, mut bad, mut running) = (0, 0, 0);
    for result in results {
        match result {
            "success" => good += 1,
            "running" => running += 1,
            _ => bad += 1,
        }
    }
    match (good, bad, running) {
        (0, 0, 0) | (_, _, 1..) => "running",
        (_, 0, _) => "succeeded",
        (0, _, _) => "errored",
        _ => "succededwitherrors",
    }
}

/// After results were reported the run stands as they say.
pub(crate) fn settle(cx: &mut Work<'_, '_>, id: i64) -> Result<(), Error> {
    let of_it = [Look::Equal("sync_run_id", Datum::Int(id))];
    let results = cx.facts("integrations/syncable_sync_runs", &of_it)?;
    let status = standing(results.iter().filter_map(|result| result.text("status")));
    let finished = if status == "running" { Datum::Null } else { Datum::Int(cx.tx.now().millis()) };
    let sets = [("status", Datum::Text(status.to_owned())), ("finished_at", finished)];
    cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets.into())?;
    Ok(())
}

/// Problems that are given by what they concern, as answers list them.
pub(crate) fn problems(given: Value) -> Value {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    match given {
        Value::Object(given) => given
            .into_iter()
            .map(|(key, value)| serde_json::json!({ "key": key, "value": text(value) }))
            .collect(),
        _ => Value::Array(Vec::new()),
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Errored = "errored",
        Running = "running",
        Succededwitherrors = "succededwitherrors",
        Succeeded = "succeeded",
    }
}

/// The objects of `context`.
#[derive(Debug, Object)]
pub struct Context {
    /// First day that the run covers.
    pub from: Option<String>,
    /// Last day that the run covers, itself included.
    pub to: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_stands_as_its_results_say() {
        for (results, expected) in [
            ("", "running"),
            ("running", "running"),
            ("success", "succeeded"),
            ("success success", "succeeded"),
            ("success running", "running"),
            ("failed running", "running"),
            ("failed", "errored"),
            ("invalid failed", "errored"),
            ("success invalid", "succededwitherrors"),
        ] {
            assert_eq!(standing(results.split_whitespace()), expected, "{results}");
        }
    }
}
