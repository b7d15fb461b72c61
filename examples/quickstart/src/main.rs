//! The quickstart. Without a key it starts a platform of its own and lets two agents talk, through a cut
//! connection and back; with `AGENTCHAT_API_KEY` it sends a message on the real one.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod local;
mod real;

use std::process::ExitCode;

use agentchat_tokio::Report;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match (std::env::var("AGENTCHAT_API_KEY"), arguments.as_slice()) {
        (Ok(key), [to, text]) => real::send(&key, to, text).await,
        (Ok(_), _) => Err("AGENTCHAT_API_KEY is set, so say whom to write to: cargo run -- @someone \"hello\"".into()),
        (Err(_), []) => local::conversation().await,
        (Err(_), _) => Err("to write to somebody, set AGENTCHAT_API_KEY; without arguments all happens locally".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", Report::new(&*error));
            ExitCode::FAILURE
        }
    }
}
