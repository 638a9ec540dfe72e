//! `performance/employee_score_scales`

use super::review_evaluation_answer::Scale;
use registry::{Id, Resource};

/// Predefined scale from which a company can choose.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/employee_score_scales",
    object = "performance_employee_score_scale",
    permission = "performance",
    operations(list, read)
)]
pub struct EmployeeScoreScale {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<EmployeeScoreScale>,
    /// Steps of the scale, lowest first.
    pub scale: Vec<Scale>,
    /// Whether companies start with this scale.
    pub is_default: bool,
}
