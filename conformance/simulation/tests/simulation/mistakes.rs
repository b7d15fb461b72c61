//! Each mistake of the official SDKs that the toy client can make is found, where the toy without it keeps every promise.
//! The table is in `simulation/toy/mistake.rs`.

use agentchat_simulation::{Mistake, Promise, Scenario, explore, explore_toy};

/// Seeds a mistake is given to show.
const SEEDS: u64 = 200;

/// Where each shows, the promise it breaks, and the judge's words.
const FOUND: &[(Mistake, Scenario, Promise, &str)] = &[
    (Mistake::OwnRowsAreMessages, Scenario::Groups, Promise::NothingLost, "is our own and was offered"),
    (Mistake::RowsOpenGaps, Scenario::Backlog, Promise::Bounded, "and nothing is missing"),
    (Mistake::IdleMarksForgotten, Scenario::Flaky, Promise::InOrder, "and nothing was said about it"),
    (Mistake::FailedIsAcked, Scenario::Handlers, Promise::NothingLost, "was acked by cursor and never settled"),
    (Mistake::ArrivedIsAcked, Scenario::Backlog, Promise::NothingLost, "was acked by cursor and never settled"),
    (Mistake::StuckRowsAreNotAcked, Scenario::Handlers, Promise::NothingLost, "and the platform still owes it"),
    (Mistake::BelowIsAcked, Scenario::Flaky, Promise::NothingLost, "and never settled"),
    (Mistake::GivenUpIsAcked, Scenario::Handlers, Promise::NothingLost, "was acked by cursor and never settled"),
    (Mistake::BelowIsDropped, Scenario::Legacy, Promise::NothingLost, "has arrived, and was never handled"),
    (Mistake::AckedWithoutConsumer, Scenario::Handlers, Promise::NothingLost, "was acked by frame and never settled"),
    (Mistake::AckNotKept, Scenario::SocketOnly, Promise::NothingLost, "was handled, and the platform still owes it"),
    (Mistake::HandlersOverlap, Scenario::Calm, Promise::InOrder, "while another of its conversation was handled"),
    (Mistake::OnePageFill, Scenario::Groups, Promise::NothingLost, "is said not to exist, and history has it"),
    (Mistake::FailureIsRecovered, Scenario::HttpFaults, Promise::InOrder, "and nothing was said about it"),
    (Mistake::FillForgetsArrivals, Scenario::HttpFaults, Promise::NoDuplicates, "although it had been settled"),
    (Mistake::OneWindow, Scenario::SocketOnly, Promise::InOrder, "a gap is said to begin with"),
    (Mistake::MarkGoesBack, Scenario::Handlers, Promise::Bounded, "and nothing is missing"),
    (Mistake::InFlightIsAcked, Scenario::Handlers, Promise::NothingLost, "was acked by cursor and never settled"),
    (Mistake::EveryPolicyCloseIsFinal, Scenario::Flaky, Promise::Live, "nothing final has happened"),
    (Mistake::CloseLosesAcks, Scenario::Closing, Promise::NothingLost, "and its ack was never sent"),
    (Mistake::CloseDiscards, Scenario::Legacy, Promise::NothingLost, "nothing was done or said about it"),
    (
        Mistake::FarSeqIsBelieved,
        Scenario::Poison,
        Promise::InOrder,
        "was offered as late, and nothing higher before it",
    ),
    (Mistake::OwnSendsLeaveGaps, Scenario::Groups, Promise::Bounded, "and nothing is missing"),
    (Mistake::PagingWaits, Scenario::Backlog, Promise::Live, "and the next one was not asked for"),
    (Mistake::SignalsVanish, Scenario::Closing, Promise::NothingLost, "neither sent nor handed back"),
    (Mistake::NoCloseIsFinal, Scenario::Closing, Promise::Live, "for good, and the client goes on"),
    (Mistake::CloseLeavesHandlers, Scenario::Closing, Promise::NothingLost, "handlers were at work"),
    (Mistake::AcksForNobody, Scenario::Legacy, Promise::NothingLost, "to a platform that takes none"),
    (Mistake::BytesEndConnections, Scenario::Poison, Promise::Live, "made the client close"),
    (Mistake::GivenUpIsForgotten, Scenario::Groups, Promise::NothingLost, "was given up, and is asked for by nothing"),
    (Mistake::OneFailureEndsFill, Scenario::HttpFaults, Promise::InOrder, "and history had failed"),
    (Mistake::NoDeadlines, Scenario::Flaky, Promise::Live, "the client is not connected"),
    (Mistake::SilentEnd, Scenario::Flaky, Promise::Live, "the client has ended, and said nothing"),
    (Mistake::GivenUpForGood, Scenario::Legacy, Promise::NothingLost, "and was never offered again"),
    (Mistake::ReadsOnWhenFull, Scenario::Flood, Promise::Bounded, "were read and not handled"),
    (Mistake::NoBounds, Scenario::Flood, Promise::Bounded, "are buffered"),
];

#[test]
fn every_mistake_is_found_where_the_toy_without_it_keeps_every_promise() {
    assert!(FOUND.iter().map(|(mistake, ..)| mistake).eq(Mistake::ALL));
    for &(mistake, scenario, promise, words) in FOUND {
        let right = explore_toy(None, scenario, 0, SEEDS, 2);
        assert_eq!(right.violations, 0, "{scenario}: {:#?}", right.failures);
        let wrong = explore_toy(Some(mistake), scenario, 0, SEEDS, 2);
        let found = wrong.failures.iter().map(|failure| &failure.violation);
        let found = found.filter(|found| found.promise == promise && found.what.contains(words)).count();
        assert_ne!(found, 0, "{mistake:?} in {scenario}: {} violations: {:#?}", wrong.violations, wrong.failures);
    }
}

#[test]
fn a_client_without_bounds_is_found_where_the_engine_keeps_them() {
    let unbounded = explore_toy(None, Scenario::TinyBuffers, 0, SEEDS, 2);
    let found = unbounded.failures.iter().map(|failure| &failure.violation);
    let found = found.filter(|found| found.promise == Promise::Bounded && found.what.contains("are buffered")).count();
    assert_ne!(found, 0, "{:#?}", unbounded.failures);
    let engine = explore(Some(Scenario::TinyBuffers), 0, SEEDS, 2);
    assert_eq!(engine.violations, 0, "{:#?}", engine.failures);
}
