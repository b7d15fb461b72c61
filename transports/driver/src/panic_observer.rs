//! [`PanicObserver`]: who hears of handlers that panic.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Hears of handlers that have panicked, with what they said; see [`Transport::panic_observer`](crate::Transport::panic_observer).
///
/// ```
/// use agentchat_driver::PanicObserver;
/// let observer = PanicObserver::new(|words| eprintln!("a handler panicked: {words}"));
/// ```
#[derive(Clone)]
pub struct PanicObserver(Arc<dyn Fn(&str) + Send + Sync>);

impl PanicObserver {
    /// Calls a function, where the handler ran.
    pub fn new(observer: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observer))
    }

    pub(crate) fn tell(&self, payload: &(dyn Any + Send)) {
        let words = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        (self.0)(words.unwrap_or("it says nothing"));
    }
}

impl fmt::Debug for PanicObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PanicObserver")
    }
}
