//! What the world does next.

use std::time::Duration;

use agentchat_engine::realtime::{Input, Outcome, Signal};
use agentchat_engine::{ApiKey, Fault, FaultKind, WasSent};
use bytes::Bytes;
use http::Response;

use super::{Driven, KEY};
use crate::{Choices, answers, rows};

/// Frames that are nothing, or nothing that is expected.
const FRAMES: [&str; 12] = [
    "null",
    "{}",
    "[[[[",
    r#"{"type":"message.new"}"#,
    r#"{"type":"message.new","payload":[]}"#,
    r#"{"payload":{"id":"a-1","conversation_id":"a","seq":1},"type":"message.new"}"#,
    r#"{"type":"hello.ok","capabilities":["ack"]}"#,
    r#"{"type":"hello.ok"}"#,
    r#"{"type":"typing.start","payload":{"conversation_id":"a"}}"#,
    r#"{"type":"message.new","type":"x","payload":{"id":"a-2"}}"#,
    r#"{"type":"auth.rejected"}"#,
    r#"{"\u0074ype":"message.new","p\u0061yload":{"\u0069d":"a-3","conversation_id":"\u0061","seq":3,"sender":"alice"}}"#,
];

const CLOSES: [u16; 8] = [1006, 1000, 1001, 1008, 1012, 1013, 4401, 4403];

impl Driven {
    /// Does what the choices say next.
    pub fn step(&mut self, choices: &mut Choices<'_>) {
        match choices.below(32) {
            0..8 => self.message(choices),
            8..13 => self.answer(choices),
            13..17 => self.settle(choices),
            17 | 18 => self.time_out(),
            19 => {
                self.pass(Duration::from_millis(1 << choices.below(24)));
                if choices.below(2) == 0 {
                    self.timeout();
                }
            }
            20 | 21 => self.open(choices),
            22 => self.frame(choices),
            23 => self.end(choices),
            24 => self.consume(!self.consumer),
            25 => {
                let conversation_id = choices.pick(&["a", "b", "wild"]).into();
                self.input(Input::Sent { conversation_id, seq: choices.below(60) as u64 });
            }
            26 => {
                self.signals = 1;
                let conversation_id = choices.pick(&["a", ""]).into();
                self.input(Input::Signal(Signal::TypingStart { conversation_id }));
            }
            27 => self.input(Input::Drain),
            28 if choices.rarely(4) => {
                self.closing |= !self.ended;
                self.input(Input::Close);
            }
            29 => self.start(),
            30 => self.store(),
            31 if choices.rarely(3) => {
                if choices.below(2) == 0 {
                    self.store();
                }
                self.restart(!choices.rarely(4));
            }
            _ => self.input(Input::Timeout),
        }
    }

    /// The application starts the session with another key.
    pub(super) fn start(&mut self) {
        if self.ended {
            (self.ended, self.closing) = (false, false);
        }
        self.input(Input::Start { api_key: Some(ApiKey::new(KEY).expect("a key")) });
    }

    fn message(&mut self, choices: &mut Choices<'_>) {
        let Some(connection) = self.connection else { return };
        let cursor = choices.rarely(4).then(|| self.cursor());
        let row = rows::make(choices, cursor.as_deref(), None);
        self.ledger.sent(&row);
        self.input(Input::Text(connection, format!(r#"{{"type":"message.new","payload":{}}}"#, row.text)));
    }

    fn cursor(&mut self) -> String {
        self.cursors += 1;
        format!("del_{}", self.cursors)
    }

    fn frame(&mut self, choices: &mut Choices<'_>) {
        let Some(connection) = self.connection else { return };
        match choices.below(4) {
            0 => self.input(Input::Text(connection, choices.text())),
            1 => self.input(Input::Binary(connection)),
            2 => self.input(Input::Alive(connection)),
            _ => self.input(Input::Text(connection, choices.pick(&FRAMES).to_owned())),
        }
    }

    /// The socket opens and HELLO is accepted, or only the one.
    fn open(&mut self, choices: &mut Choices<'_>) {
        let Some(connection) = self.connection else { return };
        if !self.is_open {
            self.is_open = true;
            self.input(Input::Opened(connection));
        }
        let hello = match choices.below(8) {
            0 => return,
            1 => r#"{"type":"hello.ok","capabilities":[]}"#,
            _ => r#"{"type":"hello.ok","capabilities":["ack"]}"#,
        };
        self.input(Input::Text(connection, hello.to_owned()));
    }

    /// The socket ends, or one that ended before says something.
    fn end(&mut self, choices: &mut Choices<'_>) {
        if choices.rarely(3)
            && let Some(past) = self.past.last().copied()
        {
            let text = r#"{"type":"message.new","payload":{"id":"past","conversation_id":"a","seq":1}}"#;
            self.input(Input::Text(past, text.to_owned()));
            self.input(Input::Opened(past));
            return self.input(Input::Closed { connection: past, code: Some(1008), reason: String::new() });
        }
        let Some(connection) = self.connection else { return };
        self.lose_socket();
        if choices.below(2) == 0 {
            let fault = match choices.below(4) {
                0 => Fault::upgrade_refused(choices.pick(&[401, 403, 429, 503]), Some(Duration::from_secs(7))),
                _ => Fault::new(FaultKind::Io, WasSent::Maybe, choices.text()),
            };
            return self.input(Input::Fault(connection, fault));
        }
        let code = choices.rarely(2).then(|| choices.pick(&CLOSES));
        self.input(Input::Closed { connection, code, reason: choices.text() });
    }

    fn settle(&mut self, choices: &mut Choices<'_>) {
        if self.tokens.is_empty() {
            return;
        }
        // One that is settled as often as not, which changes nothing.
        let token = match self.ledger.open().filter(|_| choices.below(4) > 0) {
            Some(open) => open,
            None => self.tokens[choices.byte() % self.tokens.len()],
        };
        let outcome = match choices.below(6) {
            0 => Outcome::Failed { retry_after: None },
            1 => Outcome::Failed { retry_after: Some(Duration::from_millis(1 << choices.below(16))) },
            2 => Outcome::Discarded { reason: choices.text() },
            _ => Outcome::Handled,
        };
        self.ledger.settled(token, &outcome);
        self.input(Input::Settled { delivery: token, outcome });
    }

    fn answer(&mut self, choices: &mut Choices<'_>) {
        if self.requests.is_empty() {
            return;
        }
        let at = choices.byte() % self.requests.len();
        let (request, asked) = self.requests.remove(at);
        let path = asked.uri().path().to_owned();
        let result = match choices.below(8) {
            0 => Err(Fault::new(FaultKind::Io, choices.pick(&[WasSent::Maybe, WasSent::No]), choices.text())),
            1 => Ok(answers::any(choices, "not the key")),
            _ => Ok(Response::new(Bytes::from(self.page(choices, &path)))),
        };
        self.input(Input::Response { request, result });
    }

    /// An answer that may be true.
    fn page(&mut self, choices: &mut Choices<'_>, path: &str) -> String {
        if path.ends_with("/me") {
            return r#"{"handle":"me"}"#.to_owned();
        }
        if path.ends_with("/ack") {
            return r#"{"acked":1}"#.to_owned();
        }
        let sync = path.ends_with("/sync");
        let of = path.rsplit('/').next().filter(|_| !sync).map(str::to_owned);
        let rows: Vec<String> = (0..choices.below(6))
            .map(|_| {
                let cursor = sync.then(|| self.cursor());
                // Rows of other conversations, now and then.
                let of = of.as_deref().filter(|_| !choices.rarely(8));
                let row = rows::make(choices, cursor.as_deref(), of);
                self.ledger.sent(&row);
                if sync {
                    self.ledger.drained(cursor.as_deref().filter(|cursor| row.text.contains(*cursor)), &row);
                }
                row.text
            })
            .collect();
        format!("[{}]", rows.join(","))
    }
}
