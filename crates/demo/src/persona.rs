//! People of a sandbox as whom an integration can be tried, since each of them sees something else.

use access::{Column, Doing, Policy, Reach, matrix};
use accounts::records::{ADMINISTRATORS, AccessRecord, EmployeeRecord, PermissionGroupRecord, UserRecord};
use accounts::{Actor, Secret, groups};
use oauth::records::{ApplicationRecord, GrantRecord, TokenRecord};
use oauth::{Pair, Settings, grants};
use registry::{Access, Catalogue, Company, Employee, Id};
use serde_json::{Value, json};
use storage::{Condition, Tx};

use crate::Error;
use crate::sandbox::APPLICATION;

/// Which of the company's people they are: their places in the order in which people are hired, the founder being the
/// first.
pub(crate) const CAST: [(&str, usize); 5] =
    [("administrator", 0), ("manager", 1), ("team_lead", 11), ("hr", 15), ("employee", 20)];

/// Who reports to somebody who leads nobody's team, so that the manager has indirect reports, too: who, to whom.
pub(crate) const INDIRECT: [(usize, usize); 2] = [(19, 10), (28, 10)];

/// The group of whoever looks after the people of one legal entity.
const HR: &str = "HR of a legal entity";

/// Somebody as whom an integration can be tried.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Which of them.
    pub persona: &'static str,
    /// The address to log in with.
    pub email: String,
    /// The password, which is the administrator's.
    pub password: Secret,
    /// The employee record.
    pub employee: Id<Employee>,
    /// Tokens of the sandbox's application.
    pub tokens: Pair,
}

impl Persona {
    /// As it is handed over.
    pub fn to_json(&self) -> Value {
        json!({
            "persona": self.persona,
            "email": self.email,
            "password": self.password.expose(),
            "employee_id": self.employee.get().to_string(),
            "access_token": self.tokens.access.expose(),
            "refresh_token": self.tokens.refresh.expose(),
        })
    }

    /// What is special about one, in a sentence.
    pub fn about(&self) -> &'static str {
        match self.persona {
            "administrator" => "Sees and changes everything.",
            "manager" => {
                "Sees and approves the absences and the time of everybody below, also through others."
            }
            "team_lead" => "Leads a team in which nobody reports to him: sees and approves its absences.",
            "hr" => {
                "Looks after the people of one legal entity, salaries included, and sees nothing private of others."
            }
            _ => "Sees the directory, what is the company's, and what is his own.",
        }
    }
}

/// What the group of HR may do: everything about the people of the legal entity, and what everybody may.
fn hr() -> Policy {
    let mut policy = Policy::default_employees();
    let reading = Reach::OWN.and(Reach::LEGAL_ENTITY);
    for module in [
        "attendance",
        "bank",
        "birth",
        "contracts",
        "custom_fields",
        "documents",
        "employee_updates",
        "employees",
        "employment",
        "expenses",
        "identity",
        "medical",
        "payroll",
        "private",
        "salaries",
        "shift_management",
        "time_planning",
        "timeoff",
        "trainings",
    ] {
        policy.set(module, Doing::See, policy.reach_of(module, Doing::See).and(reading));
        for doing in [Doing::Create, Doing::Edit, Doing::Delete, Doing::Approve] {
            let reach = policy.reach_of(module, doing).and(Reach::LEGAL_ENTITY);
            policy.set(module, doing, reach);
        }
    }
    policy.set("structure", Doing::Edit, Reach::LEGAL_ENTITY);
    policy
}

/// The matrix of permissions for people of the default group and for whoever looks after a legal entity.
pub fn permissions(catalogue: &Catalogue) -> String {
    let column = |name, policy, within| Column { name, policy, within: Reach::OWN.and(within) };
    let columns = [
        column("employee", Policy::default_employees(), Reach::NOTHING),
        column("manager", Policy::default_employees(), Reach::REPORTS),
        column("team lead", Policy::default_employees(), Reach::TEAMS),
        column("supervisor of absences", Policy::default_employees(), Reach::SUPERVISED),
        column("HR of a legal entity", hr(), Reach::LEGAL_ENTITY),
    ];
    matrix(catalogue, &columns)
}

/// Lets the cast of a furnished company log in and moves each into its group.
pub(crate) fn cast(tx: &mut Tx<'_>, company: Id<Company>, accesses: &[i64]) -> Result<(), Error> {
    let (actor, now) = (Actor::operator(), tx.now());
    let group = groups::create(tx, &actor, company, HR, None)?;
    groups::set_policy(tx, &actor, company, group, &hr(), None, None)?;
    for (name, at) in CAST.into_iter().skip(1) {
        let Some(access) = accesses.get(at).copied().map(Id::<Access>::new) else { continue };
        tx.company(company)
            .update(AccessRecord::id.eq(access), [AccessRecord::accepted_at.set(Some(now))])?;
        if name == "hr" {
            groups::move_to(tx, &actor, company, access, group)?;
        }
    }
    Ok(())
}

/// Gives everybody who can log in to a sandbox the password of its administrator, and the address of the employee
/// record to log in with.
pub(crate) fn unlock(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    password_hash: &str,
) -> Result<(), storage::Error> {
    let accepted = tx.company(company).list(AccessRecord::accepted_at.is_not_null())?;
    for access in accepted {
        let employee = tx.company(company).find(EmployeeRecord::access_id.eq(access.id))?;
        let mut users = tx.instance("logins belong to no company");
        let mut sets = vec![UserRecord::password_hash.set(Some(password_hash.to_owned()))];
        if let Some(email) = employee.and_then(|employee| employee.email)
            && users.find(UserRecord::email.eq(email.clone()))?.is_none()
        {
            sets.push(UserRecord::email.set(email));
        }
        users.update(UserRecord::id.eq(access.user_id), sets)?;
    }
    Ok(())
}

/// Issues tokens to the cast; those that there were are gone.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    settings: &Settings,
    company: Id<Company>,
    password: &Secret,
    pairs: &[Pair],
) -> Result<Vec<Persona>, Error> {
    let mut tables = tx.company(company);
    tables.delete(Condition::<TokenRecord>::any())?;
    tables.delete(Condition::<GrantRecord>::any())?;
    let Some(application) = tables.find(ApplicationRecord::name.eq(APPLICATION.to_owned()))? else {
        return Err(Error::Rule("its application is missing".to_owned()));
    };
    let accepted = AccessRecord::accepted_at.is_not_null().ascending(AccessRecord::id);
    let accesses = tables.list(accepted)?;
    let administrators = tables.find(PermissionGroupRecord::kind.eq(ADMINISTRATORS.to_owned()))?;
    let mut personas = Vec::new();
    // Of the company's people only the cast has accepted an invitation, in this order.
    for ((access, (persona, _)), tokens) in accesses.iter().zip(CAST).zip(pairs) {
        let administers = administrators.as_ref().is_some_and(|group| group.id == access.permission_group_id);
        if administers != (persona == "administrator") {
            return Err(Error::Rule(format!("its {persona} is in another group")));
        }
        grants::give(tx, settings, &application, access.id, tokens)?;
        let employee = tx.company(company).find(EmployeeRecord::access_id.eq(access.id))?;
        let user = tx.instance("logins belong to no company").find(UserRecord::id.eq(access.user_id))?;
        let (Some(employee), Some(user)) = (employee, user) else { continue };
        personas.push(Persona {
            persona,
            email: user.email,
            password: password.clone(),
            employee: employee.id,
            tokens: tokens.clone(),
        });
    }
    Ok(personas)
}
