//! What handling a message is: printing it, running a command, or posting it.

use std::time::Duration;

use agentchat_driver::Client;
use agentchat_tokio::engine::realtime as engine;
use agentchat_tokio::engine::types::{EventKind, MessageType};
use agentchat_tokio::{Delivery, Events, Transport};
use futures_util::StreamExt;

use super::batches::Batches;
use super::filter::Filter;
use super::forward::{Event, Forward, timestamp};
use super::{exec, format};
use crate::arguments::Listen;
use crate::exit::{Code, Exit};
use crate::files;
use crate::output::{self, Output, note};

pub(super) struct Handler<'a, T> {
    transport: &'a T,
    action: Action,
    json: bool,
    system: bool,
    output: Output,
}

enum Action {
    Print,
    Exec(String, Option<Batches>),
    Forward(Box<Forward>),
}

impl<'a, T: Transport> Handler<'a, T> {
    pub(super) fn new(client: &'a Client<T>, listen: &Listen, output: Output) -> Result<Self, Exit> {
        let action = match (&listen.exec, &listen.forward_to, &listen.secret_file) {
            (Some(command), ..) => {
                exec::prepare().map_err(|e| Exit::new(Code::Transport, format!("cannot wait for commands: {e}")))?;
                let window = listen.coalesce.map(Duration::from_millis);
                let batches = window.map(|window| Batches::new(window, listen.coalesce_max, listen.handlers()));
                Action::Exec(command.clone(), batches)
            }
            (None, Some(url), Some(secret)) => {
                Action::Forward(Box::new(Forward::new(client.context(), url, files::secret(secret)?)?))
            }
            // Nothing printed there would be read, and all of it acked.
            _ if output::is_closed() => {
                return Err(Exit::usage("standard output is closed: open it, or say --exec or --forward-to"));
            }
            _ => Action::Print,
        };
        Ok(Self { transport: client.transport(), action, json: listen.json, system: listen.system, output })
    }

    /// Whether a message is handled by printing it.
    pub(super) fn prints(&self) -> bool {
        matches!(self.action, Action::Print)
    }

    /// Without a command or an address, a message is handled when its line is out. With one, that decides, and the line
    /// changes nothing; but a reader that is far behind is waited for before the message is begun.
    pub(super) async fn handle(&self, delivery: Delivery) -> Result<(), String> {
        let line = format::message(&delivery, self.json);
        if self.prints() {
            return self.output.print(line).await.map_err(|e| e.to_string());
        }
        let room = self.output.room().await;
        if let Err(problem) = self.act(&delivery).await {
            // Once: the session tries again in its own time, and says so when it gives up.
            if delivery.attempt() == 1 {
                let id = delivery.header().map(|header| header.id.to_string()).unwrap_or_default();
                note(format_args!("message {id} is tried again later: {problem}"));
            }
            return Err(problem);
        }
        room.queue(line);
        Ok(())
    }

    async fn act(&self, delivery: &Delivery) -> Result<(), String> {
        if !self.system && tells_event(delivery) {
            return Ok(());
        }
        match &self.action {
            Action::Print => Ok(()),
            Action::Exec(command, None) => exec::run(command, &format::message(delivery, true)).await,
            Action::Exec(command, Some(batches)) => {
                let header = delivery.header();
                // What is no message stands alone.
                let (conversation, seq) = header.map_or((delivery.text(), 0), |header| {
                    (header.conversation_id.as_str(), header.seq.unwrap_or_default())
                });
                let handle = async |objects: String| exec::run(command, &objects).await;
                batches.handle(conversation, seq, format::message(delivery, true), handle).await
            }
            Action::Forward(forward) => {
                let sent = delivery.message().ok().and_then(|message| Some(message.created_at?.to_string()));
                let event = Event {
                    name: EventKind::MessageNew.as_str(),
                    id: delivery.header().map_or(delivery.text(), |header| header.id.as_str()),
                    timestamp: sent.unwrap_or_else(timestamp),
                    data: delivery.text(),
                };
                forward.post(self.transport, &event).await
            }
        }
    }

    /// Posts the other events that webhooks know, once each: nobody keeps them for another try.
    pub(super) async fn relay(&self, mut events: Events, filter: &Filter) {
        let Action::Forward(forward) = &self.action else { return };
        while let Some(event) = events.next().await {
            let engine::Event::Server(event) = event else { continue };
            if !is_for_webhooks(&event.kind) || !filter.takes_line(&event.kind) {
                continue;
            }
            let Some(data) = event.payload() else { continue };
            let posted = Event { name: &event.kind, id: &event.text, timestamp: timestamp(), data };
            if let Err(problem) = forward.post(self.transport, &posted).await {
                note(format_args!("{} was not forwarded: {problem}", event.kind));
            }
        }
    }
}

/// Whether a group's event is printed: a handler gets it only if it asked for it.
fn tells_event(delivery: &Delivery) -> bool {
    delivery.header().is_some_and(|header| header.kind == Some(MessageType::System))
        && delivery.message().is_ok_and(|message| message.system_event().is_some())
}

/// Contract 6: typing and advice are for the socket only.
fn is_for_webhooks(kind: &str) -> bool {
    matches!(
        EventKind::from(kind),
        EventKind::MessageRead
            | EventKind::PresenceUpdate
            | EventKind::GroupInviteReceived
            | EventKind::GroupDeleted
            | EventKind::ContactBlocked
            | EventKind::AgentCreated
    )
}
