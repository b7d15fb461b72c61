//! One schedule, carried out in a world of its own.

use super::client::Subject;
use super::schedule::Schedule;
use super::tally::{Tally, Violation};
use super::world::World;

pub(super) fn execute<S: Subject>(subject: &S, schedule: &Schedule) -> (Tally, Option<Violation>) {
    let mut world = World::new(subject, schedule, false);
    let violation = world.run(schedule).err();
    (world.tally, violation)
}
