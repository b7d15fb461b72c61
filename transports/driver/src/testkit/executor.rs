//! A single-threaded executor whose time is a [`Clock`].

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use agentchat_engine::Mono;

use super::{Clock, Task};

/// Virtual time after which [`Executor::block_on`] takes a future for stuck. A live session's keepalive never ends, so that
/// "no timer is left" says nothing.
const STUCK: Duration = Duration::from_secs(24 * 60 * 60);

/// More rounds than any step needs: tasks that wake each other for ever.
const SPINNING: usize = 10_000;

/// Runs futures in the order in which they were spawned, each while it is woken. Deterministic: there is one thread, and time is
/// the clock's.
///
/// ```
/// use agentchat_driver::testkit::{Executor, TestPlatform, json};
/// use std::time::Duration;
///
/// let platform = TestPlatform::new();
/// let mut failures = 2;
/// platform.on("GET", "/v1/agents/me", move |_| {
///     failures -= 1;
///     (failures >= 0).then(|| json(503, &serde_json::json!({})))
/// });
/// // The retries' waits pass, and take no time.
/// let client = platform.client();
/// let me = Executor::new(&platform.clock()).block_on(async move { client.get_me().await }).unwrap();
/// assert_eq!(me.meta.attempts, 3);
/// ```
pub struct Executor {
    clock: Clock,
    tasks: Vec<Task<()>>,
}

impl Executor {
    /// An executor without tasks.
    #[must_use]
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), tasks: Vec::new() }
    }

    /// Takes a future to run; its result is of no interest. Nothing happens before the executor runs.
    pub fn spawn<T>(&mut self, future: impl Future<Output = T> + 'static) {
        self.tasks.push(Task::new(async move {
            future.await;
        }));
    }

    /// Runs everything until nothing can go on without time passing.
    ///
    /// # Panics
    /// If tasks wake themselves or each other for ever.
    pub fn run(&mut self) {
        for _ in 0..SPINNING {
            if !self.tasks.iter().any(Task::is_woken) {
                return;
            }
            for task in &mut self.tasks {
                // Its end is of no interest.
                let _ = task.run();
            }
            self.tasks.retain(|task| !task.is_done());
        }
        panic!("the tasks wake each other for ever");
    }

    /// Lets time pass, and everything happen at its time.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn advance(&mut self, by: Duration) {
        let until = self.clock.now().mono + by;
        loop {
            self.run();
            match self.clock.next_wake().filter(|at| *at <= until) {
                Some(at) => self.clock.advance_to(at),
                None => break,
            }
        }
        self.clock.advance_to(until);
        self.run();
    }

    /// Runs a future to its end, the spawned ones beside it. Whenever all wait, time jumps to the next wake-up.
    ///
    /// # Panics
    /// If the future is not done after a day of the clock's time, or nobody is left who could wake it; and as
    /// [`run`](Self::run).
    pub fn block_on<T: 'static>(&mut self, future: impl Future<Output = T> + 'static) -> T {
        let result = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&result);
        self.spawn(async move {
            let done = future.await;
            *slot.borrow_mut() = Some(done);
        });
        let limit: Mono = self.clock.now().mono + STUCK;
        loop {
            self.run();
            if let Some(result) = result.borrow_mut().take() {
                return result;
            }
            match self.clock.next_wake() {
                Some(at) if at <= limit => self.clock.advance_to(at),
                Some(_) => panic!("stuck: not done after a day"),
                None => panic!("stuck: nothing is left to wait for"),
            }
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("clock", &self.clock).field("tasks", &self.tasks.len()).finish()
    }
}
