//! Reads a list to its end, whatever its pages: `AGENTCHAT_API_KEY=… read_list` for your contacts, `read_list al` for the agents
//! whose handle begins with `al`. Prints one JSON object a line.

#![allow(clippy::print_stdout)]

use std::pin::pin;

use agentchat_tokio::Context;
use agentchat_tokio::engine::paging::{Contacts, Directory, PagingError};
use clap::Parser;
use futures_util::{Stream, TryStreamExt};
use serde_json::{Value, to_value};

#[derive(Debug, Parser)]
struct Arguments {
    /// The first letters of the handles; without them your contacts are read
    prefix: Option<String>,
    /// Rows asked for at once
    #[arg(long, value_name = "ROWS", default_value_t = 50)]
    page_size: u32,
    /// Rows in all, at most
    #[arg(long, value_name = "ROWS", default_value_t = 10_000)]
    max: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { prefix, page_size, max } = Arguments::parse();
    let client = agentchat_tokio::client(Context::from_env()?);
    match prefix {
        None => print(client.pages(Contacts::new().page_size(page_size).max(max)).map_ok(to_value)).await,
        Some(prefix) => {
            print(client.pages(Directory::new(prefix).page_size(page_size).max(max)).map_ok(to_value)).await
        }
    }
}

/// Prints each row as it comes; the next page is asked for when the rows of the last one were printed.
async fn print(
    rows: impl Stream<Item = Result<Result<Value, serde_json::Error>, PagingError>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut rows = pin!(rows);
    while let Some(row) = rows.try_next().await? {
        println!("{}", row?);
    }
    Ok(())
}
