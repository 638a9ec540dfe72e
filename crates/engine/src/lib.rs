//! The one path of a resource's operation: input checked against the declaration, decided, done in one transaction,
//! rendered in the caller's version. It knows no resource by name.

mod code;
mod compute;
mod context;
mod decision;
mod error;
mod event;
mod explain;
mod file;
mod input;
mod lapse;
mod late;
mod list;
mod operation;
mod plan;
mod plant;
mod relations;
mod render;
mod replay;
mod value;

pub use code::{
    Act, Answer, Code, Derived, Due, Effect, Errand, Facts, Fixed, Hide, Join, Link, Narrow, Object, Order,
    Removal, Remove, Rule, Take, Work, id_of, ids_in,
};
pub use compute::{Ask, Compute, Key, day_number, day_of, employee_day, number, numbers};
pub use context::{Caller, Context, Engine, by, one_of};
pub use error::{Error, Problem};
pub use event::{Audience, Event, EventRecord, EventType};
pub use explain::{explain, in_words};
pub use file::{File, FileRecord, Links, Upload, find as find_file, piece as file_piece};
pub use input::{Body, Change, Draft, Input, Sets};
pub use list::{List, Parameters};
pub use plan::Plan;
pub use relations::{Relations, relations};
pub use replay::{MIGRATIONS, Once, clean};
