//! Which parts of a request may be shown: those that are known to be harmless.

use http::Uri;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RANGE, USER_AGENT};

/// Stands for a value that is not shown.
const REDACTED: &str = "***";

/// Headers whose values are shown.
const HEADERS: [HeaderName; 6] = [
    ACCEPT,
    CONTENT_TYPE,
    RANGE,
    USER_AGENT,
    HeaderName::from_static("x-agentchat-client"),
    HeaderName::from_static("x-agentchat-client-version"),
];

/// Parameters of the query whose values are shown: pages and cursors.
const QUERY: [&str; 7] = ["after", "after_seq", "around_message_id", "before_seq", "limit", "offset", "q"];

pub(super) fn headers(headers: &HeaderMap) -> HeaderMap {
    let told = |(name, value): (&HeaderName, &HeaderValue)| {
        let harmless = HEADERS.contains(name) && !value.is_sensitive();
        (name.clone(), if harmless { value.clone() } else { HeaderValue::from_static(REDACTED) })
    };
    headers.iter().map(told).collect()
}

/// A URL of the platform's.
pub(super) fn url(url: &Uri) -> String {
    let mut text = origin(url);
    text.push_str(url.path());
    for (index, parameter) in url.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        let name = parameter.split('=').next().unwrap_or_default();
        text.push(if index == 0 { '?' } else { '&' });
        if QUERY.contains(&name) {
            text.push_str(parameter);
        } else {
            text.extend([name, "=", REDACTED]);
        }
    }
    text
}

/// A signed URL.
pub(super) fn signed_url(url: &Uri) -> String {
    format!("{}/{REDACTED}", origin(url))
}

/// Without a user name.
fn origin(url: &Uri) -> String {
    let port = url.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme_str().unwrap_or_default(), url.host().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;

    use super::*;

    #[test]
    fn of_a_url_only_what_is_harmless_is_shown() {
        let told = |text: &str| url(&text.parse().unwrap());
        assert_eq!(told("https://u:pw@h.example/v1/me"), "https://h.example/v1/me");
        assert_eq!(told("http://h:8080/v1/x?limit=5&q=a%20b"), "http://h:8080/v1/x?limit=5&q=a%20b");
        assert_eq!(told("https://h/v1/x?token=hush&limit=5&hush"), "https://h/v1/x?token=***&limit=5&hush=***");
        assert_eq!(signed_url(&"https://h:1/hush/f?s=hush".parse().unwrap()), "https://h:1/***");
    }

    #[test]
    fn of_headers_only_harmless_values_are_shown() {
        let mut all = HeaderMap::new();
        for name in [AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static("idempotency-key")] {
            all.insert(name, HeaderValue::from_static("value"));
        }
        all.append("x-tenant", HeaderValue::from_static("value"));
        let told = headers(&all);
        assert_eq!(told["content-type"], "value");
        for name in ["authorization", "idempotency-key", "x-tenant"] {
            assert_eq!(told[name], "***", "{name}");
        }
    }
}
