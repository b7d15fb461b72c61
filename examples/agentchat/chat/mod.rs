//! `agentchat chat`: a conversation in the terminal. What was said before, what comes, and what is typed, line by line.

mod commands;
mod editor;
mod other_side;
mod typed;

use std::collections::BTreeSet;
use std::future::pending;
use std::io::IsTerminal;
use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use agentchat_driver::Client;
use agentchat_tokio::engine::types::{Handle, Message, MessageId};
use agentchat_tokio::{ConnectionState, Delivery, Error, GetMessages, Report, SessionOptions, Transport};
use tokio::sync::mpsc;

use crate::exit::{Code, Exit, code_of};
use crate::output::{self, Output, note};
use crate::printable::printable;
use crate::signals::StopSignals;
use crate::terminal::Terminal;
use commands::Typed;
use other_side::OtherSide;
use typed::Line;

/// Messages of the history that are shown at first.
const HISTORY: u32 = 20;

pub(crate) async fn run<T: Transport>(client: &Client<T>, with: &str) -> Result<Code, Exit> {
    let other = OtherSide::find(client, with).await?;
    let me = client.get_me().await?.handle.clone();
    // Before the terminal's modes are changed, which are put back whatever ends the chat.
    let mut signals = StopSignals::new();
    let terminal =
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() { Terminal::open() } else { None };
    let (output, lines) = match &terminal {
        Some(_) => editor::start()?,
        None => (Output::start(), typed::from_stdin()),
    };
    let chat = Chat { client, me, other, output, shown: OnceLock::new(), echoes: terminal.is_none() };
    let outcome = async {
        let shown = tokio::select! {
            shown = chat.history(HISTORY) => shown?,
            () = signals.next() => return Ok(Code::Ok),
        };
        let _ = chat.shown.set(shown);
        chat.live(lines, signals).await
    };
    let outcome = outcome.await;
    if let Some(terminal) = terminal {
        output::below();
        drop(terminal);
    }
    outcome
}

struct Chat<'a, T> {
    client: &'a Client<T>,
    me: Handle,
    other: OtherSide,
    output: Output,
    /// Messages of the history: the session brings those again that were not delivered before.
    shown: OnceLock<BTreeSet<MessageId>>,
    /// Whether what was typed is shown once it is sent: on a terminal it stands there already.
    echoes: bool,
}

impl<T: Transport> Chat<'_, T> {
    /// Shows the newest messages; which they were.
    async fn history(&self, limit: u32) -> Result<BTreeSet<MessageId>, Error> {
        let Some(conversation) = self.other.conversation(self.client).await? else { return Ok(BTreeSet::new()) };
        let newest = self.client.get_messages(GetMessages::new(conversation).limit(limit)).await?;
        for message in newest.iter().rev() {
            // Where nothing can be printed any more, the chat ends by itself.
            let _ = self.show(&message.sender, &said(message)).await;
        }
        Ok(newest.iter().map(|message| message.id.clone()).collect())
    }

    async fn live(&self, lines: mpsc::Receiver<Line>, signals: StopSignals) -> Result<Code, Exit> {
        let options = SessionOptions::default()
            .own_handle(self.me.clone())
            // What is open at the end stays open on purpose, and however much it is, it holds up nobody.
            .close_wait(Duration::ZERO)
            .max_in_flight(usize::MAX)
            // They stay open as well, for the next listener.
            .system_events(true);
        let (realtime, session) = self.client.realtime(options);
        let mut running = pin!(session.run());
        let handling = async {
            let _ = realtime.on_message(|delivery| self.receive(delivery)).await;
            pending().await
        };
        let code = tokio::select! {
            ended = &mut running => return Err(over(ended)),
            code = self.type_away(lines, signals) => code,
            never = handling => never,
        };
        realtime.close();
        running.await;
        Ok(code)
    }

    async fn receive(&self, delivery: Delivery) -> Result<(), String> {
        let message = delivery.message().map_err(|e| e.to_string())?;
        if !self.other.says(&message) {
            note(format_args!("@{} has written elsewhere", message.sender));
            // It is not for this terminal to handle. Left open, it is offered again to the next listener.
            return pending().await;
        }
        if self.shown.get().is_some_and(|shown| shown.contains(&message.id)) {
            return Ok(());
        }
        self.show(&message.sender, &said(&message)).await.map_err(|e| e.to_string())
    }

    /// Does what is typed until there is no more; the worst that came of it.
    async fn type_away(&self, mut lines: mpsc::Receiver<Line>, mut signals: StopSignals) -> Code {
        let mut worst = Code::Ok;
        loop {
            let line = tokio::select! {
                line = lines.recv() => line,
                () = signals.next() => None,
                () = self.output.broken() => None,
            };
            let Some(line) = line else { return worst };
            let typed = match line.and_then(|line| commands::read(&line)) {
                Ok(Typed::Quit) => return worst,
                Ok(Typed::Nothing) => continue,
                Ok(typed) => typed,
                Err(problem) => {
                    worst = Code::Usage;
                    note(format_args!("not sent: {problem}"));
                    continue;
                }
            };
            let done = tokio::select! {
                done = self.follow(&typed) => done,
                () = signals.next() => {
                    note("whether the last line was sent is not known");
                    return Code::Transport;
                }
            };
            if let Err(error) = done {
                worst = code_of(&error);
                let not = if matches!(typed, Typed::Text(_)) { "not sent" } else { "not known" };
                note(format_args!("{not}: {}", Report::new(&error)));
            }
        }
    }

    async fn follow(&self, typed: &Typed) -> Result<(), Error> {
        match typed {
            Typed::Text(text) => {
                self.client.send_message(self.other.message(text)).await?;
                if self.echoes {
                    let _ = self.show(&self.me, text).await;
                }
            }
            Typed::History(limit) => drop(self.history(*limit).await?),
            Typed::Who => {
                for line in self.other.who(self.client).await? {
                    let _ = self.output.print(printable(&line)).await;
                }
            }
            Typed::Nothing | Typed::Quit => {}
        }
        Ok(())
    }

    async fn show(&self, who: &Handle, text: &str) -> std::io::Result<()> {
        self.output.print(printable(&format!("@{who}: {text}"))).await
    }
}

fn said(message: &Message) -> String {
    let event = message
        .content
        .data
        .as_ref()
        .and_then(|data| data.get("event")?.as_str())
        .filter(|_| message.system_event().is_some());
    match (&message.content.text, event) {
        (Some(text), _) => text.clone(),
        (None, Some(event)) => format!("[{}]", event.replace('_', " ")),
        (None, None) => format!("[{}]", message.kind),
    }
}

fn over(ended: ConnectionState) -> Exit {
    match ended {
        ConnectionState::Halted { reason } => reason.into(),
        other => Exit::new(Code::Transport, format!("the session ended: {other:?}")),
    }
}
