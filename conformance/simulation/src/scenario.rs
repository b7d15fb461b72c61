//! The scenarios by name: how likely what is, and in which surroundings.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::dice::Dice;
use super::mix::Mix;
use super::schedule::{Acks, Knobs, Setup};

/// What kind of trouble a schedule is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scenario {
    /// Messages and own sends, no faults.
    Calm,
    /// Sockets that end in every way, frames that are lost, late or twice.
    Flaky,
    /// Everything at once.
    Storm,
    /// A platform without acks.
    Legacy,
    /// Much is stored before the client connects and while it is away.
    Backlog,
    /// Rows, frames and seqs that make no sense.
    Poison,
    /// The process dies and resumes, at any moment.
    Crash,
    /// Buffers that are soon full.
    TinyBuffers,
    /// Group events, mutes, hidden and skipped messages, own sends.
    Groups,
    /// HTTP that is slow, fails, and answers late.
    HttpFaults,
    /// Handlers that are slow, fail, or never end.
    Handlers,
    /// Clients that are closed and started again.
    Closing,
    /// No drain: the socket alone.
    SocketOnly,
    /// More messages than fit, from a platform that waits while it is not read.
    Flood,
}

impl Scenario {
    /// All of them; without a choice, the seed chooses.
    pub const ALL: &[Self] = &[
        Self::Calm,
        Self::Flaky,
        Self::Storm,
        Self::Legacy,
        Self::Backlog,
        Self::Poison,
        Self::Crash,
        Self::TinyBuffers,
        Self::Groups,
        Self::HttpFaults,
        Self::Handlers,
        Self::Closing,
        Self::SocketOnly,
        Self::Flood,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Flaky => "flaky",
            Self::Storm => "storm",
            Self::Legacy => "legacy",
            Self::Backlog => "backlog",
            Self::Poison => "poison",
            Self::Crash => "crash",
            Self::TinyBuffers => "tiny-buffers",
            Self::Groups => "groups",
            Self::HttpFaults => "http-faults",
            Self::Handlers => "handlers",
            Self::Closing => "closing",
            Self::SocketOnly => "socket-only",
            Self::Flood => "flood",
        }
    }

    /// The one that a seed chooses.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 0);
        dice.pick(Self::ALL)
    }

    pub(super) fn mix(self) -> Mix {
        let calm = Mix { message: 60, own: 12, handler_slow: 4, ..Mix::default() };
        let flaky = Mix { frame: 16, cut: 10, dial: 3, nonsense: 1, ..calm };
        match self {
            Self::Calm => calm,
            Self::Flaky => flaky,
            Self::Storm => Mix {
                http: 12,
                handler: 8,
                consumer: 2,
                drain: 2,
                close: 1,
                checkpoint: 2,
                crash: 2,
                sleep: 2,
                wall_clock: 1,
                system: 4,
                mute: 2,
                hide: 2,
                skipped: 2,
                odd_seq: 2,
                poison: 2,
                nonsense: 2,
                early_timeout: 3,
                typing: 3,
                binary: 1,
                refused: 1,
                start: 2,
                ..flaky
            },
            Self::Legacy => Mix { http: 4, handler: 3, system: 4, hide: 1, mute: 1, drain: 1, poison: 2, ..flaky },
            Self::Backlog => Mix { before: 40, system: 6, mute: 3, cut: 6, http: 8, frame: 6, handler: 3, ..calm },
            Self::Poison => {
                Mix { odd_seq: 14, poison: 14, nonsense: 6, binary: 3, before: 8, cut: 6, handler: 3, http: 3, ..calm }
            }
            Self::Crash => {
                Mix { crash: 8, checkpoint: 8, refused: 2, cut: 4, frame: 6, handler: 4, http: 4, before: 4, ..calm }
            }
            Self::TinyBuffers => {
                Mix { cut: 3, frame: 6, handler: 6, handler_slow: 12, consumer: 3, before: 12, ..calm }
            }
            Self::Groups => {
                Mix { system: 25, mute: 6, hide: 6, skipped: 4, own: 25, before: 10, cut: 5, frame: 5, http: 4, ..calm }
            }
            Self::HttpFaults => {
                Mix { http: 30, cut: 8, frame: 10, before: 10, drain: 2, wall_clock: 2, sleep: 1, ..calm }
            }
            Self::Handlers => Mix { handler: 25, handler_slow: 12, consumer: 4, cut: 5, frame: 4, drain: 2, ..calm },
            Self::Closing => Mix {
                close: 8,
                start: 6,
                refused: 3,
                typing: 4,
                handler_slow: 12,
                handler: 4,
                cut: 4,
                frame: 4,
                http: 4,
                ..calm
            },
            Self::SocketOnly => Mix { frame: 8, cut: 8, dial: 4, handler: 4, handler_slow: 6, poison: 3, ..calm },
            Self::Flood => Mix { message: 20, burst: 14, drain: 2, typing: 2, before: 60, ..Mix::default() },
        }
    }

    pub(super) fn setup(self, dice: &mut Dice) -> Setup {
        let seconds = |list: &[u64]| list.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
        let mut setup = Setup {
            conversations: dice.between(1, 5) as u16,
            acks: Acks::Always,
            backlog: dice.percent(75),
            history_page: dice.pick(&[2, 5, 200]),
            socket_latency: Duration::from_millis(dice.pick(&[1, 8, 40_u64])),
            http_latency: Duration::from_millis(dice.pick(&[1, 15, 90_u64])),
            handling: Duration::from_millis(dice.pick(&[0, 1, 30_u64])),
            flood: false,
            options: Knobs {
                handle_known: dice.percent(70),
                drain: true,
                drain_page: dice.pick(&[1, 3, 100]),
                fill: dice.percent(85),
                fill_after: Duration::from_millis(if dice.percent(25) { 2_000 } else { 75 }),
                max_in_flight: dice.pick(&[1, 2, 64]),
                buffered_messages: 10_000,
                buffered_bytes: 64 << 20,
                redelivery: if dice.percent(70) { seconds(&[1, 5]) } else { Vec::new() },
                reoffers: dice.between(1, 3),
            },
        };
        match self {
            Self::Legacy => setup.acks = dice.pick(&[Acks::Never, Acks::Never, Acks::Alternating]),
            Self::Storm => {
                setup.conversations = dice.between(1, 12) as u16;
                setup.acks = dice.pick(&[Acks::Always, Acks::Always, Acks::Never, Acks::Alternating]);
                if dice.percent(20) {
                    setup.options.buffered_messages = dice.between(2, 12) as usize;
                }
            }
            Self::TinyBuffers => {
                setup.acks = dice.pick(&[Acks::Always, Acks::Always, Acks::Never]);
                setup.options.buffered_messages = dice.between(1, 8) as usize;
                if dice.percent(30) {
                    setup.options.buffered_bytes = dice.between(1_000, 6_000) as usize;
                }
            }
            Self::Flood => {
                setup.flood = true;
                setup.options.handle_known = true;
                setup.options.buffered_messages = dice.between(10, 100) as usize;
                // A drain of the backlog is over before reading may stop no longer.
                setup.options.drain_page = dice.pick(&[20, 100]);
            }
            Self::SocketOnly => {
                setup.options.drain = false;
                setup.backlog = dice.percent(50);
            }
            _ => {}
        }
        setup
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|scenario| scenario.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|scenario| scenario.name()).collect();
            format!("the scenarios are {}", names.join(", "))
        })
    }
}
