//! Companies: how they begin and what they are called.

use registry::{Access, Company, Employee, HOUR, Id, User};
use storage::{Stale, Tx};

use crate::audit::{self, Actor};
use crate::records::{
    ADMINISTRATORS, AccessRecord, CompanyRecord, DEFAULT_EMPLOYEES, EmployeeRecord, PermissionGroup,
    PermissionGroupRecord, UserRecord,
};
use crate::text::{self, Problems};
use crate::{Error, password, throttle};

/// Companies that one network address may sign up in an hour.
const SIGN_UPS: i64 = 10;

/// A request to begin a company.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// What people call the company.
    pub company_name: String,
    /// First name of its first administrator.
    pub first_name: String,
    /// Last name of its first administrator.
    pub last_name: String,
    /// The address that the administrator logs in with.
    pub email: String,
    /// From [`password::hash`], after [`validate_sign_up`].
    pub password_hash: String,
}

/// What a new company consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Founded {
    /// The company.
    pub company: Id<Company>,
    /// The login of its first administrator.
    pub user: Id<User>,
    /// The administrator's membership.
    pub access: Id<Access>,
    /// The administrator's employee record.
    pub employee: Id<Employee>,
}

/// Names everything that is wrong with a sign-up, by field.
pub fn validate_sign_up(
    company_name: &str,
    first_name: &str,
    last_name: &str,
    email: &str,
    password: &str,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    // What is not valid is left out of the context, so nobody makes the check expensive with it.
    let context = [
        problems.take(text::name("company_name", company_name)),
        problems.take(text::name("first_name", first_name)),
        problems.take(text::name("last_name", last_name)),
        problems.take(text::email("email", email)),
    ];
    if let Err(problem) = password::check(password, &context.each_ref().map(String::as_str)) {
        problems.add(problem);
    }
    problems.done()
}

/// Counts a sign-up of an address, and refuses one too many.
pub fn limit_sign_ups(tx: &mut Tx<'_>, address: &str) -> Result<(), Error> {
    throttle::count(tx, &throttle::Key::new("sign_up", address), SIGN_UPS, HOUR)
}

/// Begins a company with a new login. Where the address has a login already, answers
/// [`Error::Conflict`] `account_exists`; after a log-in, [`found_for`] does the rest.
///
/// A login without a password is an invitation that nobody accepted. It keeps nobody from signing up: whoever does is
/// then asked to log in before he accepts it, with the link that only the mailbox has.
pub fn found(tx: &mut Tx<'_>, actor: &Actor, sign_up: &SignUp) -> Result<Founded, Error> {
    let mut problems = Problems::default();
    let email = problems.take(text::email("email", &sign_up.email));
    let beginning =
        Beginning::checked(&mut problems, &sign_up.company_name, &sign_up.first_name, &sign_up.last_name);
    problems.done()?;
    let now = tx.now();
    let mut instance = tx.instance("logins belong to no company");
    let invited = UserRecord::email.eq(email.clone()).and(UserRecord::password_hash.is_null());
    let password = || UserRecord::password_hash.set(Some(sign_up.password_hash.clone()));
    if let Some(user) = instance.update_returning(invited, [password()])?.pop() {
        return beginning.create(tx, actor, user.id);
    }
    if instance.find(UserRecord::email.eq(email.clone()))?.is_some() {
        return Err(Error::Conflict("account_exists"));
    }
    let user = instance.insert([UserRecord::email.set(email), password(), UserRecord::created_at.set(now)]);
    let user = user.map_err(|error| match error {
        // Somebody else was faster since the look above.
        storage::Error::Duplicate => Error::Conflict("account_exists"),
        error => error.into(),
    })?;
    beginning.create(tx, actor, user)
}

/// Begins a company for somebody who can log in already.
pub fn found_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: Id<User>,
    company_name: &str,
    first_name: &str,
    last_name: &str,
) -> Result<Founded, Error> {
    let mut problems = Problems::default();
    let beginning = Beginning::checked(&mut problems, company_name, first_name, last_name);
    problems.done()?;
    beginning.create(tx, actor, user)
}

/// The names that a company begins with.
struct Beginning {
    company: String,
    first: String,
    last: String,
}

impl Beginning {
    fn checked(problems: &mut Problems, company: &str, first: &str, last: &str) -> Self {
        Self {
            company: problems.take(text::name("company_name", company)),
            first: problems.take(text::name("first_name", first)),
            last: problems.take(text::name("last_name", last)),
        }
    }

    fn create(self, tx: &mut Tx<'_>, actor: &Actor, user: Id<User>) -> Result<Founded, Error> {
        let now = tx.now();
        let company = tx
            .instance("a company is no row of another")
            .insert([CompanyRecord::name.set(self.company.clone()), CompanyRecord::created_at.set(now)])?;
        let administrators = add_group(tx, company, "Administrators", ADMINISTRATORS)?;
        add_group(tx, company, "Default employees", DEFAULT_EMPLOYEES)?;
        let access = tx.company(company).insert([
            AccessRecord::user_id.set(user),
            AccessRecord::permission_group_id.set(administrators),
            AccessRecord::accepted_at.set(Some(now)),
            AccessRecord::created_at.set(now),
        ])?;
        let email = crate::session::login(tx, user)?.email;
        let employee = add_employee(tx, company, access, &self.first, &self.last, &email)?;
        let actor = Actor { user: actor.user.or(Some(user)), ..actor.clone() };
        audit::record(tx, Some(company), &actor, "company.created", &self.company, "")?;
        Ok(Founded { company, user, access, employee })
    }
}

fn add_group(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    name: &str,
    kind: &str,
) -> Result<Id<PermissionGroup>, storage::Error> {
    tx.company(company).insert([
        PermissionGroupRecord::name.set(name.to_owned()),
        PermissionGroupRecord::kind.set(kind.to_owned()),
    ])
}

/// The employee record that hangs on an access.
pub(crate) fn add_employee(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    access: Id<Access>,
    first_name: &str,
    last_name: &str,
    email: &str,
) -> Result<Id<Employee>, storage::Error> {
    let now = tx.now();
    tx.company(company).insert([
        EmployeeRecord::access_id.set(access),
        EmployeeRecord::first_name.set(first_name.to_owned()),
        EmployeeRecord::last_name.set(last_name.to_owned()),
        EmployeeRecord::email.set(Some(email.to_owned())),
        EmployeeRecord::login_email.set(Some(email.to_owned())),
        EmployeeRecord::created_at.set(now),
        EmployeeRecord::updated_at.set(now),
    ])
}

/// The built-in group of a kind.
pub(crate) fn group(tx: &mut Tx<'_>, company: Id<Company>, kind: &str) -> Result<Id<PermissionGroup>, Error> {
    let group = tx.company(company).find(PermissionGroupRecord::kind.eq(kind.to_owned()))?;
    Ok(group.ok_or(Error::NotFound)?.id)
}

/// A company.
pub fn get(tx: &mut Tx<'_>, company: Id<Company>) -> Result<CompanyRecord, Error> {
    let found = tx.instance("a company is no row of another").find(CompanyRecord::id.eq(company))?;
    found.ok_or(Error::NotFound)
}

/// The companies of a name, or the one of an id.
pub fn named(tx: &mut Tx<'_>, name: &str) -> Result<Vec<CompanyRecord>, Error> {
    let mut companies = tx.instance("a company is no row of another");
    let mut found = companies.list(CompanyRecord::name.eq(name.to_owned()))?;
    if let (true, Ok(id)) = (found.is_empty(), name.parse()) {
        found.extend(companies.find(CompanyRecord::id.eq(Id::new(id)))?);
    }
    Ok(found)
}

/// Changes what a company is called. An empty legal name or tax number is none.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    name: &str,
    legal_name: &str,
    tin: &str,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    let name = problems.take(text::name("name", name));
    let mut optional = |field, text: &str| {
        let given = !text.trim().is_empty();
        given.then(|| problems.take(text::name(field, text)))
    };
    let (legal_name, tin) = (optional("legal_name", legal_name), optional("tin", tin));
    problems.done()?;
    let before = get(tx, company)?;
    let changed: Vec<&str> = [
        ("name", before.name != name),
        ("legal_name", before.legal_name != legal_name),
        ("tin", before.tin != tin),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect();
    if changed.is_empty() {
        return Ok(());
    }
    tx.instance("a company is no row of another").update(
        CompanyRecord::id.eq(company),
        [
            CompanyRecord::name.set(name.clone()),
            CompanyRecord::legal_name.set(legal_name),
            CompanyRecord::tin.set(tin),
        ],
    )?;
    tx.stale(Stale::Company(company.get()));
    audit::record(tx, Some(company), actor, "company.updated", &name, &changed.join(", "))?;
    Ok(())
}
