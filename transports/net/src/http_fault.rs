//! What hyper's errors mean to a call.

use std::error::Error;
use std::io;

use agentchat_engine::{Fault, FaultKind, WasSent};
use h2::Reason;
use hyper_util::client::legacy::Error as ClientError;

/// A failed connection brings the dialler's own fault along.
pub(crate) fn request_fault(error: &ClientError) -> Fault {
    let sent = if error.is_connect() || was_refused(error) { WasSent::No } else { WasSent::Maybe };
    let kind = if error.is_connect() { FaultKind::Connect } else { FaultKind::Io };
    fault(error, kind, sent)
}

/// Whether an HTTP/2 host has refused the request and done nothing with it (RFC 9113, 8.7). A GOAWAY says as much of streams
/// that it had not come to, but hyper ends some with it that have been sent and taken.
fn was_refused(error: &ClientError) -> bool {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<h2::Error>())
        .any(|error| error.is_remote() && error.reason() == Some(Reason::REFUSED_STREAM) && error.is_reset())
}

/// An answer whose body broke off.
pub(crate) fn body_fault(error: &hyper::Error) -> Fault {
    fault(error, FaultKind::Io, WasSent::Maybe)
}

/// The most telling cause. Texts of hyper and of the operating system are used; of HTTP/2 only the reason, as its texts can
/// quote the peer.
fn fault(error: &(dyn Error + 'static), kind: FaultKind, sent: WasSent) -> Fault {
    let mut fault = Fault::new(kind, sent, "the exchange failed");
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(dialled) = error.downcast_ref::<Fault>() {
            return dialled.clone();
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            fault.message = error.to_string();
            if error.is_parse() {
                fault.kind = FaultKind::Protocol;
            }
        } else if let Some(reason) = error.downcast_ref::<h2::Error>().and_then(h2::Error::reason) {
            fault.message = format!("HTTP/2: {reason}");
        } else if let Some(error) = error.downcast_ref::<io::Error>() {
            fault.message = error.kind().to_string();
        }
        cause = error.source();
    }
    fault
}
