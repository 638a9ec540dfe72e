//! The published cases of contracts and departures, as pure decisions. The same cases run through the API in
//! `crates/server/tests/lifecycle.rs`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use hr::contracts::rules::{self, Place, Refusal, Schedule, Span, Version, Wanted};
use hr::employees::rules::{active, too_early};
use registry::{Date, date};
use serde_json::{Value, json};

/// The day on which the cases are looked at.
const TODAY: Date = date(2026, 11, 23);

fn day(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// What is known of one person.
#[derive(Default)]
struct Person {
    contracts: Vec<Span>,
    versions: Vec<Version>,
    /// Versions that are gone keep their place.
    pay: Vec<(Option<i64>, Option<String>)>,
    history: Vec<&'static str>,
    elsewhere: Vec<Date>,
    left: Option<Date>,
}

impl Person {
    fn number(&self) -> i64 {
        i64::try_from(self.pay.len()).unwrap()
    }

    fn wanted(step: &Value, old: Option<&(Version, Span)>) -> Wanted {
        let effective_on = day(&step["effective_on"]).or(old.map(|old| old.0.effective_on)).unwrap();
        Wanted {
            effective_on,
            starts_on: day(&step["starts_on"]).or(old.map(|old| old.1.starts_on)).unwrap_or(effective_on),
            ends_on: step.get("ends_on").map(day),
            trial_ends_on: day(&step["trial_period_ends_on"]),
        }
    }

    /// All versions of a contract show its days.
    fn settle(&mut self, span: Span) {
        self.contracts.retain(|contract| contract.id != span.id);
        self.contracts.push(span);
        for version in self.versions.iter_mut().filter(|version| version.contract == span.id) {
            version.ends_on = span.ends_on;
        }
    }

    fn add(&mut self, step: &Value) -> Result<(), Refusal> {
        let wanted = Self::wanted(step, None);
        let mut pay = (step["salary_amount"].as_i64(), step["salary_frequency"].as_str().map(str::to_owned));
        let before = rules::begun(&self.versions, wanted.effective_on).map(|version| version.id);
        if let Some(before) = before
            && (step["copy_current_contract_version"] == true || pay.0.is_some() || pay.1.is_some())
        {
            let before = self.pay[usize::try_from(before).unwrap() - 1].clone();
            pay = (pay.0.or(before.0), pay.1.or(before.1));
        }
        rules::pay(pay.0, pay.1.as_deref())?;
        let id = self.number() + 1;
        let span = match rules::place(&self.contracts, &self.versions, &wanted)? {
            Place::In(span) => span,
            Place::New => Span { id, starts_on: wanted.starts_on, ends_on: wanted.ends_on.flatten() },
        };
        self.versions.push(Version {
            id,
            contract: span.id,
            effective_on: wanted.effective_on,
            ends_on: None,
        });
        self.pay.push(pay);
        self.settle(span);
        self.history.push("create");
        Ok(())
    }

    fn correct(&mut self, step: &Value) -> Result<(), Refusal> {
        let id = step["version"].as_i64().unwrap() + 1;
        let changes =
            step.as_object().unwrap().keys().filter(|key| !matches!(key.as_str(), "do" | "version"));
        if changes.count() == 0 {
            return Ok(());
        }
        let old = *self.versions.iter().find(|version| version.id == id).unwrap();
        let own = *self.contracts.iter().find(|contract| contract.id == old.contract).unwrap();
        let wanted = Self::wanted(step, Some(&(old, own)));
        let span = rules::corrected(&self.contracts, &self.versions, id, &wanted)?.unwrap();
        self.versions.iter_mut().find(|version| version.id == id).unwrap().effective_on = wanted.effective_on;
        self.settle(span);
        self.history.push("update");
        Ok(())
    }

    fn delete(&mut self, step: &Value) {
        let id = step["version"].as_i64().unwrap() + 1;
        self.versions.retain(|version| version.id != id);
        let versions = &self.versions;
        self.contracts.retain(|contract| versions.iter().any(|version| version.contract == contract.id));
        self.history.push("delete");
    }

    fn move_to(&mut self, step: &Value) -> Result<(), Refusal> {
        let first = day(&step["effective_on"]).unwrap();
        if let Some(old) = rules::replaced(&self.contracts, &self.versions, first)? {
            self.settle(old);
        }
        let mut step = step.clone();
        step["starts_on"] = step["effective_on"].clone();
        self.add(&step)?;
        self.elsewhere.push(first);
        Ok(())
    }

    fn act(&mut self, step: &Value) -> Result<(), Refusal> {
        match step["do"].as_str().unwrap() {
            "add" => self.add(step)?,
            "correct" => self.correct(step)?,
            "delete" => self.delete(step),
            "move" => self.move_to(step)?,
            "terminate" => {
                let last = day(&step["terminated_on"]).unwrap();
                let begins = self.contracts.iter().map(|contract| contract.starts_on);
                if let Some(message) = too_early(begins, last) {
                    return Err(Refusal { field: "terminated_on", code: "before_start", message });
                }
                self.left = Some(last);
            }
            "unterminate" => self.left = None,
            other => panic!("{other}"),
        }
        Ok(())
    }

    fn effective(&self, id: Option<i64>) -> Value {
        let version = self.versions.iter().find(|version| Some(version.id) == id);
        version.map(|version| version.effective_on.to_string()).into()
    }

    /// What a case may expect, by the names of its members.
    fn shown(&self, member: &str, wanted: &Value) -> Value {
        let text = |day: Option<Date>| Value::from(day.map(|day| day.to_string()));
        let reference = rules::reference(&self.versions, TODAY);
        let by_day = |of: &dyn Fn(Date) -> Value| -> Value {
            let days = wanted.as_object().unwrap().keys();
            Value::Object(days.map(|day| (day.clone(), of(day.parse().unwrap()))).collect())
        };
        let of = |day: Date| {
            let version = self.versions.iter().find(|version| version.effective_on == day).unwrap();
            *self.contracts.iter().find(|contract| contract.id == version.contract).unwrap()
        };
        match member {
            "contracts" => {
                let mut all = self.contracts.clone();
                all.sort_by_key(|contract| contract.starts_on);
                let shown = all.iter().map(|contract| {
                    let schedule: Schedule = contract.schedule(TODAY);
                    json!([contract.starts_on.to_string(), text(contract.ends_on), schedule.text()])
                });
                shown.collect()
            }
            "versions" => {
                let mut all: Vec<Date> = self.versions.iter().map(|version| version.effective_on).collect();
                all.sort_unstable();
                all.iter().map(ToString::to_string).collect()
            }
            "reference" => self.effective(reference),
            "on" => by_day(&|day| self.effective(rules::in_force(&self.versions, day))),
            "starts" => by_day(&|day| of(day).starts_on.to_string().into()),
            "ends" => by_day(&|day| text(of(day).ends_on)),
            "history" => self.history.iter().copied().collect(),
            "pay" => {
                let (amount, frequency) = &self.pay[usize::try_from(reference.unwrap()).unwrap() - 1];
                json!([amount, frequency])
            }
            "entity" => if self.elsewhere.iter().any(|day| *day <= TODAY) { "other" } else { "own" }.into(),
            "active" => active(self.left, TODAY).into(),
            "leaving" => self.left.is_some().into(),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn contracts_and_departures() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("corpus/contracts.json")).unwrap();
    assert!(cases.len() >= 60, "{}", cases.len());
    for case in &cases {
        let mut person = Person::default();
        for step in case["steps"].as_array().unwrap() {
            let mut plain = step.clone();
            plain.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "refused" | "field"));
            let refused = person.act(&plain).err();
            let named = refused.as_ref().map(|refusal| (refusal.code, refusal.field));
            assert_eq!(
                named,
                step["refused"].as_str().zip(step["field"].as_str()),
                "{}: {step}",
                case["name"]
            );
            assert!(refused.is_none_or(|refusal| refusal.message.ends_with('.')), "{}", case["name"]);
        }
        for (member, wanted) in case["expect"].as_object().unwrap() {
            assert_eq!(person.shown(member, wanted), *wanted, "{}: {member}", case["name"]);
        }
    }
}
