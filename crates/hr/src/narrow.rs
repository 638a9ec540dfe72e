//! What parameters of lists have in common that look at no single field.

use engine::{Context, Error, Narrow};
use registry::Date;
use storage::{Datum, Look};

use crate::time::facts;

/// Nothing is like what it asks for.
pub(crate) const NOTHING: Narrow = Narrow::Code(|_, _| Ok(vec![nothing()]));

/// `true`: nothing; `false`: no restriction.
pub(crate) const NOTHING_IF_TRUE: Narrow = Narrow::Flag(|_| nothing());

/// Everything of the caller's company, nothing of any other.
pub(crate) const OF_COMPANY: Narrow = Narrow::Code(|cx, values| {
    let own = ids(values)?.contains(&Datum::Int(cx.grant.company().get()));
    Ok(if own { Vec::new() } else { vec![nothing()] })
});

pub(crate) fn nothing() -> Look {
    Look::OneOf("id", Vec::new())
}

/// The ids that are the values of a parameter.
pub(crate) fn ids(values: &[String]) -> Result<Vec<Datum>, Error> {
    let id = |value: &String| value.parse().map(Datum::Int);
    values.iter().map(id).collect::<Result<_, _>>().map_err(|_| Error::invalid("ids", "It must be an id."))
}

pub(crate) fn texts(values: &[String]) -> Vec<Datum> {
    values.iter().cloned().map(Datum::Text).collect()
}

pub(crate) fn is(values: &[String], text: &str) -> bool {
    values.last().is_some_and(|value| value == text)
}

pub(crate) fn not(look: Look) -> Look {
    Look::Not(Box::new(look))
}

/// Rows that hold on a day: from a column on, until another where that has a value.
pub(crate) fn holds(from: &'static str, until: &'static str, day: &Datum) -> Vec<Look> {
    let open = Look::Any(vec![Look::Null(until), Look::From(until, day.clone())]);
    vec![Look::To(from, day.clone()), open]
}

/// The days between two parameters of a list, where both are given; the other one is ignored without it.
pub(crate) fn window(cx: &Context<'_, '_>) -> Result<Option<(Date, Date)>, Error> {
    let (Some(from), Some(to)) = (cx.asked("from"), cx.asked("to")) else { return Ok(None) };
    let day = |name: &str, text: &str| match facts::day(name, &[text.to_owned()])? {
        Datum::Text(day) => day.parse().map_err(|_| Error::invalid(name, "It must be a day.")),
        _ => Err(Error::invalid(name, "It must be a day.")),
    };
    Ok(Some((day("from", from)?, day("to", to)?)))
}

/// The employees who report to one, directly or through others, or nothing that anybody reports to.
pub(crate) fn reports(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<engine::Object>, Error> {
    let object: engine::Body =
        values.last().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let manager = object.get("manager_employee_id").and_then(engine::id_of);
    let direct = object.get("only_direct_reports").is_some_and(|text| text == "true" || text == true);
    let (mut found, mut above) = (Vec::new(), manager.into_iter().collect::<Vec<_>>());
    let mut known = std::collections::BTreeSet::from_iter(above.iter().copied());
    while !above.is_empty() {
        let below = cx.facts("employees/employees", &[engine::one_of("manager_id", &above)])?;
        let new = below.into_iter().filter(|one| one.int("id").is_some_and(|id| known.insert(id)));
        let new: Vec<_> = new.collect();
        above = if direct { Vec::new() } else { new.iter().filter_map(|one| one.int("id")).collect() };
        found.extend(new);
    }
    Ok(found)
}
