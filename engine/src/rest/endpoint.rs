//! What an endpoint is: a [`Route`] as data, and an [`Endpoint`] that fills it.

use core::fmt;

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use crate::entropy::Entropy;
use crate::error::InvalidArgument;

/// The HTTP method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the methods")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// Whether a route wants the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// The key is sent; without one the call is refused.
    Required,
    /// No key is sent, even if there is one.
    Anonymous,
}

/// What makes repeating a request safe, if anything does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// The method or its effect is idempotent, or a repeat changes nothing that anybody sees: any attempt may be repeated.
    Idempotent,
    /// The body carries an id by which the platform finds repeats (`client_msg_id`).
    Deduplicated,
    /// Repeated only under an idempotency key, which the platform honours here.
    WithKey,
    /// The platform ignores idempotency keys here: repeated only if nothing was sent.
    Unsafe,
    /// Never repeated: a person is waiting, and codes are mailed.
    Never,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// JSON.
    Json,
    /// JSON rows, which are kept as they came and read one by one.
    Rows,
    /// Done; whatever the body says.
    Ignored,
    /// JSON, or 404 for none.
    OrMissing,
    /// A redirect that is not followed: its `Location` is the answer.
    Location,
}

impl AnswerKind {
    /// Whether an answer with this status is one to decode.
    pub(crate) fn accepts(self, status: http::StatusCode) -> bool {
        match self {
            Self::Json | Self::Rows | Self::Ignored => status.is_success(),
            Self::OrMissing => status.is_success() || status == http::StatusCode::NOT_FOUND,
            Self::Location => status.is_success() || status.is_redirection(),
        }
    }
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// The JSON body.
    Body,
}

/// What JSON a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamKind {
    /// A string.
    Text,
    /// A whole number that is not negative.
    Number,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// An array of these.
    List(&'static ParamKind),
    /// One of these.
    Either(&'static [ParamKind]),
    /// Null.
    Null,
}

impl fmt::Display for ParamKind {
    /// In the words of JSON Schema: `string`, `array of string`, `string or null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("string"),
            Self::Number => f.write_str("integer"),
            Self::Boolean => f.write_str("boolean"),
            Self::Object => f.write_str("object"),
            Self::List(item) => write!(f, "array of {item}"),
            Self::Either(kinds) => {
                for (index, kind) in kinds.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { " or " })?;
                    kind.fmt(f)?;
                }
                Ok(())
            }
            Self::Null => f.write_str("null"),
        }
    }
}

/// A parameter of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Param {
    /// Its name, in the official SDKs and on the wire.
    pub name: &'static str,
    /// Where it goes.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// What JSON it is.
    pub kind: ParamKind,
    /// What it says, with its limits; the links in it are this documentation's.
    pub about: &'static str,
}

impl Param {
    pub(crate) const fn needed(name: &'static str, place: Place, kind: ParamKind, about: &'static str) -> Self {
        Self { name, place, required: true, kind, about }
    }

    pub(crate) const fn optional(name: &'static str, place: Place, kind: ParamKind, about: &'static str) -> Self {
        Self { name, place, required: false, kind, about }
    }
}

/// A row of the endpoint table.
///
/// ```
/// use agentchat_engine::rest::TABLE;
/// let row = TABLE.iter().find(|row| row.name == "get_agent").unwrap();
/// assert_eq!(row.template, "/v1/agents/{handle}");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method's name in the official SDKs, and for `agentchat call`.
    pub name: &'static str,
    /// What it does; the links in it are this documentation's.
    pub about: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with `{parameters}`.
    pub template: &'static str,
    /// The section of the contract that describes it.
    pub contract: &'static str,
    /// Whether it wants the key.
    pub auth: Auth,
    /// Whether it may be repeated.
    pub retry: RetryClass,
    /// What its answer is.
    pub answer: AnswerKind,
    /// Bytes of its largest answer; one of [`limits`](crate::limits).
    pub largest: usize,
    /// Its parameters.
    pub params: &'static [Param],
    /// Builds the request from JSON parameters: what [`JsonCall`](super::JsonCall) uses.
    pub(crate) from_json: fn(Value, &mut Entropy) -> Result<Parts, InvalidArgument>,
    /// Whether a success answer can be read as the endpoint's own type: what a replay needs of it.
    pub(crate) check: fn(&Response<Bytes>) -> Result<(), String>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// None, and no `Content-Type`.
    None,
    /// JSON.
    Json(Bytes),
    /// Bytes of this type, such as a picture.
    Raw {
        /// The bytes.
        bytes: Bytes,
        /// Their `Content-Type`.
        content_type: http::HeaderValue,
    },
}

/// The parts of a request that an endpoint decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The path, encoded.
    pub path: String,
    /// The query, encoded, without its `?`.
    pub query: Option<String>,
    /// The body.
    pub body: Body,
}

/// A typed request to one endpoint. Implemented by the rows of the table; not meant to be implemented outside.
pub trait Endpoint {
    /// What a success answers.
    type Output;

    /// The endpoint's row.
    fn route(&self) -> &'static Route;

    /// Checks the arguments and builds the request, drawing what it mints from `entropy`.
    ///
    /// # Errors
    /// [`InvalidArgument`] for an argument that must not be sent.
    #[doc(hidden)]
    fn parts(&self, entropy: &mut IdSource<'_>) -> Result<Parts, InvalidArgument>;

    /// Reads a success answer.
    ///
    /// # Errors
    /// What could not be read, without quoting it.
    #[doc(hidden)]
    fn decode(&self, response: &Response<Bytes>) -> Result<Self::Output, String>;

    /// Whether answers are read as the endpoint's own type.
    #[doc(hidden)]
    fn typed(&self) -> bool {
        true
    }
}

/// Lends the call's entropy to an endpoint that mints an id.
#[derive(Debug)]
pub struct IdSource<'a>(pub(crate) &'a mut Entropy);
