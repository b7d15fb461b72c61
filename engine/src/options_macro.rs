//! The notation of options: one line says a field, its default, and what its setter takes.
//!
//! The structs are `#[non_exhaustive]`, so that an option can be added without breaking a program; programs begin with the
//! defaults and set what they need, by setters or by assignment. Whether every value is in its range is for the struct's
//! `check`, which the machines call before they do anything.

/// A struct of options with its `Default` and a setter a field, which has the field's documentation.
macro_rules! options {
    (
        $(#[$meta:meta])*
        pub struct $Options:ident {
            $( $(#[$doc:meta])* $field:ident: $ty:ty = $default:expr $(, set by $how:ident($what:ty))?; )+
        }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $Options {
            $( $(#[$doc])* pub $field: $ty, )+
        }

        impl Default for $Options {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        impl $Options {
            $( $crate::options_macro::setter! { $(#[$doc])* $field: $ty $(, $how($what))? } )+
        }
    };
}

/// The setter of one option: it takes the value, or what becomes one.
macro_rules! setter {
    ($(#[$doc:meta])* $field:ident: $ty:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: $ty) -> Self {
            self.$field = $field;
            self
        }
    };
    ($(#[$doc:meta])* $field:ident: $ty:ty, some($what:ty)) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<$what>) -> Self {
            self.$field = Some($field.into());
            self
        }
    };
    ($(#[$doc:meta])* $field:ident: $ty:ty, optional($what:ty)) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<Option<$what>>) -> Self {
            self.$field = $field.into();
            self
        }
    };
    ($(#[$doc:meta])* $field:ident: $ty:ty, each($what:ty)) => {
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl IntoIterator<Item = $what>) -> Self {
            self.$field = $field.into_iter().collect();
            self
        }
    };
}

pub(crate) use options;
pub(crate) use setter;
