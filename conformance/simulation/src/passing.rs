//! How time passes: to the next thing that is due, and until nothing is left to wait for.

use std::time::Duration;

use super::client::{Client, Subject, Told, Wish};
use super::network::micros;
use super::tally::{Promise, Violation};
use super::world::{World, trace};

/// Time in which nothing but signs of life happens, after which nothing else is awaited: longer than a client may
/// wait for anything.
const PATIENCE: Duration = Duration::from_secs(200);

impl<S: Subject> World<'_, S> {
    /// Lets time pass, with all that is due in it.
    pub(super) fn pass(&mut self, time: Duration) -> Result<(), Violation> {
        let end = self.now + micros(time);
        while self.next().is_some_and(|at| at <= end) {
            self.step()?;
        }
        self.now = self.now.max(end);
        Ok(())
    }

    /// Until nothing is left to do, for as long as that may take.
    pub(super) fn rest(&mut self, done: impl Fn(&Self) -> bool) -> Result<(), Violation> {
        self.until(|world| {
            world.network.is_quiet() && world.unread.is_empty() && world.client.is_live() && done(world)
        })?;
        if !self.client.is_live() {
            let what = format!("the client is not connected {} s after the last fault", PATIENCE.as_secs());
            return Err(Violation { promise: Promise::Live, what });
        }
        Ok(())
    }

    fn next(&self) -> Option<u64> {
        if self.may_read() {
            return Some(self.now);
        }
        self.network.next().into_iter().chain(self.wake).min()
    }

    /// Whether something waits to be read, and is.
    fn may_read(&self) -> bool {
        self.reading && !self.unread.is_empty()
    }

    /// The next thing that is due.
    fn step(&mut self) -> Result<(), Violation> {
        if self.may_read()
            && let Some(arrival) = self.unread.pop_front()
        {
            return self.arrive(arrival);
        }
        let arrival = self.network.next();
        if let Some(wake) = self.wake.filter(|wake| arrival.is_none_or(|at| *wake <= at)) {
            self.now = self.now.max(wake);
            self.tell(Told::Timeout)?;
            if let Some(wake) = self.wake.filter(|wake| *wake <= self.now) {
                let what = format!("time has passed, and it is still to be said at {} µs", wake);
                return Err(Violation { promise: Promise::Live, what });
            }
            return Ok(());
        }
        if let (Some(at), Some(arrival)) = (arrival, self.network.pop()) {
            self.now = self.now.max(at);
            self.arrive(arrival)?;
        }
        Ok(())
    }

    /// Time that has not passed changes nothing: there is nothing new to say, and the same time to wait for.
    pub(super) fn early_timeout(&mut self) -> Result<(), Violation> {
        let Some(wake) = self.wake.filter(|wake| *wake > self.now) else { return Ok(()) };
        trace!(self, "> Timeout, early");
        self.tally.fault("timeout before its time");
        self.tally.inputs += 1;
        self.client.told(self.clock(), Told::Timeout);
        match self.client.wish() {
            Wish::Idle { wake: again, .. } if again == Some(wake) => self.judge_step(),
            other => {
                let what = format!("told of a timeout before its time, the client wants {other:?}");
                Err(Violation { promise: Promise::Live, what })
            }
        }
    }

    /// Until the client is connected and has caught up.
    pub(super) fn until_live(&mut self) -> Result<(), Violation> {
        self.until(|world| world.client.is_live())
    }

    /// Until the close that was asked for has ended.
    pub(super) fn wait_for_close(&mut self) -> Result<(), Violation> {
        self.until(|world| !world.running)
    }

    fn until(&mut self, done: impl Fn(&Self) -> bool) -> Result<(), Violation> {
        self.eventful = self.now;
        while !done(self) && self.now <= self.eventful + micros(PATIENCE) && self.next().is_some() {
            self.step()?;
        }
        Ok(())
    }
}
