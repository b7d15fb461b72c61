//! Masking without regard to structure: keys, and the private parts of URLs.

use http::Uri;

/// Length of a key after its `ac_` (contract 1.2).
const KEY_LENGTH: usize = 43;

/// Masks a header's value; what no secret has in it stays recognisable as such.
pub(super) fn fill(bytes: &mut [u8]) {
    for byte in bytes {
        match byte {
            b'!'..=b'~' => *byte = b'*',
            0x80.. => *byte = 0xff,
            _ => {}
        }
    }
}

/// Masks text that may have the escapes of a JSON string, of equal length and equally refused: control characters stay,
/// what is not ASCII is not ASCII afterwards, and what is not UTF-8 is not either.
pub(super) fn blank(text: &mut [u8]) {
    let mut rest = text;
    loop {
        let (step, mask): (usize, &[u8]) = match rest {
            [] => return,
            [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => (2, &[]),
            [b'\\', b'u', b'0', b'0', b'0' | b'1', _, ..] => (6, &[]),
            [0xc2..=0xdf, _, ..] => (2, "\u{bf}".as_bytes()),
            [0xe0..=0xef, _, _, ..] => (3, "\u{fffd}".as_bytes()),
            [0xf0..=0xf4, _, _, _, ..] => (4, "\u{10ffff}".as_bytes()),
            [byte, ..] => (1, if byte.is_ascii_graphic() { b"*" } else { &[] }),
        };
        let (done, after) = rest.split_at_mut(step.min(rest.len()));
        done.iter_mut().zip(mask).for_each(|(byte, mask)| *byte = *mask);
        rest = after;
    }
}

/// Masks every occurrence of `secret`.
pub(super) fn mask_literal(bytes: &mut [u8], secret: &[u8]) {
    let mut rest = bytes;
    while let Some(at) = rest.windows(secret.len().max(1)).position(|window| window == secret) {
        let (_, found) = rest.split_at_mut(at);
        let (found, after) = found.split_at_mut(secret.len().min(found.len()));
        found.fill(b'*');
        rest = after;
    }
}

/// Masks every occurrence of `secret` that is no part of another word. In JSON, one that is a number stays one.
pub(super) fn mask_word(bytes: &mut [u8], secret: &[u8], is_json: bool) {
    let mut from = 0_usize;
    while let Some(at) = find(bytes, secret, from) {
        let end = at.saturating_add(secret.len());
        from = end;
        let (before, rest) = bytes.split_at_mut(at);
        let (found, after) = rest.split_at_mut(secret.len().min(rest.len()));
        let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        if is_word(before.last()) || is_word(after.first()) {
            continue;
        }
        let seen = |byte: &&u8| !byte.is_ascii_whitespace();
        let opens = before.iter().rev().find(seen).is_some_and(|b| b":[,".contains(b));
        let closes = after.iter().find(seen).is_some_and(|b| b",]}".contains(b));
        let number = is_json && opens && closes && found.iter().all(u8::is_ascii_digit);
        found.fill(if number { b'1' } else { b'*' });
    }
}

fn find(bytes: &[u8], secret: &[u8], from: usize) -> Option<usize> {
    let at = bytes.get(from..)?.windows(secret.len().max(1)).position(|window| window == secret)?;
    Some(from.saturating_add(at))
}

/// Masks whatever looks like a key of the platform, also somebody else's.
pub(super) fn mask_key_shapes(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let Some(at) = rest.windows(3).position(|window| window == b"ac_") {
        let (_, found) = rest.split_at_mut(at);
        let (prefix, after) = found.split_at_mut(3);
        let length = after.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-' || **b == b'_').count();
        let (run, after) = after.split_at_mut(length);
        if length >= KEY_LENGTH {
            prefix.fill(b'*');
            run.fill(b'*');
        }
        rest = after;
    }
}

/// Masks the query, the fragment and the user information of every URL. A slash may be written `\/`, as some JSON
/// encoders do.
pub(super) fn mask_urls(bytes: &mut [u8]) {
    let mut rest = bytes;
    while let Some(at) = find_url(rest) {
        let (_, url) = rest.split_at_mut(at);
        let length = url_length(url);
        let (url, after) = url.split_at_mut(length);
        let authority = url.iter().position(|b| b"/\\?#".contains(b)).unwrap_or(length);
        let (authority, path) = url.split_at_mut(authority);
        if let Some(user) = authority.iter().rposition(|b| *b == b'@') {
            blank(authority.split_at_mut(user).0);
        }
        if let Some(query) = path.iter().position(|b| *b == b'?' || *b == b'#') {
            blank(path.split_at_mut(query.saturating_add(1)).1);
        }
        rest = after;
    }
}

/// Masks a URL but for scheme, host and port: what a signed one has in its path can be its signature. A text that is not
/// a URL does not become one, so that a replay refuses it for the same reason.
pub(super) fn mask_target(bytes: &mut [u8]) {
    let was_url = is_url(bytes);
    mask_private(bytes);
    if !was_url && is_url(bytes) {
        // No URL has one.
        bytes.iter_mut().find(|byte| **byte == b'*').into_iter().for_each(|byte| *byte = b'<');
    }
}

fn is_url(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.trim().parse::<Uri>().is_ok())
}

fn mask_private(bytes: &mut [u8]) {
    let scheme = bytes.iter().position(|b| !b.is_ascii_alphanumeric() && !b"+-.".contains(b)).unwrap_or(bytes.len());
    let is_absolute = bytes.get(scheme..).is_some_and(|rest| rest.starts_with(b"://"));
    let start = if is_absolute { scheme.saturating_add(3) } else { 0 };
    let (_, rest) = bytes.split_at_mut(start.min(bytes.len()));
    let authority = rest.iter().position(|b| b"/?#".contains(b)).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_mut(authority);
    if let Some(user) = authority.iter().rposition(|b| *b == b'@') {
        fill(authority.split_at_mut(user).0);
    }
    if let Some((_, path)) = path.split_first_mut() {
        fill(path);
    }
}

/// Where the authority of the next `http`, `https`, `ws` or `wss` URL begins.
fn find_url(bytes: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let colon = rest.iter().position(|b| *b == b':')?;
        let after = rest.get(colon.saturating_add(1)..)?;
        let slashes = [&b"//"[..], br"\/\/"].into_iter().find(|slashes| after.starts_with(slashes));
        let scheme = bytes.get(..from.saturating_add(colon)).is_some_and(ends_with_scheme);
        from = from.saturating_add(colon).saturating_add(1);
        if let (Some(slashes), true) = (slashes, scheme) {
            return Some(from.saturating_add(slashes.len()));
        }
    }
}

fn ends_with_scheme(bytes: &[u8]) -> bool {
    [&b"http"[..], b"https", b"ws", b"wss"].into_iter().any(|scheme| {
        let start = bytes.len().checked_sub(scheme.len());
        start.and_then(|start| bytes.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    })
}

/// How far a URL reaches that stands in a text, perhaps inside a JSON string with its escapes.
fn url_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    loop {
        let step = match rest {
            [b'\\', b'/', ..] => 2,
            [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => 6,
            [b'\\' | b'"' | b'<' | b'>', ..] | [] => break,
            [byte, ..] if byte.is_ascii_control() || byte.is_ascii_whitespace() => break,
            _ => 1,
        };
        rest = rest.get(step..).unwrap_or_default();
    }
    bytes.len().saturating_sub(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        mask_urls(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn queries_fragments_and_users_of_urls_are_masked() {
        for (text, expected) in [
            ("see https://h/p?a=b#c, ok", "see https://h/p?****** ok"),
            (r#"{"u":"http:\/\/h\/p?a=\/b\u0026c"}"#, r#"{"u":"http:\/\/h\/p?************"}"#),
            ("WSS://me:pw@h:1/p", "WSS://*****@h:1/p"),
            ("https://h/p#é", "https://h/p#\u{bf}"),
            ("https://h?a https://i?b", "https://h?* https://i?*"),
            ("ftp://h?a what? a: b", "ftp://h?a what? a: b"),
            (r#"https://h?a\"b"#, r#"https://h?*\"b"#),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn a_target_keeps_its_host_only() {
        for (text, expected) in [
            ("https://u:p@h:1/a/b?c", "https://***@h:1/*****"),
            ("/a/b", "/***"),
            ("https://h", "https://h"),
            ("//h/x", "/****"),
            ("/a?b=https://h/c", "/***************"),
            ("https://h/a<b", "https://h/<**"),
            ("https://u<p@h/a", "https://<**@h/*"),
            ("", ""),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            mask_target(&mut bytes);
            assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
            mask_target(&mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), expected, "masking twice is masking once");
        }
    }
}
