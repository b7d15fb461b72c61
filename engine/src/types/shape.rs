//! The notation of wire shapes: which members there are, which must be there, and that unknown ones are kept.
//!
//! `need` members must be present; `may` members are `Option`s, absent or null alike; `list` members are empty when
//! absent or null. What this version does not know goes to `extra` and comes out again.

macro_rules! shape {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $( need { $( $(#[$nmeta:meta])* $nf:ident: $nt:ty ),+ $(,)? } )?
            $( may { $( $(#[$mmeta:meta])* $mf:ident: $mt:ty ),+ $(,)? } )?
            $( list { $( $(#[$lmeta:meta])* $lf:ident: $lt:ty ),+ $(,)? } )?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $Name {
            $( $( $(#[$nmeta])* pub $nf: $nt, )+ )?
            $( $(
                $(#[$mmeta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $mf: Option<$mt>,
            )+ )?
            $( $(
                $(#[$lmeta])*
                #[serde(default, deserialize_with = "crate::types::shape::or_empty")]
                pub $lf: Vec<$lt>,
            )+ )?
            /// Members this version does not know.
            #[serde(flatten)]
            pub extra: crate::types::Extra,
        }
    };
}

pub(crate) use shape;

/// What is null is as empty as what is absent.
pub(crate) fn or_empty<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Option::unwrap_or_default)
}
