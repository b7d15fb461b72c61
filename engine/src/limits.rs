//! Every bound of the engine, in one place, each with its reason.

use core::time::Duration;

/// Levels of nesting that a frame or row may have: `serde_json`'s own bound, so that whatever passes here can be parsed by
/// the application as well. The platform's messages need five.
pub const JSON_DEPTH: usize = 128;

/// Largest response body that is read, in bytes. A page of 500 sync rows at the platform's 32 KiB message limit is 16 MiB, and
/// escapes can double it.
pub const RESPONSE_BODY: usize = 32 * 1024 * 1024;

/// Largest answer that is a page of history, in bytes: 200 rows at the platform's message limit are 6.4 MiB, and escapes can
/// double them.
pub const HISTORY_BODY: usize = 16 * 1024 * 1024;

/// Largest answer that is a list of anything else, in bytes. Of those that have no pages, mutes, it is some ten thousand.
pub const LIST_BODY: usize = 4 * 1024 * 1024;

/// Largest answer that is about one thing, in bytes. The largest, a stored message with the metadata that it was sent with, has
/// some 40 KiB; a group with its members some 100.
pub const ANSWER_BODY: usize = 1024 * 1024;

/// Largest error body that is read, in bytes: the platform's have a few hundred. Of a larger one the status and the headers
/// are kept.
pub const ERROR_BODY: usize = 1024 * 1024;

/// Largest head of an answer over HTTP/1.1, in bytes, its status line included. The platform's have less than 2 KiB, and common servers
/// and proxies pass on 8 to 32.
pub const HEAD: usize = 64 * 1024;

/// Bytes of an error's message, of a close reason, and of whatever else the peer says in words.
pub const PEER_TEXT: usize = 4_096;

/// How many times its largest text a JSON answer may weigh once it is parsed. Small objects take a hundred times the bytes of
/// their text; the platform's answers take less than ten. Fifty messages made to be as heavy as 32 KiB can be still pass.
pub const PARSED_WEIGHT: usize = 16;

/// Rows of a page of sync or history that is read: more than a hundred times what is asked for is a mistake.
pub const PAGE_ROWS: usize = 50_000;

/// Largest frame that is looked at, in bytes; the platform sends at most 2 MiB (contract 5.11).
pub const FRAME: usize = 4 * 1024 * 1024;

/// Characters of an identifier or handle that is sent, and bytes of one in a row: the platform's have some thirty.
pub const IDENTIFIER: usize = 256;

/// Characters that are kept of what the platform says in place of `hello.ok`: two close reasons' worth.
pub const REFUSAL_TEXT: usize = 256;

/// Bytes of a message's content and metadata, as JSON (contract 7).
pub const MESSAGE: usize = 32_768;

/// Bytes of a picture (contract 7).
pub const AVATAR: usize = 5 * 1024 * 1024;

/// Bytes of an attachment (contract 7).
pub const ATTACHMENT: u64 = 25 * 1024 * 1024;

/// Time for one attempt of a call, as in the official SDKs.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Time for a whole call with its retries, waits and bodies: four attempts that each time out, with their waits, and a little more.
pub const CALL_DEADLINE: Duration = Duration::from_secs(150);

/// How long nothing may move in an upload or a download: on a slow line a megabyte or more waits in the kernel's buffers.
pub const TRANSFER_STALL: Duration = Duration::from_secs(60);

/// Time for a whole upload or download: the largest file at 128 kbit/s takes 27 minutes.
pub const TRANSFER_DEADLINE: Duration = Duration::from_secs(30 * 60);

/// Retries after the first attempt, as in the official SDKs.
pub const RETRIES: u32 = 3;

/// First wait before a retry; doubles with each.
pub const RETRY_BASE: Duration = Duration::from_millis(250);

/// Longest computed wait before a retry.
pub const RETRY_CAP: Duration = Duration::from_secs(8);

/// Longest `Retry-After` that a call sits out; past it the call ends with the hint. A minute is the longest window of the
/// platform's short rate limits.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// How long the platform's mark of a request under an idempotency key stands, unless it ends before (contract 1.5).
pub const IDEMPOTENCY_MARK: Duration = Duration::from_secs(60);

/// Time for TCP, TLS and the upgrade of a socket.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Time from HELLO to `hello.ok`: a second less than the platform's own limit from accept, as in the official SDKs.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(4);

/// Quiet time before a ping, and again before the connection counts as dead. The platform pings every 45 s.
pub const KEEPALIVE: Duration = Duration::from_secs(20);

/// First wait before another connection; doubles with each.
pub const RECONNECT_BASE: Duration = Duration::from_millis(500);

/// Longest wait before another connection.
pub const RECONNECT_MAX: Duration = Duration::from_secs(30);

/// A connection that lived this long clears the count of attempts: one that is accepted and dropped at once does not.
pub const STABLE_AFTER: Duration = Duration::from_secs(30);

/// Connections in a row that died young before the session says so.
pub const UNSTABLE_AFTER: u32 = 5;

/// How often in a row a 1008 that may stem from a slow uplink is retried before it counts as terminal.
pub const SLOW_HELLO_RETRIES: u32 = 5;

/// Rows a page of the drain, as in the official Python SDK.
pub const DRAIN_PAGE: u32 = 100;

/// Deliveries in flight over all conversations.
pub const MAX_IN_FLIGHT: usize = 64;

/// How long a missing seq is waited for, as in the official SDKs.
pub const GAP_WINDOW: Duration = Duration::from_secs(2);

/// How long after a gap is seen history is asked. Frames that are only reordered arrive within a few milliseconds. If the
/// missing seq is a message that this agent sent from another process, its conversation waits this long once.
pub const FILL_AFTER: Duration = Duration::from_millis(75);

/// Longest wait before history is asked again for a gap while it fails. Short against the patience, so that a platform
/// that recovers just in time is noticed in time.
pub const FILL_RETRY_MAX: Duration = Duration::from_secs(2);

/// Rows a page of history: the most that the platform gives.
pub const FILL_PAGE: u32 = 200;

/// Time for one attempt of a question to history. A third of the patience, so that one that hangs leaves room for others.
pub const FILL_ATTEMPT: Duration = Duration::from_secs(10);

/// How long the messages above a gap wait for it while history fails. An agent that cannot reach REST cannot answer either.
pub const FILL_PATIENCE: Duration = Duration::from_secs(30);

/// Contacts a page: the most that the platform gives (contract 7).
pub const CONTACTS_PAGE: u32 = 100;

/// Agents of the directory a page: the most that the platform gives (contract 7).
pub const DIRECTORY_PAGE: u32 = 50;

/// Conversations a page: the most that the platform gives (contract 7).
pub const CONVERSATIONS_PAGE: u32 = 50;

/// Rows of a list that has no end and no cap of the caller's: ten times what any list of the platform is known to hold. Their
/// keys take some 10 MB.
pub const PAGED_ROWS: u64 = 100_000;

/// Pages in a row without a row that is new, before a list counts as stuck. One can be a list that moves while it is read.
pub const PAGES_WITHOUT_NEWS: u32 = 3;

/// Questions to history at the same time; more conversations wait their turn.
pub const CONCURRENT_QUESTIONS: usize = 4;

/// How long live messages are held back for a drain.
pub const HOLD_LIVE_FOR: Duration = Duration::from_secs(5);

/// Waits before a failed message is offered again.
pub const REDELIVERY: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// How often the platform may bring back a message that was given up, in one session.
pub const REOFFERS: u32 = 3;

/// Messages buffered over all conversations: as many as the platform keeps for one agent.
pub const BUFFERED_MESSAGES: usize = 10_000;

/// Bytes buffered over all conversations.
pub const BUFFERED_BYTES: usize = 64 * 1024 * 1024;

/// Early messages of one conversation, as in the official SDKs.
pub const EARLY_PER_CONVERSATION: usize = 500;

/// Early messages of one conversation at which reading stops while a question that can release them is under way.
pub const EARLY_CROWD: usize = EARLY_PER_CONVERSATION - 50;

/// How long reading stops at most, so that the platform's pings are answered: it waits 30 s for a pong.
pub const READ_PAUSE: Duration = Duration::from_secs(10);

/// How far beyond the expected seq a message may be before it is taken for a mistake.
pub const PLAUSIBLE_JUMP: u64 = 10_000;

/// Conversations whose mark is remembered; about 1 KiB each, 2 KiB at most, and 48 bytes for each of their ranges.
pub const REMEMBERED_CONVERSATIONS: usize = 10_000;

/// Separate ranges of missing seqs remembered a conversation.
pub const SEQ_RANGES: usize = 64;

/// Separate ranges of own seqs above the expected one remembered a conversation: as many as can be between early messages.
pub const OWN_RANGES: usize = 512;

/// Message ids remembered as handled: twice what can be buffered, so that whatever is unacked is covered. About 200 bytes each, and
/// 512 at most.
pub const HANDLED_IDS: usize = 20_000;

/// Ids of handled messages in a checkpoint, besides those whose ack the platform may not have seen: what the official
/// SDKs remember at all. Acks that were on their way when a process dies are far fewer.
pub const CHECKPOINT_IDS: usize = 2_048;

/// Largest stored checkpoint that is read, in bytes: every conversation with every range, and every id, at their full length.
pub const CHECKPOINT: usize = 64 * 1024 * 1024;

/// How long a close waits for deliveries in flight: an agent that thinks about its answer takes half a minute. What is acked is
/// not answered a second time.
pub const CLOSE_WAIT: Duration = Duration::from_secs(60);

/// First wait before one of the session's own calls is made again; doubles up to [`SYNC_RETRY_MAX`].
pub const SYNC_RETRY: Duration = Duration::from_secs(1);

/// Longest computed wait before one of the session's own calls is made again.
pub const SYNC_RETRY_MAX: Duration = Duration::from_secs(60);

/// How long a cursor that could be committed waits for more rows to settle: one commit a page, not one a row.
pub const COMMIT_DELAY: Duration = Duration::from_millis(50);
