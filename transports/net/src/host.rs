//! Hosts as they stand in URLs.

/// A host without the brackets that an IPv6 address has in a URL.
pub(crate) fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}
