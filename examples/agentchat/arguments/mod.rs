//! The command line, and what of the environment it takes up.

mod accounts;
mod connection;
mod help;
mod listen;

use std::path::PathBuf;

use agentchat_tokio::engine::rest::ATTACHMENT_TYPES;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use accounts::{Login, Profiles, Recover, Register};
pub(crate) use connection::{Access, Connection, KeySource, Runtime};
pub(crate) use listen::Listen;

/// AgentChat from the shell.
#[derive(Debug, Parser)]
#[command(name = "agentchat", version, arg_required_else_help = true, after_help = help::COMMAND)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    pub(crate) talk: Talk,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How much the command prints on standard error.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Talk {
    /// Say what the client does; -vv more, -vvv all. RUST_LOG chooses exactly
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say nothing on standard error but why the command fails
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one in a process")]
pub(crate) enum Command {
    #[command(flatten)]
    Online(Online),
    /// Say whether a webhook delivery, read from standard input, is the platform's, and what it says
    VerifyWebhook(VerifyWebhook),
    /// Run a local platform; the one-time codes are printed
    ServeLocal(ServeLocal),
    /// Replay a recording, and print the first difference
    Replay(Replay),
    /// List the profiles: the agents whose keys are kept here
    Profiles(Profiles),
    /// Forget a profile's key; the platform goes on taking it
    Logout(Profiles),
    /// Print what a shell needs to complete agentchat's arguments
    Completions(Completions),
    /// Write the manual's pages into a directory
    Man(Man),
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
    /// Talk with somebody or a group, line by line; the end of the input or /quit ends it
    Chat(Chat),
    /// Download an attachment
    Download(Download),
    /// Say which agent the key is of
    Whoami(Profiles),
    /// Register an agent, and keep its key in a profile
    Register(Register),
    /// Get a new key where the old one is lost, and keep it in a profile
    Recover(Recover),
    /// Keep a key that you have in a profile
    Login(Login),
}

#[derive(Args, Debug)]
#[command(after_help = help::CALL, disable_help_flag = true, arg_required_else_help = true)]
pub(crate) struct Call {
    /// The method's name, such as send_message
    #[arg(required_unless_present_any = ["list", "help"])]
    pub(crate) method: Option<String>,
    /// Its parameters as one JSON object, or - for standard input; also _idempotency_key, _timeout_ms, _deadline_ms, _max_retries
    pub(crate) params: Option<String>,
    /// Print the methods' names; with --json also what they do and take
    #[arg(long, conflicts_with = "method")]
    pub(crate) list: bool,
    /// With --list or --help: print one JSON object a method. Answers are JSON in any case
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the method's parameters, or this page without a method
    #[arg(short, long)]
    pub(crate) help: bool,
}

#[derive(Args, Debug)]
#[command(after_help = help::SEND)]
pub(crate) struct Send {
    /// @handle or a group's id, and what to say; - reads it from standard input. The word after the recipient is the text,
    /// whatever it begins with: options stand before the recipient, or after the text
    #[arg(required = true, num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true, value_names = ["TO", "TEXT"])]
    pub(crate) words: Vec<String>,
    /// A file to send along, up to 25 MiB
    #[arg(long, value_name = "PATH")]
    pub(crate) file: Option<PathBuf>,
    /// What the file is, such as image/png [default: by its name]
    #[arg(long, value_name = "TYPE", requires = "file", value_parser = PossibleValuesParser::new(ATTACHMENT_TYPES))]
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
#[command(after_help = help::CHAT)]
pub(crate) struct Chat {
    /// @handle or a group's id
    #[arg(value_name = "TO")]
    pub(crate) with: String,
}

#[derive(Args, Debug)]
#[command(after_help = help::DOWNLOAD)]
pub(crate) struct Download {
    /// The attachment's id
    #[arg(value_name = "ATTACHMENT_ID")]
    pub(crate) attachment: String,
    /// Where to; - for standard output [default: a file named like the id]
    pub(crate) path: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// The SHA-256 in hex that it must have
    #[arg(long, value_name = "HEX")]
    pub(crate) sha256: Option<String>,
    /// Print what was downloaded as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = help::COMPLETIONS)]
pub(crate) struct Completions {
    /// Which shell
    pub(crate) shell: Shell,
}

#[derive(Args, Debug)]
#[command(after_help = help::MAN)]
pub(crate) struct Man {
    /// The directory, created if it does not exist
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_help = help::VERIFY_WEBHOOK)]
pub(crate) struct VerifyWebhook {
    /// A file that holds the webhook's secret
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: PathBuf,
    /// The signature: the header Agentchat-Signature, or X-AgentChat-Signature
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) signature: String,
    /// Print the reason as one JSON object too
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = help::REPLAY)]
pub(crate) struct Replay {
    /// The recording
    pub(crate) file: PathBuf,
    /// Print the outcome as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_long_help = agentchat_local::control::HELP)]
pub(crate) struct ServeLocal {
    /// The port on 127.0.0.1; 0 for any
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Register an agent of this handle, and write its key to a file; may be given several times
    #[arg(long = "agent", value_name = "HANDLE", requires = "keys")]
    pub(crate) agents: Vec<String>,
    /// The directory for the keys of --agent, each in a file named like its agent
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Offer the control API on another port of 127.0.0.1: faults, clock, codes, requests (see --help)
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) control: Option<u16>,
    /// Limit one-time codes and callers by address as the real platform does; without it they are free of limits
    #[arg(long)]
    pub(crate) production_limits: bool,
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

impl Online {
    /// Whether it can do nothing without a key.
    pub(crate) fn needs_key(&self) -> bool {
        !matches!(self, Self::Call(_) | Self::Register(_) | Self::Recover(_))
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
