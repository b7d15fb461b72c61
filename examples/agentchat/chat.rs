//! `agentchat chat`: a conversation in the terminal. What was said before, what comes, and what is typed, line by line.

use std::collections::BTreeSet;
use std::future::pending;
use std::io::{BufRead, IsTerminal};
use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use agentchat_driver::Client;
use agentchat_tokio::engine::types::{ConversationId, Handle, Message, MessageId};
use agentchat_tokio::{
    ConnectionState, Delivery, Error, GetMessages, ListConversations, Report, SendMessage, SessionOptions, Transport,
};
use tokio::sync::mpsc;

use crate::exit::{Code, Exit, code_of};
use crate::output::{Output, note};
use crate::printable::printable;
use crate::signals::StopSignals;

/// Messages of the history that are shown.
const HISTORY: u32 = 20;

/// Conversations that are looked through for the one with the other side, a page of them at a time: the most that the
/// platform gives.
const CONVERSATIONS: u32 = 1_000;
const PAGE: u32 = 50;

/// Typed to leave, as well as the end of the input.
const QUIT: &str = "/quit";

pub(crate) async fn run<T: Transport>(client: &Client<T>, with: &str) -> Result<Code, Exit> {
    let them = client.get_agent(with).await?.handle.clone();
    let me = client.get_me().await?.handle.clone();
    let chat = Chat { client, me, them, output: Output::start(), shown: OnceLock::new() };
    chat.history().await?;
    chat.live().await
}

struct Chat<'a, T> {
    client: &'a Client<T>,
    me: Handle,
    them: Handle,
    output: Output,
    /// Messages of the history: the session brings those again that were not delivered before.
    shown: OnceLock<BTreeSet<MessageId>>,
}

impl<T: Transport> Chat<'_, T> {
    async fn history(&self) -> Result<(), Exit> {
        let Some(conversation) = self.conversation().await? else { return Ok(()) };
        let newest = self.client.get_messages(GetMessages::new(conversation).limit(HISTORY)).await?;
        for message in newest.iter().rev() {
            self.show(&message.sender, &said(message)).await.map_err(|e| Exit::new(Code::Transport, e))?;
        }
        let _ = self.shown.set(newest.iter().map(|message| message.id.clone()).collect());
        Ok(())
    }

    /// The direct conversation with them, if there is one among the most recent.
    async fn conversation(&self) -> Result<Option<ConversationId>, Error> {
        for offset in (0..CONVERSATIONS).step_by(PAGE as usize) {
            let page = self.client.list_conversations(ListConversations::new().limit(PAGE).offset(offset)).await?;
            // A group lists nobody.
            let direct = page.iter().find(|one| one.participants.iter().any(|other| other.handle == self.them));
            if direct.is_some() || page.len() < PAGE as usize {
                return Ok(direct.map(|one| one.id.clone()));
            }
        }
        Ok(None)
    }

    async fn live(&self) -> Result<Code, Exit> {
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
            code = self.type_away() => code,
            never = handling => never,
        };
        realtime.close();
        running.await;
        Ok(code)
    }

    async fn receive(&self, delivery: Delivery) -> Result<(), String> {
        let message = delivery.message().map_err(|e| e.to_string())?;
        let here = message.sender == self.them && !message.conversation_id.as_str().starts_with("grp_");
        if !here {
            note(format_args!("@{} has written elsewhere", message.sender));
            // It is not for this terminal to handle. Left open, it is offered again to the next listener.
            return pending().await;
        }
        if self.shown.get().is_some_and(|shown| shown.contains(&message.id)) {
            return Ok(());
        }
        self.show(&message.sender, &said(&message)).await.map_err(|e| e.to_string())
    }

    /// Sends what is typed until there is no more; the worst that came of it.
    async fn type_away(&self) -> Code {
        let mut lines = typed();
        let mut worst = Code::Ok;
        let mut signals = StopSignals::new();
        let echo = !std::io::stdin().is_terminal();
        loop {
            let line = tokio::select! {
                line = lines.recv() => line,
                () = signals.next() => None,
                () = self.output.broken() => None,
            };
            let Some(line) = line else { return worst };
            let line = match line {
                Ok(line) if line == QUIT => return worst,
                Ok(line) if line.is_empty() => continue,
                Ok(line) => line,
                Err(problem) => {
                    worst = Code::Usage;
                    note(format_args!("not sent: {problem}"));
                    continue;
                }
            };
            let sending = self.client.send_message(SendMessage::to(self.them.clone(), line.as_str()));
            let sent = tokio::select! {
                sent = sending => sent,
                () = signals.next() => {
                    note("whether the last line was sent is not known");
                    return Code::Transport;
                }
            };
            match sent {
                // On a terminal it stands there already.
                Ok(_) if echo => drop(self.show(&self.me, &line).await),
                Ok(_) => {}
                Err(error) => {
                    worst = code_of(&error);
                    note(format_args!("not sent: {}", Report::new(&error)));
                }
            }
        }
    }

    async fn show(&self, who: &Handle, text: &str) -> std::io::Result<()> {
        self.output.print(printable(&format!("@{who}: {text}"))).await
    }
}

fn said(message: &Message) -> String {
    message.content.text.clone().unwrap_or_else(|| format!("[{}]", message.kind))
}

fn over(ended: ConnectionState) -> Exit {
    match ended {
        ConnectionState::Halted { reason } => reason.into(),
        other => Exit::new(Code::Transport, format!("the session ended: {other:?}")),
    }
}

/// The lines of standard input, read by a thread that the end of the program does not wait for.
fn typed() -> mpsc::Receiver<Result<String, String>> {
    let (lines, typed) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let (line, last) = match input.read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) => (text(line), false),
                Err(error) => (Err(format!("cannot read standard input: {error}")), true),
            };
            if lines.blocking_send(line).is_err() || last {
                return;
            }
        }
    });
    typed
}

fn text(line: Vec<u8>) -> Result<String, String> {
    let line = String::from_utf8(line).map_err(|_| "the line is not UTF-8 text")?;
    Ok(line.trim_end().to_owned())
}
