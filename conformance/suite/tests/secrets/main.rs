//! One full run with everything collected that the client prints about itself: what it logs at the finest level, and the
//! `Debug` and `Display` of every request, answer, event and error, and the recordings of all calls and sessions. None of it contains a secret.
//!
//! The platform runs on a thread of its own, without a log: what a server prints is its own affair.

mod by_hand;
mod collector;
mod story;

use collector::Collector;
use story::World;

#[test]
fn nothing_that_is_printed_contains_a_secret() {
    let world = World::start();
    let (collector, tapes) = (Collector::default(), Collector::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let secrets = {
        let _logging = collector.listen();
        runtime.block_on(story::run(&world, &collector, &tapes))
    };
    let (printed, recorded) = (collector.printed(), tapes.printed());
    // The net has to be in the water: these come from the log, from a request, an answer, an error, an event and from hooks.
    let hooks = ["RequestEvent {", "ResponseEvent {", "ErrorEvent {", "RetryEvent {"];
    let others = ["TRACE", "DEBUG", "call{name=\"verify\"", "SendMessage", "Reply {", "UNAUTHORIZED", "Live"];
    for expected in hooks.into_iter().chain(others) {
        assert!(printed.contains(expected), "nothing was collected that says {expected}");
    }
    assert!(recorded.matches("\"agentchat_recording\":1").count() > 20, "calls and sessions are recorded");
    assert!(secrets.len() >= 12, "{} secrets", secrets.len());
    for (name, secret) in secrets.iter() {
        // A recording keeps idempotency keys: without them the requests could not be compared, and alone they open nothing.
        let recorded = if name == story::IDEMPOTENCY { "" } else { &recorded };
        let mut lines = printed.lines().chain(recorded.lines());
        if let Some(line) = lines.find(|line| collector::shows(line, secret)) {
            panic!("{name} is in: {}", collector::shortened(line));
        }
    }
}
