//! The notation of the endpoint table: one declaration a row.
//!
//! A row says name, method, path template, answer, contract section, auth, retry class, and its
//! parameters by place. From it come the request type with its constructor and setters, the
//! [`Endpoint`](super::Endpoint) implementation, and the [`Route`](super::Route) that the CLI and the
//! coverage test read. A template that does not match the path fields does not compile.

macro_rules! endpoint {
    (
        $(#[doc = $doc:literal])*
        $name:literal $Type:ident = $method:ident $template:literal -> $Output:ty $(, $answer:ident)?;
        contract $contract:literal; auth $auth:ident; retry $retry:ident; $( largest $largest:ident; )?
        $( path { $( $(#[doc = $pdoc:literal])* $pf:ident: $pt:ty ),+ $(,)? } )?
        $( need query { $( $(#[doc = $rdoc:literal])* $rf:ident $(as $rw:literal)?: $rt:ty $(=> $rrule:expr)? ),+ $(,)? } )?
        $( query { $( $(#[doc = $qdoc:literal])* $qf:ident: $qt:ty $(=> $qrule:expr)? ),+ $(,)? } )?
        $( fixed body { $( $ff:ident: $fv:literal ),+ $(,)? } )?
        $( need body { $( $(#[doc = $ndoc:literal])* $nf:ident $(as $nw:literal)?: $nt:ty $(=> $nrule:expr)? ),+ $(,)? } )?
        $( body { $( $(#[doc = $bdoc:literal])* $bf:ident $(unless $bskip:ident)?: $bt:ty $(=> $brule:expr)? ),+ $(,)? } )?
        $( check $check:path; )?
    ) => {
        $(#[doc = $doc])*
        #[doc = ""]
        #[doc = concat!("`", stringify!($method), " ", $template, "`, contract ", $contract, ".")]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $Type {
            $( $( $(#[doc = $pdoc])* pub $pf: $pt, )+ )?
            $( $( $(#[doc = $rdoc])* pub $rf: $rt, )+ )?
            $( $( $(#[doc = $ndoc])* pub $nf: $nt, )+ )?
            $( $( $(#[doc = $bdoc])* pub $bf: Option<$bt>, )+ )?
            $( $( $(#[doc = $qdoc])* pub $qf: Option<$qt>, )+ )?
        }

        impl $Type {
            /// A request with its required parameters.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "a request is made on purpose")]
            pub fn new(
                $( $( $pf: impl Into<$pt>, )+ )? $( $( $rf: impl Into<$rt>, )+ )? $( $( $nf: impl Into<$nt>, )+ )?
            ) -> Self {
                Self {
                    $( $( $pf: $pf.into(), )+ )?
                    $( $( $rf: $rf.into(), )+ )?
                    $( $( $nf: $nf.into(), )+ )?
                    $( $( $bf: None, )+ )?
                    $( $( $qf: None, )+ )?
                }
            }

            $( $(
                $(#[doc = $bdoc])*
                #[must_use]
                pub fn $bf(mut self, $bf: impl Into<$bt>) -> Self {
                    self.$bf = Some($bf.into());
                    self
                }
            )+ )?

            $( $(
                $(#[doc = $qdoc])*
                #[must_use]
                pub fn $qf(mut self, $qf: impl Into<$qt>) -> Self {
                    self.$qf = Some($qf.into());
                    self
                }
            )+ )?

            pub(crate) const ROUTE: &'static crate::rest::Route = &crate::rest::Route {
                name: $name,
                about: concat!($($doc),*),
                method: crate::rest::Method::$method,
                template: $template,
                contract: $contract,
                auth: crate::rest::Auth::$auth,
                retry: crate::rest::RetryClass::$retry,
                answer: crate::rest::define::or!($($answer)?, Json => crate::rest::AnswerKind),
                largest: crate::rest::define::largest!($($largest)?),
                params: &[
                    $( $( crate::rest::define::param!(needed $pf: $pt, Path $($pdoc)*), )+ )?
                    $( $( crate::rest::define::param!(needed $rf: $rt, Query $($rdoc)*), )+ )?
                    $( $( crate::rest::define::param!(needed $nf: $nt, Body $($ndoc)*), )+ )?
                    $( $( crate::rest::define::param!(optional $bf: $bt, Body $($bdoc)*), )+ )?
                    $( $( crate::rest::define::param!(optional $qf: $qt, Query $($qdoc)*), )+ )?
                ],
                from_json: |params, entropy| {
                    #[allow(unused_mut, reason = "rows without parameters")]
                    let mut params = crate::rest::params::Params::new(params)?;
                    let request = Self {
                        $( $( $pf: params.need(stringify!($pf))?, )+ )?
                        $( $( $rf: params.need_within(stringify!($rf), crate::rest::define::rule!($($rrule)?))?, )+ )?
                        $( $( $nf: params.need_within(stringify!($nf), crate::rest::define::rule!($($nrule)?))?, )+ )?
                        $( $( $bf: params.take_within(stringify!($bf), crate::rest::define::rule!($($brule)?))?, )+ )?
                        $( $( $qf: params.take_within(stringify!($qf), crate::rest::define::rule!($($qrule)?))?, )+ )?
                    };
                    params.finish()?;
                    crate::rest::Endpoint::parts(&request, &mut crate::rest::endpoint::IdSource(entropy))
                },
                check: |response| {
                    let read: Result<$Output, String> =
                        crate::rest::define::or!($($answer)?, Json => crate::rest::answer::decode)(response, Self::ROUTE);
                    read.map(|_| ())
                },
            };
        }

        const _: () = assert!(
            crate::rest::request::template_names($template, &[$( $( stringify!($pf), )+ )?]),
            "the path template does not name the path fields in order",
        );

        impl crate::rest::Endpoint for $Type {
            type Output = $Output;

            fn route(&self) -> &'static crate::rest::Route {
                Self::ROUTE
            }

            fn parts(
                &self,
                _: &mut crate::rest::endpoint::IdSource<'_>,
            ) -> Result<crate::rest::Parts, crate::error::InvalidArgument> {
                #[allow(unused_imports, reason = "rows without parameters")]
                use crate::rest::define;
                $( $( define::check(stringify!($pf), &self.$pf)?; )+ )?
                $( $(
                    define::check(stringify!($rf), &self.$rf)?;
                    $( define::apply_rule(stringify!($rf), $rrule(&self.$rf))?; )?
                )+ )?
                $( $(
                    define::check(stringify!($nf), &self.$nf)?;
                    $( define::apply_rule(stringify!($nf), $nrule(&self.$nf))?; )?
                )+ )?
                $( $( if let Some(value) = &self.$bf {
                    define::check(stringify!($bf), value)?;
                    $( define::apply_rule(stringify!($bf), $brule(value))?; )?
                } )+ )?
                $( $( if let Some(value) = &self.$qf {
                    define::check(stringify!($qf), value)?;
                    $( define::apply_rule(stringify!($qf), $qrule(value))?; )?
                } )+ )?
                $( $check(self)?; )?
                #[allow(unused_mut, reason = "rows without a body")]
                let mut body: Option<serde_json::Map<String, serde_json::Value>> = None;
                $( $(
                    body.get_or_insert_default().insert(stringify!($ff).to_owned(), serde_json::Value::from($fv));
                )+ )?
                $( $(
                    body.get_or_insert_default().insert(
                        $crate::types::wire_name!($nf $($nw)?).to_owned(),
                        define::value(stringify!($nf), &self.$nf)?,
                    );
                )+ )?
                // An endpoint that takes a body gets one even if it is empty.
                $( $( if let Some(value) = self.$bf.as_ref() $(.filter(|value| !value.$bskip()))? {
                    body.get_or_insert_default().insert(stringify!($bf).to_owned(), define::value(stringify!($bf), value)?);
                } else {
                    body.get_or_insert_default();
                } )+ )?
                Ok(crate::rest::Parts {
                    path: crate::rest::request::path($template, &[$( $( self.$pf.as_str(), )+ )?]),
                    query: crate::rest::request::query(&[
                        $( $( ($crate::types::wire_name!($rf $($rw)?), Some(self.$rf.to_string())), )+ )?
                        $( $( (stringify!($qf), self.$qf.as_ref().map(ToString::to_string)), )+ )?
                    ]),
                    body: body.as_ref().map_or(Ok(crate::rest::Body::None), crate::rest::request::json)?,
                })
            }

            fn decode(&self, response: &http::Response<bytes::Bytes>) -> Result<Self::Output, String> {
                crate::rest::define::or!($($answer)?, Json => crate::rest::answer::decode)(response, Self::ROUTE)
            }
        }
    };
}

/// A parameter as its row declares it.
macro_rules! param {
    ($presence:ident $field:ident: $Type:ty, $place:ident $($doc:literal)*) => {
        crate::rest::Param::$presence(
            stringify!($field),
            crate::rest::Place::$place,
            <$Type as crate::rest::argument_checks::Outgoing>::KIND,
            concat!($($doc),*),
        )
    };
}

/// A field's rule, or one that finds nothing.
macro_rules! rule {
    () => {
        |_| None
    };
    ($rule:expr) => {
        $rule
    };
}

/// The largest answer, that of one thing where the row names none.
macro_rules! largest {
    () => {
        crate::limits::ANSWER_BODY
    };
    ($largest:ident) => {
        crate::limits::$largest
    };
}

/// A variant, the default where the row names none: of an enum, or of the decoders that are called alike.
macro_rules! or {
    (, $default:ident => crate::rest::AnswerKind) => {
        crate::rest::AnswerKind::$default
    };
    ($given:ident, $default:ident => crate::rest::AnswerKind) => {
        crate::rest::AnswerKind::$given
    };
    (, $default:ident => crate::rest::answer::decode) => {
        crate::rest::answer::json
    };
    (Rows, $default:ident => crate::rest::answer::decode) => {
        crate::rest::answer::rows
    };
    (Ignored, $default:ident => crate::rest::answer::decode) => {
        crate::rest::answer::ignored
    };
    (OrMissing, $default:ident => crate::rest::answer::decode) => {
        crate::rest::answer::or_missing
    };
    (Location, $default:ident => crate::rest::answer::decode) => {
        crate::rest::answer::location
    };
}

pub(crate) use endpoint;
pub(crate) use largest;
pub(crate) use or;
pub(crate) use param;
pub(crate) use rule;

use serde_json::Value;

use super::argument_checks::Outgoing;
use crate::error::InvalidArgument;

/// What every argument must satisfy.
pub(crate) fn check<T: Outgoing>(field: &'static str, value: &T) -> Result<(), InvalidArgument> {
    apply_rule(field, value.problem())
}

/// A rule's verdict as a result.
pub(crate) fn apply_rule(field: &'static str, problem: Option<String>) -> Result<(), InvalidArgument> {
    problem.map_or(Ok(()), |problem| Err(InvalidArgument::new(field, problem)))
}

/// A field's JSON value.
pub(crate) fn value<T: ToJson>(field: &'static str, value: &T) -> Result<Value, InvalidArgument> {
    value.to_json().ok_or_else(|| InvalidArgument::new(field, "cannot be written as JSON"))
}

/// How a field goes into a body. Not plain `Serialize`, because secrets have none.
pub(crate) trait ToJson {
    fn to_json(&self) -> Option<Value>;
}

impl<T: serde::Serialize> ToJson for T {
    fn to_json(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }
}

impl ToJson for crate::secret::SecretText {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.expose().to_owned()))
    }
}

impl ToJson for crate::secret::OneTimeCode {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.expose().to_owned()))
    }
}
