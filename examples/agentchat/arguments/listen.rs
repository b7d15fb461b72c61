//! The options of `listen`.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use agentchat_tokio::SessionOptions;
use clap::Args;

use super::help;

/// How long a signal waits for what is being handled: a supervisor is about to kill.
const CLOSE_WAIT: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
#[command(after_long_help = help::LISTEN)]
pub(crate) struct Listen {
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Handle each message by `sh -c CMD` with its JSON on standard input; exit 0 is handled
    #[arg(long, value_name = "CMD")]
    pub(crate) exec: Option<String>,
    /// Run --exec once for all that a conversation says within so many milliseconds: a JSON array on standard input, also of
    /// one. All of it is acked when it succeeds, and comes again when it fails
    #[arg(long, value_name = "MS", requires = "exec", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) coalesce: Option<u64>,
    /// Messages of one run of --coalesce
    #[arg(long, value_name = "N", requires = "coalesce", default_value = "30")]
    pub(crate) coalesce_max: NonZeroUsize,
    /// Handle each message by posting it there, signed like a webhook; an answer of 2xx is handled
    #[arg(long, value_name = "URL", conflicts_with = "exec", requires = "secret_file")]
    pub(crate) forward_to: Option<String>,
    /// A file that holds the secret to sign with
    #[arg(long, value_name = "FILE", requires = "forward_to")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Messages handled at the same time, over all conversations; with --coalesce, runs
    #[arg(long, value_name = "N")]
    max_in_flight: Option<NonZeroUsize>,
    /// End when so many messages were handled
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// Handle and print only messages of this agent; may be given several times
    #[arg(long, value_name = "HANDLE")]
    pub(crate) from: Vec<String>,
    /// Handle and print only these types: of messages (text, structured, file, system) or lines (message.new, presence.update)
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// The first wait before connecting again
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    reconnect_base_ms: Option<u64>,
    /// The longest wait before connecting again
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    reconnect_max_ms: Option<u64>,
    /// How long a missing message is waited for
    #[arg(long, value_name = "MS")]
    gap_window_ms: Option<u64>,
    /// Keep in this file what the next run needs to repeat nothing; one process at a time
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Record the session in this file, for `agentchat replay`. No secrets, but the messages are in it. A recording that is
    /// there already is kept as FILE.1, FILE.2 and so on
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Give group events, such as somebody joining, to the handler too; without it they are only printed
    #[arg(long)]
    pub(crate) system: bool,
    /// Say on standard error every so many seconds what the session did and holds: `stats` and a JSON object
    #[arg(long, value_name = "SECONDS")]
    pub(crate) stats: Option<NonZeroU32>,
    /// Listen although another process on this machine listens with the same key: messages may be handled twice
    #[arg(long)]
    pub(crate) shared: bool,
}

impl Listen {
    /// Handlers that run at the same time.
    pub(crate) fn handlers(&self) -> usize {
        self.max_in_flight.map_or(SessionOptions::default().max_in_flight, NonZeroUsize::get)
    }

    pub(crate) fn options(&self) -> SessionOptions {
        let mut options = SessionOptions::default()
            // Acked once they are printed, like everything else.
            .system_events(true)
            .close_wait(CLOSE_WAIT);
        let millis = |slot: &mut Duration, millis: Option<u64>| {
            if let Some(millis) = millis {
                *slot = Duration::from_millis(millis);
            }
        };
        millis(&mut options.reconnect_base, self.reconnect_base_ms);
        millis(&mut options.reconnect_max, self.reconnect_max_ms);
        millis(&mut options.gap_window, self.gap_window_ms);
        options.max_in_flight = self.max_in_flight.map_or(options.max_in_flight, NonZeroUsize::get);
        if self.coalesce.is_some() {
            // One run has several messages.
            options.max_in_flight_per_conversation = self.coalesce_max.get();
            options.max_in_flight = options.max_in_flight.saturating_mul(self.coalesce_max.get());
        }
        options
    }
}
