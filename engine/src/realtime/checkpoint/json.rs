//! A checkpoint as JSON text.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Checkpoint;
use super::error::CheckpointError;
use super::stored::{Head, Stored};
use crate::json::Object;
use crate::limits;

impl Checkpoint {
    /// The stored form.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists: there is nothing that JSON could refuse.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the stored form. Bounds are enforced: of more conversations or ids than a session remembers, the
    /// youngest are kept.
    ///
    /// # Errors
    /// [`CheckpointError`]: damaged, newer, or too large.
    pub fn from_json(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > limits::CHECKPOINT {
            return Err(CheckpointError::TooLarge { bytes: text.len() });
        }
        // The version first: a newer one may have any shape.
        object::<Head>(text)?.check()?;
        Self::try_from(Object(object::<Stored>(text)?))
    }
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Object::<Stored>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, CheckpointError> {
    serde_json::from_str(text).map(|Object(value)| value).map_err(|e| {
        CheckpointError::damaged(format!("{:?} error at line {} column {}", e.classify(), e.line(), e.column()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::checkpoint::Place;
    use crate::realtime::message_key::MessageKey;
    use crate::realtime::seq_set::SeqSet;

    fn filled() -> Checkpoint {
        let mut skip = SeqSet::default();
        skip.insert(12, 8);
        Checkpoint {
            legacy: true,
            places: vec![Place {
                id: "conv_1".into(),
                next_seq: Some(10),
                offered: 9,
                skip,
                missing: SeqSet::default(),
            }],
            handled: vec![
                MessageKey::Text([0xab; 32]),
                MessageKey::Row("del_1".into()),
                MessageKey::Message("msg_1".into()),
            ],
            unacked: vec!["msg_1".into()],
        }
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let text = filled().to_json();
        let digest = "ab".repeat(32);
        assert_eq!(
            text,
            format!(
                r#"{{"format":"agentchat-checkpoint","version":1,"legacy":true,"conversations":[{{"id":"conv_1","mark":10,"offered":9,"seen":[[12,12]]}}],"handled":["msg_1"],"rows":["del_1"],"texts":["{digest}"],"unacked":["msg_1"]}}"#
            )
        );
        assert_eq!(Checkpoint::from_json(&text), Ok(filled()));
        assert_eq!(serde_json::from_str::<Checkpoint>(&text).unwrap(), filled());
    }

    #[test]
    fn what_is_damaged_is_an_error_that_quotes_nothing() {
        let text = filled().to_json();
        for (from, to) in [
            ("{", "["),
            ("checkpoint\"", "secret\""),
            ("\"version\":1", "\"version\":0"),
            ("\"version\":1", "\"version\":\"secret\""),
            ("\"mark\":10", "\"mark\":-1"),
            ("\"mark\":10", "\"mark\":0"),
            ("\"mark\":10", "\"mark\":9007199254740993"),
            ("12]]", "9007199254740992]]"),
            ("[[12,12]]", "[[13,12]]"),
            ("conv_1", ""),
            ("[\"msg_1\"]", "\"secret\""),
            ("abab", "aba"),
            ("abab", "secr"),
            ("abab", "+a+a"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text);
            let error = Checkpoint::from_json(&broken).unwrap_err();
            assert!(matches!(error, CheckpointError::Damaged { .. }), "{from} {to}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        for cut in 0..text.len() {
            assert!(Checkpoint::from_json(&text[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn an_array_is_no_object() {
        let place = r#"{"format":"agentchat-checkpoint","version":1,"conversations":[["conv_1",10,9,[],[]]]}"#;
        assert!(matches!(Checkpoint::from_json(place), Err(CheckpointError::Damaged { .. })));
        let whole = r#"["agentchat-checkpoint",1,true,[],["msg_1"],[],[],[]]"#;
        assert!(matches!(Checkpoint::from_json(whole), Err(CheckpointError::Damaged { .. })));
        assert!(serde_json::from_str::<Checkpoint>(whole).is_err());
    }

    #[test]
    fn a_newer_version_is_named_whatever_its_shape() {
        let newer = r#"{"format":"agentchat-checkpoint","version":7,"conversations":"elsewhere"}"#;
        assert_eq!(Checkpoint::from_json(newer), Err(CheckpointError::Newer { version: 7 }));
    }

    #[test]
    fn bounds_are_enforced_and_the_youngest_kept() {
        let ids: Vec<_> = (0..limits::HANDLED_IDS + 3).map(|n| format!("\"m{n}\"")).collect();
        let ids = ids.join(",");
        let text = format!(r#"{{"format":"agentchat-checkpoint","version":1,"handled":[{ids}],"unacked":[{ids}]}}"#);
        let checkpoint = Checkpoint::from_json(&text).unwrap();
        assert_eq!((checkpoint.handled(), checkpoint.unacked()), (limits::HANDLED_IDS, limits::HANDLED_IDS));
        assert_eq!(checkpoint.handled[0], MessageKey::Message("m3".into()));
        let bytes = limits::CHECKPOINT + 1;
        assert_eq!(Checkpoint::from_json(&" ".repeat(bytes)), Err(CheckpointError::TooLarge { bytes }));
    }
}
