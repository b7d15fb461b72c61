//! `--coalesce`: what one conversation says within a while is handled at once.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::sleep;

/// How a batch ended.
type Outcome = Result<(), String>;

/// The batches that are being gathered or handled.
#[derive(Debug)]
pub(super) struct Batches {
    /// How long others may join the first.
    window: Duration,
    largest: NonZeroUsize,
    /// As many are handled at the same time, over all conversations.
    turns: Semaphore,
    /// The last batch of each conversation.
    last: Mutex<HashMap<String, Arc<Batch>>>,
}

#[derive(Debug)]
struct Batch {
    /// The messages with their seqs. `None` once it is being handled: nothing more can join.
    gathered: Mutex<Option<Vec<(u64, String)>>>,
    full: Notify,
    ended: watch::Receiver<Option<Outcome>>,
}

impl Batches {
    pub(super) fn new(window: Duration, largest: NonZeroUsize, at_once: usize) -> Self {
        let turns = Semaphore::new(at_once.min(Semaphore::MAX_PERMITS));
        Self { window, largest, turns, last: Mutex::default() }
    }

    /// Handles a message together with others of its conversation: `handle` gets all of them in a JSON array, in order. What
    /// comes of it comes of each.
    pub(super) async fn handle<F: Future<Output = Outcome>>(
        &self,
        conversation: &str,
        seq: u64,
        object: String,
        handle: impl FnOnce(String) -> F,
    ) -> Outcome {
        let (ending, ended) = watch::channel(None);
        let (batch, before) = match self.join(conversation, seq, object, ended) {
            Place::Joined(mut ended) => return outcome(&mut ended).await,
            Place::First(batch, before) => (batch, before),
        };
        let _leaving = Leaving { batches: self, conversation, batch: &batch };
        let gather = async {
            tokio::select! {
                () = sleep(self.window) => {}
                () = batch.full.notified() => {}
            }
            Ok(())
        };
        // In order: what failed before comes again before this.
        let after = async {
            let Some(mut before) = before else { return Ok(()) };
            outcome(&mut before).await.map_err(|_| "what its conversation said before has failed".to_owned())
        };
        let handled = async {
            tokio::try_join!(gather, after)?;
            let _turn = self.turns.acquire().await.map_err(|e| e.to_string())?;
            handle(batch.close()).await
        };
        let handled = handled.await;
        // Without a turn it was not closed.
        batch.close();
        ending.send_replace(Some(handled.clone()));
        handled
    }

    fn join(&self, conversation: &str, seq: u64, object: String, ended: watch::Receiver<Option<Outcome>>) -> Place {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.get(conversation);
        if let Some(batch) = before
            && let Some(gathered) = &mut *batch.gathered.lock().unwrap_or_else(PoisonError::into_inner)
            && gathered.len() < self.largest.get()
        {
            gathered.push((seq, object));
            if gathered.len() == self.largest.get() {
                batch.full.notify_one();
            }
            return Place::Joined(batch.ended.clone());
        }
        let before = before.map(|batch| batch.ended.clone());
        let gathered = Mutex::new(Some(vec![(seq, object)]));
        let batch = Arc::new(Batch { gathered, full: Notify::new(), ended });
        if self.largest.get() == 1 {
            batch.full.notify_one();
        }
        last.insert(conversation.to_owned(), Arc::clone(&batch));
        Place::First(batch, before)
    }
}

enum Place {
    /// In a batch that another gathers.
    Joined(watch::Receiver<Option<Outcome>>),
    /// The first of a batch, after that of its conversation before, if there is one.
    First(Arc<Batch>, Option<watch::Receiver<Option<Outcome>>>),
}

impl Batch {
    /// Lets nothing more join; the JSON array of what did.
    fn close(&self) -> String {
        let gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut gathered = gathered.unwrap_or_default();
        gathered.sort_by_key(|(seq, _)| *seq);
        let objects: Vec<_> = gathered.into_iter().map(|(_, object)| object).collect();
        format!("[{}]", objects.join(","))
    }
}

/// A batch that is over, or given up, is no longer the last of its conversation.
struct Leaving<'a> {
    batches: &'a Batches,
    conversation: &'a str,
    batch: &'a Arc<Batch>,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut last = self.batches.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(self.conversation).is_some_and(|batch| Arc::ptr_eq(batch, self.batch)) {
            last.remove(self.conversation);
        }
    }
}

async fn outcome(ended: &mut watch::Receiver<Option<Outcome>>) -> Outcome {
    let ended = ended.wait_for(Option::is_some).await.map_err(|_| "the handler was given up".to_owned())?;
    ended.clone().unwrap_or(Ok(()))
}
