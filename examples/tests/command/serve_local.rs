//! `agentchat serve-local`.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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

#[tokio::test]
async fn with_production_limits_codes_are_a_minute_apart() {
    // Only for its environment, as above.
    let other = platform().await;
    for (flag, code) in [(None, None), (Some("--production-limits"), Some("OTP_COOLDOWN"))] {
        let mut serve = program(AGENTCHAT, &other, None);
        serve.arg("serve-local").args(flag);
        let mut serve = Running::start(serve);
        let url = serve.line().await.rsplit_once("http://").unwrap().1.to_owned();
        let register = json!({ "email": "a@example.com", "handle": "alice" });
        ask(&url, "POST", "/v1/register", &register).await;
        let again = ask(&url, "POST", "/v1/register", &register).await;
        assert_eq!(again["code"].as_str(), code, "{again}");
        assert_eq!(serve.terminate().await, 0);
    }
    other.shutdown().await;
}

#[tokio::test]
async fn with_a_control_api_another_process_controls_it() {
    // Only for its environment, as above.
    let other = platform().await;
    let mut serve = program(AGENTCHAT, &other, None);
    serve.args(["serve-local", "--control"]);
    let mut serve = Running::start(serve);
    let address = |line: String| line.rsplit_once("http://").unwrap().1.to_owned();
    let (url, control) = (address(serve.line().await), address(serve.line().await));
    let agent = ask(&control, "POST", "/agents", &json!({ "handle": "alice" })).await;
    let rule = json!({ "request": { "on": { "route": "get_me" },
        "do": { "answer": { "respond": { "status": 403, "body": { "code": "BLOCKED", "message": "no" } } } } }, "times": 1 });
    assert_eq!(ask(&control, "POST", "/faults", &rule).await, json!({ "id": 1 }));
    let mut get_me = program(AGENTCHAT, &other, agent["api_key"].as_str());
    get_me.args(["call", "get_me", "{}", "--base-url", &format!("http://{url}")]);
    for expected in ["BLOCKED", "alice"] {
        let answer = String::from_utf8(get_me.output().await.unwrap().stdout).unwrap();
        assert!(answer.contains(expected), "{answer}");
    }
    let requests = ask(&control, "GET", "/requests", &json!(null)).await;
    assert_eq!(requests["requests"].as_array().map(Vec::len), Some(2));
    assert_eq!(serve.terminate().await, 0);
    other.shutdown().await;
}

/// One exchange of JSON.
pub(crate) async fn ask(address: &str, method: &str, path: &str, body: &Value) -> Value {
    let answer = exchange(address, method, path, "host: localhost\r\ncontent-type: application/json\r\n", body).await;
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// A request with these headers, and the answer as it comes.
async fn exchange(address: &str, method: &str, path: &str, headers: &str, body: &Value) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let body = body.to_string();
    let head =
        format!("{method} {path} HTTP/1.1\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    connection.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn no_web_page_uses_the_control_api() {
    // Only for its environment, as above.
    let other = platform().await;
    let mut serve = program(AGENTCHAT, &other, None);
    serve.args(["serve-local", "--control"]);
    let mut serve = Running::start(serve);
    let address = |line: String| line.rsplit_once("http://").unwrap().1.to_owned();
    let (url, control) = (address(serve.line().await), address(serve.line().await));
    let json = "content-type: application/json\r\n";
    let own = format!("host: {control}\r\norigin: http://{control}\r\n{json}");
    for (number, (headers, status)) in [
        // A form, or a script that is not asked about first.
        (format!("host: {control}\r\norigin: https://page.example\r\ncontent-type: text/plain\r\n"), 403),
        (format!("host: {control}\r\ncontent-type: text/plain\r\n"), 415),
        (format!("host: {control}\r\ncontent-type: application/x-www-form-urlencoded\r\n"), 415),
        (format!("host: {control}\r\n"), 415),
        (format!("host: {control}\r\norigin: https://page.example\r\n{json}"), 403),
        (format!("host: {control}\r\norigin: null\r\n{json}"), 403),
        // Another server of this machine may show anybody's pages.
        (format!("host: {control}\r\norigin: http://localhost:3000\r\n{json}"), 403),
        // A name that was made to resolve to this machine.
        (format!("host: page.example\r\norigin: http://page.example\r\n{json}"), 403),
        (format!("host: page.example\r\n{json}"), 403),
        (format!("host: 127.0.0.1.page.example\r\n{json}"), 403),
        (format!("host: localhost.page.example\r\n{json}"), 403),
        (format!("host: 192.0.2.1\r\n{json}"), 403),
        (format!("host: 127.0.0.1\r\nhost: page.example\r\n{json}"), 403),
        (format!("host: {control}\r\n{json}"), 201),
        (format!("host: localhost:1234\r\n{json}"), 201),
        ("host: [::1]:80\r\ncontent-type: Application/JSON; charset=utf-8\r\n".to_owned(), 201),
        (own, 201),
    ]
    .into_iter()
    .enumerate()
    {
        let agent = json!({ "handle": format!("agent-{number}") });
        let answer = exchange(&control, "POST", "/agents", &headers, &agent).await;
        // A request with two hosts is refused by the layer that notices first.
        let refused = number == 12 && answer.starts_with("HTTP/1.1 400");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) || refused, "{headers:?}: {answer}");
        assert_eq!(answer.contains("api_key"), status == 201, "{headers:?}: {answer}");
    }
    let codes = exchange(&control, "GET", "/codes", "host: page.example\r\n", &json!(null)).await;
    assert!(codes.starts_with("HTTP/1.1 403 "), "what is only read too: {codes}");
    // The platform itself is for any origin, as the contract has it.
    let headers = "host: localhost\r\norigin: https://page.example\r\n";
    let health = exchange(&url, "GET", "/v1/health", headers, &json!(null)).await;
    assert!(health.starts_with("HTTP/1.1 200 ") && health.contains("access-control-allow-origin: *"), "{health}");
    assert_eq!(serve.terminate().await, 0);
    other.shutdown().await;
}
