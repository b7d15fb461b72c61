//! The notation of the endpoint table: one declaration a row.
//!
//! A row says name, method, path template, answer, contract section, auth, retry class, and its
//! parameters by place. From it come the request type with its constructor and setters, the
//! [`Endpoint`](super::Endpoint) implementation, and the [`Route`](super::Route) that the CLI and the
//! coverage test read. A template that does not match the path fields does not compile.

macro_rules! endpoint {
    (
        $(#[$doc:meta])*
        $name:literal $Type:ident = $method:ident $template:literal -> $Output:ty;
        contract $contract:literal; auth $auth:ident; retry $retry:ident;
        $( path { $( $(#[$pmeta:meta])* $pf:ident: $pt:ty ),+ $(,)? } )?
        $( need body { $( $(#[$nmeta:meta])* $nf:ident: $nt:ty $(=> $nrule:expr)? ),+ $(,)? } )?
        $( body { $( $(#[$bmeta:meta])* $bf:ident: $bt:ty $(=> $brule:expr)? ),+ $(,)? } )?
        $( query { $( $(#[$qmeta:meta])* $qf:ident: $qt:ty $(=> $qrule:expr)? ),+ $(,)? } )?
        $( check $check:path; )?
    ) => {
        $(#[$doc])*
        #[doc = ""]
        #[doc = concat!("`", stringify!($method), " ", $template, "`, wire contract ", $contract, ".")]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $Type {
            $( $( $(#[$pmeta])* pub $pf: $pt, )+ )?
            $( $( $(#[$nmeta])* pub $nf: $nt, )+ )?
            $( $( $(#[$bmeta])* pub $bf: Option<$bt>, )+ )?
            $( $( $(#[$qmeta])* pub $qf: Option<$qt>, )+ )?
        }

        impl $Type {
            /// A request with its required parameters.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "a request is made on purpose")]
            pub fn new($( $( $pf: impl Into<$pt>, )+ )? $( $( $nf: impl Into<$nt>, )+ )?) -> Self {
                Self {
                    $( $( $pf: $pf.into(), )+ )?
                    $( $( $nf: $nf.into(), )+ )?
                    $( $( $bf: None, )+ )?
                    $( $( $qf: None, )+ )?
                }
            }

            $( $(
                $(#[$bmeta])*
                #[must_use]
                pub fn $bf(mut self, $bf: impl Into<$bt>) -> Self {
                    self.$bf = Some($bf.into());
                    self
                }
            )+ )?

            $( $(
                $(#[$qmeta])*
                #[must_use]
                pub fn $qf(mut self, $qf: impl Into<$qt>) -> Self {
                    self.$qf = Some($qf.into());
                    self
                }
            )+ )?

            pub(crate) const ROUTE: &'static crate::rest::Route = &crate::rest::Route {
                name: $name,
                method: crate::rest::Method::$method,
                template: $template,
                contract: $contract,
                auth: crate::rest::Auth::$auth,
                retry: crate::rest::RetryClass::$retry,
                params: &[
                    $( $( crate::rest::Param { name: stringify!($pf), place: crate::rest::Place::Path, required: true }, )+ )?
                    $( $( crate::rest::Param { name: stringify!($nf), place: crate::rest::Place::Body, required: true }, )+ )?
                    $( $( crate::rest::Param { name: stringify!($bf), place: crate::rest::Place::Body, required: false }, )+ )?
                    $( $( crate::rest::Param { name: stringify!($qf), place: crate::rest::Place::Query, required: false }, )+ )?
                ],
                from_json: |params, entropy| {
                    #[allow(unused_mut, reason = "rows without parameters")]
                    let mut params = crate::rest::params::Params::new(params)?;
                    let request = Self {
                        $( $( $pf: params.need(stringify!($pf))?, )+ )?
                        $( $( $nf: params.need(stringify!($nf))?, )+ )?
                        $( $( $bf: params.take(stringify!($bf))?, )+ )?
                        $( $( $qf: params.take(stringify!($qf))?, )+ )?
                    };
                    params.finish()?;
                    crate::rest::Endpoint::parts(&request, &mut crate::rest::endpoint::Minter(entropy))
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
                _: &mut crate::rest::endpoint::Minter<'_>,
            ) -> Result<crate::rest::Parts, crate::error::InvalidArgument> {
                $( $( crate::rest::define::check(stringify!($pf), &self.$pf)?; )+ )?
                $( $(
                    crate::rest::define::check(stringify!($nf), &self.$nf)?;
                    $( crate::rest::define::obey(stringify!($nf), $nrule(&self.$nf))?; )?
                )+ )?
                $( $( if let Some(value) = &self.$bf {
                    crate::rest::define::check(stringify!($bf), value)?;
                    $( crate::rest::define::obey(stringify!($bf), $brule(value))?; )?
                } )+ )?
                $( $( if let Some(value) = &self.$qf {
                    crate::rest::define::check(stringify!($qf), value)?;
                    $( crate::rest::define::obey(stringify!($qf), $qrule(value))?; )?
                } )+ )?
                $( $check(self)?; )?
                #[allow(unused_mut, reason = "rows without a body")]
                let mut body: Option<serde_json::Map<String, serde_json::Value>> = None;
                $( $(
                    body.get_or_insert_default()
                        .insert(stringify!($nf).to_owned(), crate::rest::define::value(stringify!($nf), &self.$nf)?);
                )+ )?
                $( $( if let Some(value) = &self.$bf {
                    body.get_or_insert_default()
                        .insert(stringify!($bf).to_owned(), crate::rest::define::value(stringify!($bf), value)?);
                } )+ )?
                Ok(crate::rest::Parts {
                    path: crate::rest::request::path($template, &[$( $( self.$pf.as_str(), )+ )?]),
                    query: crate::rest::request::query(&[
                        $( $( (stringify!($qf), self.$qf.as_ref().map(ToString::to_string)), )+ )?
                    ]),
                    body: body.map_or(crate::rest::Body::None, crate::rest::request::json),
                })
            }

            fn decode(&self, response: &http::Response<bytes::Bytes>) -> Result<Self::Output, String> {
                crate::rest::endpoint::decode_json(response)
            }
        }
    };
}

pub(crate) use endpoint;

use serde_json::Value;

use super::rules::Outgoing;
use crate::error::InvalidArgument;

/// What every argument must satisfy.
pub(crate) fn check<T: Outgoing>(field: &'static str, value: &T) -> Result<(), InvalidArgument> {
    obey(field, value.problem())
}

/// A rule's verdict as a result.
pub(crate) fn obey(field: &'static str, problem: Option<String>) -> Result<(), InvalidArgument> {
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

impl ToJson for crate::secret::OneTimeCode {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.expose().to_owned()))
    }
}
