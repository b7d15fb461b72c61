//! Connecting to whichever of a host's addresses answers first (RFC 8305, "happy eyeballs").

use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;

use crate::Runtime;

/// How long an address has for itself before the next one is tried as well: RFC 8305's own advice. A broken IPv6 route
/// costs this much and not a SYN's whole patience.
const HEAD_START: Duration = Duration::from_millis(250);

/// The first connection that stands; the others are dropped. If all fail, what the last one said.
///
/// The order is the resolver's, with the families taking turns. The next address is tried when the head start is over or
/// at once when an attempt has failed.
pub(crate) async fn connect<R: Runtime>(runtime: &R, addresses: Vec<SocketAddr>) -> Result<R::Stream, String> {
    let mut waiting = interleaved(addresses).into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = "the host has no address".to_owned();
    loop {
        match waiting.next() {
            Some(address) => attempts
                .push(async move { runtime.connect(address).await.map_err(|error| format!("{address}: {error}")) }),
            None if attempts.is_empty() => return Err(failure),
            None => {}
        }
        let head_start = async { if waiting.len() > 0 { runtime.sleep(HEAD_START).await } else { pending().await } };
        match select(attempts.next(), pin!(head_start)).await {
            Either::Left((Some(Ok(stream)), _)) => return Ok(stream),
            Either::Left((Some(Err(told)), _)) => failure = told,
            Either::Left((None, _)) | Either::Right(_) => {}
        }
    }
}

/// Families in turn, beginning with the resolver's favourite; otherwise in its order.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (favourites, others): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut favourites, mut others) = (favourites.into_iter(), others.into_iter());
    let mut order = Vec::new();
    loop {
        let turn = [favourites.next(), others.next()];
        if turn == [None, None] {
            return order;
        }
        order.extend(turn.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::stub::{DEAD, OPEN, REFUSING, SLOW, Stub};

    fn v4(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    fn v6(port: u16) -> SocketAddr {
        SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port))
    }

    /// The result, and what was tried in which order.
    fn raced(stub: &Stub, addresses: &[SocketAddr]) -> (Option<Result<(), String>>, Vec<SocketAddr>) {
        let mut racing = pin!(connect(stub, addresses.to_vec()));
        let result = (0..10).find_map(|_| racing.as_mut().now_or_never());
        (result.map(|result| result.map(drop)), stub.tried())
    }

    #[test]
    fn families_take_turns_beginning_with_the_resolvers_favourite() {
        let order = interleaved(vec![v6(1), v6(2), v6(3), v4(1), v4(2)]);
        assert_eq!(order, [v6(1), v4(1), v6(2), v4(2), v6(3)]);
        assert_eq!(interleaved(vec![v4(1), v6(1), v6(2)]), [v4(1), v6(1), v6(2)]);
        assert_eq!(interleaved(vec![]), []);
    }

    #[test]
    fn after_a_failure_the_next_is_tried_at_once() {
        let stub = Stub::whose_time_stands_still();
        assert_eq!(raced(&stub, &[v6(REFUSING), v4(OPEN)]), (Some(Ok(())), vec![v6(REFUSING), v4(OPEN)]));
    }

    #[test]
    fn a_silent_address_holds_the_next_up_for_its_head_start_only() {
        let waiting = Stub::whose_time_stands_still();
        assert_eq!(raced(&waiting, &[v6(DEAD), v4(OPEN)]), (None, vec![v6(DEAD)]));
        let over = Stub::default();
        assert_eq!(raced(&over, &[v6(DEAD), v4(OPEN)]), (Some(Ok(())), vec![v6(DEAD), v4(OPEN)]));
        assert_eq!(over.slept(), [HEAD_START]);
    }

    #[test]
    fn the_first_may_still_win_after_the_second_has_started() {
        let stub = Stub::default();
        let (result, tried) = raced(&stub, &[v6(SLOW), v4(DEAD)]);
        assert_eq!((result, tried), (Some(Ok(())), vec![v6(SLOW), v4(DEAD)]));
    }

    #[test]
    fn if_all_fail_the_last_error_is_returned() {
        let stub = Stub::default();
        let (result, tried) = raced(&stub, &[v4(REFUSING), v6(REFUSING)]);
        assert_eq!(result, Some(Err(format!("{}: connection refused", v6(REFUSING)))));
        assert_eq!(tried.len(), 2);
        assert_eq!(raced(&Stub::default(), &[]).0, Some(Err("the host has no address".to_owned())));
    }
}
