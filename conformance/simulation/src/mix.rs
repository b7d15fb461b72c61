//! What the steps of a schedule are made of.

/// How likely each kind of action is, compared with the others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mix {
    pub(super) message: u32,
    pub(super) own: u32,
    pub(super) system: u32,
    pub(super) skipped: u32,
    pub(super) odd_seq: u32,
    pub(super) poison: u32,
    pub(super) mute: u32,
    pub(super) hide: u32,
    pub(super) frame: u32,
    pub(super) http: u32,
    pub(super) dial: u32,
    pub(super) cut: u32,
    pub(super) handler: u32,
    pub(super) handler_slow: u32,
    pub(super) consumer: u32,
    pub(super) drain: u32,
    pub(super) start: u32,
    pub(super) close: u32,
    pub(super) checkpoint: u32,
    pub(super) crash: u32,
    pub(super) sleep: u32,
    pub(super) wall_clock: u32,
    pub(super) nonsense: u32,
    pub(super) early_timeout: u32,
    pub(super) typing: u32,
    pub(super) binary: u32,
    pub(super) refused: u32,
    pub(super) burst: u32,
    /// Percent of the messages said that precede the start.
    pub(super) before: u32,
}
