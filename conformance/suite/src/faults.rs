//! Realtime under each fault of the platform's switchboard: in the end nothing is lost, repeated or out of order.

use std::collections::BTreeMap;
use std::time::Duration;

use agentchat_driver::Deliveries;
use agentchat_engine::realtime::SessionOptions;
use futures_util::StreamExt;
use futures_util::future::join_all;

use super::adapter::Adapter;
use super::platform::{agent, beside, online_with, quick, say, start, stop, until};
use agentchat_local::Settings;
use agentchat_local::faults::{BodyFault, FrameFault, Frames, RequestFault, Requests, Rule, Wait};

/// Who writes to Bob, all at the same time.
const SENDERS: [&str; 3] = ["alice", "carol", "dave"];

/// Messages of each.
const EACH: usize = 8;

/// What a session heard.
#[derive(Default)]
struct Heard {
    /// Ids in the order of hearing.
    ids: Vec<String>,
    /// The highest seq of each conversation.
    marks: BTreeMap<String, u64>,
}

impl Heard {
    /// Takes the next message. Rising order within a conversation is checked; what is flagged late may be.
    async fn take(&mut self, deliveries: &mut Deliveries) {
        let delivery = deliveries.next().await.expect("the session goes on");
        let header = delivery.header().expect("a message");
        let (id, seq) = (header.id.to_string(), header.seq.expect("a seq"));
        assert!(!self.ids.contains(&id), "{id} was heard twice");
        let mark = self.marks.entry(header.conversation_id.to_string()).or_default();
        assert!(seq > *mark || delivery.is_late(), "{seq} after {mark}");
        *mark = seq.max(*mark);
        self.ids.push(id);
        delivery.handled();
    }
}

/// As [`weathered`]; and every rule has applied.
async fn survived<A: Adapter>(rules: Vec<Rule>) {
    survived_with::<A>(rules, quick()).await;
}

async fn survived_with<A: Adapter>(rules: Vec<Rule>, options: SessionOptions) {
    let applied = weathered::<A>(rules, options, true).await;
    assert!(!applied.contains(&0), "a fault has not happened: {applied:?}");
}

/// Three agents write to Bob while the rules apply. He hears it all, in order and once, and the platform owes him nothing.
/// Gives how often each rule has applied; `all` waits until each has.
async fn weathered<A: Adapter>(rules: Vec<Rule>, options: SessionOptions, all: bool) -> Vec<u64> {
    let platform = start(Settings::default()).await;
    let senders: Vec<_> = SENDERS.iter().map(|handle| agent::<A>(&platform, handle)).collect();
    let bob = agent::<A>(&platform, "bob");
    let before = say::<A>(&senders[0], "bob", "stored before").await;
    let ids: Vec<_> = rules.into_iter().map(|rule| platform.faults().add(rule).unwrap()).collect();
    let applied = || ids.iter().map(|id| platform.faults().hits(*id).unwrap().applied).collect::<Vec<_>>();

    let (realtime, mut deliveries) = online_with::<A>(&bob, options).await;
    let speak = async {
        let all = senders.iter().map(async |sender| {
            let mut sent = Vec::new();
            for number in 0..EACH {
                sent.push(say::<A>(sender, "bob", &format!("number {number}")).await);
            }
            sent
        });
        let mut sent = join_all(all).await.concat();
        sent.push(before);
        sent
    };
    let mut heard = Heard::default();
    let listen = async {
        loop {
            heard.take(&mut deliveries).await;
        }
    };
    let mut sent = beside(
        async {
            let sent = speak.await;
            // What was lost on its way over the socket is still stored, and comes with the next drain.
            until::<A>(|| {
                realtime.drain();
                platform.undelivered("bob") == 0 && !(all && applied().contains(&0))
            })
            .await;
            sent
        },
        listen,
    )
    .await;
    let applied = applied();
    heard.ids.sort();
    sent.sort();
    assert_eq!(heard.ids, sent);
    realtime.close();
    realtime.closed().await.unwrap();
    stop(platform).await;
    applied
}

fn messages() -> Frames {
    Frames::to_client().of_type("message.new").agent("bob")
}

fn acks() -> Frames {
    Frames::from_client().of_type("ack").agent("bob")
}

async fn some<A: Adapter>(on: Frames, fault: FrameFault) {
    survived::<A>(vec![Rule::frame(on, fault).skip(3).times(3)]).await;
}

pub(super) async fn messages_that_are_dropped<A: Adapter>() {
    some::<A>(messages(), FrameFault::Drop).await;
}

pub(super) async fn messages_that_come_several_times<A: Adapter>() {
    survived::<A>(vec![Rule::frame(messages(), FrameFault::Duplicate { copies: 2 })]).await;
}

pub(super) async fn messages_that_are_late<A: Adapter>() {
    let late = |fault| Rule::frame(messages(), fault).chance(0.5, 7);
    survived::<A>(vec![
        late(FrameFault::Delay { by: Duration::from_millis(20) }),
        late(FrameFault::Defer { by: Duration::from_millis(40) }),
    ])
    .await;
}

pub(super) async fn messages_that_overtake_each_other<A: Adapter>() {
    survived::<A>(vec![Rule::frame(messages(), FrameFault::Reorder { behind: 2 }).chance(0.5, 11)]).await;
}

pub(super) async fn garbage_in_place_of_messages<A: Adapter>() {
    let garbage = ["{", "null", "[]", "{\"type\":\"message.new\"}", "{\"type\":\"message.new\",\"payload\":null}"];
    let rules = garbage.map(|text| Rule::frame(messages(), FrameFault::Replace { text: text.into() }).skip(1).times(1));
    survived::<A>(rules.into()).await;
}

pub(super) async fn sockets_that_are_closed<A: Adapter>() {
    some::<A>(messages(), FrameFault::Close { code: 1012, reason: "restart".into() }).await;
}

pub(super) async fn sockets_that_are_cut<A: Adapter>() {
    some::<A>(messages(), FrameFault::Cut).await;
}

pub(super) async fn sockets_that_are_reset<A: Adapter>() {
    some::<A>(messages(), FrameFault::Reset).await;
}

pub(super) async fn sockets_that_are_half_open<A: Adapter>() {
    let frozen = Rule::frame(messages(), FrameFault::Freeze).skip(3).times(1);
    // Nothing but silence tells.
    let options = quick().keepalive(Duration::from_millis(500));
    survived_with::<A>(vec![frozen], options).await;
}

pub(super) async fn sockets_that_are_cut_between_a_message_and_its_ack<A: Adapter>() {
    some::<A>(acks(), FrameFault::Cut).await;
}

pub(super) async fn acks_that_are_lost_late_or_doubled<A: Adapter>() {
    survived::<A>(vec![
        Rule::frame(acks(), FrameFault::Drop).skip(2).times(2),
        Rule::frame(acks(), FrameFault::Duplicate { copies: 1 }).skip(1).times(3),
        Rule::frame(acks(), FrameFault::Defer { by: Duration::from_millis(30) }).times(3),
    ])
    .await;
}

/// Takes the four seconds that the platform has to answer.
pub(super) async fn a_hello_that_is_not_answered<A: Adapter>() {
    let unheard = Rule::frame(Frames::to_client().of_type("hello.ok").agent("bob"), FrameFault::Drop).times(1);
    survived::<A>(vec![unheard]).await;
}

async fn requests<A: Adapter>(route: &str, faults: Vec<RequestFault>) {
    let rule = |fault| Rule::request(Requests::route(route).agent("bob"), fault).times(1);
    survived::<A>(faults.into_iter().map(rule).collect()).await;
}

pub(super) async fn a_sync_that_fails_in_every_way<A: Adapter>() {
    let broken = |fault| RequestFault::body(fault);
    requests::<A>(
        "sync",
        vec![
            RequestFault::respond(503),
            RequestFault::close(),
            RequestFault::reset(),
            broken(BodyFault::Truncate { after: 10 }),
            RequestFault::respond(200).text("[{\"id\":"),
            broken(BodyFault::Stall { after: 5, wait: Wait::For(Duration::from_millis(30)) }),
            broken(BodyFault::Drip { bytes: 100, every: Duration::from_millis(1) }),
        ],
    )
    .await;
}

pub(super) async fn a_cursor_whose_commit_fails<A: Adapter>() {
    requests::<A>("sync_ack", vec![RequestFault::respond(500), RequestFault::reset().carried_out()]).await;
}

pub(super) async fn upgrades_that_are_refused<A: Adapter>() {
    let rule = |fault| Rule::request(Requests::route("ws"), fault).times(1);
    let faults = [RequestFault::respond(503), RequestFault::respond(429), RequestFault::close(), RequestFault::reset()];
    survived::<A>(faults.map(rule).into()).await;
}

pub(super) async fn sends_whose_answers_are_lost<A: Adapter>() {
    let rule = |fault: RequestFault| Rule::request(Requests::route("send_message"), fault).skip(2).times(2);
    survived::<A>(vec![
        rule(RequestFault::reset().carried_out()),
        rule(RequestFault::respond(503).carried_out()),
        rule(RequestFault::close()),
        rule(RequestFault::body(BodyFault::Truncate { after: 20 })),
    ])
    .await;
}

/// Everything at once, from one seed.
pub(super) async fn everything_at_once<A: Adapter>() {
    let frame = |on: Frames, fault, probability, seed| Rule::frame(on, fault).chance(probability, seed).times(6);
    let applied = weathered::<A>(
        vec![
            frame(messages(), FrameFault::Drop, 0.2, 1),
            frame(messages(), FrameFault::Duplicate { copies: 1 }, 0.3, 2),
            frame(messages(), FrameFault::Reorder { behind: 1 }, 0.3, 3),
            frame(acks(), FrameFault::Cut, 0.2, 4),
            frame(acks(), FrameFault::Drop, 0.2, 5),
            Rule::request(Requests::any(), RequestFault::respond(503)).chance(0.2, 6).times(10),
        ],
        quick(),
        false,
    )
    .await;
    assert!(applied.iter().sum::<u64>() > 0);
}
