//! Questions to history: a few conversations at a time, one question for each.

use super::Session;
use super::active_call::ActiveCall;
use super::history_page::HistoryPage;
use crate::error::{Error, ErrorCode};
use crate::limits;
use crate::realtime::event::Event;
use crate::realtime::inbox::{Purpose, Question};
use crate::realtime::timers::Timer;
use crate::rest::{CallOptions, Reply};
use crate::time::Now;
use crate::types::{ConversationId, SyncPage};

impl Session {
    /// Asks what is to be asked, and takes the answers.
    pub(super) fn pump_history(&mut self, now: Now) {
        if self.calls.history.is_empty() && !self.inbox.has_questions() {
            return;
        }
        self.drop_questions();
        loop {
            self.ask(now);
            let mut ended = Vec::new();
            for (asked, call) in &mut self.calls.history {
                if let Some(result) = call.pump(&mut self.requests, &mut self.output) {
                    ended.push((asked.clone(), result));
                }
            }
            if ended.is_empty() {
                break;
            }
            for ((conversation_id, purpose), result) in ended {
                self.calls.history.remove(&(conversation_id.clone(), purpose));
                self.answered(now, conversation_id, purpose, result.map(Reply::into_value));
            }
        }
    }

    /// A question about a gap that was given up is of no interest any more.
    fn drop_questions(&mut self) {
        let given_up = |(id, purpose): &(ConversationId, Purpose)| match purpose {
            Purpose::Gap => !self.inbox.is_filling(id),
            Purpose::Missing => false,
        };
        let given_up: Vec<_> = self.calls.history.keys().filter(|asked| given_up(asked)).cloned().collect();
        for asked in given_up {
            if let Some(mut call) = self.calls.history.remove(&asked) {
                call.cancel(&mut self.output);
            }
        }
    }

    fn ask(&mut self, now: Now) {
        if let Some(until) = self.history_backoff.not_before(now.mono) {
            if self.inbox.has_questions() {
                self.timers.set_once(Timer::RetrieveRetry, until);
            }
            return;
        }
        while self.calls.history.len() < limits::CONCURRENT_QUESTIONS
            && let Some(Question { conversation_id, purpose, mut after }) = self.next_question()
        {
            match purpose {
                Purpose::Gap => {
                    let Some(still) = self.inbox.still_asks(&conversation_id, after) else { continue };
                    after = still;
                }
                Purpose::Missing => {}
            }
            let options = CallOptions::default().timeout(limits::FILL_ATTEMPT);
            let question = HistoryPage::after(&conversation_id, after);
            match ActiveCall::start_with(&self.cx, question, options, &mut self.entropy, now) {
                Ok(call) => drop(self.calls.history.insert((conversation_id, purpose), call)),
                Err(error) => self.answered(now, conversation_id, purpose, Err(error)),
            }
        }
    }

    /// The next question about a conversation that is not being asked about already.
    fn next_question(&mut self) -> Option<Question> {
        let asked = |question: &Question| self.calls.history.keys().any(|(id, _)| *id == question.conversation_id);
        self.inbox.take_question(asked)
    }

    /// The answer to a question.
    fn answered(&mut self, now: Now, id: ConversationId, purpose: Purpose, result: Result<SyncPage, Error>) {
        let error = match result {
            Ok(page) => {
                self.history_backoff.succeeded();
                let retry_at =
                    |failures| now.mono + self.entropy.backoff(limits::SYNC_RETRY, failures, limits::FILL_RETRY_MAX);
                return match purpose {
                    Purpose::Gap => self.inbox.filled(now.mono, id, page.rows, retry_at),
                    Purpose::Missing => self.inbox.retrieved(now.mono, id, page.rows),
                };
            }
            Err(error) => error,
        };
        match purpose {
            Purpose::Gap if is_refusal(&error) => self.inbox.fill_refused(now.mono, &id),
            Purpose::Missing if is_refusal(&error) => self.inbox.retrieval_refused(&id),
            Purpose::Gap => {
                self.history_backoff.failed(now.mono, &error, &mut self.entropy);
                let asked = self.history_backoff.not_before(now.mono).unwrap_or_default();
                self.inbox.fill_failed(&id, |failures| {
                    let pause = self.entropy.backoff(limits::SYNC_RETRY, failures, limits::FILL_RETRY_MAX);
                    asked.max(now.mono + pause)
                });
            }
            Purpose::Missing => {
                self.inbox.retrieval_ended(&id);
                let at = self.history_backoff.failed(now.mono, &error, &mut self.entropy);
                self.timers.set(Timer::RetrieveRetry, at);
            }
        }
        self.event(Event::RequestFailed { purpose: "history", error });
    }
}

/// Whether the platform has said for good that there is nothing for us in this conversation. What it says about the account
/// as a whole is something else.
fn is_refusal(error: &Error) -> bool {
    let account = |code: &ErrorCode| matches!(code, ErrorCode::Suspended | ErrorCode::Restricted);
    error.api().is_some_and(|error| matches!(error.status, 403 | 404 | 410) && !account(&error.code))
}
