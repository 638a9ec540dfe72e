//! What a worker is given to do, and what it says came of it.

use registry::{Company, Id, Instant};

use crate::records::{Delivery, Queue};

/// Deliveries of one subscription that nobody else does for the time of a lease.
#[derive(Debug)]
pub struct Job {
    /// The queue.
    pub queue: Id<Queue>,
    /// The company.
    pub company: Id<Company>,
    /// Tells this lease from another.
    pub lease: i64,
    /// The subscription.
    pub subscription: i64,
    /// Who is called.
    pub host: String,
    /// Where.
    pub target_url: String,
    /// What the subscriber recognises the sender by.
    pub challenge: Option<String>,
    /// What signs; two while one follows the other.
    pub secrets: Vec<[u8; 32]>,
    /// Whether attempts failed and none succeeded since.
    pub failing: bool,
    /// What to deliver, in order.
    pub deliveries: Vec<Ready>,
    /// What is not delivered, because the owner of the subscription may not see it.
    pub withheld: Vec<Id<Delivery>>,
}

/// One delivery, ready to be sent.
#[derive(Debug)]
pub struct Ready {
    /// The delivery.
    pub id: Id<Delivery>,
    /// What happened; the same for whoever is told of it again.
    pub event: i64,
    /// Its type.
    pub kind: String,
    /// What it happened to: deliveries about the same go one after the other.
    pub object: Option<i64>,
    /// The attempt, from 1.
    pub attempt: i64,
    /// Who did it, where the subscriber may see that.
    pub author: Option<(String, i64)>,
    /// The version of the body.
    pub version: String,
    /// Members that are left out of it, because the owner of the subscription may not see them.
    pub hidden: Vec<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came of a request.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there is no answer, or why it is no success.
    pub error: Option<String>,
    /// Whether nobody could be reached at all, so that the next delivery need not be tried at once.
    pub unreachable: bool,
    /// Headers of the request, a line for each, secrets left out.
    pub request_headers: String,
    /// Headers of the answer.
    pub response_headers: String,
    /// The beginning of its body.
    pub response_body: String,
}

impl Outcome {
    /// Whether the receiver has it.
    pub fn delivered(&self) -> bool {
        self.error.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// An attempt that was made.
#[derive(Debug, Clone)]
pub struct Done {
    /// The delivery.
    pub id: Id<Delivery>,
    /// Its company.
    pub company: Id<Company>,
    /// Its subscription.
    pub subscription: i64,
    /// The attempt, from 1.
    pub attempt: i64,
    /// When it began.
    pub at: Instant,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// The version of the body.
    pub version: String,
    /// Members that were left out of it.
    pub hidden: Vec<&'static str>,
    /// Whether an attempt of its queue had failed before, and none succeeded since.
    pub failing: bool,
    /// What came of it.
    pub outcome: Outcome,
}
