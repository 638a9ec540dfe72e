//! The first page after logging in.

use askama::Template;

use super::Page;
use super::work::{Clock, LeaveRow, Line};

/// `/home`
#[derive(Debug, Template)]
#[template(path = "home/home.html")]
pub struct HomePage {
    /// The frame.
    pub page: Page,
    /// The first name of the person.
    pub first_name: String,
    /// The company he is working in.
    pub company: String,
    /// The clock.
    pub clock: Clock,
    /// How many requests wait for the person's answer.
    pub waiting: usize,
    /// Who is away today.
    pub away: Vec<Line>,
    /// Leaves of the person that are to come.
    pub requests: Vec<LeaveRow>,
    /// What to do next, in order.
    pub checklist: Vec<Step>,
    /// Names and values worth having at hand, such as the base URL.
    pub facts: Vec<(String, String)>,
}

impl HomePage {
    /// How many steps are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.checklist.iter().filter(|step| step.done).count()
    }
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Step {
    /// What.
    pub title: String,
    /// Why, in one sentence.
    pub text: String,
    /// Where it is done.
    pub href: String,
    /// Whether it has been done.
    pub done: bool,
}
