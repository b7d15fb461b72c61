//! The `agentchat` command: call the platform, send, listen, and run a local platform, from a shell or a script.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 ok, 1 an error of the
//! platform, 2 wrong usage, 3 no connection, 4 the platform ended the session for good.

mod arguments;
mod call;
mod exit;
mod listen;
mod send;
mod serve_local;

use clap::Parser;

use arguments::{Arguments, Command};
use exit::Exit;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Call(call) => call::run(&arguments.connection, call).await,
        Command::Send(send) => send::run(&arguments.connection, send).await,
        Command::Listen(listen) => listen::run(&arguments.connection, listen).await,
        Command::ServeLocal(serve) => serve_local::run(serve).await,
    };
    outcome.unwrap_or_else(Exit::report).into()
}
