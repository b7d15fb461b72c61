//! Accounts and profiles: registering, recovering, logging in and out, and which key is used.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use agentchat_local::{IssuedCode, LocalPlatform};
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::run::{AGENTCHAT, platform, program};
use crate::terminal_session::TerminalSession;

/// A user with a directory for profiles of their own.
struct User {
    platform: LocalPlatform,
    config: TempDir,
}

impl User {
    async fn new() -> Self {
        Self { platform: platform().await, config: tempdir().unwrap() }
    }

    fn command(&self, key: Option<&str>, arguments: &[&str]) -> Command {
        let mut command = program(AGENTCHAT, &self.platform, key);
        command.env("XDG_CONFIG_HOME", self.config.path()).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        self.command(None, arguments).output().await.unwrap()
    }

    /// One that succeeds; its JSON.
    async fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// One that fails; its exit code and what it said.
    async fn fails(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments).await;
        assert!(output.stdout.is_empty(), "{output:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    async fn with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self.command(None, arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        child.wait_with_output().await.unwrap()
    }

    /// Registers an agent in two steps, as a script does.
    async fn registers(&self, handle: &str, profile: &str) {
        let mut codes = self.platform.codes();
        let email = format!("{handle}@example.com");
        let begin = ["register", "--profile", profile, "--email", &email, "--handle", handle, "--begin", "--json"];
        assert_eq!(self.json(&begin).await["begun"], "register");
        let code = codes.recv().await.unwrap().code;
        let kept = self.json(&["register", "--profile", profile, "--code", &code, "--json"]).await;
        assert_eq!((&kept["handle"], &kept["profile"]), (&json!(handle), &json!(profile)));
    }

    fn profile(&self, name: &str) -> PathBuf {
        self.config.path().join(format!("agentchat/profiles/{name}.json"))
    }

    fn key(&self, name: &str) -> String {
        let kept: Value = serde_json::from_slice(&fs::read(self.profile(name)).unwrap()).unwrap();
        kept["api_key"].as_str().unwrap().to_owned()
    }

    fn files(&self) -> Vec<String> {
        let folder = fs::read_dir(self.config.path().join("agentchat/profiles")).unwrap();
        let mut names: Vec<_> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

async fn next(codes: &mut UnboundedReceiver<IssuedCode>) -> String {
    codes.recv().await.unwrap().code
}

#[tokio::test]
async fn a_key_is_kept_for_the_user_alone_and_used_from_then_on() {
    let user = User::new().await;
    user.registers("first", "default").await;
    user.registers("second", "two").await;
    assert_eq!(user.files(), ["default.json", "two.json"]);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(user.profile("two")), mode(user.profile("two").parent().unwrap().into())), (0o600, 0o700));

    let base = user.platform.base_url();
    for (arguments, handle, profile) in [
        (&["whoami", "--json"][..], "first", "default"),
        (&["--profile", "two", "whoami", "--json"], "second", "two"),
        (&["whoami", "--json", "--profile", "two", "--runtime", "smol"], "second", "two"),
    ] {
        let me = user.json(arguments).await;
        assert_eq!(me, json!({"handle": handle, "base_url": base, "profile": profile}), "{arguments:?}");
    }
    // A profile knows its platform.
    let mut command = user.command(None, &["whoami"]);
    let output = command.env_remove("AGENTCHAT_BASE_URL").env("AGENTCHAT_PROFILE", "two").output().await.unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("@second at {base}, profile two\n"));
    // What is set but empty is not set.
    let mut command = user.command(Some(""), &["whoami"]);
    let output = command.env("AGENTCHAT_PROFILE", "").output().await.unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("@first "));

    let listed = user.run(&["profiles"]).await;
    let lines = format!("* default: @first at {base}\n  two: @second at {base}\n");
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), lines);
    assert!(user.run(&["send", "@second", "hi"]).await.status.success());
    assert_eq!(user.platform.undelivered("second"), 1);

    assert!(user.run(&["logout", "--profile", "two"]).await.status.success());
    assert_eq!(user.files(), ["default.json"]);
    for (arguments, part) in [
        (&["logout", "--profile", "two"][..], "there is no profile two"),
        (&["whoami", "--profile", "two"], "there is no profile two"),
        (&["whoami", "--profile", "../default"], "a profile's name has"),
        (&["whoami", "--profile", ""], "a profile's name has"),
    ] {
        let (code, said) = user.fails(arguments).await;
        assert!(code == 2 && said.contains(part), "{arguments:?}: {said}");
    }
    user.platform.shutdown().await;
}

#[tokio::test]
async fn a_key_that_is_given_wins_over_profiles_and_no_platform_sees_the_key_of_another() {
    let user = User::new().await;
    user.registers("first", "default").await;
    let other = user.platform.create_agent("other").unwrap().api_key;
    let output = user.command(Some(&other), &["whoami", "--json"]).output().await.unwrap();
    let me: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&me["handle"], &me["profile"]), (&json!("other"), &Value::Null));
    assert!(output.stderr.is_empty(), "{output:?}");
    let output = user.command(Some(&other), &["whoami", "--profile", "default"]).output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.stdout.starts_with(b"@other ") && said.contains("AGENTCHAT_API_KEY is used"), "{said}");

    let elsewhere = platform().await;
    let url = elsewhere.base_url();
    let (code, said) = user.fails(&["whoami", "--base-url", &url, "--profile", "default"]).await;
    assert!(code == 2 && said.contains(&format!("not for {url}")), "{said}");
    let (code, _) = user.fails(&["whoami", "--base-url", &url]).await;
    assert_eq!((code, elsewhere.requests().len()), (2, 0));
    elsewhere.shutdown().await;
    user.platform.shutdown().await;
}

#[tokio::test]
async fn a_lost_key_is_recovered_and_one_that_is_there_is_logged_in_with() {
    let user = User::new().await;
    user.registers("first", "default").await;
    let old = user.key("default");
    let mut codes = user.platform.codes();
    user.json(&["recover", "--email", "first@example.com", "--begin", "--json"]).await;
    let code = next(&mut codes).await;
    // A wrong code changes nothing, and is no end.
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let (status, said) = user.fails(&["recover", "--code", wrong]).await;
    assert!(status == 1 && said.contains("INVALID_CODE") && !said.contains(wrong), "{said}");
    assert_eq!(user.key("default"), old);
    assert_eq!(user.json(&["recover", "--code", &code, "--json"]).await["handle"], "first");
    let new = user.key("default");
    assert_ne!(new, old);
    assert_eq!(user.json(&["whoami", "--json"]).await["handle"], "first");
    assert_eq!(user.files(), ["default.json"]);

    let output = user.with_input(&["login", "--profile", "again"], &format!("{new}\n")).await;
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && !said.contains(&new), "{said}");
    assert_eq!(user.key("again"), new);
    let refused = user.with_input(&["login", "--profile", "dead"], &old).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(!user.profile("dead").exists());
    user.platform.shutdown().await;
}

#[tokio::test]
async fn nobodys_key_is_replaced_by_anothers_and_none_is_asked_for_that_cannot_be_kept() {
    let user = User::new().await;
    user.registers("first", "default").await;
    let (key, other) = (user.key("default"), user.platform.create_agent("other").unwrap().api_key);
    let before = user.platform.requests().len();
    let (code, said) = user.fails(&["register", "--email", "a@example.com", "--handle", "new-one", "--begin"]).await;
    assert!(code == 2 && said.contains("has the key of @first"), "{said}");
    let (code, said) = user.fails(&["recover", "--email", "a@example.com", "--handle", "other", "--begin"]).await;
    assert!(code == 2 && said.contains("has the key of @first"), "{said}");
    assert_eq!(user.platform.requests().len(), before);
    let refused = user.command(Some(&other), &["login"]).output().await.unwrap();
    assert_eq!((refused.status.code(), user.key("default")), (Some(2), key));
    let (code, said) = user.fails(&["recover", "--profile", "new", "--code", "123456"]).await;
    assert!(code == 2 && said.contains("begin with agentchat recover"), "{said}");

    let file = user.config.path().join("file");
    fs::write(&file, "").unwrap();
    let mut command = user.command(None, &["register", "--email", "a@example.com", "--handle", "new-one"]);
    let refused = command.env("XDG_CONFIG_HOME", &file).output().await.unwrap();
    assert!(!refused.status.success() && !refused.stderr.is_empty(), "{refused:?}");
    assert_eq!(user.platform.requests().len(), before + 1, "the login above, and no registration");
    user.platform.shutdown().await;
}

#[tokio::test]
async fn on_a_terminal_it_asks_and_shows_neither_code_nor_key() {
    let user = User::new().await;
    let mut codes = user.platform.codes();
    let mut session = TerminalSession::start(user.command(None, &["register"]));
    session.shows("e-mail address: ").await;
    session.types("me@example.com\n");
    session.shows("handle").await;
    session.types("asked\n");
    session.shows("the code: ").await;
    assert!(!session.echoes());
    let code = next(&mut codes).await;
    session.types(&format!("{code}\n"));
    let said = session.shows("@asked is registered").await;
    assert!(!said.contains(&code), "{said:?}");
    assert_eq!(session.child.wait().await.unwrap().code(), Some(0));
    assert!(session.is_as_it_was());

    // A signal at the question leaves the terminal as it was, too.
    let mut session = TerminalSession::start(user.command(None, &["login", "--profile", "two"]));
    session.shows("the API key: ").await;
    assert!(!session.echoes());
    session.signal("-INT").await;
    session.shows("interrupted").await;
    assert_eq!(session.child.wait().await.unwrap().code(), Some(2));
    assert!(session.is_as_it_was());
    user.platform.shutdown().await;
}
