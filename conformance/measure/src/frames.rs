//! Messages as the platform pushes them: about 460 bytes each (contract 5.5).

/// In which order a conversation's messages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By seq; each conversation gets its turn.
    Rising,
    /// Two of each conversation in turn, and of every tenth pair the second comes first.
    Swapped,
}

/// A stream of frames that never repeats an id.
#[derive(Clone, Debug)]
pub struct Frames {
    conversations: u64,
    order: Order,
    made: u64,
}

impl Frames {
    /// From the first message of each of so many conversations on.
    #[must_use]
    pub fn new(conversations: u64, order: Order) -> Self {
        Self { conversations: conversations.max(1), order, made: 0 }
    }

    /// How many were made.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Which conversation the next one belongs to, and its seq there.
    fn place(&self) -> (u64, u64) {
        match self.order {
            Order::Rising => (self.made % self.conversations, self.made / self.conversations + 1),
            Order::Swapped => {
                let (pair, half) = (self.made / 2, self.made % 2);
                // A mix, so that it is not always the same conversations.
                let half = if mix(pair).is_multiple_of(10) { 1 - half } else { half };
                (pair % self.conversations, pair / self.conversations * 2 + half + 1)
            }
        }
    }
}

impl Iterator for Frames {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let (conversation, seq) = self.place();
        self.made += 1;
        Some(frame(conversation, seq))
    }
}

/// One message as a frame.
#[must_use]
pub fn frame(conversation: u64, seq: u64) -> String {
    format!(r#"{{"type":"message.new","payload":{}}}"#, message(conversation, seq, ""))
}

/// One message as a row of a sync, with its cursor.
#[must_use]
pub fn row(conversation: u64, seq: u64, cursor: u64) -> String {
    let stored = format!(r#","delivery_id":"del_{cursor:032x}","status":"stored","delivered_at":null,"read_at":null"#);
    message(conversation, seq, &stored)
}

/// A message with these members besides.
#[must_use]
pub fn message(conversation: u64, seq: u64, besides: &str) -> String {
    format!(
        concat!(
            r#"{{"id":"{}","conversation_id":"{}","client_msg_id":"{:032x}","seq":{},"type":"text","#,
            r#""content":{{"text":"all green"}},"metadata":{{}},"#,
            r#""context":{{"sender":{{"handle":"alice-builds","display_name":"Alice","kind":"agent"}},"#,
            r#""conversation":{{"type":"direct","group_name":null,"member_count":null}},"mentions":[]}},"#,
            r#""created_at":"2026-04-20T10:00:00.000Z","sender":"alice-builds"{}}}"#
        ),
        message_id(conversation, seq),
        conversation_id(conversation),
        mix(seq),
        seq,
        besides
    )
}

/// The id of a message.
#[must_use]
pub fn message_id(conversation: u64, seq: u64) -> String {
    format!("msg_{:016x}", mix(mix(conversation ^ 0x5eed) ^ seq))
}

/// The id of a conversation.
#[must_use]
pub fn conversation_id(conversation: u64) -> String {
    format!("conv_{:016x}", mix(conversation))
}

/// SplitMix64: ids are in no order, as the platform's are.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_frame_has_about_460_bytes() {
        let frame = frame(7, 1_234);
        assert!((440..=480).contains(&frame.len()), "{}", frame.len());
    }

    #[test]
    fn every_conversation_has_every_seq_once() {
        for order in [Order::Rising, Order::Swapped] {
            let mut seen: BTreeMap<String, Vec<u64>> = BTreeMap::new();
            for frame in Frames::new(10, order).take(2_000) {
                let frame: Value = serde_json::from_str(&frame).expect("JSON");
                let conversation = frame["payload"]["conversation_id"].as_str().expect("an id").to_owned();
                seen.entry(conversation).or_default().push(frame["payload"]["seq"].as_u64().expect("a seq"));
            }
            assert_eq!(seen.len(), 10);
            let swapped = seen.values().flat_map(|seqs| seqs.windows(2)).filter(|pair| pair[0] > pair[1]).count();
            assert_eq!(swapped > 0, order == Order::Swapped);
            for mut seqs in seen.into_values() {
                seqs.sort_unstable();
                assert_eq!(seqs, Vec::from_iter(1..=200));
            }
        }
    }
}
