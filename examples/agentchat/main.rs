//! The `agentchat` command: call the platform, send, listen, chat, and run a local platform, from a shell or a script.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 an error of the
//! platform, 2 wrong usage, 3 no connection, 4 the platform ended the session for good, 5 the local file system refuses.

mod arguments;
mod call;
mod chat;
mod exit;
mod files;
mod input;
mod listen;
mod output;
mod parsing;
mod printable;
mod replay;
mod send;
mod serve_local;
mod signals;
mod verify_webhook;
mod waits;

use std::path::Path;

use agentchat_driver::{Client, Transport};

use arguments::{Arguments, Command, Connection, Online, Runtime};
use exit::{Code, Exit};

fn main() -> std::process::ExitCode {
    let code = parsing::parse().and_then(run).unwrap_or_else(Exit::report);
    output::say_notes();
    code.into()
}

fn run(arguments: Arguments) -> Result<Code, Exit> {
    match arguments.command {
        Command::Online(command) => online(&arguments.connection, command),
        Command::ServeLocal(serve) => tokio().and_then(|tokio| tokio.block_on(serve_local::run(serve))),
        Command::Replay(replay) => replay::run(&replay.file),
        Command::VerifyWebhook(verify) => verify_webhook::run(&verify),
    }
}

/// Polls all that talks to the platform in the runtime that was asked for. The command's own affairs, such as signals and
/// child processes, are tokio's in any case.
fn online(connection: &Connection, command: Online) -> Result<Code, Exit> {
    let (context, key_file) = (connection.context()?, connection.api_key_file.as_deref());
    let tokio = tokio()?;
    let _inside = tokio.enter();
    signals::survive_file_limits();
    match connection.runtime {
        Runtime::Tokio => tokio.block_on(with(agentchat_tokio::client(context), command, key_file)),
        Runtime::Smol => smol::block_on(with(agentchat_smol::client(context), command, key_file)),
        Runtime::AsyncStd => async_std::task::block_on(with(agentchat_async_std::client(context), command, key_file)),
        Runtime::Blocking => {
            let client = agentchat_blocking::client(context);
            agentchat_blocking::block_on(with(client.as_async().clone(), command, key_file))
        }
    }
}

fn tokio() -> Result<tokio::runtime::Runtime, Exit> {
    tokio::runtime::Runtime::new().map_err(|e| Exit::new(Code::Transport, format!("cannot start: {e}")))
}

async fn with<T: Transport>(client: Client<T>, command: Online, key_file: Option<&Path>) -> Result<Code, Exit> {
    if command.needs_key() && client.context().api_key().is_none() {
        return Err(Exit::usage("set AGENTCHAT_API_KEY or --api-key-file"));
    }
    let (client, told) = client.observed();
    let running = async {
        match command {
            Online::Call(call) => call::run(&client, call).await,
            Online::Send(send) => send::run(&client, send).await,
            Online::Listen(listen) => listen::run(&client, &listen, key_file).await,
            Online::Chat(chat) => chat::run(&client, &chat.with).await,
        }
    };
    tokio::select! {
        outcome = running => outcome,
        never = waits::tell(told) => never,
    }
}
