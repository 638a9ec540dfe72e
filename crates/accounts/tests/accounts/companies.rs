//! Signing up and company settings.

use accounts::company::{self, validate_sign_up};
use accounts::records::{CompanyRecord, PermissionGroupRecord};
use accounts::{Error, normal_email};
use registry::Id;
use storage::Condition;

use crate::world::{ADDRESS, actor, hash_of, problems, sign_up, worlds};

#[test]
fn a_sign_up_names_everything_that_is_wrong() {
    const GOOD: &str = "gravel tulip ninety canoe";
    for (input, expected) in [
        (["Acme", "Ada", "Lovelace", "ada@acme.example", GOOD], &[][..]),
        ([" Acme ", " Ada ", "L", " ADA@acme.example ", GOOD], &[]),
        (
            ["", " ", "\t", "", ""],
            &[
                ("company_name", "blank"),
                ("first_name", "blank"),
                ("last_name", "blank"),
                ("email", "blank"),
                ("password", "too_short"),
            ],
        ),
        (
            ["Ac\0me", "Ada", "Lovelace", "ada", "acmeacmeacmeacme"],
            &[("company_name", "invalid"), ("email", "invalid"), ("password", "too_common")],
        ),
        (
            ["Acme Rockets", "Ada", "Lovelace", "ada@acme.example", "acme-rockets-2026"],
            &[("password", "too_common")],
        ),
        (
            ["Acme", "Ada", "Lovelace", "ada.lovelace@acme.example", "adalovelaceada1"],
            &[("password", "too_common")],
        ),
    ] {
        let [company, first, last, email, password] = input;
        let found = match validate_sign_up(company, first, last, email, password) {
            Ok(()) => Vec::new(),
            refused => problems(refused),
        };
        assert_eq!(found, expected, "{input:?}");
    }
    let long = "ä".repeat(101);
    assert_eq!(
        problems(validate_sign_up(&long, &long, "L", &format!("{long}@{long}.example"), &"x".repeat(1025))),
        [
            ("company_name", "too_long"),
            ("first_name", "too_long"),
            ("email", "invalid"),
            ("password", "too_long")
        ]
    );
}

#[test]
fn founding_makes_company_groups_administrator_and_employee() {
    for world in worlds() {
        let founded = world.found(" Acme ", " Ada@Acme.example ");
        let user = world.user("ada@acme.example");
        assert_eq!(user.id, founded.user, "{}", world.engine());
        let token = world.session(founded.user, " Ada@Acme.example ");
        let view = world.view(&token).unwrap();
        let person = view.principal.person().unwrap();
        assert_eq!(
            (person.user, person.access, person.employee, person.administrator),
            (founded.user, founded.access, founded.employee, true)
        );
        assert_eq!((view.company_name.as_str(), view.login_email.as_str()), ("Acme", "ada@acme.example"));
        assert_eq!((view.first_name.as_str(), view.last_name.as_str()), ("Ada", "Lovelace"));
        let groups = world.read(move |tx| {
            let all = Condition::<PermissionGroupRecord>::any().ascending(PermissionGroupRecord::id);
            Ok(tx.company(founded.company).list(all)?)
        });
        let groups: Vec<_> = groups.iter().map(|g| (g.name.as_str(), g.kind.as_str())).collect();
        assert_eq!(
            groups,
            [("Administrators", "administrators"), ("Default employees", "default_employees")]
        );
        assert_eq!(world.audit(founded.company)["company.created"], 1);
    }
}

#[test]
fn a_refused_sign_up_changes_nothing() {
    for world in worlds() {
        let first = world.found("Acme", "ada@acme.example");
        let again = world.write(|tx| company::found(tx, &actor(), &sign_up("Other", "ADA@acme.example")));
        assert!(matches!(again, Err(Error::Conflict("account_exists"))), "{again:?}");
        let invalid = world.write(|tx| company::found(tx, &actor(), &sign_up(" ", "bob")));
        assert_eq!(problems(invalid), [("email", "invalid"), ("company_name", "blank")]);
        let companies =
            world.read(|tx| Ok(tx.instance("a test counts").count(Condition::<CompanyRecord>::any())?));
        assert_eq!(companies, 1, "{}", world.engine());
        assert_eq!(
            world.user("ada@acme.example").password_hash,
            Some(hash_of(&normal_email("ada@acme.example")))
        );
        // After a log-in it becomes one more company of the same person.
        let second =
            world.write(move |tx| company::found_for(tx, &actor(), first.user, "Other", "Ada", "L")).unwrap();
        assert_eq!(second.user, first.user);
        assert_ne!(second.company, first.company);
    }
}

#[test]
fn sign_ups_are_limited_by_address() {
    for world in worlds() {
        let limited = |address: &'static str| world.write(move |tx| company::limit_sign_ups(tx, address));
        for _ in 0..10 {
            limited(ADDRESS).unwrap();
        }
        assert!(matches!(limited(ADDRESS), Err(Error::Throttled { retry_after_seconds: 3600 })));
        limited("192.0.2.2").unwrap();
        world.advance(registry::HOUR);
        limited(ADDRESS).unwrap();
    }
}

#[test]
fn a_company_is_renamed_and_the_log_tells_what_changed() {
    for world in worlds() {
        let founded = world.found("Acme", "ada@acme.example");
        let other = world.found("Other", "bob@other.example");
        let update = |name: &'static str, legal: &'static str, tin: &'static str| {
            world.write(move |tx| company::update(tx, &actor(), founded.company, name, legal, tin))
        };
        update(" Acme 2 ", "Acme Ltd", "").unwrap();
        let record = world.read(move |tx| company::get(tx, founded.company));
        assert_eq!(
            (record.name.as_str(), record.legal_name.as_deref(), record.tin),
            ("Acme 2", Some("Acme Ltd"), None)
        );
        // Nothing changed, so nothing is told.
        update("Acme 2", "Acme Ltd", " ").unwrap();
        assert_eq!(world.audit(founded.company)["company.updated"], 1);
        assert_eq!(problems(update(" ", "a\nb", "ok")), [("name", "blank"), ("legal_name", "invalid")]);
        assert_eq!(world.read(move |tx| company::get(tx, other.company)).name, "Other");
        let missing = world.db().read_blocking(|tx| company::get(tx, Id::new(i64::MAX)));
        assert!(matches!(missing, Err(Error::NotFound)));
    }
}
