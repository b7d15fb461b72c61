//! `agentchat serve-local`.

use crate::run::{AGENTCHAT, Running, platform, program};

#[tokio::test]
async fn a_served_platform_prints_its_address_and_the_codes() {
    // Only for its environment: the served platform is another one.
    let other = platform().await;
    let mut serve = program(AGENTCHAT, &other, None);
    serve.args(["serve-local"]);
    let mut serve = Running::start(serve);
    let first = serve.line().await;
    let url = first.split(' ').find(|word| word.starts_with("http://127.0.0.1:")).unwrap().to_owned();
    let mut register = program(AGENTCHAT, &other, None);
    register.args(["call", "register", r#"{"email":"a@example.com","handle":"alice"}"#, "--base-url", &url]);
    assert!(register.output().await.unwrap().status.success());
    let issued = serve.line().await;
    let code = issued.split(' ').find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
    assert!(code.is_some() && issued.contains("a@example.com"), "{issued}");
    assert_eq!(serve.terminate().await, 0);
    other.shutdown().await;
}
