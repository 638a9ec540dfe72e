//! The pages of daily work: what a person does there is what programs see, and nothing more can be done.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Browser, Form, World};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A furnished company and its administrator's browser.
struct Company {
    world: World,
    key: String,
    browser: Browser,
}

impl Company {
    async fn provision(world: &World, name: &str) -> Self {
        let answer = world.post("/sandbox").json(&json!({ "company_name": name })).send().await;
        let made = answer.expect(201).json();
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        let mut browser = world.browser();
        browser.log_in(&text("admin_email"), &text("admin_password")).await.expect_to("/home");
        Self { world: world.clone(), key: text("api_key"), browser }
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let list = self.world.get(&format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        list.send().await.expect(200).json()["data"].as_array().unwrap().clone()
    }

    /// The employee record of the administrator.
    async fn me(&self) -> String {
        let people = self.list("employees/employees?limit=1").await;
        people[0]["id"].as_str().unwrap().to_owned()
    }
}

fn furnished<F: Future<Output = ()>>(case: impl Fn(Company) -> F) {
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| {
            let case = &case;
            async move { case(Company::provision(&world, "Acme").await).await }
        },
    );
}

#[test]
fn every_page_shows_the_company() {
    furnished(|mut company| async move {
        let person = company.list("employees/employees?limit=2").await[1].clone();
        let name = person["full_name"].as_str().unwrap();
        let record = format!("/people/{}", person["id"].as_str().unwrap());
        for (path, shows) in [
            ("/home", "Your clock"),
            ("/time-off", "Ask for time off"),
            ("/time-off?month=nonsense", "Ask for time off"),
            ("/timesheet", "Timesheet"),
            ("/timesheet?month=2026-10", "October 2026"),
            ("/timesheet?month=nonsense", "Timesheet"),
            ("/inbox", "Inbox"),
            ("/calendar", "Everybody"),
            ("/calendar?month=2026-08&team=1", "August 2026"),
            ("/people", name),
            (record.as_str(), name),
        ] {
            let page = company.browser.get(path).await.expect(200).text();
            assert!(page.contains(shows), "{path} shows {shows:?}");
        }
        let found = company.browser.get("/people?q=nobody+is+called+so").await.expect(200).text();
        assert!(found.contains("Nobody found"));
        company.browser.get("/people/999999").await.expect(404);
        company.browser.post("/clock", &[("do", "dance")]).await.expect(404);
    });
}

#[test]
fn time_that_is_added_on_the_page_is_there_for_programs() {
    furnished(|mut company| async move {
        let me = company.me().await;
        // A day long before the history begins has nothing yet.
        let day = "2024-03-05";
        let typed = [("date", day), ("clock_in", "09:00"), ("clock_out", "13:30"), ("observations", "Fair")];
        let saved = company.browser.fill("/timesheet", "/timesheet", &typed).await;
        saved.expect_to("/timesheet?month=2024-03&notice=saved");
        let query = format!("attendance/shifts?employee_ids[]={me}&start_on={day}&end_on={day}");
        let shifts = company.list(&query).await;
        assert_eq!(shifts.len(), 1);
        assert_eq!((&shifts[0]["clock_in"], &shifts[0]["minutes"]), (&json!("09:00"), &json!(270)));
        let page = company.browser.get("/timesheet?month=2024-03").await.expect(200);
        assert!(page.text().contains("09:00 to 13:30"));

        // What is refused is said, and what was typed is still there.
        let wrong = [("date", "yesterday"), ("clock_in", "09:00"), ("clock_out", "10:00")];
        let refused = company.browser.fill("/timesheet", "/timesheet", &wrong).await.expect(422).text();
        assert!(refused.contains("Nothing was saved yet.") && refused.contains("yesterday"));

        let removal = format!("/timesheet/{}/delete", shifts[0]["id"].as_str().unwrap());
        let removed = company.browser.fill("/timesheet?month=2024-03", &removal, &[]).await;
        assert!(removed.location().ends_with("notice=deleted"), "{}", removed.location());
        assert!(company.list(&query).await.is_empty());
    });
}

#[test]
fn time_off_is_asked_for_and_taken_back() {
    furnished(|mut company| async move {
        let me = company.me().await;
        let kind =
            company.list("timeoff/leave_types?active=true").await[0]["id"].as_str().unwrap().to_owned();
        let form = company.browser.get("/time-off").await.expect(200).form("/time-off");
        let form = form.forge("leave_type_id", &kind);
        let day = "2027-06-07";
        // What it would cost is said before it is sent, and nothing is sent by asking.
        let looked = form.clone().fill("start_on", day).forge("do", "check");
        let shown = company.browser.submit(&looked).await.expect(200).text();
        assert!(shown.contains("This costs 1 day."), "{shown}");
        let asked = company.browser.submit(&form.fill("start_on", day)).await;
        assert!(asked.location().starts_with("/time-off?notice=leave_"), "{}", asked.text());
        let query = format!("timeoff/leaves?employee_ids[]={me}&from={day}&to={day}");
        let leaves = company.list(&query).await;
        assert_eq!(leaves.len(), 1);
        assert_eq!(leaves[0]["finish_on"], json!(day));

        let backwards = company.browser.get("/time-off").await.form("/time-off");
        let backwards = backwards
            .forge("leave_type_id", &kind)
            .fill("start_on", "2027-06-20")
            .fill("finish_on", "2027-06-14");
        let refused = company.browser.submit(&backwards).await.expect(422).text();
        assert!(refused.contains("Nothing was saved yet."), "{refused}");

        let back = format!("/time-off/{}/delete", leaves[0]["id"].as_str().unwrap());
        company.browser.fill("/time-off", &back, &[]).await.expect_to("/time-off?notice=leave_taken_back");
        assert!(company.list(&query).await.is_empty());
    });
}

#[test]
fn hours_and_halves_are_asked_for() {
    furnished(|mut company| async move {
        let me = company.me().await;
        let kind =
            company.list("timeoff/leave_types?active=true").await[0]["id"].as_str().unwrap().to_owned();
        for (day, part, hours, costs, member, value) in [
            ("2027-06-07", "hours", "1:30", "This costs 1.5 hours.", "hours_amount_in_cents", json!(150)),
            ("2027-06-08", "end_of_day", "", "This costs 0.5 days.", "half_day", json!("end_of_day")),
        ] {
            let form = company.browser.get("/time-off").await.expect(200).form("/time-off");
            let form = form.forge("leave_type_id", &kind).forge("part", part).fill("start_on", day);
            // What another part of the day would need is not looked at.
            let form = form.fill("hours", hours).fill("finish_on", "2027-06-30");
            let shown = company.browser.submit(&form.clone().forge("do", "check")).await.expect(200).text();
            assert!(shown.contains(costs), "{shown}");
            let asked = company.browser.submit(&form).await;
            assert!(asked.location().starts_with("/time-off?notice=leave_"), "{}", asked.text());
            let query = format!("timeoff/leaves?employee_ids[]={me}&from={day}&to={day}");
            let leave = company.list(&query).await[0].clone();
            assert_eq!((&leave["finish_on"], &leave[member]), (&json!(day), &value));
        }
        // No end is refused where the kind needs one, and hours need a number.
        for (part, hours, says) in [("open", "", "end"), ("hours", "some", "Say how many hours")] {
            let form = company.browser.get("/time-off").await.form("/time-off").forge("leave_type_id", &kind);
            let form = form.forge("part", part).fill("hours", hours).fill("start_on", "2027-06-14");
            let refused = company.browser.submit(&form).await.expect(422).text();
            assert!(refused.contains("Nothing was saved yet.") && refused.contains(says), "{refused}");
        }
    });
}

#[test]
fn a_correction_is_asked_for_and_counts_once_it_is_approved() {
    furnished(|mut company| async move {
        let me = company.me().await;
        let day = "2024-03-05";
        let shifts = format!("attendance/shifts?employee_ids[]={me}&start_on={day}&end_on={day}");
        let ask = async |company: &mut Company, page: &str, what: &str, end: &str| {
            let form = company.browser.get(page).await.expect(200).form("/timesheet");
            let form = form.fill("date", day).fill("clock_in", "09:00").fill("clock_out", end);
            let asked = company.browser.submit(&form.forge("do", what)).await;
            asked.expect_to("/timesheet?month=2024-03&notice=correction_sent");
            let requests = company.list("attendance/edit_timesheet_requests?pending=true").await;
            requests.last().unwrap()["id"].as_str().unwrap().to_owned()
        };
        let decide = async |company: &mut Company, id: &str| {
            let form = company.browser.get("/inbox").await.expect(200).form("/inbox");
            let form = form.forge("pick", &format!("timesheets/{id}"));
            company.browser.submit(&form).await.expect_to("/inbox?notice=approved");
        };
        let id = ask(&mut company, "/timesheet", "ask", "17:00").await;
        assert!(company.list(&shifts).await.is_empty(), "it does not count yet");
        let sheet = company.browser.get("/timesheet?month=2024-03").await.expect(200).text();
        assert!(sheet.contains("Corrections you asked for") && sheet.contains("09:00 to 17:00"), "{sheet}");
        decide(&mut company, &id).await;
        let shift = company.list(&shifts).await[0].clone();
        assert_eq!(shift["minutes"], 8 * 60);

        let change = format!("/timesheet?month=2024-03&shift={}", shift["id"].as_str().unwrap());
        let id = ask(&mut company, &change, "ask", "16:00").await;
        decide(&mut company, &id).await;
        assert_eq!(company.list(&shifts).await[0]["minutes"], 7 * 60);
        // One that was decided already is refused, and said so.
        let form = company.browser.get("/inbox").await.expect(200).form("/inbox");
        let again =
            company.browser.submit(&form.forge("pick", &format!("timesheets/{id}"))).await.expect(422);
        assert!(again.text().contains("decided already"), "{again}");
        // What nobody decided is taken back.
        let id = ask(&mut company, &change, "ask_removal", "16:00").await;
        let back = format!("/timesheet/requests/{id}/delete");
        let sheet = company.browser.get("/timesheet?month=2024-03").await.expect(200);
        let taken = company.browser.submit(&sheet.form(&back)).await;
        taken.expect_to("/timesheet?month=2024-03&notice=deleted");
        assert_eq!(company.list(&shifts).await.len(), 1);
        // Nobody looks at the shift of somebody else.
        let other = company.list("employees/employees?limit=2").await[1]["id"].as_str().unwrap().to_owned();
        let other = company.list(&format!("attendance/shifts?employee_ids[]={other}&limit=1")).await;
        let other = format!("/timesheet?shift={}", other[0]["id"].as_str().unwrap());
        company.browser.get(&other).await.expect(404);
    });
}

/// Whoever approves timesheets sees those of others, reviews days and months, and takes a month along as a file.
#[test]
fn a_timesheet_is_reviewed_and_exported() {
    World::each(|world| async move {
        let mut founder = world.sign_up("Analytical").await;
        let key = founder.api_key("Tests").await;
        let mut grace = founder.employ("Grace").await;
        let get = async |path: &str| {
            world.get(&format!("{NEWEST}/{path}")).header("x-api-key", &key).send().await.expect(200).json()
        };
        let person = get(&format!("employees/employees?emails[]={}", grace.email)).await["data"][0].clone();
        let id = person["id"].as_str().unwrap();
        let shift =
            json!({ "employee_id": id, "date": "2026-11-16", "clock_in": "09:00", "clock_out": "17:30" });
        let call = world.post(&format!("{NEWEST}/attendance/shifts")).header("x-api-key", &key);
        call.json(&shift).send().await.expect(201);

        // Grace has her own, without a review of it, and nobody else's.
        let own = grace.browser.get("/timesheet?month=2026-11").await.expect(200);
        assert!(!own.forms().iter().any(|form| form.action == "/timesheet/review"), "{own}");
        let me = get("employees/employees").await["data"][0]["id"].as_str().unwrap().to_owned();
        grace.browser.get(&format!("/timesheet?employee={me}")).await.expect(404);
        grace.browser.get(&format!("/timesheet.csv?employee={me}")).await.expect(404);

        let path = format!("/timesheet?month=2026-11&employee={id}");
        let page = founder.browser.get(&path).await.expect(200);
        assert!(
            page.text().contains("Timesheet of Grace Byron") && page.text().contains("09:00 to 17:30"),
            "{page}"
        );
        assert!(!page.forms().iter().any(|form| form.has("clock_in")), "nobody writes into another's");
        let all = page.form("/timesheet/review");
        founder
            .browser
            .submit(&all.forge("do", "review"))
            .await
            .expect_to(&format!("{path}&notice=reviewed"));
        let reviews = get(&format!("attendance/reviews?employee_ids[]={id}")).await;
        assert_eq!(
            (&reviews["meta"]["total"], &reviews["data"][22]["date"]),
            (&json!(23), &json!("2026-11-23"))
        );
        assert_eq!(reviews["data"][0]["author_id"], json!(me));
        let own = grace.browser.get("/timesheet?month=2026-11").await.expect(200);
        assert!(own.text().contains("Reviewed"), "{own}");

        let file =
            founder.browser.get(&format!("/timesheet.csv?month=2026-11&employee={id}")).await.expect(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"timesheet-2026-11.csv\"");
        let text = file.text();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 31);
        assert_eq!(lines[0], "date,recorded,worked_hours,planned_hours,notes,reviewed");
        assert_eq!(lines[16], "2026-11-16,\"09:00 to 17:30\",8.50,0.00,\"\",true");
        assert_eq!(lines[24], "2026-11-24,\"\",0.00,0.00,\"\",false");

        // A day by itself, and back.
        let page = founder.browser.get(&path).await.expect(200);
        let of_day =
            |form: &Form| form.action == "/timesheet/review" && form.value("start_on") == "2026-11-16";
        let day = page.forms().into_iter().find(of_day).unwrap();
        founder
            .browser
            .submit(&day.forge("do", "reopen"))
            .await
            .expect_to(&format!("{path}&notice=reopened"));
        assert_eq!(get(&format!("attendance/reviews?employee_ids[]={id}")).await["meta"]["total"], 22);
    });
}

#[test]
fn the_inbox_says_what_follows_from_a_yes() {
    furnished(|mut company| async move {
        let inbox = company.browser.get("/inbox").await.expect(200).text();
        for says in ["days would be left", "nobody else is away", "asked", "Overtime", "Add time"] {
            assert!(inbox.contains(says), "{says:?} in {inbox}");
        }
        let people = company.browser.get("/people?place=1&team=1").await.expect(200).text();
        assert!(people.contains("Show all"));
        company.browser.get("/people/me").await.expect_to(&format!("/people/{}", company.me().await));
        let ahead = company.browser.get("/time-off?on=2027-12-31").await.expect(200).text();
        assert!(ahead.contains("31 Dec 2027"), "{ahead}");
        let june = company.browser.get("/calendar?month=2027-06").await.expect(200).text();
        assert!(june.contains("Inventory"), "{june}");
    });
}

#[test]
fn nobody_sees_or_changes_another_company() {
    furnished(|company| async move {
        let stranger = Company::provision(&company.world, "Umbrella").await;
        let theirs = stranger.me().await;
        let shift = stranger.list("attendance/shifts?limit=1").await[0]["id"].as_str().unwrap().to_owned();
        let leave = stranger.list("timeoff/leaves?limit=1").await[0]["id"].as_str().unwrap().to_owned();
        let mut browser = company.browser;
        browser.get(&format!("/people/{theirs}")).await.expect(404);
        for path in [
            format!("/timesheet/{shift}/delete"),
            format!("/time-off/{leave}/delete"),
            format!("/inbox/leaves/{leave}"),
        ] {
            let answer = browser.post(&path, &[("do", "approve")]).await;
            assert!([404, 501, 422].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        }
        assert!(stranger.list("attendance/shifts?limit=1").await[0]["id"] == json!(shift));
        assert!(stranger.list("timeoff/leaves?limit=1").await[0]["id"] == json!(leave));
    });
}

#[test]
fn a_holiday_calendar_is_taken_over() {
    World::each(|world| async move {
        let mut founder = world.sign_up("Analytical").await;
        let key = founder.api_key("Tests").await;
        let calendar = |events: &str| format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
        let event = |name: &str, lines: &str| {
            format!("BEGIN:VEVENT\r\nSUMMARY:{name}\r\nDTSTART{lines}\r\nEND:VEVENT\r\n")
        };
        let form = founder.browser.get("/settings/holidays").await.expect(200).form("/settings/holidays");
        let places = world.get(&format!("{NEWEST}/locations/locations")).header("x-api-key", &key);
        let place = places.send().await.expect(200).json()["data"][0]["id"].as_str().unwrap().to_owned();
        let send = async |browser: &mut Browser, csrf: &str, place: &str, file: &str| {
            let part = |name: &str, more: &str, value: &str| {
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
            };
            let file = part("calendar", "; filename=\"days.ics\"\r\nContent-Type: text/calendar", file);
            let body =
                [part("_csrf", "", csrf), part("location", "", place), file, "--x--\r\n".to_owned()].concat();
            let call = browser.call("POST", "/settings/holidays").header("sec-fetch-site", "same-origin");
            browser.send(call.body("multipart/form-data; boundary=x", body)).await
        };
        let csrf = form.value("_csrf").to_owned();
        let days = async || {
            let list = world
                .get(&format!("{NEWEST}/holidays/company_holidays"))
                .header("x-api-key", &key)
                .send()
                .await
                .expect(200)
                .json();
            let day = |day: &Value| json!([day["date"], day["summary"], day["half_day"]]);
            list["data"].as_array().unwrap().iter().map(day).collect::<Vec<_>>()
        };
        // What is no calendar changes nothing, and says why.
        for (file, why) in [
            ("", "Choose a file."),
            ("hello", "does not begin with BEGIN:VCALENDAR"),
            (&*calendar(""), "There is no event in the file."),
            (&calendar(&event("Cut", ":20261225"))[..62], "is not ended"),
        ] {
            let page = send(&mut founder.browser, &csrf, &place, file).await.expect(422);
            assert!(page.text().contains(why), "{why}: {}", page.text());
            assert!(days().await.is_empty(), "{why}");
        }
        let file = [
            event("Christmas", ";VALUE=DATE:20261225"),
            event("Christmas Eve", ":20261224T140000\r\nDTEND:20261224T180000"),
            event("Market <day>", ":20261201\r\nRRULE:FREQ=WEEKLY"),
        ];
        let file = calendar(&file.concat());
        send(&mut founder.browser, "forged", &place, &file).await.expect(403);
        send(&mut founder.browser, &csrf, "999999", &file).await.expect(422);
        assert!(days().await.is_empty());
        let page = send(&mut founder.browser, &csrf, &place, &file).await.expect(200).text();
        assert!(page.contains("2 added, 0 changed, 0 as they were, 1 left out."), "{page}");
        assert!(page.contains("Market &#60;day&#62;: It repeats"), "{page}");
        let expected =
            [json!(["2026-12-24", "Christmas Eve", "end_of_day"]), json!(["2026-12-25", "Christmas", null])];
        assert_eq!(days().await, expected);
        // Again, nothing changes.
        let page = send(&mut founder.browser, &csrf, &place, &file).await.expect(200).text();
        assert!(page.contains("0 added, 0 changed, 2 as they were"), "{page}");
        assert_eq!(days().await, expected);
        let renamed = calendar(&event("Noel", ";VALUE=DATE:20261225"));
        let page = send(&mut founder.browser, &csrf, &place, &renamed).await.expect(200).text();
        assert!(page.contains("0 added, 1 changed"), "{page}");
        assert_eq!(days().await[1], json!(["2026-12-25", "Noel", null]));
        // Whoever does not administer the company has no such page.
        let mut grace = founder.employ("Grace").await;
        grace.browser.get("/settings/holidays").await.expect(403);
        let own = grace.browser.csrf().await;
        send(&mut grace.browser, &own, &place, &file).await.expect(403);
    });
}
