//! `api_public/credentials`

use registry::{Company, Date, Employee, Id, Resource};

/// Whoever makes the request, a user or the company.
#[derive(Debug, Resource)]
#[resource(
    path = "api_public/credentials",
    object = "api_public_credential",
    permission = "api_public",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct Credential {
    /// Identifies it, for good.
    pub id: Id<Credential>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Employee behind a personal credential. A company has none.
    #[field(derived)]
    pub employee_id: Option<Id<Employee>>,
    /// Contact address of the user. Personal credentials only.
    #[field(derived)]
    pub email: Option<String>,
    /// Address the user signs in with. Personal credentials only.
    #[field(derived)]
    pub login_email: Option<String>,
    /// First and last name of the user.
    #[field(derived)]
    pub full_name: Option<String>,
    /// Given name of the user.
    #[field(derived)]
    pub first_name: Option<String>,
    /// Family name of the user.
    #[field(derived)]
    pub last_name: Option<String>,
    /// Role of the user in the company.
    #[field(derived)]
    pub role: Option<String>,
    /// Whether the company accepted the data protection terms.
    #[field(derived)]
    pub gdpr_tos: Option<bool>,
    /// Registered name of the company. Company credentials only.
    #[field(derived)]
    pub legal_name: Option<String>,
    /// Language and region of the company.
    #[field(derived)]
    pub locale: Option<String>,
    /// Address of the company's logo.
    #[field(derived)]
    pub logo: Option<String>,
    /// Trading name of the company.
    #[field(derived)]
    pub name: Option<String>,
    /// Day the company finished its set-up.
    #[field(derived)]
    pub onboarded_on: Option<Date>,
    /// Plan the company pays for.
    #[field(derived)]
    pub subscription_plan: Option<String>,
    /// Tax number of the company.
    #[field(derived)]
    pub tin: Option<String>,
    /// Whether the company is due for removal.
    #[field(derived)]
    pub to_be_deleted: Option<String>,
    /// Whether the company accepted the terms of service.
    #[field(derived)]
    pub tos: Option<bool>,
}
