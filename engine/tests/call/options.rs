//! Options out of their ranges are refused before a request exists, with an error that has name, range and value.

use std::time::Duration;

use agentchat_engine::rest::GetMe;
use agentchat_engine::transfer::{ReceiveOptions, Transfer, TransferOptions};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{ApiKey, Call, CallOptions, Context, Error, Now, RetryPolicy, Seed, TransferError};

const LEAST: Duration = Duration::from_millis(1);
const LESS: Duration = Duration::from_micros(999);

fn call(options: CallOptions) -> Option<String> {
    let cx = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
    let call = Call::new(&cx, GetMe::new(), options.clone(), Seed::from_bytes([0; 32]), Now::default());
    let refused = call.err().map(|refused| refused.to_string());
    assert_eq!(options.check().err().map(|refused| refused.to_string()), refused);
    refused
}

fn download(receive: ReceiveOptions, options: TransferOptions) -> Option<String> {
    let url = SignedUrl::from("https://files.example/f");
    let transfer =
        Transfer::get(&url, receive.clone(), options.clone(), Seed::from_bytes([0; 32]), Now::default()).err()?;
    let TransferError::Call(Error::Refused(refused)) = transfer else { panic!("{transfer:?}") };
    assert_eq!(receive.check().and(options.check()).unwrap_err(), refused);
    Some(refused.to_string())
}

#[test]
fn a_call_takes_every_bound_and_refuses_what_is_beyond() {
    let options = CallOptions::default;
    for (taken, refused, problem) in [
        (options().timeout(LEAST), options().timeout(LESS), "timeout must be at least 1ms, was 999µs"),
        (options().deadline(LEAST), options().deadline(Duration::ZERO), "deadline must be at least 1ms, was 0ns"),
    ] {
        assert_eq!(call(taken), None);
        assert_eq!(call(refused).as_deref(), Some(problem));
    }
    for time in [Duration::ZERO, Duration::MAX] {
        let retry = RetryPolicy::default().max_retries(u32::MAX).base(time).cap(time).retry_after_cap(time);
        assert_eq!(call(options().retry(retry).timeout(None).deadline(Duration::MAX)), None);
    }
}

#[test]
fn a_transfer_takes_every_bound_and_refuses_what_is_beyond() {
    let (receive, options) = (ReceiveOptions::default, TransferOptions::default);
    for (taken, refused, problem) in [
        (options().stall(LEAST), options().stall(LESS), "stall must be at least 1ms, was 999µs"),
        (options().deadline(LEAST), options().deadline(LESS), "deadline must be at least 1ms, was 999µs"),
    ] {
        assert_eq!(download(receive(), taken), None);
        assert_eq!(download(receive(), refused).as_deref(), Some(problem));
    }
    assert_eq!(download(receive(), options().stall(None).deadline(None)), None);
    assert_eq!(download(receive().limit(1), options()), None);
    assert_eq!(download(receive().limit(0), options()).as_deref(), Some("limit must be at least 1, was 0"));
    let digits = "0aF".repeat(22);
    assert_eq!(download(receive().sha256(&digits[..64]), options()), None);
    for (sha256, length) in [(&digits[..63], 63), (&digits[..65], 65), ("", 0), (&format!("{}g", &digits[..63]), 64)] {
        let problem = format!("sha256 must be 64 hex digits, was {length} long");
        assert_eq!(download(receive().sha256(sha256), options()), Some(problem));
    }
}
