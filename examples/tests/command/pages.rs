//! What the command says of itself: help, methods, completions and the manual; and how much it says while it works.

use std::collections::BTreeSet;
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::tempdir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::run::{AGENTCHAT, agentchat, program};
use crate::scene::{Scene, TempFile};

async fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(AGENTCHAT);
    for name in ["AGENTCHAT_API_KEY", "AGENTCHAT_BASE_URL", "AGENTCHAT_PROFILE", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null()).output().await.unwrap()
}

async fn says(arguments: &[&str]) -> String {
    let output = run(arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn commands() -> Vec<String> {
    let help = says(&["--help"]).await;
    let listed = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = listed.lines().map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[tokio::test]
async fn nothing_said_is_a_question_for_help() {
    let output = run(&[]).await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("Usage: agentchat"));
}

#[tokio::test]
async fn options_of_all_commands_are_on_the_first_page_alone() {
    let first = says(&["--help"]).await;
    for option in ["--api-key-file", "--profile", "--base-url", "--runtime", "--verbose", "--quiet"] {
        assert!(first.contains(option), "{option}");
    }
    for command in commands().await {
        for asked in ["-h", "--help"] {
            let page = says(&[&command, asked]).await;
            for option in ["--api-key-file", "--runtime", "--verbose"] {
                let listed = page.lines().any(|line| line.trim_start().starts_with('-') && line.contains(option));
                assert!(!listed, "{command} {asked}: {page}");
            }
            assert!(page.contains("Options of every command"), "{command} {asked}: {page}");
        }
    }
}

#[tokio::test]
async fn a_method_has_a_page_with_its_parameters_and_limits() {
    let page = says(&["call", "register", "--help"]).await;
    for part in [
        "POST /v1/register, without a key",
        "email (string, required)\n      The owner's e-mail address, 3 to 320 characters.",
        "display_name (string)",
        "given to verify.",
        "agentchat call register '{\"email\":…,\"handle\":…}'",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(says(&["call", "create_upload", "-h"]).await.contains("one of image/png, image/jpeg"));
    assert!(says(&["call", "--help"]).await.contains("Examples:"));
    let unknown = run(&["call", "get_everything", "--help"]).await;
    assert!(unknown.status.code() == Some(2) && !unknown.stderr.is_empty(), "{unknown:?}");

    let names: Vec<_> = says(&["call", "--list"]).await.lines().map(str::to_owned).collect();
    let listed = says(&["call", "--list", "--json"]).await;
    let listed: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(listed.iter().map(|method| method["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    let mut kinds = BTreeSet::new();
    for method in &listed {
        let about = method["about"].as_str().unwrap();
        assert!(!about.is_empty() && !method.to_string().contains("[`"), "{method}");
        for param in method["params"].as_array().unwrap() {
            assert!(!param["about"].as_str().unwrap().is_empty(), "{param}");
            kinds.insert(param["type"].as_str().unwrap().to_owned());
        }
    }
    let expected = ["array of string", "boolean", "integer", "object", "string", "string or null", "string or object"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let one: Value = serde_json::from_str(&says(&["call", "sync_ack", "--help", "--json"]).await).unwrap();
    assert_eq!(Some(&one), listed.iter().find(|method| method["name"] == "sync_ack"));
}

#[tokio::test]
async fn shells_complete_and_the_manual_has_a_page_for_each_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = says(&["completions", shell]).await;
        assert!(script.contains("verify-webhook") && script.contains("reconnect-base-ms"), "{shell}");
    }
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(says(&["completions", "bash"]).await.as_bytes()).await.unwrap();
    assert!(bash.wait().await.unwrap().success());
    assert_eq!(run(&["completions", "nosuch"]).await.status.code(), Some(2));

    let folder = tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    says(&["man", pages.to_str().unwrap()]).await;
    let written: BTreeSet<_> =
        std::fs::read_dir(&pages).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    let commands = commands().await;
    let expected = commands.iter().map(|name| format!("agentchat-{name}.1")).chain(["agentchat.1".to_owned()]);
    assert_eq!(written, expected.collect());
    let page = std::fs::read_to_string(pages.join("agentchat-listen.1")).unwrap();
    assert!(page.contains("max\\-in\\-flight") && !page.contains("api\\-key\\-file"), "{page}");
    let file = TempFile::with("not-a-folder", "");
    assert_eq!(run(&["man", &format!("{}/x", file.path())]).await.status.code(), Some(2));
}

#[tokio::test]
async fn it_says_as_much_as_it_was_asked_for() {
    let scene = Scene::new().await;
    let said = async |arguments: &[&str], log: Option<&str>| {
        let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.alice));
        if let Some(log) = log {
            command.env("RUST_LOG", log);
        }
        let output = command.args(["call", "get_me"]).args(arguments).output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (arguments, log) in [(&[][..], None), (&[], Some("")), (&["--quiet"], Some("trace"))] {
        assert_eq!(said(arguments, log).await, (Some(0), String::new()), "{arguments:?} {log:?}");
    }
    for (arguments, log) in [(&["-vvv"][..], None), (&[], Some("agentchat=trace")), (&["-vvv"], Some("off"))] {
        let (code, log) = said(arguments, log).await;
        assert!(code == Some(0) && log.contains("get_me") && !log.contains(&scene.alice), "{arguments:?}: {log}");
    }
    let (code, complaint) = said(&[], Some("=wrong=")).await;
    assert!(code == Some(2) && complaint.contains("RUST_LOG"), "{complaint}");
    assert_eq!(said(&["--quiet", "-v"], None).await.0, Some(2));

    // Why it fails is said in any case.
    let failed = agentchat(&scene.platform, Some("ac_wrong"), &["send", "@bob", "hi", "--quiet"]).await;
    assert!(String::from_utf8(failed.stderr).unwrap().contains("UNAUTHORIZED"));
    scene.platform.shutdown().await;
}
