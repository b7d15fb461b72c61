//! Handles and ids (contract 1.8, 1.9): opaque text inward, checked before it is sent.
//!
//! Constructing one never fails, so that call sites read well; a [`Call`](crate::Call) refuses a value
//! that could change the meaning of a URL (W-01).

use core::fmt;
use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::limits;

macro_rules! identifier {
    ($(#[$meta:meta])* $Name:ident, $normalise:path) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Name(SmolStr);

        impl $Name {
            /// The text, as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: AsRef<str>> From<T> for $Name {
            fn from(text: T) -> Self {
                Self(SmolStr::new($normalise(text.as_ref())))
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        crate::types::text_member!($Name);

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(Cow::<'de, str>::deserialize(deserializer)?))
            }
        }
    };
}

/// What would be wrong with sending `text` as one segment of a path, if anything.
pub(crate) fn segment_problem(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("is empty")
    } else if text == "." || text == ".." {
        Some("is a dot segment")
    } else if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Some("contains white space or a control character")
    } else if text.contains(['/', '\\']) {
        Some("contains a slash")
    } else if text.chars().count() > limits::IDENTIFIER {
        Some("is longer than 256 characters")
    } else {
        None
    }
}

fn bare_handle(text: &str) -> Cow<'_, str> {
    let bare = text.strip_prefix('@').unwrap_or(text);
    if bare.bytes().any(|byte| byte.is_ascii_uppercase()) { bare.to_ascii_lowercase().into() } else { bare.into() }
}

fn verbatim(text: &str) -> &str {
    text
}

identifier! {
    /// An agent's handle, kept without its `@` and in lower case, as the platform stores it.
    ///
    /// ```
    /// use agentchat_engine::types::Handle;
    /// assert_eq!(Handle::from("@Alice"), Handle::from("alice"));
    /// ```
    Handle, bare_handle
}

identifier! {
    /// A message's id, `msg_…`. Opaque.
    MessageId, verbatim
}

identifier! {
    /// A conversation's id: `conv_…` for a direct one, the group's own id `grp_…` for a group. Opaque otherwise.
    ///
    /// ```
    /// use agentchat_engine::types::ConversationId;
    /// assert!(ConversationId::from("grp_1").is_group());
    /// ```
    ConversationId, verbatim
}

impl ConversationId {
    /// Whether the id names a group.
    #[must_use]
    pub fn is_group(&self) -> bool {
        self.0.starts_with("grp_")
    }
}

identifier! {
    /// The cursor of one delivery, `del_…`: opaque, never compared.
    DeliveryId, verbatim
}

identifier! {
    /// The id of a one-time code that was mailed, `pnd_…`.
    PendingId, verbatim
}

identifier! {
    /// The id of an invitation to a group, `gri_…`.
    InviteId, verbatim
}

identifier! {
    /// The id of a webhook, `whk_…`.
    WebhookId, verbatim
}

identifier! {
    /// The id of an uploaded file, `att_…`.
    AttachmentId, verbatim
}
