//! Lists: what is asked for, what is made of the answers, and what servers that misbehave come to.

use agentchat_engine::paging::{Contacts, Conversations, Directory, History, Listing, Pager, PagingError, Step};
use agentchat_engine::rest::{Endpoint, ListContacts};
use agentchat_engine::types::{ContactPage, ConversationListItem, DirectoryPage, Message};
use agentchat_engine::{Error, Fault, FaultKind, WasSent};
use serde_json::{Value, json};

fn contacts(handles: &[String], total: Option<u64>, offset: Option<u32>) -> ContactPage {
    let contacts: Vec<Value> = handles.iter().map(|handle| json!({"handle": handle})).collect();
    serde_json::from_value(json!({"contacts": contacts, "total": total, "offset": offset})).unwrap()
}

fn named(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|number| format!("agent{number:05}")).collect()
}

fn messages(seqs: &[u64]) -> Vec<Message> {
    let message = |seq: &u64| {
        json!({"id": format!("m{seq}"), "conversation_id": "c", "sender": "a", "seq": seq,
        "type": "text", "content": {"text": "hi"}, "created_at": "2026-04-20T10:00:00.000Z"})
    };
    serde_json::from_value(seqs.iter().map(message).collect()).unwrap()
}

/// Reads a list to its end from a server: the rows, how often it was asked, and how it ended.
fn read<L: Listing, P: Into<<L::Request as Endpoint>::Output>>(
    pager: &mut Pager<L>,
    mut server: impl FnMut(L::Request) -> P,
) -> (Vec<L::Item>, u32, Option<PagingError>) {
    let (mut rows, mut asked, mut error) = (Vec::new(), 0, None);
    loop {
        match pager.step() {
            Step::Item(row) => rows.push(row),
            Step::Fetch(request) => {
                asked += 1;
                assert!(asked < 5_000, "it never ends");
                pager.page(Ok(server(request).into()));
            }
            Step::Unreadable(row) => panic!("{row}"),
            Step::Failed(failed) => assert!(error.replace(failed).is_none(), "an error is returned once"),
            Step::End => return (rows, asked, error),
        }
    }
}

/// A server with so many contacts, which gives at most 50 at once.
fn honest(count: u32) -> impl Fn(ListContacts) -> ContactPage {
    move |request| {
        let from = request.offset.unwrap_or(0).min(count);
        let to = count.min(from + u32::try_from(request.limit.unwrap_or(50).min(50)).unwrap());
        contacts(&named(from..to), Some(count.into()), request.offset)
    }
}

fn handles(rows: &[agentchat_engine::types::Contact]) -> Vec<String> {
    rows.iter().map(|row| row.handle.as_str().to_owned()).collect()
}

#[test]
fn a_list_is_read_to_its_end_whatever_the_limit_is_clamped_to() {
    for (count, asks) in [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)] {
        let mut pager = Pager::new(Contacts::new());
        let (rows, asked, error) = read(&mut pager, honest(count));
        assert_eq!(handles(&rows), named(0..count));
        assert_eq!((asked, *pager.position()), (asks, count));
        assert!(error.is_none());
    }
}

#[test]
fn a_cap_ends_the_list_and_is_never_asked_beyond() {
    let (rows, asked, error) = read(&mut Pager::new(Contacts::new().max(0)), honest(100));
    assert!(rows.is_empty() && asked == 0 && error.is_none());
    let mut limits = Vec::new();
    let mut pager = Pager::new(Contacts::new().page_size(40).max(70));
    let (rows, _, _) = read(&mut pager, |request| {
        limits.push(request.limit.unwrap());
        honest(100)(request)
    });
    assert_eq!((rows.len(), limits, *pager.position()), (70, vec![40, 30], 70));
}

#[test]
fn a_list_goes_on_at_its_position_after_an_error_as_well() {
    let mut pager = Pager::new(Contacts::new().page_size(10));
    let mut taken = Vec::new();
    loop {
        match pager.step() {
            Step::Item(row) => taken.push(row),
            Step::Fetch(request) if request.offset == Some(20) => {
                let fault = Fault::new(FaultKind::Io, WasSent::Maybe, "broken");
                pager.page(Err(Error::Transport { fault, attempts: 4, sent: WasSent::Maybe }));
            }
            Step::Fetch(request) => pager.page(Ok(honest(35)(request))),
            Step::Unreadable(row) => panic!("{row}"),
            Step::Failed(error) => {
                assert!(matches!(error, PagingError::Call(Error::Transport { .. })));
                break;
            }
            Step::End => panic!("an error comes first"),
        }
    }
    assert!(matches!(pager.step(), Step::End) && matches!(pager.step(), Step::End));
    let mut rest = Pager::new(Contacts::new().page_size(10).start(*pager.position()));
    taken.extend(read(&mut rest, honest(35)).0);
    assert_eq!(handles(&taken), named(0..35));
}

#[test]
fn a_call_that_was_given_up_is_asked_for_again() {
    let mut pager = Pager::new(Contacts::new());
    assert!(matches!(pager.step(), Step::Fetch(_)));
    assert!(matches!(pager.step(), Step::Fetch(_)));
    pager.page(Ok(honest(1)(ListContacts::new())));
    pager.page(Ok(honest(5)(ListContacts::new())));
    let (rows, asked, _) = read(&mut pager, honest(1));
    assert_eq!((rows.len(), asked), (1, 0), "an answer that nobody asked for changes nothing");
}

#[test]
fn a_missing_total_is_not_needed_and_a_wrong_one_not_believed() {
    for total in [None, Some(0), Some(1), Some(49), Some(1_000_000)] {
        let (rows, _, error) = read(&mut Pager::new(Contacts::new()), |request| {
            let mut page = honest(120)(request);
            page.total = total;
            page
        });
        assert_eq!(handles(&rows), named(0..120), "{total:?}");
        assert!(error.is_none(), "{total:?} {error:?}");
    }
}

#[test]
fn a_row_that_comes_again_is_left_out() {
    // One agent is added in front after the first page.
    let mut first = true;
    let (rows, _, error) = read(&mut Pager::new(Contacts::new()), |request| {
        if std::mem::take(&mut first) {
            return honest(100)(request);
        }
        let from = request.offset.unwrap().min(101) - 1;
        contacts(&named(from..100.min(from + 50)), Some(101), request.offset)
    });
    assert_eq!(handles(&rows), named(0..100));
    assert!(error.is_none());
}

#[test]
fn a_server_that_ignores_the_offset_is_stuck() {
    for (total, says) in [(Some(150), None), (None, None), (Some(1_000), None)] {
        let (rows, asked, error) =
            read(&mut Pager::new(Contacts::new().page_size(50)), |_| contacts(&named(0..50), total, says));
        assert_eq!((rows.len(), asked), (50, 2));
        assert!(matches!(error, Some(PagingError::Stuck { taken: 50 })), "{error:?}");
    }
    let (_, asked, error) =
        read(&mut Pager::new(Contacts::new().page_size(50)), |_| contacts(&named(0..50), Some(150), Some(0)));
    assert_eq!(asked, 2);
    assert!(matches!(error, Some(PagingError::Elsewhere { asked: 50, got: 0 })), "{error:?}");
}

#[test]
fn a_server_without_pages_gives_its_whole_list_at_once() {
    let item = |number: u64| json!({"id": format!("conv_{number}"), "type": "direct"});
    let all = |count| -> Vec<ConversationListItem> { serde_json::from_value((0..count).map(item).collect()).unwrap() };
    let (rows, asked, error) = read(&mut Pager::new(Conversations::new()), |_| all(7));
    assert_eq!((rows.len(), asked), (7, 2));
    assert!(error.is_none(), "{error:?}");
    let (rows, _, error) = read(&mut Pager::new(Conversations::new()), |_| all(50));
    assert_eq!(rows.len(), 50);
    assert!(matches!(error, Some(PagingError::Stuck { .. })), "there may be more: {error:?}");
}

#[test]
fn rows_that_only_change_places_are_stuck_after_three_pages() {
    let mut turn = 0;
    let (rows, asked, error) = read(&mut Pager::new(Contacts::new().page_size(10)), |_| {
        let mut page = named(0..10);
        page.rotate_left(turn);
        turn += 1;
        contacts(&page, None, None)
    });
    assert_eq!((rows.len(), asked), (10, 4));
    assert!(matches!(error, Some(PagingError::Stuck { taken: 10 })));
}

#[test]
fn a_list_that_grows_for_ever_ends_at_a_cap() {
    let growing = |request: ListContacts| {
        let from = request.offset.unwrap();
        contacts(&named(from..from + 100), Some(u64::from(from) + 1_000), request.offset)
    };
    let (rows, _, error) = read(&mut Pager::new(Contacts::new()), growing);
    assert_eq!(rows.len(), 100_000);
    assert!(matches!(error, Some(PagingError::Endless { taken: 100_000 })), "{error:?}");
    let (rows, _, error) = read(&mut Pager::new(Contacts::new().max(100_050)), growing);
    assert_eq!(rows.len(), 100_050, "a cap of one's own goes before");
    assert!(error.is_none());
}

#[test]
fn the_directory_ends_where_the_platform_shows_no_more() {
    let mut pager = Pager::new(Directory::new("ag").start(9_990));
    let (rows, _, error) = read(&mut pager, |request| {
        let from = request.offset.unwrap();
        let agents: Vec<Value> = named(from..from + 50).into_iter().map(|handle| json!({"handle": handle})).collect();
        serde_json::from_value::<DirectoryPage>(json!({"agents": agents, "total": 20_000, "offset": from})).unwrap()
    });
    assert_eq!(rows.len(), 50);
    assert!(matches!(error, Some(PagingError::OutOfReach { offset: 10_040 })), "{error:?}");
}

fn seqs(rows: &[Message]) -> Vec<u64> {
    rows.iter().map(|row| row.seq.unwrap()).collect()
}

/// A conversation with these seqs hidden: hides come after the limit, as on the platform.
fn history(last: u64, hidden: &[u64]) -> impl Fn(agentchat_engine::rest::GetMessages) -> Vec<Message> {
    move |request| {
        let limit = usize::try_from(request.limit.unwrap()).unwrap();
        let mut all: Vec<u64> = (1..=last).collect();
        match (request.before_seq, request.after_seq) {
            (None, Some(after)) => all.retain(|seq| *seq > after),
            (before, None) => {
                all.retain(|seq| before.is_none_or(|before| *seq < before));
                all.reverse();
            }
            _ => panic!("one cursor at a time"),
        }
        all.truncate(limit);
        all.retain(|seq| !hidden.contains(seq));
        messages(&all)
    }
}

#[test]
fn history_is_read_either_way_and_a_short_page_is_not_the_end() {
    let shown: Vec<u64> = (1..=25).filter(|seq| ![4, 11, 12, 13, 25].contains(seq)).collect();
    let mut newest: Vec<u64> = shown.clone();
    newest.reverse();
    let server = history(25, &[4, 11, 12, 13, 25]);
    let mut pager = Pager::new(History::newest_first("c").page_size(5));
    let (rows, _, error) = read(&mut pager, &server);
    assert_eq!((seqs(&rows), *pager.position()), (newest, Some(1)));
    assert!(error.is_none());
    let mut pager = Pager::new(History::oldest_first("c").page_size(5));
    let (rows, _, error) = read(&mut pager, &server);
    assert_eq!((seqs(&rows), *pager.position()), (shown, Some(24)));
    assert!(error.is_none());
}

#[test]
fn the_first_message_ends_history_without_another_call() {
    let (rows, asked, _) = read(&mut Pager::new(History::newest_first("c").page_size(5)), history(10, &[]));
    assert_eq!((rows.len(), asked), (10, 2));
}

#[test]
fn history_goes_on_at_its_position() {
    let mut pager = Pager::new(History::newest_first("c").page_size(5).max(7));
    let (rows, _, _) = read(&mut pager, history(20, &[]));
    assert_eq!(seqs(&rows), (14..=20).rev().collect::<Vec<_>>());
    let mut rest = Pager::new(History::newest_first("c").start(*pager.position()));
    assert_eq!(seqs(&read(&mut rest, history(20, &[])).0), (1..=13).rev().collect::<Vec<_>>());
    let mut since = Pager::new(History::oldest_first("c").start(Some(17)));
    assert_eq!(seqs(&read(&mut since, history(20, &[])).0), [18, 19, 20]);
}

#[test]
fn history_on_the_wrong_side_of_its_cursor_is_stuck() {
    for list in [History::newest_first("c"), History::oldest_first("c")] {
        let (rows, asked, error) = read(&mut Pager::new(list.page_size(3)), |_| messages(&[9, 8, 7]));
        assert_eq!((rows.len(), asked), (3, 2));
        assert!(matches!(error, Some(PagingError::Stuck { taken: 3 })), "{error:?}");
    }
}

#[test]
fn history_in_disorder_is_put_in_order_and_repeats_are_left_out() {
    let mut pages = vec![messages(&[]), messages(&[5, 3, 4, 3, 8]), messages(&[8, 6, 7, 8])];
    let (rows, _, error) = read(&mut Pager::new(History::newest_first("c")), |_| pages.pop().unwrap());
    assert_eq!(seqs(&rows), [8, 7, 6, 5, 4, 3]);
    assert!(error.is_none());
}

/// A row that cannot be read takes its place among the others, and ends nothing; a message without a seq neither.
#[test]
fn what_cannot_be_read_takes_its_place_in_a_list() {
    fn read<L: Listing>(list: L, mut pages: Vec<Value>) -> Vec<String>
    where
        L::Item: serde::Serialize,
        <L::Request as Endpoint>::Output: serde::de::DeserializeOwned,
    {
        let (mut pager, mut seen) = (Pager::new(list), Vec::new());
        loop {
            match pager.step() {
                Step::Item(row) => {
                    let row = serde_json::to_value(row).unwrap();
                    seen.push(row["id"].as_str().or(row["handle"].as_str()).unwrap().to_owned());
                }
                Step::Unreadable(row) => seen.push(row.to_string()),
                Step::Fetch(_) => {
                    let page = if pages.is_empty() { json!([]) } else { pages.remove(0) };
                    pager.page(Ok(serde_json::from_value(page).unwrap()));
                }
                Step::Failed(error) => seen.push(error.to_string()),
                Step::End => return seen,
            }
        }
    }
    let row = |seq: u64| json!({"id": format!("m{seq}"), "conversation_id": "c", "seq": seq});
    let lost = json!({"id": "lost", "conversation_id": "c"});
    let newest = vec![json!([row(9), null, row(8), {"seq": 7}]), json!([row(6), lost, row(5), row(1)])];
    assert_eq!(
        read(History::newest_first("c"), newest),
        ["m9", "null", "m8", r#"{"seq":7}"#, "m6", "lost", "m5", "m1"]
    );
    let oldest = vec![json!([null, row(1), row(2)]), json!([lost, row(3)])];
    assert_eq!(read(History::oldest_first("c"), oldest), ["null", "m1", "m2", "lost", "m3"]);
    let contacts =
        vec![json!({"contacts": [{"handle": "a"}, {"handle": 7}, {"handle": "b"}], "total": 3, "offset": 0})];
    assert_eq!(read(Contacts::new(), contacts), ["a", r#"{"handle":7}"#, "b"]);
    let groups = vec![json!([{"id": "c1", "type": "group", "group_name": 7}, "x"])];
    assert_eq!(read(Conversations::new(), groups), ["c1", r#""x""#]);
}

mod any_server {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// A page as a server could send it: few different rows, so that they come again.
    fn any_page() -> impl Strategy<Value = (Vec<u32>, Option<u64>, bool)> {
        (prop::collection::vec(0..30_u32, 0..6), prop::option::of(0..40_u64), any::<bool>())
    }

    proptest! {
        /// Every list ends, soon after the last new row, and no row is taken twice.
        #[test]
        fn every_list_ends_and_no_row_comes_twice(pages in prop::collection::vec(any_page(), 1..40)) {
            let mut pages = pages.iter().cycle();
            let mut pager = Pager::new(Contacts::new().page_size(5));
            let (rows, asked, _) = read(&mut pager, |request| {
                let (rows, total, echo) = pages.next().unwrap();
                let rows: Vec<String> = rows.iter().map(|row| format!("agent{row}")).collect();
                contacts(&rows, *total, request.offset.filter(|_| *echo))
            });
            let rows = handles(&rows);
            prop_assert!(asked <= 3 * 30 + 3, "asked {} times", asked);
            prop_assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
        }

        /// History comes in strict order either way, whatever a server sends, and ends.
        #[test]
        fn history_is_always_in_order(pages in prop::collection::vec(prop::collection::vec(0..200_u64, 0..6), 1..40)) {
            for on in [false, true] {
                let mut pages = pages.iter().cycle();
                let list = if on { History::oldest_first("c") } else { History::newest_first("c") };
                let (rows, asked, _) = read(&mut Pager::new(list), |_| messages(pages.next().unwrap()));
                let mut seqs = seqs(&rows);
                if !on {
                    seqs.reverse();
                }
                prop_assert!(asked <= 202);
                prop_assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", seqs);
            }
        }
    }
}
