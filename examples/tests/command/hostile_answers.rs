//! `agentchat listen --forward-to` where the endpoint answers with what no web server should: of a head that is complete the
//! status decides, whatever follows; without one it is a failure, bounded in time and memory, reported once and tried again.

use std::process::Stdio;

use futures_util::future::join_all;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::ChildStderr;
use tokio::time::{Duration, timeout};

use crate::raw_endpoint::{Answer, RawEndpoint};
use crate::run::Running;
use crate::runtimes::RUNTIMES;
use crate::scene::{Scene, TempFile};

/// Far more than an attempt may take.
const STUCK: Duration = Duration::from_secs(60);

/// Far more than a head may weigh, and far less than an endpoint can send in the time of an attempt.
const MEMORY_KIB: u64 = 32 * 1024;

/// Bob forwards what alice says to an endpoint, on one of the runtimes.
struct Forwarding {
    scene: Scene,
    endpoint: RawEndpoint,
    bob: Running,
    said: Lines<BufReader<ChildStderr>>,
    _secret: TempFile,
}

impl Forwarding {
    async fn start(runtime: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        let scene = Scene::new().await;
        let endpoint = RawEndpoint::answering(answers).await;
        let port = endpoint.url.rsplit(['/', ':']).nth(1).unwrap();
        let secret = TempFile::with(&format!("secret-of-hostile-{port}"), "secret");
        let arguments = ["--json", "--runtime", runtime, "--forward-to", &endpoint.url, "--secret-file", secret.path()];
        let mut listen = scene.bob_listens_after("true", &arguments);
        listen.stderr(Stdio::piped());
        let mut bob = Running::start(listen);
        let said = BufReader::new(bob.child.stderr.take().unwrap()).lines();
        bob.json("client.caught_up").await;
        Self { scene, endpoint, bob, said, _secret: secret }
    }

    /// Alice says something, which is handled after so many posts.
    async fn is_handled_after(&mut self, posts: usize, text: &str) {
        self.scene.alice_says(text).await;
        let line = timeout(STUCK, self.bob.json("message.new")).await.unwrap_or_else(|_| panic!("{text}: not handled"));
        assert_eq!(line["payload"]["content"]["text"], text);
        for _ in 0..posts {
            self.endpoint.posts.recv().await.unwrap();
        }
        self.scene.settled().await;
        assert!(self.endpoint.posts.try_recv().is_err(), "{text}: posted more than {posts} times");
    }

    /// The one line that was said of it.
    async fn told(&mut self) -> String {
        self.said.next_line().await.unwrap().expect("it is reported")
    }

    /// The client ends a connection.
    async fn lets_go(&mut self) {
        timeout(STUCK, self.endpoint.let_go.recv()).await.expect("the connection is let go").unwrap();
    }

    /// The most memory that was ever used, in KiB.
    #[cfg(target_os = "linux")]
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.bob.child.id().unwrap())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[cfg(not(target_os = "linux"))]
    fn memory(&self) -> u64 {
        0
    }

    /// It ends when it is asked to, with nothing else to say.
    async fn ends(mut self) {
        assert_eq!(timeout(STUCK, self.bob.terminate()).await.expect("it ends"), 0);
        assert_eq!(self.said.next_line().await.unwrap(), None);
        self.scene.platform.shutdown().await;
    }
}

#[tokio::test]
async fn of_a_complete_head_the_status_decides_whatever_follows() {
    let answers = [
        ("HTTP/1.0", Answer::cut("HTTP/1.0 200 OK\r\n\r\nuntil the end")),
        ("no body, no length", Answer::cut("HTTP/1.1 200 OK\r\n\r\n")),
        ("another success", Answer::bytes("HTTP/1.1 299 Whatever\r\ncontent-length: 0\r\n\r\n")),
        ("without a reason", Answer::bytes("HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n")),
        ("bare line feeds", Answer::cut("HTTP/1.1 200 OK\ncontent-length: 0\n\n")),
        ("more than announced", Answer::bytes("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nmore")),
        ("a body where none is allowed", Answer::bytes("HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nbody")),
        ("an enormous body", Answer::cut("HTTP/1.1 200 OK\r\ncontent-length: 1000000000000000000\r\n\r\nx")),
        ("two lengths", Answer::bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n")),
        ("another coding", Answer::bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n{}")),
        ("no chunk", Answer::bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n")),
        (
            "a chunk too large",
            Answer::bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
        ),
        ("an announcement", Answer::bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")),
        ("early hints", Answer::bytes("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")),
    ];
    let (texts, answers): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    let mut forwarding = Forwarding::start("tokio", answers).await;
    for text in texts {
        forwarding.is_handled_after(1, text).await;
    }
    forwarding.ends().await;
}

#[tokio::test]
async fn a_body_without_end_is_not_waited_for_and_its_connection_is_let_go() {
    join_all(RUNTIMES.map(|runtime| async move {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let answers = [Answer::drip(head, "1\r\nx\r\n"), Answer::drip(head, "0"), Answer::flood(head, "1\r\nx\r\n")];
        let mut forwarding = Forwarding::start(runtime, answers).await;
        let before = forwarding.memory();
        for text in ["dripped", "a length without end", "flooded"] {
            forwarding.is_handled_after(1, text).await;
            forwarding.lets_go().await;
        }
        let grown = forwarding.memory() - before;
        assert!(grown < MEMORY_KIB, "{runtime}: {grown} KiB");
        forwarding.ends().await;
    }))
    .await;
}

#[tokio::test]
async fn what_has_no_complete_head_or_no_success_is_reported_once_and_tried_again() {
    let moved = |status: u16| {
        let head = format!("HTTP/1.1 {status} Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
        (format!("moved {status}"), Answer::bytes(head), format!("answered with {status}"))
    };
    let said = |text: &str, answer: Answer, words: &str| (text.to_owned(), answer, words.to_owned());
    let closed = "connection closed before message completed";
    let cases = [301, 302, 303, 307, 308].map(moved).into_iter().chain([
        said("not modified", Answer::bytes("HTTP/1.1 304 Not Modified\r\n\r\n"), "answered with 304"),
        said("refused", Answer::bytes("HTTP/1.0 404 Not Found\r\n\r\nno"), "answered with 404"),
        said(
            "upgraded",
            Answer::bytes("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"),
            "answered with 101",
        ),
        said("closed at once", Answer::cut(""), closed),
        said("closed within the head", Answer::cut("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n"), closed),
        said("closed after announcements", Answer::cut("HTTP/1.1 100 Continue\r\n\r\n"), closed),
        said("another protocol", Answer::bytes("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "invalid HTTP version"),
        said("another version", Answer::bytes("HTTP/3.0 200 OK\r\n\r\n"), "invalid HTTP version"),
        said("zeros", Answer::bytes([0; 64]), "invalid HTTP"),
        // RFC 9112, 6.3: such an answer is discarded.
        said("no length", Answer::bytes("HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n"), "invalid content-length"),
        said("headers without end", Answer::flood("HTTP/1.1 200 OK\r\n", "x-more: and more\r\n"), "head is too large"),
        said("a header without end", Answer::flood("HTTP/1.1 200 OK\r\nx-more: ", "and more "), "head is too large"),
        said("a reason without end", Answer::flood("HTTP/1.1 200 ", "because "), "head is too large"),
    ]);
    let cases: Vec<_> = cases.collect();
    let no_content = Answer::cut("HTTP/1.1 204 No Content\r\n\r\n");
    let answers: Vec<_> = cases.iter().flat_map(|(_, answer, _)| [answer.clone(), no_content.clone()]).collect();
    let mut forwarding = Forwarding::start("tokio", answers).await;
    let before = forwarding.memory();
    for (text, _, words) in cases {
        forwarding.is_handled_after(2, &text).await;
        let told = forwarding.told().await;
        assert!(told.contains("message msg_") && told.contains(&words), "{text}: {told}");
    }
    let grown = forwarding.memory() - before;
    assert!(grown < MEMORY_KIB, "{grown} KiB");
    forwarding.ends().await;
}

/// As fast as they are read, so that the reader never has to wait.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_at_an_answer_that_never_comes_ends_on_every_runtime() {
    let interim = "HTTP/1.1 102 Processing\r\n\r\n";
    let flooded = RUNTIMES.map(|runtime| (runtime, "announcements", Answer::flood("", interim)));
    let others = [
        ("tokio", "announcements now and then", Answer::drip("", interim)),
        ("tokio", "a head that drips", Answer::drip("HTTP/1.1 200 OK\r\nx-slow: ", ".")),
        ("tokio", "silence", Answer::bytes("")),
    ];
    join_all(flooded.into_iter().chain(others).map(|(runtime, text, answer)| async move {
        let mut forwarding = Forwarding::start(runtime, [answer]).await;
        let before = forwarding.memory();
        forwarding.is_handled_after(2, text).await;
        let told = forwarding.told().await;
        assert!(told.contains("no answer within 10 s"), "{runtime}, {text}: {told}");
        forwarding.lets_go().await;
        let grown = forwarding.memory() - before;
        assert!(grown < MEMORY_KIB, "{runtime}, {text}: {grown} KiB");
        forwarding.ends().await;
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_is_obeyed_while_an_answer_has_no_end() {
    join_all(RUNTIMES.map(|runtime| async move {
        let answers = [Answer::flood("", "HTTP/1.1 102 Processing\r\n\r\n")];
        let mut forwarding = Forwarding::start(runtime, answers).await;
        forwarding.scene.alice_says("hi").await;
        forwarding.endpoint.posts.recv().await.unwrap();
        let Forwarding { scene, bob, .. } = forwarding;
        assert_eq!(timeout(STUCK, bob.terminate()).await.expect("it ends"), 0, "{runtime}");
        assert_eq!(scene.platform.undelivered("bob"), 1, "{runtime}: it comes again");
        scene.platform.shutdown().await;
    }))
    .await;
}

/// Two answers to one post: the second one answers no other.
#[tokio::test]
async fn an_answer_too_many_is_nobodys() {
    let answers = [
        Answer::bytes("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
        Answer::cut("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"),
    ];
    let mut forwarding = Forwarding::start("tokio", answers).await;
    forwarding.is_handled_after(1, "answered twice").await;
    forwarding.is_handled_after(2, "refused at first").await;
    forwarding.told().await;
    forwarding.ends().await;
}
