//! The quickstart. Without a key it starts a platform of its own and lets two agents talk, through a cut
//! connection and back; with `AGENTCHAT_API_KEY` it sends a message on the real one.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod local;
mod real;

use std::error::Error;
use std::process::ExitCode;

use agentchat_tokio::{ConfigError, Context, Report};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Report::new(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match (Context::from_env(), arguments.as_slice()) {
        (Ok(context), [to, text]) => real::send(context, to, text).await,
        (Ok(_), _) => Err("AGENTCHAT_API_KEY is set, so say whom to write to: cargo run -- @someone \"hello\"".into()),
        (Err(ConfigError::NotSet { .. }), []) => local::conversation().await,
        (Err(ConfigError::NotSet { .. }), _) => {
            Err("to write to somebody, set AGENTCHAT_API_KEY; without arguments all happens locally".into())
        }
        (Err(error), _) => Err(error.into()),
    }
}
