//! What the next process can know.

use super::Judge;
use super::known::{Course, Fate};

/// What a checkpoint can know.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge {
    stamp: u64,
    legacy: bool,
    courses: Vec<Course>,
    /// Whether its hole was announced, by message: the marks above those holes are in the checkpoint.
    announced: Vec<bool>,
}

impl Judge {
    /// What a checkpoint of this moment can know.
    pub(crate) fn knowledge(&self) -> Knowledge {
        let announced = self.fates.iter().map(|fate| fate.announced).collect();
        Knowledge { stamp: self.stamp, legacy: self.legacy, courses: self.courses.clone(), announced }
    }

    /// The client learns that the platform takes no acks.
    pub(crate) fn takes_no_acks(&mut self) {
        (self.legacy, self.ever_legacy) = (true, true);
    }

    /// The process dies, and the next one knows this much.
    pub(crate) fn died(&mut self, known: Option<&Knowledge>) {
        for (number, fate) in self.fates.iter_mut().enumerate() {
            let keeps = known.is_some_and(|known| fate.known_settled.is_some_and(|stamp| stamp <= known.stamp));
            *fate = Fate {
                settled: fate.settled,
                earlier: fate.earlier,
                acked: fate.acked,
                known_settled: fate.known_settled.filter(|_| keeps),
                passed: fate.passed && known.is_some(),
                announced: known.and_then(|known| known.announced.get(number)).is_some_and(|announced| *announced),
                ..Fate::default()
            };
        }
        for (conversation, course) in self.courses.iter_mut().enumerate() {
            let wild = course.wild;
            *course = known.map(|known| known.courses[conversation]).unwrap_or_default();
            // What had arrived and was not offered is not in a checkpoint.
            let highest = course.highest.filter(|_| course.offered > 0).map(|highest| highest.min(course.offered));
            *course = Course { in_flight: 0, wild: wild || course.wild, highest, ..*course };
        }
        self.missed.clear();
        self.batch.clear();
        self.in_flight = 0;
        self.held = 0;
        self.resumed = known.is_some();
        self.unsaid = known.is_some_and(|known| self.ever_legacy && !known.legacy);
        self.legacy = known.is_some_and(|known| known.legacy);
    }
}
