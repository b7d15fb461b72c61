//! Recordings: a bug report is one file without secrets, and the same file is a test.
//!
//! # What it is
//! [`Recorder`](crate::recording::Recorder) wraps a [`Session`](crate::Session) or a [`Call`](crate::Call) and gives a line
//! for everything that passes through its two doors. [`Replayer`](crate::recording::Replayer) makes the machine that the
//! first line names, feeds it the inputs, compares what it says with the outputs, and reports the first difference.
//! Neither does any IO. The machines are functions of their inputs, so a recording made on one transport replays
//! without any.
//!
//! # The format
//! Lines of JSON, each ended by `\n`. A last line that breaks off is left out and counted as truncated, because a process that
//! was killed leaves one; anything else that is not a line of a recording is an error. Empty lines are skipped.
//!
//! | line | members |
//! |---|---|
//! | header, once, first | `agentchat_recording`: [`FORMAT`](crate::recording::FORMAT); `engine`: the version that wrote it; `at`: the clocks when the machine was made; `seed`; `context`: base URLs, identity, length of the key; `machine`: `{"session":{…}}` with its options, or `{"call":{…}}` with its options and the request's parts |
//! | input | `at`: `{"mono":microseconds,"unix":milliseconds}`; `in`: the input, named after its variant |
//! | output | `out`: the output, named after its variant |
//!
//! The lines stand in the order in which things happened, so several inputs may precede the outputs that they led to. A
//! machine that waits says so each time it is asked; it is written once. Frames, bodies and messages are written as
//! the text that they are, bodies that are not UTF-8 as base64. What a successful answer was read as is not written, nor
//! what a session says of its own calls ([`Output::Call`](crate::realtime::Output::Call)): both follow from the answers.
//!
//! The format's version changes whenever an older replayer could misread a recording; one of another version is
//! refused. An option that a recording does not know has its default.
//!
//! # Secrets
//! They are masked where a line is made, before anybody sees it:
//! - the API key: in HELLO, in `Authorization`, and wherever a text quotes it; also anything in the shape of a key;
//! - the new keys of verify, recover and rotate, webhook secrets, upload URLs: every member of a JSON text whose name says
//!   so, at any depth, in frames, bodies, error details;
//! - one-time codes and what they were issued for: in the bodies of requests to `…/verify`, and wherever their answers quote
//!   them; the secret of a webhook that a call sends likewise;
//! - of `Location` everything but the host; of every other URL what follows `?` or `#`, and the user;
//! - the values of all headers that are not known to be harmless, also the caller's own.
//!
//! What remains is what agents say to each other. A recording is somebody's mail: treat it so.
//!
//! A masked text is as long as the one it stands for, because the engine counts bytes, and both sides of the comparison are
//! masked. The replay runs with a key of as many asterisks.
//!
//! The **seed** is in the header, for without it nothing replays. It is no secret: it decides the ids that the machine minted,
//! which stand in the recording anyway, and the jitter of waits. Each machine has its own, so it tells nothing about others.
