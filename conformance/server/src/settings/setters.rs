//! The notation of the settings: a struct that can gain fields without breaking a program, with a setter a field.
//!
//! The engine has the same notation. Sharing it would make a macro of the engine public and this crate depend on it, and the derive
//! that does most of it (`derive_setters`) brings `darling` into every fresh build; sixty setters written out would be longer than both.

/// A `#[non_exhaustive]` struct and a setter a field, which has the field's documentation.
macro_rules! settings {
    (
        $(#[$meta:meta])*
        pub struct $Settings:ident {
            $( $(#[$doc:meta])* $field:ident: $ty:ty $(, set by $how:ident($what:ty))?; )+
        }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $Settings {
            $( $(#[$doc])* pub $field: $ty, )+
        }

        impl $Settings {
            $( setter! { $(#[$doc])* $field: $ty $(, $how($what))? } )+
        }
    };
}

/// The setter of one field: it takes the value, or what becomes one.
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
}

pub(super) use setter;
pub(super) use settings;
