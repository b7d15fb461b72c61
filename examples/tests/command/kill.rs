//! `agentchat listen --checkpoint F --exec …`, killed with SIGKILL at random moments under load: every message is handled
//! at least once, and twice at most those that were in flight.
//!
//! Five kills in an ordinary run; `AGENTCHAT_KILLS=100` for more, with `--nocapture` to see the numbers.

use std::process::Stdio;
use std::time::Duration;

use agentchat_local::LocalPlatform;
use tokio::io::AsyncReadExt;
use tokio::process::Child;
use tokio::time::{sleep, timeout};

use crate::load::{Handler, Load, next};
use crate::run::{AGENTCHAT, platform, program};

/// The longest life of a listener: long enough to handle some dozens of messages, and often too short to connect.
const LONGEST_LIFE_MS: u64 = 600;

/// Far more than it takes to handle what is left: a listener that takes longer has lost something.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_it_loses_nothing() {
    let kills = std::env::var("AGENTCHAT_KILLS").map_or(5, |text| text.parse().unwrap());
    let platform = platform().await;
    let bob = platform.create_agent("bob").unwrap().api_key;
    let handler = Handler::new("kill");
    let load = Load::start(&platform);

    let (mut in_flight, mut random) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    for _ in 0..kills {
        let listener = listen(&handler, &platform, &bob);
        sleep(Duration::from_millis(next(&mut random) % LONGEST_LIFE_MS)).await;
        kill(listener, &platform).await;
        let sent = load.pause().await;
        // Whatever the handler began and the platform does not know to be handled.
        in_flight += handler.begun().distinct() - (*sent - platform.undelivered("bob"));
    }

    let sent = load.stop().await;
    let listener = listen(&handler, &platform, &bob);
    let all_acked = async {
        while platform.undelivered("bob") > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, all_acked).await.expect("everything is handled in the end");
    kill(listener, &platform).await;

    let (begun, ended) = (handler.begun(), handler.ended());
    assert_eq!(ended.distinct(), sent, "every message is handled at least once");
    let repeated = begun.count() - begun.distinct();
    println!("{kills} kills, {sent} messages, {in_flight} in flight at the kills, {repeated} handled twice");
    assert!(repeated <= in_flight, "{repeated} handled again, {in_flight} were in flight");
    assert_eq!(begun.first_out_of_order(), None, "each conversation in order");
    platform.shutdown().await;
}

/// Kills the listener, and waits until nothing of it is left: the commands that it had started hold its standard error
/// open, and the platform has read what it had sent.
async fn kill(mut listener: Child, platform: &LocalPlatform) {
    listener.kill().await.unwrap();
    let mut complaints = String::new();
    listener.stderr.take().unwrap().read_to_string(&mut complaints).await.unwrap();
    assert_eq!(complaints, "");
    while platform.open_sockets("bob") > 0 {
        sleep(Duration::from_millis(5)).await;
    }
}

fn listen(handler: &Handler, platform: &LocalPlatform, key: &str) -> Child {
    let mut listen = program(AGENTCHAT, platform, Some(key));
    listen.args(["listen", "--json", "--reconnect-base-ms", "10", "--exec", &handler.command()]);
    listen.arg("--checkpoint").arg(handler.folder().join("checkpoint"));
    listen.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}
