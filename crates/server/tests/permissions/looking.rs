//! What administrators and delegates do on the pages of permissions, and what they see with others' eyes.

use serde_json::{Value, json};

use crate::support::{Answer, Form, World, html};
use crate::{Company, changes};

fn form(answer: &Answer, step: &str) -> Form {
    let has = |form: &Form| form.fields.iter().any(|(name, value)| name == "step" && value == step);
    answer.forms().into_iter().find(has).unwrap_or_else(|| panic!("no form to {step}: {answer}"))
}

/// The pages of groups that a list leads to.
pub(crate) fn groups_of(list: &Answer) -> Vec<String> {
    let links = html::links(&list.text()).into_iter();
    links.filter(|link| link.starts_with("/settings/permissions/") && !link.ends_with("explain")).collect()
}

impl Company {
    /// Adds a group and answers its page.
    pub(crate) async fn group(&mut self, name: &str) -> String {
        let page = "/settings/permissions";
        let made = self.ada.browser.fill(page, page, &[("name", name)]).await;
        made.location().split('?').next().unwrap().to_owned()
    }

    /// Changes what a group's form has chosen, and saves it.
    pub(crate) async fn choose(&mut self, page: &str, change: impl Fn(Form) -> Form) {
        let shown = self.ada.browser.get(page).await.expect(200);
        let preview = self.ada.browser.submit(&change(form(&shown, "preview"))).await.expect(200);
        let saved = self.ada.browser.submit(&form(&preview, "save")).await;
        saved.expect_to(&format!("{page}?notice=saved"));
    }

    pub(crate) async fn join(&mut self, name: &str, page: &str) {
        let path = format!("employees/employees/{}", self.id(name));
        let access = self.admin("GET", &path, None).await.json()["access_id"].as_str().unwrap().to_owned();
        let id = page.rsplit('/').next().unwrap();
        let moved = [("step", "move"), ("access_id", access.as_str()), ("to", id)];
        self.ada.browser.post(page, &moved).await.expect_to(&format!("{page}?notice=saved"));
    }
}

/// What members may hand on survives every other change, and they hand on that and nothing else.
#[test]
fn delegations_stay_and_are_used() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let hr = company.group("HR").await;
        let payroll = company.group("Payroll").await;
        company
            .choose(&hr, |form| form.tick("delegate[]", "timeoff.approve").tick("delegate[]", "bank.see"))
            .await;
        // Another change of the same group takes none of them away.
        company.choose(&hr, |form| form.fill("posts.manage", "everyone")).await;
        let shown = company.ada.browser.get(&hr).await.expect(200);
        let kept: Vec<_> = form(&shown, "preview")
            .fields
            .into_iter()
            .filter(|(n, _)| n == "delegate[]")
            .map(|(_, v)| v)
            .collect();
        // What a permission needs comes along.
        assert_eq!(kept, ["bank.see", "timeoff.see", "timeoff.approve"]);

        let mut lena = company.people_in_browsers.remove("Lena").unwrap();
        lena.browser.get("/settings/permissions").await.expect(403);
        company.join("Lena", &hr).await;
        let groups = lena.browser.get("/settings/permissions").await.expect(200);
        assert!(html::links(&groups.text()).contains(&payroll), "{groups}");
        let page = lena.browser.get(&payroll).await.expect(200);
        let offered = form(&page, "preview");
        let names: Vec<_> =
            offered.fields.iter().map(|(name, _)| name.as_str()).filter(|n| n.contains('.')).collect();
        assert_eq!(names, ["bank.see", "timeoff.see", "timeoff.approve"]);
        let everybody = groups_of(&groups).remove(0);
        let page_of_most = lena.browser.get(&everybody).await.expect(200).text();
        assert!(!page_of_most.contains("Mia Byron"), "who is where is not told");
        let chosen = offered.fill("bank.see", "everyone").fill("timeoff.approve", "own legal_entity");
        let preview = lena.browser.submit(&chosen).await.expect(200);
        let different = changes(&preview);
        assert_eq!(different["bank.see"].1, "everybody");
        // Whoever decides sees.
        assert!(different["timeoff.see"].1.contains("their legal entity"), "{different:?}");
        assert_eq!(different.len(), 3, "{different:?}");
        lena.browser.submit(&form(&preview, "save")).await.expect_to(&format!("{payroll}?notice=saved"));
        let tom = format!("employees/employees/{}", company.id("Tom"));
        company.put(&tom, &json!({ "bank_number": "DE1" })).await;
        company.join("Mia", &payroll).await;
        assert_eq!(company.get("Mia", &tom).await.expect(200).json()["bank_number"], "DE1");

        // Nothing else: not another permission, not whom a group sees, not what it may hand on, nobody to another group.
        let text = policy_of(&world, "Payroll").await;
        let seen = accounts::groups::fingerprint(&access::Policy::parse(&text));
        for more in
            ["salaries.see everyone", "visible employees 1", "delegates salaries.see", "bank.edit everyone"]
        {
            let policy = format!("{text}{more}\n");
            let forged = [("step", "save"), ("policy", policy.as_str()), ("seen", seen.as_str())];
            lena.browser.post(&payroll, &forged).await.expect(403);
        }
        for forged in [
            vec![("step", "move"), ("access_id", "1"), ("to", payroll.rsplit('/').next().unwrap())],
            vec![("step", "rename"), ("name", "Mine")],
            vec![("step", "delete")],
        ] {
            lena.browser.post(&payroll, &forged).await.expect(403);
        }
        lena.browser.post("/settings/permissions", &[("name", "Mine")]).await.expect(403);
        assert_eq!(policy_of(&world, "Payroll").await, text);
    });
}

async fn policy_of(world: &World, name: &'static str) -> String {
    use accounts::records::PermissionGroupRecord;
    let work = move |tx: &mut storage::Tx<'_>| {
        tx.instance("a test looks at everything").find(PermissionGroupRecord::name.eq(name.to_owned()))
    };
    world.app.db.read(work).await.unwrap().unwrap().policy.unwrap_or_default()
}

/// Two administrators at the same group: the second is told instead of undoing what the first did.
#[test]
fn a_choice_made_from_an_old_page_is_not_saved() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let page = company.group("Payroll").await;
        let old = company.ada.browser.get(&page).await.expect(200);
        let chosen = form(&old, "preview").fill("bank.see", "everyone");
        let preview = company.ada.browser.submit(&chosen).await.expect(200);
        company.choose(&page, |form| form.fill("salaries.see", "everyone")).await;
        let late = company.ada.browser.submit(&form(&preview, "save")).await;
        late.expect_to(&format!("{page}?notice=changed"));
        let text = policy_of(&world, "Payroll").await;
        assert!(text.contains("salaries.see everyone") && text.contains("bank.see own"), "{text}");
    });
}

/// Whom a group sees is chosen by names, page after page without a script, and by what was found before it stays chosen.
#[test]
fn whom_a_group_sees_is_chosen_by_name() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let page = company.group("Reception").await;
        let mut shown = company.ada.browser.get(&page).await.expect(200);
        let ticks = |answer: &Answer, way: &str| {
            let (text, begin) = (answer.text(), format!("name=\"{way}[]\" value=\""));
            let boxes = text.split(&begin).skip(1).map(|rest| {
                let (tag, after) = rest.split_once('>').unwrap();
                (after.split('<').next().unwrap().to_owned(), tag.contains("checked"))
            });
            boxes.collect::<Vec<_>>()
        };
        // A few are listed, people are looked for.
        assert_eq!(ticks(&shown, "teams"), [("Engines".to_owned(), false)]);
        assert_eq!(ticks(&shown, "employees"), []);
        for (name, id) in [("mia", company.id("Mia").to_owned()), ("TOM BY", company.id("Tom").to_owned())] {
            let mut asked = form(&shown, "preview").fill("searched", name);
            asked.fields.push(("find".to_owned(), "true".to_owned()));
            shown = company.ada.browser.submit(&asked).await.expect(200);
            assert!(!shown.text().contains("id=\"changes\""), "nothing is compared before it is chosen");
            let mut chosen = form(&shown, "preview").tick("employees[]", &id);
            chosen.fields.push(("find".to_owned(), "true".to_owned()));
            shown = company.ada.browser.submit(&chosen).await.expect(200);
        }
        let both = [("Mia Byron".to_owned(), true), ("Tom Byron".to_owned(), true)];
        assert_eq!(ticks(&shown, "employees"), both);
        let preview = company.ada.browser.submit(&form(&shown, "preview")).await.expect(200);
        assert!(preview.text().contains("2 people"), "{preview}");
        company.ada.browser.submit(&form(&preview, "save")).await.expect_to(&format!("{page}?notice=saved"));
        assert_eq!(ticks(&company.ada.browser.get(&page).await, "employees"), both);
        company.join("Grace", &page).await;
        let mut seen = company.whose("Grace", "employees/employees").await;
        seen.sort_unstable();
        assert_eq!(seen, ["Grace", "Mia", "Tom"]);
    });
}

/// An administrator sees what a person sees, is told so on every page, changes nothing, and comes back.
#[test]
fn an_administrator_looks_as_somebody_and_changes_nothing() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        for name in ["Mia", "Tom"] {
            let path = format!("employees/employees/{}", company.id(name));
            company.put(&path, &json!({ "bank_number": format!("DE-{name}") })).await;
        }
        let (tom, mia) = (format!("/people/{}", company.id("Tom")), format!("/people/{}", company.id("Mia")));
        let mut ada = company.ada.clone();
        let application = ada.application().await;
        ada.tokens(&application).await;
        assert!(ada.browser.get(&tom).await.expect(200).text().contains("DE-Tom"));
        let began = ada.browser.fill(&mia, "/preview", &[]).await;
        began.expect_to("/home?notice=preview");
        let home = ada.browser.get("/home").await.expect(200);
        assert!(home.text().contains("You look as Mia Byron"), "{home}");
        let own = ada.browser.get(&mia).await.expect(200).text();
        assert!(
            own.contains("DE-Mia") && own.contains("You look as") && !own.contains("action=\"/preview\"")
        );
        assert!(!ada.browser.get(&tom).await.expect(200).text().contains("DE-Tom"));
        // The API by the same browser is seen with the same eyes.
        let people =
            ada.browser.get("/api/2026-10-01/resources/employees/employees").await.expect(200).json();
        let known =
            people["data"].as_array().unwrap().iter().filter(|person| !person["bank_number"].is_null());
        assert_eq!(known.count(), 1);
        for closed in
            ["/settings/permissions", "/settings/users", "/settings/api-keys", "/oauth/applications"]
        {
            ada.browser.get(closed).await.expect(403);
        }
        // Nobody is let in, asked or not, and nothing is written in her name.
        let before = world.state().await;
        ada.browser.get(&application.authorize_path(&[])).await.expect(403);
        for (path, fields) in [
            ("/clock", vec![("do", "in")]),
            ("/time-off", vec![("start_on", "2026-12-01"), ("finish_on", "2026-12-01")]),
            ("/account/password", vec![("current", "x"), ("password", "y")]),
            ("/oauth/authorize", vec![("client_id", application.client_id.as_str())]),
            ("/companies/switch", vec![("company_id", "1")]),
            ("/preview", vec![("employee_id", "1")]),
            ("/settings/permissions", vec![("name", "Mine")]),
        ] {
            let answer = ada.browser.post(path, &fields).await;
            assert_eq!(answer.status, 403, "{answer}");
        }
        world.assert_unchanged(&before, "looking changes nothing").await;
        let back = ada.browser.fill("/home", "/preview/end", &[]).await;
        back.expect_to(&format!("{mia}?notice=preview_over"));
        assert!(ada.browser.get(&tom).await.expect(200).text().contains("DE-Tom"));
        let log = company.ada.audit_log().await;
        assert!(log.contains("looked at the company as") && log.contains("no longer looked at"), "{log}");
        assert!(!log.contains("Mia Byron</td><td>Mia"), "the log names the administrator");

        // As a member of a group, without being moved there; and only administrators look.
        let group = company.group("Nothing").await;
        company.choose(&group, |form| form.fill("bank.see", "").fill("employees.see", "own")).await;
        company.ada.browser.fill(&group, "/preview", &[]).await.expect_to("/home?notice=preview");
        let people = company.ada.browser.get("/people").await.expect(200);
        assert!(people.text().contains("As if a member of Nothing") && !people.text().contains("Mia Byron"));
        company
            .ada
            .browser
            .fill("/people", "/preview/end", &[])
            .await
            .expect_to(&format!("{group}?notice=preview_over"));
        let mut linus = company.people_in_browsers.remove("Linus").unwrap();
        linus.browser.post("/preview", &[("employee_id", company.id("Mia"))]).await.expect(403);
        // Of another company nobody is looked at.
        let mut other = world.sign_up("Difference").await;
        other.browser.post("/preview", &[("employee_id", company.id("Mia"))]).await.expect(404);
        // Whoever is no administrator any more sees what is his.
        company.ada.browser.fill(&mia, "/preview", &[]).await.expect_to("/home?notice=preview");
        demote(&world, &company.ada.email).await;
        let own = company.ada.browser.get("/home").await.expect(200);
        assert!(!own.text().contains("You look as"), "{own}");
    });
}

/// Takes administration from somebody, whatever the rules of accounts say.
async fn demote(world: &World, email: &str) {
    use accounts::records::{AccessRecord, UserRecord};
    let email = email.to_owned();
    let work = move |tx: &mut storage::Tx<'_>| {
        let user =
            tx.instance("a test looks at everything").find(UserRecord::email.eq(email.clone()))?.unwrap();
        let access = AccessRecord::user_id.eq(user.id);
        let access = tx.instance("a test looks at everything").find(access)?.unwrap();
        let group = accounts::groups::default_group(tx, access.company_id)?;
        tx.company(access.company_id)
            .update(AccessRecord::id.eq(access.id), [AccessRecord::permission_group_id.set(group)])?;
        tx.stale(storage::Stale::Company(access.company_id.get()));
        Ok::<_, accounts::Error>(())
    };
    world.app.db.write(work).await.unwrap();
}

/// The page explains what the command and the header explain.
#[test]
fn a_page_explains_why_somebody_sees_a_row() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let mia = company.id("Mia").to_owned();
        let emails: Vec<_> =
            ["Grace", "Tom"].map(|name| company.people_in_browsers[name].email.clone()).into_iter().collect();
        let page = |email: &str, resource: &str, id: &str| {
            format!("/settings/permissions/explain?person={email}&resource={resource}&id={id}")
        };
        for (email, name, employment) in
            [(&emails[0], "Grace", "their reports"), (&emails[1], "Tom", "not within")]
        {
            let address = page(email, "employees/employees", &mia);
            let shown = company.ada.browser.get(&address).await.expect(200);
            assert!(
                shown.text().contains(&format!("{name} Byron sees employees/employees {mia}")),
                "{shown}"
            );
            let text = shown.text();
            let (_, after) =
                text.split_once("employment.edit").or_else(|| text.split_once("Employment: see")).unwrap();
            assert!(after.contains(employment), "{shown}");
            // Every part of it is what the header says.
            let why = world
                .get(&format!("{}/employees/employees/{mia}", crate::NEWEST))
                .header("x-api-key", &company.key)
                .header("x-muster-act-as", company.id(name))
                .header("x-muster-explain", "1");
            let why: Value = serde_json::from_str(why.send().await.header("x-muster-explain")).unwrap();
            let all = [&why["permissions"], &why["fields"]];
            let reasons = all.into_iter().flat_map(|reasons| reasons.as_array().unwrap());
            let (mut yes, mut no) = (0, 0);
            for reason in reasons {
                *if reason["allowed"] == true { &mut yes } else { &mut no } += 1;
                for field in reason["fields"].as_array().into_iter().flatten() {
                    assert!(text.contains(&format!("<code>{}</code>", field.as_str().unwrap())), "{field}");
                }
            }
            assert_eq!(text.matches("</svg>Yes</span>").count(), yes, "{shown}");
            assert_eq!(text.matches(">No</span>").count(), no, "{shown}");
        }
        for (email, resource, id, problem) in [
            ("nobody@people.example", "employees/employees", mia.as_str(), "Nobody of the company"),
            (&emails[0], "attendance/open_shifts", "1", "rows are kept"),
            (&emails[0], "nothing/nowhere", "1", "rows are kept"),
            (&emails[0], "employees/employees", "x", "is a number"),
            (&emails[0], "employees/employees", "999999999", "no such row"),
        ] {
            let refused = company.ada.browser.get(&page(email, resource, id)).await.expect(422);
            assert!(refused.text().contains(problem), "{refused}");
        }
        let mut tom = company.people_in_browsers.remove("Tom").unwrap();
        tom.browser.get(&page(&emails[0], "employees/employees", &mia)).await.expect(403);
        tom.browser.get(&format!("/people/{mia}/access")).await.expect(403);
        let mut other = world.sign_up("Difference").await;
        other.browser.get(&format!("/people/{mia}/access")).await.expect(404);
        other.browser.get(&page(&emails[0], "employees/employees", &mia)).await.expect(422);
    });
}

/// The last one who can administer the company stays, also where the group has members who cannot log in any more.
#[test]
fn the_last_administrator_is_not_moved() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let groups = company.ada.browser.get("/settings/permissions").await.expect(200);
        let pages = groups_of(&groups);
        let (administrators, default) = (&pages[0], &pages[1]);
        let default_id = default.rsplit('/').next().unwrap();
        let shown = company.ada.browser.get(administrators).await.expect(200);
        assert!(shown.text().contains("There is one administrator"), "{shown}");
        let path = "employees/employees?only_active=true";
        let everybody = company.admin("GET", path, None).await.expect(200).json();
        let ada = everybody["data"].as_array().unwrap().iter().find(|p| p["first_name"] == "Ada").unwrap();
        let ada = ada["access_id"].as_str().unwrap();
        let out = [("step", "move"), ("access_id", ada), ("to", default_id)];
        let last = format!("{administrators}?notice=last_administrator");
        company.ada.browser.post(administrators, &out).await.expect_to(&last);
        // Grace becomes one and leaves the company: Ada is the last again.
        let id = administrators.rsplit('/').next().unwrap().to_owned();
        company.join("Grace", &format!("/settings/permissions/{id}")).await;
        let leaving = json!({ "id": company.id("Grace"), "terminated_on": world.today() });
        let left = company.admin("POST", "employees/employees/terminate", Some(&leaving)).await;
        assert!(left.status.is_success(), "{left}");
        world.advance(48 * crate::support::HOUR).await;
        company.ada.browser.post(administrators, &out).await.expect_to(&last);
    });
}
