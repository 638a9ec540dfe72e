//! How an administrator looks at the company with somebody else's eyes.

use accounts::session;
use axum::extract::State;
use axum::response::Response;
use registry::Id;

use super::errors::Failure;
use super::form::Posted;
use super::visitor::{Administrator, see_other};
use crate::App;
use crate::web::Visitor;

pub(crate) async fn begin(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let visitor = &signed_in.visitor;
    let (actor, hash) = (visitor.actor(), visitor.token.hash());
    let employee = form.text("employee_id").parse::<i64>().ok().map(Id::new);
    let group = form.text("group_id").parse::<i64>().ok().map(Id::new);
    let began = app.db.write(move |tx| session::begin_preview(tx, &actor, &hash, employee, group)).await;
    began.map_err(|error| Failure::accounts(visitor, error))?;
    Ok(see_other("/home?notice=preview"))
}

/// Back to where one came from: the person, or the group.
pub(crate) async fn end(State(app): State<App>, posted: Posted<Visitor>) -> Result<Response, Failure> {
    let visitor = posted.by;
    let (actor, hash) = (visitor.actor(), visitor.token.hash());
    let ended = app.db.write(move |tx| session::end_preview(tx, &actor, &hash)).await;
    let ended = ended.map_err(|error| Failure::accounts(&visitor, error))?;
    let back = match ended.map(|preview| (preview.other_group, preview.employee)) {
        Some((Some(group), _)) => format!("/settings/permissions/{}", group.get()),
        Some((None, employee)) => format!("/people/{}", employee.get()),
        None => "/home".to_owned(),
    };
    Ok(see_other(&format!("{back}?notice=preview_over")))
}
