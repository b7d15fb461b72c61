//! The frames of one direction of one socket, between the platform and the wire, with what rules do to them.

use std::collections::VecDeque;
use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::frame_fault::FrameFault;

/// What a fault does to the connection as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    Close(u16, String),
    Cut,
    Reset,
    Freeze,
}

/// Frames on their way, in the order in which they will arrive.
#[derive(Debug)]
pub(crate) struct FrameQueue<F> {
    /// In order. Nothing passes one whose time has not come.
    line: VecDeque<(Instant, F)>,
    /// Frames that others may overtake, until their time has come.
    deferred: Vec<(Instant, F)>,
    /// Frames that wait for so many others to leave first.
    held: Vec<(u32, F)>,
}

impl<F> Default for FrameQueue<F> {
    fn default() -> FrameQueue<F> {
        FrameQueue { line: VecDeque::new(), deferred: Vec::new(), held: Vec::new() }
    }
}

impl<F: Clone> FrameQueue<F> {
    /// Takes a frame that nothing happens to.
    pub(crate) fn put(&mut self, frame: F) {
        self.put_after(Duration::ZERO, frame);
    }

    /// Takes a frame with its fault. `replace` makes a frame of another text. Comes back with what the connection suffers;
    /// the frame is gone then.
    pub(crate) fn put_faulty(
        &mut self,
        frame: F,
        fault: FrameFault,
        replace: impl FnOnce(F, String) -> F,
    ) -> Option<Damage> {
        match fault {
            FrameFault::Drop => {}
            FrameFault::Duplicate { copies } => {
                for _ in 0..copies {
                    self.put(frame.clone());
                }
                self.put(frame);
            }
            FrameFault::Delay { by } => self.put_after(by, frame),
            FrameFault::Defer { by } => self.deferred.push((Instant::now() + by, frame)),
            FrameFault::Reorder { behind } => self.held.push((behind.max(1), frame)),
            FrameFault::Replace { text } => self.put(replace(frame, text)),
            FrameFault::Close { code, reason } => return Some(Damage::Close(code, reason)),
            FrameFault::Cut => return Some(Damage::Cut),
            FrameFault::Reset => return Some(Damage::Reset),
            FrameFault::Freeze => return Some(Damage::Freeze),
        }
        None
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = FrameQueue::default();
    }

    fn put_after(&mut self, delay: Duration, frame: F) {
        self.line.push_back((Instant::now() + delay, frame));
        // Those that have waited long enough join the line right behind the one that set them free.
        for (left, _) in &mut self.held {
            *left -= 1;
        }
        let (free, held) = std::mem::take(&mut self.held).into_iter().partition(|(left, _)| *left == 0);
        self.held = held;
        let free: Vec<(u32, F)> = free;
        self.line.extend(free.into_iter().map(|(_, frame)| (Instant::now(), frame)));
    }

    /// The next frame, if its time has come.
    pub(crate) fn take(&mut self) -> Option<F> {
        let now = Instant::now();
        if let Some(place) = self.deferred.iter().position(|(due, _)| *due <= now) {
            return Some(self.deferred.remove(place).1);
        }
        self.line.front().filter(|(due, _)| *due <= now)?;
        self.line.pop_front().map(|(_, frame)| frame)
    }

    /// The next frame, when its time has come; waits for ever if the queue is empty. Can be cancelled.
    pub(crate) async fn next(&mut self) -> F {
        loop {
            if let Some(frame) = self.take() {
                return frame;
            }
            let in_line = self.line.front().map(|(due, _)| *due);
            match self.deferred.iter().map(|(due, _)| *due).chain(in_line).min() {
                Some(due) => sleep_until(due).await,
                None => pending().await,
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.line.is_empty() && self.deferred.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn arrivals(count: usize, put: impl FnOnce(&mut FrameQueue<u32>)) -> Vec<u32> {
        let mut frame_queue = FrameQueue::default();
        put(&mut frame_queue);
        let mut frames = Vec::new();
        for _ in 0..count {
            frames.push(frame_queue.next().await);
        }
        assert!(frame_queue.is_empty());
        frames
    }

    fn faulty(frame_queue: &mut FrameQueue<u32>, frame: u32, fault: FrameFault) {
        assert_eq!(frame_queue.put_faulty(frame, fault, |_, text| text.parse().expect("a number")), None);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_are_lost_doubled_replaced_and_swapped() {
        let frames = arrivals(7, |frame_queue| {
            faulty(frame_queue, 1, FrameFault::Reorder { behind: 2 });
            faulty(frame_queue, 2, FrameFault::Drop);
            frame_queue.put(3);
            faulty(frame_queue, 4, FrameFault::Duplicate { copies: 2 });
            faulty(frame_queue, 5, FrameFault::Replace { text: "50".into() });
            frame_queue.put(6);
        });
        assert_eq!(frames.await, [3, 4, 1, 4, 4, 50, 6]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_holds_up_the_line_and_a_deferred_frame_does_not() {
        let frames = arrivals(4, |frame_queue| {
            faulty(frame_queue, 1, FrameFault::Defer { by: Duration::from_millis(20) });
            faulty(frame_queue, 2, FrameFault::Delay { by: Duration::from_millis(10) });
            frame_queue.put(3);
            faulty(frame_queue, 4, FrameFault::Delay { by: Duration::from_millis(30) });
        });
        assert_eq!(frames.await, [2, 3, 1, 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn damage_is_reported_and_takes_the_frame_with_it() {
        let mut frame_queue = FrameQueue::default();
        assert_eq!(frame_queue.put_faulty(1, FrameFault::Cut, |frame, _| frame), Some(Damage::Cut));
        frame_queue.put(2);
        assert_eq!(frame_queue.next().await, 2);
    }
}
