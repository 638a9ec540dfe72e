//! Performance reviews.

pub mod agreement;
pub mod company_employee_score_scale;
pub mod employee_score_scale;
mod process;
pub mod review_evaluation;
pub mod review_evaluation_answer;
pub mod review_evaluation_score;
pub mod review_owner;
pub mod review_process;
pub mod review_process_custom_template;
pub mod review_process_estimated_target;
pub mod review_process_target;
pub mod review_questionnaires_by_strategy;
pub mod review_visibility_setting;
pub mod target_manager;

pub use agreement::Agreement;
pub use company_employee_score_scale::CompanyEmployeeScoreScale;
pub use employee_score_scale::EmployeeScoreScale;
pub use review_evaluation::ReviewEvaluation;
pub use review_evaluation_answer::ReviewEvaluationAnswer;
pub use review_evaluation_score::ReviewEvaluationScore;
pub use review_owner::ReviewOwner;
pub use review_process::ReviewProcess;
pub use review_process_custom_template::ReviewProcessCustomTemplate;
pub use review_process_estimated_target::ReviewProcessEstimatedTarget;
pub use review_process_target::ReviewProcessTarget;
pub use review_questionnaires_by_strategy::ReviewQuestionnairesByStrategy;
pub use review_visibility_setting::ReviewVisibilitySetting;
pub use target_manager::TargetManager;

use engine::{Code, Context, Error, one_of};
use registry::Entry;
use storage::Look;

use crate::narrow;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Agreement>().action::<agreement::BulkInitiate>().action::<agreement::Initiate>(),
        Entry::of::<CompanyEmployeeScoreScale>().action::<company_employee_score_scale::Set>(),
        Entry::of::<EmployeeScoreScale>(),
        Entry::of::<ReviewEvaluationAnswer>(),
        Entry::of::<ReviewEvaluationScore>(),
        Entry::of::<ReviewEvaluation>().action::<review_evaluation::ReplaceReviewer>(),
        Entry::of::<ReviewOwner>().action::<review_owner::BulkCreate>(),
        Entry::of::<ReviewProcessCustomTemplate>(),
        Entry::of::<ReviewProcessEstimatedTarget>(),
        Entry::of::<ReviewProcessTarget>()
            .action::<review_process_target::AddPeers>()
            .action::<review_process_target::BulkCreate>()
            .action::<review_process_target::RemovePeerEvaluations>(),
        Entry::of::<ReviewProcess>()
            .action::<review_process::CreateFromTemplate>()
            .action::<review_process::Duplicate>()
            .action::<review_process::RemindInBulk>()
            .action::<review_process::RemoveSchedule>()
            .action::<review_process::Reopen>()
            .action::<review_process::Schedule>()
            .action::<review_process::Start>()
            .action::<review_process::Stop>()
            .action::<review_process::ToggleArchive>()
            .action::<review_process::UpdateAgreementsConfiguration>()
            .action::<review_process::UpdateBasicInfo>()
            .action::<review_process::UpdateCompetenciesAssessmentsConfiguration>()
            .action::<review_process::UpdateDeadline>()
            .action::<review_process::UpdateEmployeeScoreConfiguration>()
            .action::<review_process::UpdateReviewerStrategies>()
            .action::<review_process::UpdateSchedule>()
            .action::<review_process::UpdateTargetStrategy>(),
        Entry::of::<ReviewQuestionnairesByStrategy>()
            .action::<review_questionnaires_by_strategy::UpdateDefaultRatingScale>()
            .action::<review_questionnaires_by_strategy::UpdateQuestionnaireForStrategy>(),
        Entry::of::<ReviewVisibilitySetting>(),
        Entry::of::<TargetManager>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    review_evaluation::CODE,
    review_owner::CODE,
    review_process_estimated_target::CODE,
    review_process_target::CODE,
    review_questionnaires_by_strategy::CODE,
    target_manager::CODE,
    review_process::CODE,
    agreement::CODE,
    company_employee_score_scale::CODE,
    review_evaluation_score::CODE,
];

/// Rows about whoever reports to a manager.
fn managed(cx: &mut Context<'_, '_>, column: &'static str, values: &[String]) -> Result<Vec<Look>, Error> {
    let reports = narrow::reports(cx, values)?;
    let accesses: Vec<i64> = reports.iter().filter_map(|person| person.int("access_id")).collect();
    Ok(vec![one_of(column, &accesses)])
}
