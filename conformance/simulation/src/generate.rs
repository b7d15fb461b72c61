//! From a seed, or from choices, to a schedule.

use std::time::Duration;

use super::dice::Dice;
use super::mix::Mix;
use super::scenario::Scenario;
use super::schedule::{
    Action, CutKind, DialFault, FrameFault, HandlerFault, HttpFault, OddSeq, Poison, Purpose, Resume, Schedule, Step,
    What,
};

/// The schedule of a seed.
pub(super) fn generate(scenario: Scenario, seed: u64) -> Schedule {
    thrown(&mut Dice::new(seed, 1), scenario, seed)
}

/// The schedule that bytes choose, as far as they reach.
pub(super) fn given(choices: &[u8]) -> Schedule {
    let mut dice = Dice::given(choices);
    let scenario = dice.pick(Scenario::ALL);
    let seed = dice.below(256).into();
    thrown(&mut dice, scenario, seed)
}

fn thrown(dice: &mut Dice, scenario: Scenario, seed: u64) -> Schedule {
    let setup = scenario.setup(dice);
    let mix = scenario.mix();
    let mut steps = Vec::new();
    let length = dice.between(10, 60);
    for _ in 0..(length * mix.before / 100) {
        // What an earlier process handled is a gap, which a flood is without.
        let acked = !setup.flood && dice.percent(50);
        let action = Action::Before { conversation: conversation(dice, setup.conversations), acked };
        steps.push(Step { wait: Duration::ZERO, action });
    }
    steps.push(Step { wait: Duration::ZERO, action: Action::Start });
    for _ in 0..length {
        if dice.is_spent() {
            break;
        }
        let wait = wait(dice);
        steps.push(Step { wait, action: action(dice, &mix, setup.conversations) });
    }
    Schedule { seed, setup, steps }
}

/// Some conversations are livelier than others.
fn conversation(dice: &mut Dice, conversations: u16) -> u16 {
    let first = dice.below(conversations.into());
    if dice.percent(50) { dice.below(first + 1) as u16 } else { first as u16 }
}

fn wait(dice: &mut Dice) -> Duration {
    match dice.below(20) {
        0..=7 => Duration::ZERO,
        8..=13 => Duration::from_micros(dice.between(1, 30_000).into()),
        14..=17 => Duration::from_millis(dice.between(30, 2_500).into()),
        18 => Duration::from_millis(dice.between(2_500, 12_000).into()),
        _ => Duration::from_millis(dice.between(12_000, 45_000).into()),
    }
}

fn some_time(dice: &mut Dice) -> Duration {
    match dice.below(3) {
        0 => Duration::from_millis(dice.between(1, 100).into()),
        1 => Duration::from_millis(dice.between(100, 3_000).into()),
        _ => Duration::from_millis(dice.between(3_000, 70_000).into()),
    }
}

fn action(dice: &mut Dice, mix: &Mix, conversations: u16) -> Action {
    let weights = [
        mix.message,
        mix.own,
        mix.system,
        mix.skipped,
        mix.odd_seq,
        mix.poison,
        mix.mute,
        mix.hide,
        mix.frame,
        mix.http,
        mix.dial,
        mix.cut,
        mix.handler,
        mix.handler_slow,
        mix.consumer,
        mix.drain,
        mix.start,
        mix.close,
        mix.checkpoint,
        mix.crash,
        mix.sleep,
        mix.wall_clock,
        mix.nonsense,
        mix.early_timeout,
        mix.typing,
        mix.binary,
        mix.refused,
        mix.burst,
    ];
    let kind = dice.weighted(&weights);
    let conversation = conversation(dice, conversations);
    let say = |what| Action::Say { conversation, what };
    match kind {
        0 => say(What::Message),
        1 if dice.percent(50) => say(What::OwnElsewhere),
        1 => say(What::OwnHere { answered: dice.percent(85) }),
        2 => say(What::System),
        3 => say(What::Skipped),
        4 => say(What::OddSeq(dice.pick(&[OddSeq::Absent, OddSeq::Fraction, OddSeq::Text, OddSeq::Huge]))),
        5 => say(What::Poison(dice.pick(&[Poison::Nowhere, Poison::NumberedId, Poison::Deep]))),
        6 => Action::Mute { conversation, on: dice.percent(60) },
        7 => Action::Hide { back: dice.below(6) as u16 },
        8 => Action::Frame(match dice.below(4) {
            0 | 1 => FrameFault::Drop,
            2 => FrameFault::Twice,
            _ => FrameFault::Late(some_time(dice)),
        }),
        9 => http_fault(dice),
        10 => Action::Dial(dice.pick(&[
            DialFault::Refused,
            DialFault::Hangs,
            DialFault::NoHelloOk,
            DialFault::HelloTooLate,
            DialFault::Shutdown,
        ])),
        11 => Action::Cut(match dice.below(4) {
            0 => CutKind::Closed(dice.pick(&[1000, 1001, 1013])),
            1 => CutKind::HalfOpen,
            _ => CutKind::Broken,
        }),
        12 => Action::Handler(match dice.below(8) {
            0..=2 => HandlerFault::Fails(dice.between(1, 4) as u8),
            3 => HandlerFault::FailsFor(some_time(dice)),
            4 => HandlerFault::AlwaysFails,
            5 => HandlerFault::NeverSettles,
            _ => HandlerFault::Discards,
        }),
        13 => Action::Handler(HandlerFault::Slow(some_time(dice))),
        14 => Action::Consumer(dice.percent(50)),
        15 => Action::Drain,
        16 => Action::Start,
        17 => Action::Close,
        18 => Action::Checkpoint,
        19 => Action::Crash(dice.pick(&[Resume::Fresh, Resume::Stored, Resume::Stored, Resume::Current])),
        20 => Action::Sleep(if dice.percent(20) { Duration::from_secs(86_400) } else { some_time(dice) }),
        21 => Action::WallClock(dice.between(0, 200_000) as i32 - 100_000),
        22 => Action::Nonsense(dice.below(8) as u8),
        23 => Action::EarlyTimeout,
        24 => Action::Typing { conversation },
        25 => Action::Binary,
        27 => Action::Burst { conversation, messages: dice.between(5, 120) as u16 },
        _ => Action::Cut(CutKind::Refused),
    }
}

fn http_fault(dice: &mut Dice) -> Action {
    let purpose = dice.pick(&[Purpose::Sync, Purpose::Sync, Purpose::SyncAck, Purpose::History, Purpose::Me]);
    let fault = match dice.below(9) {
        0 => HttpFault::Status(dice.pick(&[500, 502, 503])),
        1 => HttpFault::Status(match purpose {
            // Others would say for good that nothing can be had there.
            Purpose::History => dice.pick(&[400, 400, 401, 418]),
            _ => dice.pick(&[400, 403, 404, 410]),
        }),
        2 => HttpFault::Limited(dice.pick(&[0, 1, 30, 120])),
        3 => HttpFault::Unsent,
        4 => HttpFault::LostOnTheWay,
        5 => HttpFault::AnswerLost,
        6 => HttpFault::Truncated,
        7 => HttpFault::NotAPage,
        _ => HttpFault::Slow(some_time(dice)),
    };
    Action::Http(purpose, fault)
}
