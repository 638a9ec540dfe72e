//! Which day it is where people work. A day begins and ends by the clock of a workplace.

use std::collections::{BTreeMap, HashMap};

use engine::{Context, Error, Object};
use registry::Date;
use serde_json::Value;
use storage::{Among, Datum, Look};

use super::{facts, wall};

const PEOPLE: &str = "employees/employees";

/// Under which number the day of the headquarters is kept.
const HEADQUARTERS: Datum = Datum::Int(0);

/// The day at each workplace of a company, at the time of the request. Around midnight there are two.
#[derive(Debug, Clone, Default)]
pub struct Days(HashMap<i64, Date>);

impl Days {
    /// Those of the caller's company.
    pub fn load(cx: &mut Context<'_, '_>) -> Result<Self, Error> {
        at_workplaces(cx).map(Self)
    }

    /// The day at a workplace, or at the headquarters.
    pub fn at(&self, place: Option<i64>) -> Date {
        let day = place.and_then(|place| self.0.get(&place)).or_else(|| self.0.get(&0));
        day.copied().unwrap_or_default()
    }

    /// The day where somebody works.
    pub fn of(&self, person: &Object) -> Date {
        self.at(person.int("location_id"))
    }

    /// Conditions of rows of people of which something holds on the day where the person works. `column` says who it is.
    pub fn looks(&self, column: &'static str, look: impl Fn(Date) -> Look) -> Vec<Look> {
        let mut places: BTreeMap<Date, Vec<Datum>> = BTreeMap::new();
        for (place, day) in &self.0 {
            places.entry(*day).or_default().push(Datum::Int(*place));
        }
        if places.len() < 2 {
            return places.into_keys().map(look).collect();
        }
        let there = |places: Vec<Datum>| {
            let nowhere = places.contains(&HEADQUARTERS).then_some(Look::Null("location_id"));
            let looks = nowhere.into_iter().chain([Look::OneOf("location_id", places)]).collect();
            let looks = vec![Look::Any(looks)];
            Look::Among(column, Among { table: "employees", column: "id", looks })
        };
        // Everybody is somewhere else, or it holds on the day there. Who is nowhere is at the headquarters.
        let either = |(day, places)| Look::Any(vec![Look::Not(Box::new(there(places))), look(day)]);
        places.into_iter().map(either).collect()
    }
}

/// The day at each workplace, by id; that of the headquarters under 0.
pub fn at_workplaces(cx: &mut Context<'_, '_>) -> Result<HashMap<i64, Date>, Error> {
    let now = cx.tx.now().millis();
    let zones = facts::zones(cx)?;
    Ok(zones.into_iter().map(|(place, zone)| (place, wall::civil(&zone, now).date())).collect())
}

/// The days where some people work, by employee.
pub fn of_all(cx: &mut Context<'_, '_>, employees: &[i64]) -> Result<HashMap<i64, Date>, Error> {
    let days = Days::load(cx)?;
    let people = cx.objects(PEOPLE, employees.to_vec())?;
    Ok(people.into_iter().map(|(id, person)| (id, days.of(&person))).collect())
}

/// Conditions of people who have not left: their last day is not over where they work.
pub fn employed(cx: &mut Context<'_, '_>) -> Result<Vec<Look>, Error> {
    let stays =
        |today| Look::Any(vec![Look::Null("terminated_on"), Look::From("terminated_on", facts::text(today))]);
    Ok(Days::load(cx)?.looks("id", stays))
}

/// The day where somebody works.
pub fn of(cx: &mut Context<'_, '_>, employee: i64) -> Result<Date, Error> {
    let days = Days::load(cx)?;
    let person = cx.objects(PEOPLE, vec![employee])?.remove(&employee);
    Ok(days.at(person.and_then(|person| person.int("location_id"))))
}

/// The latest day that it is anywhere, for facts that are loaded before it is known where somebody works.
pub fn horizon(cx: &Context<'_, '_>) -> Date {
    wall::next(cx.today())
}

/// The errand that asks for the day where whoever asks works.
pub(crate) fn told(cx: &mut Context<'_, '_>, _: &Value) -> Result<Value, Error> {
    Ok(here(cx)?.to_string().into())
}

/// The day where whoever asks works; for the company itself that of the headquarters.
pub fn here(cx: &mut Context<'_, '_>) -> Result<Date, Error> {
    match cx.caller.employee {
        Some(employee) => of(cx, employee),
        None => Ok(Days::load(cx)?.at(None)),
    }
}

/// The day that is asked for, or else the one where whoever asks works.
pub fn asked(cx: &mut Context<'_, '_>, day: Option<Date>) -> Result<Date, Error> {
    day.map_or_else(|| here(cx), Ok)
}
