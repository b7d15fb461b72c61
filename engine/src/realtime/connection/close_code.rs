//! What a close means: try again, or the end (contract 5.8).

use core::time::Duration;

use crate::limits;
use crate::realtime::close_reason::CloseReason;
use crate::realtime::halt::HaltReason;

/// What is known of a connection when it closes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// Whether HELLO had been accepted.
    pub(super) authenticated: bool,
    /// Time since the socket opened.
    pub(super) open_for: Duration,
    /// How many closes in a row were taken for a slow uplink.
    pub(super) slow_hellos: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Try again.
    Retry,
    /// Try again; HELLO seems to have arrived too late.
    RetrySlowHello,
    /// Trying again cannot help.
    Final(HaltReason),
}

/// 1008, 4401 and 4403 are final, but for one case: the server says 1008 to a wrong key and to a HELLO that
/// was late alike. Before `hello.ok`, its reason or the time that passed tells a slow uplink from a refusal.
pub(super) fn judge(code: Option<u16>, reason: &str, known: Circumstances) -> Verdict {
    let Some(code @ (1008 | 4401 | 4403)) = code else {
        return Verdict::Retry;
    };
    let late = CloseReason::from(reason) == CloseReason::HelloRequired || known.open_for >= limits::HELLO_TIMEOUT;
    if code == 1008 && !known.authenticated && late && known.slow_hellos < limits::SLOW_HELLO_RETRIES {
        return Verdict::RetrySlowHello;
    }
    Verdict::Final(HaltReason::ClosedForGood { code, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before_hello(millis: u64, slow_hellos: u32) -> Circumstances {
        Circumstances { authenticated: false, open_for: Duration::from_millis(millis), slow_hellos }
    }

    #[test]
    fn a_refused_key_is_final_and_a_late_hello_is_not() {
        assert!(matches!(judge(Some(1008), "Invalid token", before_hello(100, 0)), Verdict::Final(_)));
        assert!(matches!(judge(Some(1008), "HELLO frame required first", before_hello(100, 0)), Verdict::Final(_)));
        assert_eq!(judge(Some(1008), "HELLO frame required", before_hello(100, 0)), Verdict::RetrySlowHello);
        assert_eq!(judge(Some(1008), "", before_hello(4_000, 4)), Verdict::RetrySlowHello);
        assert!(matches!(judge(Some(1008), "", before_hello(4_000, 5)), Verdict::Final(_)));
    }

    #[test]
    fn after_hello_1008_is_final_and_everything_else_is_retried() {
        let live = Circumstances { authenticated: true, open_for: Duration::from_secs(60), slow_hellos: 0 };
        for code in [1008, 4401, 4403] {
            assert!(matches!(judge(Some(code), "HELLO frame required", live), Verdict::Final(_)), "{code}");
        }
        for code in [None, Some(1000), Some(1001), Some(1006), Some(1011), Some(1013), Some(4400), Some(4404)] {
            assert_eq!(judge(code, "", live), Verdict::Retry, "{code:?}");
        }
    }
}
