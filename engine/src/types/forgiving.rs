//! Objects whose every member is optional: what does not fit its type stays in `extra` instead of failing.
//!
//! For events that only inform. Their payloads differ between the sources (wire contract 8, row 5), and
//! none of them is worth losing over one member.

use serde::de::DeserializeOwned;

use super::Extra;

/// Takes a member out of `extra` if it is there and reads as a `T`.
pub(crate) fn take<T: DeserializeOwned>(extra: &mut Extra, name: &str) -> Option<T> {
    let value = T::deserialize(extra.get(name)?).ok()?;
    extra.remove(name);
    Some(value)
}

macro_rules! forgiving {
    ($(#[$meta:meta])* pub struct $Name:ident { $( $(#[$fmeta:meta])* $field:ident: $Type:ty, )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(from = "super::Extra")]
        #[non_exhaustive]
        pub struct $Name {
            $(
                $(#[$fmeta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$Type>,
            )+
            /// Members this version does not know, and those that are not of the type the contract says.
            #[serde(flatten)]
            pub extra: super::Extra,
        }

        impl From<super::Extra> for $Name {
            fn from(mut extra: super::Extra) -> Self {
                $( let $field = super::forgiving::take(&mut extra, stringify!($field)); )+
                Self { $($field,)+ extra }
            }
        }
    };
}

pub(crate) use forgiving;
