//! The quickstart as a process.

use agentchat_local::{LocalPlatform, Settings};
use tokio::process::Command;

/// The quickstart without a proxy, on the real platform unless an address is given.
fn quickstart(base_url: &str, key: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env("AGENTCHAT_BASE_URL", base_url).env_remove("AGENTCHAT_API_KEY");
    if let Some(key) = key {
        command.env("AGENTCHAT_API_KEY", key);
    }
    command.kill_on_drop(true);
    command
}

#[tokio::test]
async fn without_a_key_two_agents_talk_in_this_process() {
    let output = quickstart("http://127.0.0.1:1", None).output().await.unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    for step in 1..=7 {
        assert!(told.contains(&format!("{step}. ")), "{told}");
    }
}

#[tokio::test]
async fn with_a_key_it_writes_to_somebody() {
    let platform = LocalPlatform::start(Settings::default()).await.unwrap();
    let alice = platform.create_agent("alice").unwrap();
    platform.create_agent("bob").unwrap();
    let output = quickstart(&platform.base_url(), Some(&alice.api_key)).args(["@bob", "hello"]).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(platform.undelivered("bob"), 1);
    let without_text = quickstart(&platform.base_url(), Some(&alice.api_key)).output().await.unwrap();
    assert!(!without_text.status.success());
    platform.shutdown().await;
}

#[tokio::test]
async fn an_address_that_is_set_but_empty_is_the_real_platform() {
    let mut quickstart = quickstart("", Some("ac_key"));
    // Which a proxy that is not there keeps it from, or the want of TLS.
    let output = quickstart.env("HTTPS_PROXY", "http://127.0.0.1:1").args(["@bob", "hi"]).output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && (said.contains("proxy") || said.contains("`tls`")) && !said.contains("base URL"),
        "{said}"
    );
}
