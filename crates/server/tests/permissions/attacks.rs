//! Ways to learn what one may not see, or to be allowed more than one is. Each is tried.

use std::collections::BTreeMap;

use access::{Doing, Permission, Policy, Reach};
use registry::{Kind, Member, Reference, Verb, Version};
use serde_json::{Value, json};

use crate::support::{Answer, BASE, MINUTE, World, engine};
use crate::{Company, NEWEST, put_in_group};

/// What is written about Mia, and nowhere else.
const SECRETS: [(&str, &str); 7] = [
    ("bank_number", "ZZ00SECRETBANK"),
    ("identifier", "SECRETID77"),
    ("social_security_number", "SECRETSSN77"),
    ("address_line_1", "77 Secret Street"),
    ("personal_email", "secret77@hidden.example"),
    ("contact_name", "Secreta Hidden"),
    ("company_identifier", "SECRETNO77"),
];

const BIRTHDAY: &str = "1977-07-17";
const SALARY: i64 = 7_717_711;
const REASON: &str = "secretitis";

impl Company {
    /// A company in which there is something to hide: Mia's, for Tom, who sees every row and no sensitive field but his.
    async fn with_secrets(world: &World) -> Self {
        let company = Self::new(world).await;
        let mut secret = json!({ "birthday_on": BIRTHDAY });
        for (field, value) in SECRETS {
            secret[field] = value.into();
        }
        company.put(&company.person("Mia"), &secret).await;
        let version = json!({ "employee_id": company.id("Mia"), "effective_on": "2025-01-01", "starts_on": "2025-01-01",
            "salary_amount": SALARY, "salary_frequency": "yearly" });
        company.made("contracts/contract_versions", &version).await;
        let kind = json!({ "name": "Sick", "color": "#123456", "identifier": "sick", "attachment": false, "visibility": true,
            "workable": false, "company_id": "1", "details_required": false, "approval_required": true, "accrues": true });
        let kind = company.made("timeoff/leave_types", &kind).await;
        let leave = json!({ "employee_id": company.id("Mia"), "leave_type_id": kind, "start_on": "2026-12-01",
            "finish_on": "2026-12-02", "description": REASON });
        company.made("timeoff/leaves", &leave).await;
        company.give("Tom", rows_only()).await;
        company
    }

    fn person(&self, name: &str) -> String {
        format!("employees/employees/{}", self.id(name))
    }

    /// Puts somebody alone into a group that may do this.
    async fn give(&self, name: &'static str, policy: Policy) {
        put_in_group(&self.world, &self.people_in_browsers[name].email, name, policy).await;
    }
}

/// Every row of everybody, and of the sensitive fields one's own.
fn rows_only() -> Policy {
    let mut policy = Policy::default();
    let sensitive =
        ["bank", "birth", "identity", "private", "medical", "salaries", "employment", "employee_updates"];
    for (module, known) in access::modules(&hr::catalogue().unwrap()) {
        let reach = if sensitive.contains(&module) { Reach::OWN } else { Reach::EVERYONE };
        for doing in known.doings.into_iter().filter(|doing| doing.reads()) {
            policy.set(module, doing, reach);
        }
    }
    policy
}

#[track_caller]
fn tells_nothing(answer: &Answer) {
    let said = format!("{}{:?}", answer.text(), answer.headers);
    let salary = SALARY.to_string();
    let secrets =
        SECRETS.iter().map(|(_, value)| *value).chain([BIRTHDAY, salary.as_str(), REASON, "77,177.11"]);
    for secret in secrets {
        assert!(!said.contains(secret), "{secret}: {answer}");
    }
}

/// Every list, in the oldest and the newest version, every filter with the value that would find the secret, every page.
#[test]
fn no_list_and_no_filter_tells_a_secret() {
    let catalogue = hr::catalogue().unwrap();
    World::each(|world| {
        let catalogue = catalogue.clone();
        async move {
            let company = Company::with_secrets(&world).await;
            let (mut lists, mut asked) = (0, 0);
            for entry in catalogue.iter() {
                let resource = entry.resource;
                let lives = resource.operation(Verb::List).is_some_and(|o| o.lives_in(Version::NEWEST));
                if !lives || !server::served(engine(), resource.path, Verb::List) {
                    continue;
                }
                lists += 1;
                for version in [Version::OLDEST, Version::NEWEST] {
                    let path = format!("/api/{version}/resources/{}?limit=100", resource.path);
                    tells_nothing(&world.get(&path).bearer(&company.people["Tom"].0).send().await);
                }
                for filter in resource.filters.iter().filter(|filter| filter.lives_in(Version::NEWEST)) {
                    let pairs: Vec<(String, &str)> = match filter.kind {
                        Kind::Text => {
                            let texts = SECRETS.iter().map(|(_, value)| *value).chain([REASON]);
                            let texts = texts.map(|value| (value.to_owned(), "nothing of the kind"));
                            texts.chain([(BIRTHDAY.to_owned(), "1977-07-18")]).collect()
                        }
                        Kind::Date => vec![(BIRTHDAY.to_owned(), "1977-07-18")],
                        Kind::Integer => vec![(SALARY.to_string(), "7717712")],
                        _ => Vec::new(),
                    };
                    for (secret, nothing) in pairs {
                        let get = async |value: &str| {
                            let value = value.replace(' ', "%20");
                            let path = format!("{}?{}={value}", resource.path, filter.name);
                            company.get("Tom", &path).await
                        };
                        let (with, without) = (get(&secret).await, get(nothing).await);
                        let told = |answer: &Answer| match answer.status.as_u16() {
                            200 => answer.json()["meta"]["total"].clone(),
                            status => json!(status),
                        };
                        // What finds the secret finds what anything else finds, in the rows and in their number.
                        assert_eq!(told(&with), told(&without), "{with}");
                        asked += 1;
                    }
                }
            }
            assert!(lists > 150 && asked > 200, "{lists} {asked}");
            let mut browser = company.people_in_browsers["Tom"].browser.clone();
            let mia = company.id("Mia");
            let pages =
                ["/home", "/people", "/people?q=SECRET", "/inbox", "/calendar?month=2026-12", "/time-off"];
            let own = format!("/people/{mia}");
            let tried = format!("/reference/employees/employees?verb=read&id={mia}");
            for page in pages.into_iter().chain([own.as_str(), tried.as_str()]) {
                tells_nothing(&browser.get(page).await);
            }
        }
    });
}

/// Errors of writes, and answers of those that are allowed, tell no more than a read.
#[test]
fn no_write_and_no_error_tells_a_secret() {
    World::each(|world| async move {
        let company = Company::with_secrets(&world).await;
        let mut policy = rows_only();
        for module in ["employees", "contracts", "timeoff", "attendance"] {
            for doing in [Doing::Create, Doing::Edit, Doing::Delete] {
                policy.set(module, doing, Reach::EVERYONE);
            }
        }
        company.give("Tom", policy).await;
        let mia = company.id("Mia");
        let leaves = company.admin("GET", "timeoff/leaves", None).await.json()["data"][0]["id"].clone();
        let versions =
            company.admin("GET", "contracts/contract_versions", None).await.json()["data"][0]["id"].clone();
        let (leave, version) = (leaves.as_str().unwrap(), versions.as_str().unwrap());
        let long = "x".repeat(70_000);
        for (method, path, body, statuses) in [
            // Allowed, and answered without what may not be read.
            ("PUT", company.person("Mia"), json!({ "first_name": "Mia" }), vec![200]),
            (
                "PUT",
                format!("contracts/contract_versions/{version}"),
                json!({ "job_title": "Smith" }),
                vec![200],
            ),
            ("PUT", format!("timeoff/leaves/{leave}"), json!({ "start_on": "2026-12-01" }), vec![200]),
            // Sensitive fields are not written, alone or along with others, and nothing is said about what is there.
            ("PUT", company.person("Mia"), json!({ "bank_number": "DE1" }), vec![403]),
            ("PUT", company.person("Mia"), json!({ "first_name": "M", "bank_number": null }), vec![403]),
            ("PUT", company.person("Mia"), json!({ "birthday_on": "no day" }), vec![400, 403]),
            ("PUT", company.person("Mia"), json!({ "identifier": long }), vec![400, 403]),
            (
                "PUT",
                format!("contracts/contract_versions/{version}"),
                json!({ "salary_amount": 1 }),
                vec![403],
            ),
            (
                "PUT",
                format!("contracts/contract_versions/{version}"),
                json!({ "salary_amount": null }),
                vec![403],
            ),
            ("PUT", format!("timeoff/leaves/{leave}"), json!({ "description": "x" }), vec![403]),
            // A clash with what is there is told, not what it is.
            (
                "POST",
                "contracts/contract_versions".to_owned(),
                json!({ "employee_id": mia, "effective_on": "2025-01-01", "starts_on": "2025-01-01", "salary_amount": 1 }),
                vec![403],
            ),
            (
                "POST",
                "timeoff/leaves".to_owned(),
                json!({ "employee_id": mia, "leave_type_id": "1", "start_on": "2026-12-01", "finish_on": "2026-12-01" }),
                vec![201, 400, 403, 404, 422],
            ),
        ] {
            let answer = company.call("Tom", method, &path, Some(&body)).await;
            assert!(statuses.contains(&answer.status.as_u16()), "{body}: {answer}");
            tells_nothing(&answer);
        }
        let kept = company.admin("GET", &company.person("Mia"), None).await.json();
        assert_eq!(kept["bank_number"], SECRETS[0].1);
    });
}

/// Nobody reaches further by changing who stands where, also not by somebody else's hand.
#[test]
fn nobody_moves_the_walls() {
    World::each(|world| async move {
        let company = Company::with_secrets(&world).await;
        // Linus may change the structure of his reports, and looks after the salaries of those whom he reaches.
        let mut policy = Policy::default_employees();
        let near = Reach::OWN.and(Reach::REPORTS).and(Reach::SUPERVISED);
        for doing in [Doing::See, Doing::Edit, Doing::Delete, Doing::Create] {
            policy.set("employees", doing, Reach::EVERYONE);
            policy.set("teams", doing, Reach::EVERYONE);
            policy.set("structure", doing, Reach::EVERYONE);
        }
        policy.set("bank", Doing::See, near);
        company.give("Linus", policy).await;
        let (linus, mia) = (company.id("Linus"), company.id("Mia"));
        let seen = async || {
            let people = company.get("Linus", "employees/employees").await.expect(200).json();
            let rows = people["data"].as_array().unwrap().iter();
            rows.filter(|row| !row["bank_number"].is_null()).map(|row| row["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(seen().await, [json!(mia)]);
        company.put(&company.person("Tom"), &json!({ "manager_id": company.id("Lena") })).await;
        let team = company.get("Linus", "teams/teams").await.expect(200).json()["data"][0]["id"].clone();
        let entities = company.admin("GET", "employees/employees", None).await.json();
        let ada = &entities["data"][0]["id"];
        for (method, path, body) in [
            ("PUT", company.person("Tom"), json!({ "manager_id": linus })),
            ("PUT", company.person("Tom"), json!({ "manager_id": mia })),
            ("PUT", company.person("Tom"), json!({ "timeoff_manager_id": linus })),
            ("PUT", company.person("Grace"), json!({ "manager_id": mia })),
            (
                "POST",
                "teams/memberships".to_owned(),
                json!({ "team_id": team, "employee_id": linus, "lead": true }),
            ),
            // To be handed the reports of somebody who leaves.
            (
                "POST",
                "employees/employees/terminate".to_owned(),
                json!({ "id": company.id("Lena"), "terminated_on": world.today(), "termination_assigned_manager_id": linus }),
            ),
            ("PUT", company.person("Linus"), json!({ "access_id": "1" })),
            ("PUT", format!("employees/employees/{}", ada.as_str().unwrap()), json!({ "manager_id": linus })),
        ] {
            let answer = company.call("Linus", method, &path, Some(&body)).await;
            assert!(matches!(answer.status.as_u16(), 403 | 422), "{body}: {answer}");
            assert_eq!(seen().await, [json!(mia)], "{body}: {answer}");
        }
        // Groups are no matter of the API, and of the pages only for administrators.
        let mut browser = company.people_in_browsers["Tom"].browser.clone();
        for (path, fields) in [
            ("/settings/permissions/1", vec![("step", "move"), ("access_id", "2"), ("to", "1")]),
            ("/settings/permissions/2", vec![("step", "save"), ("policy", "salaries.see everyone")]),
            ("/settings/users/2/administrator", vec![("value", "make")]),
            ("/preview", vec![("employee_id", mia)]),
        ] {
            browser.post(path, &fields).await.expect(403);
        }
        let act_as =
            world.get(&format!("{NEWEST}/{}", company.person("Mia"))).bearer(&company.people["Tom"].0);
        tells_nothing(&act_as.header("x-muster-act-as", mia).send().await.expect(403));
    });
}

/// A subscription that somebody else changed tells what he may see, not what its maker might.
#[test]
fn a_subscription_of_others_is_no_ear() {
    World::each(|world| async move {
        let company = Company::with_secrets(&world).await;
        let mut policy = rows_only();
        policy.set("api_public", Doing::Manage, Reach::EVERYONE);
        company.give("Tom", policy).await;
        let own =
            company.admin("GET", "employees/employees", None).await.json()["data"][0]["company_id"].clone();
        let body = json!({ "subscription_type": "employees/employee/update", "target_url": "https://a.example/hook", "company_id": own });
        let made =
            company.admin("POST", "api_public/webhook_subscriptions", Some(&body)).await.expect(201).json();
        let id: i64 = made["id"].as_str().unwrap().parse().unwrap();
        let owner = async || {
            let work = move |tx: &mut storage::Tx<'_>| {
                let own = webhooks::SubscriptionRecord::id.eq(registry::Id::new(id));
                tx.instance("a test looks at everything").find(own)
            };
            world.app.db.read(work).await.unwrap().unwrap().owner_access_id
        };
        assert_eq!(owner().await, None);
        let path = format!("api_public/webhook_subscriptions/{id}");
        // An administrator's change leaves it the company's.
        company.put(&path, &json!({ "name": "Ours" })).await;
        assert_eq!(owner().await, None);
        let tom = company.admin("GET", &company.person("Tom"), None).await.json()["access_id"].clone();
        let stolen = json!({ "target_url": "https://b.example/hook" });
        company.call("Tom", "PUT", &path, Some(&stolen)).await.expect(200);
        assert_eq!(owner().await.map(|id| id.to_string()), tom.as_str().map(str::to_owned));
    });
}

/// A document is found, and an address of it given, where its record is seen; an address that was given is nobody's for long.
#[test]
fn documents_are_fetched_by_whoever_sees_them() {
    World::each(|world| async move {
        let company = Company::with_secrets(&world).await;
        let mia = company.admin("GET", &company.person("Mia"), None).await.json();
        let access = mia["access_id"].as_str().unwrap();
        let boundary = "boundary";
        let fields = [
            ("public", "false"),
            ("space", "employee_my_documents"),
            ("is_pending_assignment", "false"),
            ("author_id", access),
            ("company_id", mia["company_id"].as_str().unwrap()),
            ("employee_id", company.id("Mia")),
            ("request_esignature", "false"),
            ("signee_ids[]", access),
        ];
        let part = |(name, value): (&str, &str)| {
            format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body: String = fields.into_iter().map(part).collect();
        body += &format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
             content-type: text/plain\r\n\r\n{REASON}\r\n--{boundary}--\r\n"
        );
        let made = world
            .post(&format!("{NEWEST}/documents/documents"))
            .header("x-api-key", &company.key)
            .body("multipart/form-data; boundary=boundary", body)
            .send()
            .await
            .expect(201)
            .json();
        let ids = json!({ "ids": [made["id"]] });
        let (one, urls) = (
            format!("documents/documents/{}", made["id"].as_str().unwrap()),
            "documents/download_urls/bulk_create",
        );
        // Mia sees it, Tom and Grace, to whom she reports, do not, whatever they ask.
        company.get("Mia", &one).await.expect(200);
        company.give("Tom", Policy::default_employees()).await;
        let given = company.call("Mia", "POST", urls, Some(&ids)).await.expect(200).json();
        let url = given[0]["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
        for name in ["Tom", "Grace"] {
            company.get(name, &one).await.expect(404);
            let refused = company.call(name, "POST", urls, Some(&ids)).await;
            assert!(matches!(refused.status.as_u16(), 403 | 404), "{refused}");
            tells_nothing(&refused);
        }
        let mut other = world.sign_up("Difference").await;
        let stranger = other.api_key("Other").await;
        let refused =
            world.post(&format!("{NEWEST}/{urls}")).header("x-api-key", &stranger).json(&ids).send().await;
        assert!(matches!(refused.status.as_u16(), 403 | 404), "{refused}");
        // The address itself works without a credential, for a quarter of an hour: programs fetch files like that.
        world.get(&url).send().await.expect(200);
        // Whoever lost the right gets no other one, and the old one is over.
        company.give("Mia", Policy::default()).await;
        let refused = company.call("Mia", "POST", urls, Some(&ids)).await;
        assert!(matches!(refused.status.as_u16(), 403 | 404), "{refused}");
        world.advance(16 * MINUTE).await;
        tells_nothing(&world.get(&url).send().await.expect(403));
    });
}

/// Answers are nobody else's: neither by the key of a post nor by what a browser remembers.
#[test]
fn answers_are_not_replayed_to_others() {
    World::each(|world| async move {
        let company = Company::with_secrets(&world).await;
        let mut policy = rows_only();
        policy.set("posts", Doing::Create, Reach::EVERYONE);
        policy.set("employees", Doing::Edit, Reach::EVERYONE);
        company.give("Tom", policy).await;
        let body = json!({ "employee_id": company.id("Tom"), "date": "2026-11-20", "reference_date": "2026-11-20", "clock_in": "09:00", "clock_out": "10:00" });
        let post = |credential: (&'static str, String)| {
            let call = world.post(&format!("{NEWEST}/attendance/shifts")).header("idempotency-key", "same");
            call.header(credential.0, &credential.1).json(&body).send()
        };
        let first = post(("x-api-key", company.key.clone())).await.expect(201);
        let again = post(("x-api-key", company.key.clone())).await.expect(201);
        assert_eq!((first.json(), again.header("idempotent-replayed")), (again.json(), "true"));
        // Tom may add no shift, and the answer that was kept is not his.
        let other = post(("authorization", format!("Bearer {}", company.people["Tom"].0))).await.expect(403);
        assert!(other.header("idempotent-replayed").is_empty(), "{other}");
        // Nothing of the API is remembered by a browser or on the way, and no condition makes it answer less.
        let mia = format!("{NEWEST}/{}", company.person("Mia"));
        let full = world.get(&mia).header("x-api-key", &company.key).send().await.expect(200);
        assert_eq!((full.header("etag"), full.header("cache-control")), ("", "no-store"));
        let asked =
            world.get(&mia).bearer(&company.people["Tom"].0).header("if-none-match", "*").send().await;
        tells_nothing(&asked.expect(200));
        // A page of the reference is its visitor's, also where it is unchanging.
        let mut ada = company.ada.clone();
        let mut tom = company.people_in_browsers["Tom"].browser.clone();
        let hers = ada.browser.get("/reference").await.expect(200);
        let tag = hers.header("etag").to_owned();
        assert!(!tag.is_empty() && hers.header("cache-control").starts_with("private"), "{hers}");
        let call = tom.call("GET", "/reference").header("if-none-match", &tag);
        let his = tom.send(call).await.expect(200);
        assert_ne!(his.header("etag"), tag);
    });
}

/// No object has this id.
const NOWHERE: &str = "4242424242";

/// What can be named: a person, and of everything else an object of the company, or else none that there is.
struct Names<'n> {
    employee: &'n str,
    access: &'n str,
    objects: &'n BTreeMap<&'static str, String>,
}

impl Names<'_> {
    /// A value of a kind that names the person wherever it can name somebody.
    fn value(&self, kind: &Kind) -> Value {
        match kind {
            Kind::Id(Reference::Resource("employees/employees")) => json!(self.employee),
            Kind::Id(Reference::Resource(path)) => {
                json!(self.objects.get(path).map_or(NOWHERE, String::as_str))
            }
            Kind::Id(_) => json!(self.access),
            Kind::Text | Kind::Date => json!("2026-11-23"),
            Kind::Integer | Kind::Number => json!(1),
            Kind::Bool => json!(true),
            Kind::Time => json!("09:00"),
            Kind::Instant => json!("2026-11-23T09:30:00.000Z"),
            Kind::Any | Kind::Map => json!({}),
            Kind::File => Value::Null,
            Kind::Choice(texts) => json!(texts[0]),
            Kind::List(item) => json!([self.value(item)]),
            Kind::Object(members) => {
                let all = members.iter().map(|member| (member.name.to_owned(), self.value(&member.kind)));
                Value::Object(all.collect())
            }
        }
    }
}

/// Whether a member names whose record it is, by itself or in what is inside.
fn names_somebody(member: &Member) -> bool {
    fn inside(kind: &Kind, named: bool) -> bool {
        match kind {
            Kind::Id(Reference::Resource("employees/employees")) => named,
            Kind::List(item) => inside(item, named),
            Kind::Object(members) => members.iter().any(names_somebody),
            _ => false,
        }
    }
    inside(&member.kind, matches!(member.name.trim_end_matches("[]"), "employee_id" | "employee_ids"))
}

/// Whoever may do everything for the people below him does nothing for others: in no create and in no action, also where
/// somebody is named deep inside of what is sent, as in the results of a payroll. Nor does he hear whether what else he
/// names is there.
#[test]
fn nothing_is_done_for_people_out_of_reach() {
    let catalogue = hr::catalogue().unwrap();
    let configure =
        |config: &mut server::Config| (config.post_rate_limit, config.furnish_sandboxes) = (0, true);
    World::each_with(configure, |world| {
        let catalogue = catalogue.clone();
        async move {
            let made = world.post("/sandbox").json(&json!({ "company_name": "Acme" })).send().await;
            let made = made.expect(201).json();
            let key = made["api_key"].as_str().unwrap();
            let get = async |path: &str| {
                let answer = world.get(&format!("{NEWEST}/{path}")).header("x-api-key", key).send().await;
                if answer.status == 200 { answer.json() } else { Value::Null }
            };
            let manager =
                made["personas"].as_array().unwrap().iter().find(|one| one["persona"] == "manager").unwrap();
            let token = manager["access_token"].as_str().unwrap();
            let mut policy = Policy::default();
            for (module, known) in access::modules(&catalogue) {
                for doing in known.doings {
                    let near = if doing.reaches() { Reach::OWN.and(Reach::REPORTS) } else { Reach::EVERYONE };
                    policy.set(module, doing, near);
                }
            }
            policy.set("employees", Doing::See, Reach::EVERYONE);
            put_in_group(&world, manager["email"].as_str().unwrap(), "Near", policy).await;
            let mut objects = BTreeMap::new();
            for entry in catalogue.iter() {
                let page = get(&format!("{}?limit=1", entry.resource.path)).await;
                if let Some(id) = page["data"][0]["id"].as_str() {
                    objects.insert(entry.resource.path, id.to_owned());
                }
            }
            let people = get("employees/employees?limit=100").await;
            let people = people["data"].as_array().unwrap();
            let report = people.iter().find(|one| one["manager_id"] == manager["employee_id"]).unwrap();
            // Who has nobody above is below nobody.
            let stranger = people.iter().find(|one| one["manager_id"].is_null()).unwrap();
            let (mut refused, mut done, mut entered) = (0, 0, false);
            for entry in catalogue.iter() {
                let resource = entry.resource;
                let reaches = |doing| Permission::of(resource, doing).doing.reaches();
                let mut tried: Vec<(String, Vec<(&str, Kind)>)> = Vec::new();
                let subject = resource.subject.and_then(|subject| resource.field(subject));
                let whose = subject.and_then(|field| field.create).map(|input| input.kind);
                let creates = resource.operation(Verb::Create).is_some_and(|o| o.lives_in(Version::NEWEST));
                if creates
                    && server::served(engine(), resource.path, Verb::Create)
                    && reaches(Doing::Create)
                    && whose == Some(Kind::Id(Reference::Resource("employees/employees")))
                {
                    let inputs = resource.fields.iter().filter_map(|field| Some((field, field.create?)));
                    let inputs = inputs.filter(|(_, input)| input.lives_in(Version::NEWEST));
                    let inputs = inputs.filter(|(field, input)| {
                        input.required || subject.is_some_and(|s| s.member.name == field.member.name)
                    });
                    let kind = |(field, input): (&registry::Field, registry::Input)| {
                        (input.name, if input.kind == Kind::Text { field.member.kind } else { input.kind })
                    };
                    tried.push((resource.path.to_owned(), inputs.map(kind).collect()));
                }
                for action in entry.actions.iter().filter(|action| action.lives_in(Version::NEWEST)) {
                    let members = action.input.iter().filter(|member| member.lives_in(Version::NEWEST));
                    if server::acted(engine(), resource.path, action.name)
                        && reaches(Doing::of_action(action))
                        && members.clone().any(names_somebody)
                    {
                        let path = format!("{}/{}", resource.path, action.name);
                        tried.push((path, members.map(|member| (member.name, member.kind)).collect()));
                    }
                }
                for (path, members) in tried {
                    // A file cannot be named.
                    if members.iter().any(|(_, kind)| *kind == Kind::File) {
                        continue;
                    }
                    let payroll = path == "compensations/payroll_results/bulk_create";
                    let nothing = BTreeMap::new();
                    for (person, may, objects) in
                        [(stranger, false, &nothing), (stranger, false, &objects), (report, true, &objects)]
                    {
                        let text = |field: &str| person[field].as_str().unwrap();
                        let names = Names { employee: text("id"), access: text("access_id"), objects };
                        let sent = members
                            .iter()
                            .map(|(name, kind)| (name.trim_end_matches("[]").to_owned(), names.value(kind)));
                        let sent = Value::Object(sent.collect());
                        let call = world.post(&format!("{NEWEST}/{path}")).bearer(token).json(&sent);
                        let answer = call.send().await;
                        assert_eq!(answer.status == 403, !may, "{answer} to {sent}");
                        assert!(may || answer.json()["code"] == "missing_permission", "{answer} to {sent}");
                        (refused, done) =
                            (refused + usize::from(!may), done + usize::from(answer.status.is_success()));
                        entered |= payroll;
                    }
                }
            }
            println!("{}: {refused} refused, {done} done", world.engine);
            assert!(refused >= 70 && done >= 15 && entered, "{refused} {done}");
        }
    });
}
