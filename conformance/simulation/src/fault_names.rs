//! The names of faults in the counts.

use super::schedule::{DialFault, FrameFault, HandlerFault, HttpFault};

pub(super) fn handler(fault: HandlerFault) -> &'static str {
    match fault {
        HandlerFault::Slow(_) => "handler slow",
        HandlerFault::Fails(_) | HandlerFault::FailsFor(_) => "handler fails a few times",
        HandlerFault::AlwaysFails => "handler always fails",
        HandlerFault::NeverSettles => "handler never settles",
        HandlerFault::Discards => "message discarded",
    }
}

pub(super) fn frame(fault: FrameFault) -> &'static str {
    match fault {
        FrameFault::Drop => "frame dropped",
        FrameFault::Twice => "frame twice",
        FrameFault::Late(_) => "frame late, overtaken",
    }
}

pub(super) fn dial(fault: DialFault) -> &'static str {
    match fault {
        DialFault::Refused => "socket refused",
        DialFault::Hangs => "socket never opens",
        DialFault::NoHelloOk => "HELLO not answered",
        DialFault::HelloTooLate => "HELLO answered as too late",
        DialFault::Shutdown => "socket closed during HELLO",
    }
}

pub(super) fn http(fault: HttpFault) -> &'static str {
    match fault {
        HttpFault::Status(_) => "request answered with an error",
        HttpFault::Limited(_) => "request rate-limited",
        HttpFault::Unsent => "request not sent",
        HttpFault::LostOnTheWay => "request lost on the way",
        HttpFault::AnswerLost => "answer lost",
        HttpFault::Truncated => "answer truncated",
        HttpFault::NotAPage => "answer of another kind",
        HttpFault::Slow(_) => "answer slow",
    }
}
