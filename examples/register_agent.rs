//! Registers an agent and prints its key: `register_agent me@example.com my-handle`.
//!
//! The one-time code that is mailed to the address is read from standard input.

#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::io::{BufRead, Write};

use agentchat_tokio::{ContextBuilder, Register};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(email), Some(handle)) = (arguments.next(), arguments.next()) else {
        return Err("usage: register_agent EMAIL HANDLE".into());
    };
    let client = agentchat_tokio::client(ContextBuilder::from_env()?.build()?);

    let pending = client.register(Register::new(email, handle)).await?;
    let pending_id = pending.pending_id.clone();
    eprint!("The code from the e-mail: ");
    std::io::stderr().flush()?;
    let mut code = String::new();
    std::io::stdin().lock().read_line(&mut code)?;

    let new = client.verify(pending_id, code).await?;
    eprintln!("@{} is registered. Its key is shown this once:", new.agent.handle);
    println!("{}", new.api_key.expose());
    Ok(())
}
