//! The `agentchat` command: call the platform, send, listen, chat, and run a local platform, from a shell or a script.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 an error of the
//! platform, 2 wrong usage, 3 no connection, 4 the platform ended the session for good, 5 the local file system refuses.

#![allow(rustdoc::bare_urls, reason = "the arguments' docs are help texts, which are shown as they are")]

mod accounts;
mod arguments;
mod call;
mod chat;
mod directories;
mod download;
mod exit;
mod files;
mod input;
mod listen;
mod log;
mod output;
mod pages;
mod parsing;
mod printable;
mod progress;
mod replay;
mod send;
mod serve_local;
mod signals;
mod terminal;
mod verify_webhook;
mod waits;

use agentchat_driver::{Client, Transport};

use accounts::{Kind, Name};
use arguments::{Access, Arguments, Command, Connection, KeySource, Online, Runtime};
use exit::{Code, Exit};

fn main() -> std::process::ExitCode {
    let code = parsing::parse().and_then(run).unwrap_or_else(Exit::report);
    output::say_notes();
    code.into()
}

fn run(arguments: Arguments) -> Result<Code, Exit> {
    log::start(arguments.talk)?;
    let profile = || arguments.connection.profile_name();
    match arguments.command {
        Command::Online(command) => online(&arguments.connection, command),
        Command::ServeLocal(serve) => tokio().and_then(|tokio| tokio.block_on(serve_local::run(serve))),
        Command::Replay(replay) => replay::run(&replay),
        Command::Profiles(profiles) => accounts::list(&profile(), profiles.json),
        Command::Logout(logout) => accounts::logout(&profile(), logout.json),
        Command::Completions(completions) => pages::completions(completions.shell),
        Command::Man(man) => pages::manual(&man.folder),
        Command::VerifyWebhook(verify) => verify_webhook::run(&verify),
    }
}

/// Polls all that talks to the platform in the runtime that was asked for. The command's own affairs, such as signals and
/// child processes, are tokio's in any case.
fn online(connection: &Connection, command: Online) -> Result<Code, Exit> {
    let tokio = tokio()?;
    let _inside = tokio.enter();
    let Access { context, key } = match &command {
        Online::Register(register) => anonymous(connection, Kind::Register, register.started.code.is_some())?,
        Online::Recover(recover) => anonymous(connection, Kind::Recover, recover.started.code.is_some())?,
        Online::Login(_) => {
            let key = tokio.block_on(accounts::key_to_keep(connection))?;
            Access { context: connection.context(None, Some(key))?, key: KeySource::Nowhere }
        }
        _ => connection.access()?,
    };
    if command.needs_key() && context.api_key().is_none() {
        return Err(Exit::usage(
            "set AGENTCHAT_API_KEY or --api-key-file, or keep a key with agentchat login or register",
        ));
    }
    signals::survive_file_limits();
    let (key, profile) = (&key, &connection.profile_name());
    match connection.runtime {
        Runtime::Tokio => tokio.block_on(with(agentchat_tokio::client(context), command, key, profile)),
        Runtime::Smol => smol::block_on(with(agentchat_smol::client(context), command, key, profile)),
        Runtime::AsyncStd => {
            async_std::task::block_on(with(agentchat_async_std::client(context), command, key, profile))
        }
        Runtime::Blocking => {
            let client = agentchat_blocking::client(context);
            agentchat_blocking::block_on(with(client.as_async().clone(), command, key, profile))
        }
    }
}

fn anonymous(connection: &Connection, kind: Kind, finishes: bool) -> Result<Access, Exit> {
    let context = accounts::context_for(connection, kind, finishes)?;
    Ok(Access { context, key: KeySource::Nowhere })
}

fn tokio() -> Result<tokio::runtime::Runtime, Exit> {
    tokio::runtime::Runtime::new().map_err(|e| Exit::new(Code::Transport, format!("cannot start: {e}")))
}

async fn with<T: Transport>(client: Client<T>, command: Online, key: &KeySource, profile: &Name) -> Result<Code, Exit> {
    let (client, told) = client.observed();
    let running = async {
        match command {
            Online::Call(call) => call::run(&client, call).await,
            Online::Send(send) => send::run(&client, send).await,
            Online::Listen(listen) => listen::run(&client, &listen, key).await,
            Online::Chat(chat) => chat::run(&client, &chat.with).await,
            Online::Download(download) => download::run(&client, download).await,
            Online::Whoami(whoami) => accounts::whoami(&client, key, whoami.json).await,
            Online::Register(register) => accounts::register(&client, register, profile).await,
            Online::Recover(recover) => accounts::recover(&client, recover, profile).await,
            Online::Login(login) => accounts::login(&client, profile, login.json).await,
        }
    };
    tokio::select! {
        outcome = running => outcome,
        never = waits::tell(told) => never,
    }
}
