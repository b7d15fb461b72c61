//! Setting pictures (contract 2.2, 2.5): the two endpoints whose body is raw bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Response};

use super::endpoint::{
    AnswerKind, Auth, Body, Endpoint, IdSource, Method, Param, ParamKind, Parts, Place, RetryClass, Route,
};
use super::params::Params;
use super::{answer, define, request};
use crate::error::InvalidArgument;
use crate::limits;
use crate::types::{Avatar, ConversationId, Handle};

/// A picture to be sent: JPEG, PNG, WebP or GIF, at least 128 pixels a side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// The bytes, up to 5 MiB.
    pub bytes: Bytes,
    /// Their type, a hint only: the platform looks at the bytes. Default `application/octet-stream`.
    pub content_type: String,
}

impl<T: Into<Bytes>> From<T> for Picture {
    fn from(bytes: T) -> Self {
        Self { bytes: bytes.into(), content_type: "application/octet-stream".into() }
    }
}

impl Picture {
    /// Says what type the picture is.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    fn from_json(params: &mut Params) -> Result<Self, InvalidArgument> {
        let text: String = params.need("image_base64")?;
        let bytes = STANDARD.decode(text).map_err(|_| InvalidArgument::new("image_base64", "is not base64"))?;
        let picture = Self::from(bytes);
        Ok(match params.take::<String>("content_type")? {
            Some(content_type) => picture.content_type(content_type),
            None => picture,
        })
    }

    fn body(&self) -> Result<Body, InvalidArgument> {
        let (count, limit) = (self.bytes.len(), limits::AVATAR);
        if count > limit {
            return Err(InvalidArgument::new("image", format!("must be at most {limit} bytes, was {count}")));
        }
        let content_type = HeaderValue::from_str(&self.content_type);
        let content_type =
            content_type.map_err(|_| InvalidArgument::new("content_type", "cannot be sent as a header"))?;
        Ok(Body::Raw { bytes: self.bytes.clone(), content_type })
    }
}

/// What the parameters of calls by name say.
const PICTURE: &str = "The picture in base64: JPEG, PNG, WebP or GIF, at least 128 pixels a side, up to 5 MiB.";
const PICTURE_TYPE: &str = "Its type, a hint only: the platform looks at the bytes.";

macro_rules! set_picture {
    ($(#[doc = $doc:literal])* $name:literal $Type:ident = $template:literal, $contract:literal; $(#[doc = $fdoc:literal])* $field:ident: $Field:ty) => {
        $(#[doc = $doc])*
        #[doc = ""]
        #[doc = concat!("`Put ", $template, "`, contract ", $contract, ".")]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $Type {
            $(#[doc = $fdoc])*
            pub $field: $Field,
            /// The picture.
            pub picture: Picture,
        }

        impl $Type {
            /// A request with its required parameters.
            #[must_use]
            pub fn new($field: impl Into<$Field>, picture: impl Into<Picture>) -> Self {
                Self { $field: $field.into(), picture: picture.into() }
            }

            pub(crate) const ROUTE: &'static Route = &Route {
                name: $name,
                about: concat!($($doc),*),
                method: Method::Put,
                template: $template,
                contract: $contract,
                auth: Auth::Required,
                retry: RetryClass::Idempotent,
                answer: AnswerKind::Json,
                largest: limits::ANSWER_BODY,
                params: &[
                    define::param!(needed $field: $Field, Path $($fdoc)*),
                    Param::needed("image_base64", Place::Body, ParamKind::Text, PICTURE),
                    Param::optional("content_type", Place::Body, ParamKind::Text, PICTURE_TYPE),
                ],
                from_json: |params, entropy| {
                    let mut params = Params::new(params)?;
                    let $field: $Field = params.need(stringify!($field))?;
                    let picture = Picture::from_json(&mut params)?;
                    params.finish()?;
                    Self { $field, picture }.parts(&mut IdSource(entropy))
                },
                check: |response| answer::json::<Avatar>(response, Self::ROUTE).map(drop),
            };
        }

        const _: () = assert!(request::template_names($template, &[stringify!($field)]), "the template names the field");

        impl Endpoint for $Type {
            type Output = Avatar;

            fn route(&self) -> &'static Route {
                Self::ROUTE
            }

            fn parts(&self, _: &mut IdSource<'_>) -> Result<Parts, InvalidArgument> {
                define::check(stringify!($field), &self.$field)?;
                let path = request::path($template, &[self.$field.as_str()]);
                Ok(Parts { path, query: None, body: self.picture.body()? })
            }

            fn decode(&self, response: &Response<Bytes>) -> Result<Avatar, String> {
                answer::json(response, Self::ROUTE)
            }
        }
    };
}

set_picture! {
    /// Sets your picture.
    "set_avatar" SetAvatar = "/v1/agents/{handle}/avatar", "2.2";
    /// Your own handle.
    handle: Handle
}

set_picture! {
    /// Sets a group's picture; for its admins.
    "set_group_avatar" SetGroupAvatar = "/v1/groups/{group_id}/avatar", "2.5";
    /// Which group.
    group_id: ConversationId
}
