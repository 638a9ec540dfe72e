//! One case of the corpus, and the rows that it stands for.

use std::path::Path;

use serde_json::{Map, Value, json};

/// A case.
pub struct Case(pub Value);

/// Who and what the rows of a case are about.
pub struct Ids {
    pub employee: i64,
    pub location: i64,
    pub policy: i64,
    pub allowance: i64,
    /// The type of its leaves, and one for telework.
    pub types: [i64; 2],
}

impl Case {
    /// Every case in a folder of the corpus.
    pub fn all(folder: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hr/tests/corpus").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let read = |file: std::path::PathBuf| {
            let text = std::fs::read_to_string(&file).unwrap();
            serde_json::from_str::<Vec<Value>>(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"))
        };
        files.into_iter().flat_map(read).map(Case).collect()
    }

    pub fn name(&self) -> String {
        format!("{} (rule {})", self.0["name"].as_str().unwrap(), self.0["rule"].as_str().unwrap())
    }

    fn text<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        self.0[name].as_str().unwrap_or(otherwise)
    }

    fn list(&self, name: &str) -> Vec<Value> {
        self.0[name].as_array().cloned().unwrap_or_default()
    }

    pub fn hired(&self) -> &str {
        self.text("hired", "2026-01-01")
    }

    pub fn employee(&self) -> Map<String, Value> {
        object(json!({
            "seniority_calculation_date": self.text("seniority", self.hired()), "terminated_on": self.0["left"],
        }))
    }

    pub fn contract(&self, ids: &Ids) -> Map<String, Value> {
        let weekdays = json!(["monday", "tuesday", "wednesday", "thursday", "friday"]);
        let weekdays = if self.0["week"].is_null() { &weekdays } else { &self.0["week"] };
        let weekdays: Vec<_> = weekdays.as_array().unwrap().iter().map(|day| day.as_str().unwrap()).collect();
        object(json!({
            "employee_id": ids.employee.to_string(), "effective_on": self.hired(), "starts_on": self.hired(),
            "working_week_days": weekdays.join(","), "working_hours_frequency": "week", "has_payroll": false,
            "working_hours": self.0["hours"].as_i64().unwrap_or(40) * 100, "fr_forfait_jours": false,
            "bank_holiday_treatment": if self.0["works_on_holidays"] == true { "workable" } else { "non_workable" },
        }))
    }

    pub fn holidays(&self, ids: &Ids) -> Vec<Map<String, Value>> {
        let days = self.0["holidays"].as_object().cloned().unwrap_or_default();
        let holiday = |(date, half): (String, Value)| {
            object(json!({ "location_id": ids.location.to_string(), "date": date, "half_day": half }))
        };
        days.into_iter().map(holiday).collect()
    }

    /// The type that leaves of the case have, and one for telework.
    pub fn types(&self) -> [Map<String, Value>; 2] {
        let kind = |identifier: &str, workable: bool| {
            object(json!({
                "name": identifier, "identifier": identifier, "color": "#07a2ad", "attachment": false,
                "visibility": true, "workable": workable, "details_required": false, "active": true,
                "approval_required": false, "accrues": true, "allow_endless": false,
                "half_days_units_enabled": true,
            }))
        };
        let mut main = kind("holidays", false);
        main.extend(self.0["type"].as_object().cloned().unwrap_or_default());
        [main, kind("remote", true)]
    }

    pub fn allowance(&self, ids: &Ids) -> Option<Map<String, Value>> {
        let own = self.0["allowance"].as_object()?.clone();
        let mut allowance = object(json!({
            "timeoff_policy_id": ids.policy.to_string(), "name": "Holidays", "allowance_type": "days",
            "available_days": "all_days", "count_holiday_as_workable": false,
            "leave_type_ids": [ids.types[0].to_string(), ids.types[1].to_string()],
            "proration_type": "proration_disabled", "pto_proratio_enabled": false, "rounding": "decimals",
            "tenure_periods": [], "accrued_units_availability": "current_cycle", "cycle_length": 12,
            "cycle_start": "jan", "days_type": "working_days", "frequency": "yearly",
            "holiday_allowance_in_cents": 2200, "negative_counter_type": "negative_counter_disabled",
            "range_type": "exact_range", "source_units": "base_units", "tenure_periods_enabled": false,
            "unlimited_accrued_hours": true, "unlimited_carry_over": false,
            "unlimited_carry_over_expiration": false, "unlimited_holidays": false,
        }));
        allowance.extend(own);
        for (at, one) in allowance["tenure_periods"].as_array_mut().unwrap().iter_mut().enumerate() {
            one["id"] = (at + 1).to_string().into();
        }
        Some(allowance)
    }

    pub fn assignment(&self, ids: &Ids) -> Map<String, Value> {
        object(json!({ "timeoff_policy_id": ids.policy.to_string(), "employee_id": ids.employee.to_string(),
            "effective_at": self.text("assigned", self.hired()) }))
    }

    /// The leaves that exist. Those that are deleted have `deleted_at`.
    pub fn leaves(&self, ids: &Ids) -> Vec<Map<String, Value>> {
        let leave = |mut leave: Value| {
            let remote = leave["type"] == "remote";
            let deleted = leave["deleted"] == true;
            let leave = leave.as_object_mut().unwrap();
            leave.remove("type");
            leave.remove("deleted");
            leave.entry("approved").or_insert(true.into());
            leave.insert("employee_id".to_owned(), ids.employee.to_string().into());
            leave.insert("leave_type_id".to_owned(), ids.types[usize::from(remote)].to_string().into());
            if deleted {
                leave.insert("deleted_at".to_owned(), "2026-01-01T00:00:00.000Z".into());
            }
            leave.clone()
        };
        self.list("leaves").into_iter().map(leave).collect()
    }

    pub fn corrections(&self, ids: &Ids) -> Vec<Map<String, Value>> {
        let correction = |mut one: Value| {
            one["employee_id"] = ids.employee.to_string().into();
            one["timeoff_allowance_id"] = ids.allowance.to_string().into();
            object(one)
        };
        self.list("corrections").into_iter().map(correction).collect()
    }

    pub fn shifts(&self, ids: &Ids) -> Vec<Map<String, Value>> {
        let shift = |one: Value| {
            object(json!({ "employee_id": ids.employee.to_string(), "date": one[0], "reference_date": one[0],
                "clock_in": one[1], "clock_out": one[2], "workable": true }))
        };
        self.list("worked").into_iter().map(shift).collect()
    }

    pub fn overtime(&self, ids: &Ids) -> Vec<Map<String, Value>> {
        let request = |one: Value| {
            object(json!({ "employee_id": ids.employee.to_string(), "author_id": ids.employee.to_string(),
                "date": one[0], "hours_amount_in_cents": one[1], "status": one[2] }))
        };
        self.list("overtime").into_iter().map(request).collect()
    }

    /// The body of the request that is asked about, if one is.
    pub fn request(&self, ids: &Ids) -> Option<Value> {
        let mut request = self.0["request"].as_object()?.clone();
        request.insert("employee_id".to_owned(), ids.employee.to_string().into());
        request.insert("leave_type_id".to_owned(), ids.types[0].to_string().into());
        Some(request.into())
    }

    /// What the balance is on some days, by the fields of `timeoff/allowance_stats`.
    pub fn balances(&self) -> Vec<(String, Map<String, Value>)> {
        let days = self.0["balance"].as_object().cloned().unwrap_or_default();
        days.into_iter().map(|(day, fields)| (day, object(fields))).collect()
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}
