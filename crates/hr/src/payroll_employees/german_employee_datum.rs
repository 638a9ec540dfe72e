//! `payroll_employees/german_employee_data`

use registry::{Employee, Id, Resource};

/// Data that German payroll needs about one employee.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll_employees/german_employee_data",
    object = "payroll_employees_german_employee_datum",
    permission = "payroll_employees",
    subject = "employee_id",
    operations(
        list(since = "2026-10-01"),
        read(since = "2026-10-01"),
        create(since = "2026-10-01"),
        update(since = "2026-10-01")
    )
)]
pub struct GermanEmployeeDatum {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<GermanEmployeeDatum>,
    /// Whom the German payroll data describes.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Surname at birth, when it has changed since.
    #[field(create, update)]
    pub birth_name: Option<String>,
    /// Country where the person was born, as a DATEV nationality key.
    #[field(create, update)]
    pub country_of_birth: Option<String>,
    /// Town or city where the person was born.
    #[field(create, update)]
    pub place_of_birth: Option<String>,
    /// Last day on which the work permit is valid.
    #[field(create, update)]
    pub work_permit_expiration_date: Option<String>,
    /// Last day on which the residence permit is valid.
    #[field(create, update)]
    pub residency_permit_expiration_date: Option<String>,
    /// Last day on which the proof of enrolment is valid.
    #[field(create, update)]
    pub certificate_of_study_expiration_date: Option<String>,
    /// Company number (Betriebsnummer) of the health insurer.
    #[field(create, update)]
    pub health_insurer_company_number: Option<String>,
    /// Code of the contribution group for health insurance. 0 means none.
    #[field(create, update)]
    pub contribution_class_health_insurance: Option<i64>,
    /// Contribution group for unemployment insurance: 0 none, 1 full, 2 half.
    #[field(create, update)]
    pub contribution_class_unemployment_insurance: Option<i64>,
    /// Contribution group for pensions: 0 none, 1 full, 3 half, 5 flat rate.
    #[field(create, update)]
    pub contribution_class_pension_insurance: Option<i64>,
    /// Contribution group for nursing care: 0 none, 1 full, 2 half.
    #[field(create, update)]
    pub contribution_class_nursing_insurance: Option<i64>,
    /// Whether a surcharge is due for nursing care insurance.
    #[field(create, update)]
    pub additional_contribution_to_nursing_insurance: Option<bool>,
    /// German wage tax class (Steuerklasse).
    #[field(create, update)]
    pub tax_class: Option<i64>,
    /// Yearly tax allowance that the person has applied for.
    #[field(create, update)]
    pub requested_annual_allowance: Option<i64>,
    /// Multiplier of the German factor method for married couples.
    #[field(create, update)]
    pub factor: Option<f64>,
    /// Tax-free amount granted per year.
    #[field(create, update)]
    pub annual_tax_allowance: Option<i64>,
    /// Tax-free amount granted per month.
    #[field(create, update)]
    pub monthly_tax_allowance: Option<i64>,
    /// Number of child allowances, where halves are possible.
    #[field(create, update)]
    pub child_tax_allowance: Option<f64>,
    /// Two-letter code of the church that tax is withheld for.
    #[field(create, update)]
    pub denomination: Option<String>,
    /// Church tax code of the husband or wife.
    #[field(create, update)]
    pub spouses_denomination: Option<String>,
    /// Agency work: 0 as the client's data say, 1 no, 2 yes.
    #[field(create, update)]
    pub personnel_leasing: Option<i64>,
    /// Code of the highest vocational qualification. 0 means not stated.
    #[field(create, update)]
    pub highest_level_of_professional_training: Option<i64>,
    /// Code of the highest school leaving certificate. 0 means not stated.
    #[field(create, update)]
    pub highest_level_of_education: Option<i64>,
}
