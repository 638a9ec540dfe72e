//! `ats/job_postings`

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Object, one_of};
use registry::{Action, Anything, Company, Id, Instant, Resource};

use storage::Datum;

use crate::companies::LegalEntity;
use crate::locations::Location;
use crate::teams::Team;

/// A vacancy that the company advertises.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/job_postings",
    object = "ats_job_posting",
    permission = "ats",
    operations(list, read, create, update, delete),
    events("create", "delete", "duplicate", "update")
)]
pub struct JobPosting {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<JobPosting>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Recruitment profile of the company that offers the job.
    #[field(default(rule))]
    pub ats_company_id: Id<Anything>,
    /// Name of the job offered.
    #[field(create(required), update)]
    pub title: String,
    /// Whether the work is done away from the workplace.
    #[field(derived)]
    pub remote: bool,
    /// Where the vacancy is in its life.
    #[field(create(required), update, filter(eq = "status"))]
    pub status: Status,
    /// Whether applicants must attach a curriculum vitae.
    #[field(create(required), update)]
    pub cv_requirement: CvRequirement,
    /// Whether applicants must write a letter.
    #[field(create(required), update)]
    pub cover_letter_requirement: CvRequirement,
    /// Whether applicants must leave a telephone number.
    #[field(create(required), update)]
    pub phone_requirement: CvRequirement,
    /// Whether applicants must add a picture.
    #[field(create(required), update)]
    pub photo_requirement: CvRequirement,
    /// Whether applicants must give a website or profile.
    #[field(create(required), update)]
    pub personal_url_requirement: CvRequirement,
    /// Time span the pay amounts refer to.
    #[field(create, update, default = "annual")]
    pub salary_period: SalaryPeriod,
    /// When it was created.
    pub created_at: Instant,
    /// Text of the advertisement.
    #[field(create, update)]
    pub description: Option<String>,
    /// Type of contract on offer.
    #[field(create, update)]
    pub contract_type: Option<ContractType>,
    /// Professional area of the job.
    #[field(create(since = "2026-07-01"), update(since = "2026-07-01"), since = "2026-07-01")]
    pub category: Option<Category>,
    /// On site, remote, or a mix of both.
    #[field(create, update)]
    pub workplace_type: Option<WorkplaceType>,
    /// Full time or part time.
    #[field(create, update)]
    pub schedule_type: Option<ScheduleType>,
    /// Team that has the vacancy.
    #[field(create, update, filter(eq = "team_id"))]
    pub team_id: Option<Id<Team>>,
    /// Place of work.
    #[field(create, update, filter(eq = "location_id"))]
    pub location_id: Option<Id<Location>>,
    /// Legal entity that would employ the person.
    #[field(filter(eq = "legal_entity_id"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Whether pay is one amount or a range.
    #[field(create, update)]
    pub salary_format: Option<SalaryFormat>,
    /// Lowest pay, in cents.
    #[field(create, update)]
    pub salary_from_amount_in_cents: Option<i64>,
    /// Highest pay, in cents.
    #[field(create, update)]
    pub salary_to_amount_in_cents: Option<i64>,
    /// True keeps the pay from applicants.
    pub hide_salary: Option<bool>,
    /// Public address of the advertisement, while it is published.
    #[field(derived)]
    pub url: Option<String>,
    /// When it went public. Empty if it never did.
    pub published_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("duplicate", duplicate)],
    derived: &[
        Derived::page("url", urls),
        Derived::row("remote", |facts| (facts.text("workplace_type") == Some("remote")).into()),
    ],
    rule: Some(rule),
    ..Code::of(PATH)
};

const PATH: &str = "ats/job_postings";

/// Where each can be seen, for as long as it is published.
fn urls(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let url = |row: &Object| {
        let published = row.text("status") == Some(Status::Published.text());
        published.then(|| cx.here(&format!("jobs/{}", row.int("id").unwrap_or_default())))
    };
    Ok(rows.iter().map(|row| url(row).into()).collect())
}

/// A draft with the same content, the same steps and the same questions; nobody has applied to it.
fn duplicate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let plan = cx.plan(PATH)?;
    let id = input.id("id");
    let posting = cx.own(plan, id)?;
    let own = ["id", "company_id", "status", "created_at", "published_at"];
    let kept = plan.resource().fields.iter().filter(|field| field.kept()).map(|field| field.member.name);
    let kept = kept.filter(|name| !own.contains(name));
    let mut sets: engine::Sets = kept.map(|name| (name, posting.get(name).clone())).collect();
    sets.insert("status", Datum::Text(Status::Draft.text().to_owned()));
    let copy = cx.add(PATH, sets)?;
    for path in ["ats/application_phases", "ats/questions"] {
        let plan = cx.plan(path)?;
        for row in cx.facts(path, &[one_of("ats_job_posting_id", &[id])])? {
            let kept = plan.resource().fields.iter().filter(|field| field.kept());
            let kept = kept.map(|field| field.member.name);
            let kept = kept.filter(|name| !["id", "company_id", "created_at", "updated_at"].contains(name));
            let mut sets: engine::Sets = kept.map(|name| (name, row.get(name).clone())).collect();
            sets.insert("ats_job_posting_id", Datum::Int(copy));
            cx.add(path, sets)?;
        }
    }
    Ok(copy.into())
}

/// A company has one recruitment profile: its own.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let company = cx.grant.company().get();
    draft.begin("ats_company_id", || Datum::Int(company));
    // It was first published when it first was.
    let published = draft.text("status") == Some(Status::Published.text());
    if published && draft.get("published_at") == &Datum::Null {
        draft.sets.insert("published_at", Datum::Int(cx.tx.now().millis()));
    }
    Ok(())
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Archived = "archived",
        Cancelled = "cancelled",
        Deleted = "deleted",
        Draft = "draft",
        Published = "published",
        Unlisted = "unlisted",
    }
}

registry::choice! {
    /// The values of `cv_requirement`.
    pub enum CvRequirement {
        DoNotAsk = "do_not_ask",
        Mandatory = "mandatory",
        Optional = "optional",
    }
}

registry::choice! {
    /// The values of `salary_period`.
    pub enum SalaryPeriod {
        Annual = "annual",
        Daily = "daily",
        Monthly = "monthly",
    }
}

registry::choice! {
    /// The values of `contract_type`.
    pub enum ContractType {
        Alternant = "alternant",
        Apprendistato = "apprendistato",
        Apprenticeship = "apprenticeship",
        Apprentissage = "apprentissage",
        ATempoParcial = "a_tempo_parcial",
        ATermoCerto = "a_termo_certo",
        ATermoIncerto = "a_termo_incerto",
        Clt = "clt",
        ComPluralidadeDeEmpregadores = "com_pluralidade_de_empregadores",
        DeCurtaDuracao = "de_curta_duracao",
        DeMuitaCurtaDuracao = "de_muita_curta_duracao",
        Estagio = "estagio",
        FixedDiscontinued = "fixed_discontinued",
        Freelance = "freelance",
        Indefinite = "indefinite",
        Interim = "interim",
        Intern = "intern",
        JovemAprendiz = "jovem_aprendiz",
        Minijob = "minijob",
        Other = "other",
        PerHour = "per_hour",
        Pj = "pj",
        PreReforma = "pre_reforma",
        PromessaDeTrabalho = "promessa_de_trabalho",
        RecibosVerdes = "recibos_verdes",
        SemTermo = "sem_termo",
        Teletrabalho = "teletrabalho",
        Temporary = "temporary",
        Training = "training",
        VendorContractor = "vendor_contractor",
        Volunteer = "volunteer",
        Werkstudent = "werkstudent",
    }
}

registry::choice! {
    /// The values of `category`.
    pub enum Category {
        AdministrationAndSecretariat = "administration_and_secretariat",
        DesignAndArchitecture = "design_and_architecture",
        EducationAndSocialPolicy = "education_and_social_policy",
        Engineering = "engineering",
        Finance = "finance",
        Hr = "hr",
        It = "it",
        Legal = "legal",
        ManagementAndConsulting = "management_and_consulting",
        MarketingAndCommunication = "marketing_and_communication",
        NursingAndTherapy = "nursing_and_therapy",
        Other = "other",
        Physicians = "physicians",
        PublicSector = "public_sector",
        PurchasingMaterialsAdministrationAndLogistics = "purchasing_materials_administration_and_logistics",
        Sales = "sales",
        SciencesAndResearch = "sciences_and_research",
        ServiceIndustryAndManufacturing = "service_industry_and_manufacturing",
        SportsArtAndCreativeJobs = "sports_art_and_creative_jobs",
    }
}

registry::choice! {
    /// The values of `workplace_type`.
    pub enum WorkplaceType {
        Hybrid = "hybrid",
        Onsite = "onsite",
        Remote = "remote",
    }
}

registry::choice! {
    /// The values of `schedule_type`.
    pub enum ScheduleType {
        FullTime = "full_time",
        PartTime = "part_time",
    }
}

registry::choice! {
    /// The values of `salary_format`.
    pub enum SalaryFormat {
        FixedAmount = "fixed_amount",
        Range = "range",
    }
}

/// Makes a new vacancy with the content of another.
#[derive(Debug, Action)]
#[action(of = JobPosting, name = "duplicate")]
pub struct Duplicate {
    /// Vacancy to copy.
    pub id: Id<JobPosting>,
}
