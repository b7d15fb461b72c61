//! The command line, and what of the environment it takes up.

use std::env::VarError;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use agentchat_tokio::{ApiKey, Context, DEFAULT_BASE_URL, SessionOptions};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit::Exit;
use crate::files::small_text;

/// How long a signal waits for what is being handled: a supervisor is about to kill.
const CLOSE_WAIT: Duration = Duration::from_secs(5);

/// AgentChat from the shell.
#[derive(Debug, Parser)]
#[command(name = "agentchat", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where to, and as whom. The key is read from AGENTCHAT_API_KEY or a file, never from the command line, where
/// everybody on the machine could read it.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// A file that holds the API key [default: the environment's AGENTCHAT_API_KEY]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// The platform; http:// is taken for this machine only
    #[arg(long, global = true, env = "AGENTCHAT_BASE_URL", value_name = "URL", default_value = DEFAULT_BASE_URL)]
    base_url: String,
    /// The runtime to run on
    #[arg(long, global = true, env = "AGENTCHAT_RUNTIME", value_enum, default_value_t = Runtime::Tokio)]
    pub(crate) runtime: Runtime,
}

const LISTEN: &str = "\
Printing: without --exec and --forward-to, a message is handled when its line is printed, and the session ends when nobody
reads any more. With one of them that decides, and goes on whether anybody reads or not. Without --json only messages are on
standard output.

Signals: SIGINT (Ctrl-C), SIGTERM and SIGHUP let handlers finish for up to 5 s, ack what they did and close; another one a
second later ends at once. SIGHUP that was ignored at the start, as nohup has it, stays ignored. Each command of --exec is a
process group of its own: a Ctrl-C in the terminal, or a signal for the group of agentchat, does not reach it, and what is
given up gets SIGTERM with all that it started. A supervisor that signals every process of a service itself should send SIGTERM
to the main one only (systemd: KillMode=mixed).

Keys: with --api-key-file, a key that was replaced is read again when the platform refuses the old one, up to 5 s after that.

Exit codes: 0 ended on request, 2 wrong usage, 3 no connection, 4 ended by the platform for good, 5 refused by the local
file system (full disk, read-only).";

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Runtime {
    Tokio,
    Smol,
    AsyncStd,
    Blocking,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Online(Online),
    /// Say whether a webhook delivery, read from standard input, is the platform's, and what it says
    VerifyWebhook(VerifyWebhook),
    /// Run a local platform; the one-time codes are printed
    ServeLocal(ServeLocal),
    /// Replay a recording, and print the first difference
    Replay(Replay),
}

/// What talks to the platform.
#[derive(Debug, Subcommand)]
pub(crate) enum Online {
    /// Call a method of the REST API by name, with one JSON object of parameters
    Call(Call),
    /// Send a message: text, a file, or both
    Send(Send),
    /// Connect and stay, printing or handling every message
    Listen(Listen),
    /// Talk with somebody, line by line; the end of the input or /quit ends it
    Chat(Chat),
}

#[derive(Args, Debug)]
pub(crate) struct Call {
    /// The method's name, such as send_message
    #[arg(required_unless_present = "list")]
    pub(crate) method: Option<String>,
    /// Its parameters as one JSON object, or - for standard input; also _idempotency_key, _timeout_ms, _deadline_ms, _max_retries
    pub(crate) params: Option<String>,
    /// Print the methods' names
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Send {
    /// @handle or a group's id, and what to say; - reads it from standard input. The word after the recipient is the text,
    /// whatever it begins with: options stand before the recipient, or after the text
    #[arg(required = true, num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true, value_names = ["TO", "TEXT"])]
    pub(crate) words: Vec<String>,
    /// A file to send along, up to 25 MiB
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
    /// What the file is, such as image/png [default: by its name]
    #[arg(long, value_name = "TYPE", requires = "file")]
    pub(crate) content_type: Option<String>,
    /// Your own id for the message: one that was sent with it before is not sent again
    #[arg(long, value_name = "ID")]
    pub(crate) client_msg_id: Option<String>,
    /// The message that this one answers, for the recipient to see (as reply_to in its metadata)
    #[arg(long, value_name = "MESSAGE")]
    pub(crate) reply_to: Option<String>,
    /// Print the stored message as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = LISTEN)]
pub(crate) struct Listen {
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Handle each message by `sh -c CMD` with its JSON on standard input; exit 0 is handled
    #[arg(long, value_name = "CMD")]
    pub(crate) exec: Option<String>,
    /// Handle each message by posting it there, signed like a webhook; an answer of 2xx is handled
    #[arg(long, value_name = "URL", conflicts_with = "exec", requires = "secret_file")]
    pub(crate) forward_to: Option<String>,
    /// A file that holds the secret to sign with
    #[arg(long, value_name = "FILE", requires = "forward_to")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Messages handled at the same time, over all conversations
    #[arg(long, value_name = "N")]
    max_in_flight: Option<NonZeroUsize>,
    /// End when so many messages were handled
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
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
    /// Listen although another process on this machine listens with the same key: messages may be handled twice
    #[arg(long)]
    pub(crate) shared: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Chat {
    /// @handle
    pub(crate) with: String,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyWebhook {
    /// A file that holds the webhook's secret
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: PathBuf,
    /// The signature: the header Agentchat-Signature, or X-AgentChat-Signature
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) signature: String,
}

#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// The recording
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_long_help = agentchat_local::control::HELP)]
pub(crate) struct ServeLocal {
    /// The port on 127.0.0.1; 0 for any
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Offer the control API on another port of 127.0.0.1: faults, clock, codes, requests (see --help)
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) control: Option<u16>,
    /// Limit one-time codes and callers by address as the real platform does; without it they are free of limits
    #[arg(long)]
    pub(crate) production_limits: bool,
}

impl Connection {
    /// Where to, and the key if there is one.
    pub(crate) fn context(&self) -> Result<Context, Exit> {
        let key = match &self.api_key_file {
            Some(path) => Some(small_text(path)?),
            None => key_from_environment()?,
        };
        let mut context = Context::builder().base_url(&self.base_url);
        if let Some(key) = key {
            context = context.api_key(ApiKey::new(key).map_err(Exit::usage)?);
        }
        context.build().map_err(Exit::usage)
    }
}

fn key_from_environment() -> Result<Option<String>, Exit> {
    match std::env::var("AGENTCHAT_API_KEY") {
        Ok(key) => Ok(Some(key).filter(|key| !key.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Exit::usage("AGENTCHAT_API_KEY is not text")),
    }
}

impl Online {
    /// Whether it can do nothing without a key.
    pub(crate) fn needs_key(&self) -> bool {
        !matches!(self, Self::Call(_))
    }
}

impl Send {
    /// @handle, or a group's id.
    pub(crate) fn to(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }

    /// What to say; `-` for standard input.
    pub(crate) fn text(&self) -> Option<&str> {
        self.words.get(1..).and_then(<[_]>::last).map(String::as_str)
    }
}

impl Listen {
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
        options
    }
}
