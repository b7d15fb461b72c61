//! The notation of wire shapes: which members there are, which must be there, and that unknown ones are kept.
//!
//! `need` members must be there; `or` members have a value for where they are not; `may` members are `Option`s, absent or null
//! alike; `list` members are empty then, and `few` members, lists as well, are only written if they are not. A member that does
//! not fit its type is one that is not there. It goes to `extra`, with those that this version does not know, and comes out
//! again: no member makes another unreadable.
//!
//! Written out rather than derived, because serde's derive ends at the first member that does not fit or is there twice.

/// The name of a member on the wire: the field's own, unless another is given.
macro_rules! wire_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Reads and writes a struct with an `extra` as a wire shape.
macro_rules! wire {
    ($Name:ident {
        $( need { $( $nf:ident $(as $nw:literal)?: $nt:ty ),+ $(,)? } )?
        $( or { $( $of:ident $(as $ow:literal)?: $ot:ty = $od:expr ),+ $(,)? } )?
        $( may { $( $mf:ident $(as $mw:literal)?: $mt:ty ),+ $(,)? } )?
        $( list { $( $lf:ident: $lt:ty ),+ $(,)? } )?
        $( few { $( $ff:ident: $ft:ty ),+ $(,)? } )?
    }) => {
        impl $crate::types::member::Member for $Name {
            fn from_object<'de, A: serde::de::MapAccess<'de>>(
                mut members: A,
            ) -> Result<$crate::types::member::Read<Self>, A::Error> {
                #[allow(unused, reason = "some shapes have no member of their own")]
                use $crate::types::member::{Read, next, put};

                let mut extra = $crate::types::Extra::new();
                $( $( let mut $nf: Option<$nt> = None; )+ )?
                $( $( let mut $of: Option<$ot> = None; )+ )?
                $( $( let mut $mf: Option<$mt> = None; )+ )?
                $( $( let mut $lf: Option<$crate::types::List<$lt>> = None; )+ )?
                $( $( let mut $ff: Option<$crate::types::List<$ft>> = None; )+ )?
                while let Some(name) = members.next_key::<$crate::types::member::MemberName<'de>>()? {
                    match &*name {
                        $( $( it if it == $crate::types::wire_name!($nf $($nw)?) => $nf = next(&mut members, name, &mut extra)?, )+ )?
                        $( $( it if it == $crate::types::wire_name!($of $($ow)?) => $of = next(&mut members, name, &mut extra)?, )+ )?
                        $( $( it if it == $crate::types::wire_name!($mf $($mw)?) => $mf = next(&mut members, name, &mut extra)?, )+ )?
                        $( $( it if it == stringify!($lf) => $lf = next(&mut members, name, &mut extra)?, )+ )?
                        $( $( it if it == stringify!($ff) => $ff = next(&mut members, name, &mut extra)?, )+ )?
                        _ => {
                            extra.insert(name.into_owned(), members.next_value()?);
                        }
                    }
                }
                match ($( $( $nf, )+ )?) {
                    ($( $( Some($nf), )+ )?) => Ok(Read::Fits(Self {
                        $( $( $nf, )+ )?
                        $( $( $of: $of.unwrap_or_else(|| $od), )+ )?
                        $( $( $mf, )+ )?
                        $( $( $lf: $lf.unwrap_or_default(), )+ )?
                        $( $( $ff: $ff.unwrap_or_default(), )+ )?
                        extra,
                    })),
                    #[allow(unreachable_patterns, reason = "some shapes need no member")]
                    ($( $( $nf, )+ )?) => {
                        $( $( put(&mut extra, $crate::types::wire_name!($nf $($nw)?), $nf); )+ )?
                        $( $( put(&mut extra, $crate::types::wire_name!($of $($ow)?), $of); )+ )?
                        $( $( put(&mut extra, $crate::types::wire_name!($mf $($mw)?), $mf); )+ )?
                        $( $( put(&mut extra, stringify!($lf), $lf); )+ )?
                        $( $( put(&mut extra, stringify!($ff), $ff); )+ )?
                        Ok(Read::Misfit {
                            value: serde_json::Value::Object(extra),
                            problem: concat!(
                                "a member that it needs is missing or of another type:"
                                $( $( , " ", $crate::types::wire_name!($nf $($nw)?) )+ )?
                            ),
                        })
                    }
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::types::member::whole(deserializer)
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;

                // What stands in `extra` under a known name came in its place.
                #[allow(unused, reason = "some shapes have only members that may be there")]
                let is_own = |name: &str| !self.extra.contains_key(name);
                let mut members = serializer.serialize_map(None)?;
                $( $( members.serialize_entry($crate::types::wire_name!($nf $($nw)?), &self.$nf)?; )+ )?
                $( $(
                    if is_own($crate::types::wire_name!($of $($ow)?)) {
                        members.serialize_entry($crate::types::wire_name!($of $($ow)?), &self.$of)?;
                    }
                )+ )?
                $( $(
                    if let Some(member) = &self.$mf {
                        members.serialize_entry($crate::types::wire_name!($mf $($mw)?), member)?;
                    }
                )+ )?
                $( $(
                    if is_own(stringify!($lf)) {
                        members.serialize_entry(stringify!($lf), &self.$lf)?;
                    }
                )+ )?
                $( $(
                    if !self.$ff.is_empty() && is_own(stringify!($ff)) {
                        members.serialize_entry(stringify!($ff), &self.$ff)?;
                    }
                )+ )?
                for (name, value) in &self.extra {
                    members.serialize_entry(name, value)?;
                }
                members.end()
            }
        }
    };
}

/// A struct of the platform's, with its members' docs.
macro_rules! shape {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $( need { $( $(#[$nmeta:meta])* $nf:ident $(as $nw:literal)?: $nt:ty ),+ $(,)? } )?
            $( or { $( $(#[$ometa:meta])* $of:ident $(as $ow:literal)?: $ot:ty = $od:expr ),+ $(,)? } )?
            $( may { $( $(#[$mmeta:meta])* $mf:ident $(as $mw:literal)?: $mt:ty ),+ $(,)? } )?
            $( list { $( $(#[$lmeta:meta])* $lf:ident: $lt:ty ),+ $(,)? } )?
            $( few { $( $(#[$fmeta:meta])* $ff:ident: $ft:ty ),+ $(,)? } )?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $Name {
            $( $( $(#[$nmeta])* pub $nf: $nt, )+ )?
            $( $( $(#[$ometa])* pub $of: $ot, )+ )?
            $( $( $(#[$mmeta])* pub $mf: Option<$mt>, )+ )?
            $( $( $(#[$lmeta])* pub $lf: $crate::types::List<$lt>, )+ )?
            $( $( $(#[$fmeta])* pub $ff: $crate::types::List<$ft>, )+ )?
            /// Members that this version does not know, and those that are not of the type that the contract says.
            pub extra: $crate::types::Extra,
        }

        $crate::types::shape::wire!($Name {
            $( need { $( $nf $(as $nw)?: $nt ),+ } )?
            $( or { $( $of $(as $ow)?: $ot = $od ),+ } )?
            $( may { $( $mf $(as $mw)?: $mt ),+ } )?
            $( list { $( $lf: $lt ),+ } )?
            $( few { $( $ff: $ft ),+ } )?
        });
    };
}

pub(crate) use {shape, wire, wire_name};
