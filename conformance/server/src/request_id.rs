//! `X-Request-Id`: taken from the request or made here, and on every response (contract 1.3).

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;

use super::ids::new_request_id;

const NAME: &str = "x-request-id";
const LONGEST: usize = 128;

pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let given = request.headers().get(NAME).filter(|id| !id.is_empty() && id.len() <= LONGEST).cloned();
    let id = given.or_else(|| HeaderValue::try_from(new_request_id()).ok());
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(NAME, id);
    }
    response
}
