//! What counts as an e-mail address: the rule of the schema library that the real platform validates with (contract
//! section 2.1). It is about ASCII and stricter than the RFC, which allows more than any mail system takes.

/// Whether this looks like an address that mail can be sent to.
pub(crate) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_'+-.".contains(&byte);
    !local.is_empty()
        && local.bytes().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with(['.', '\''])
        && !local.contains("..")
}

/// At least two labels, of which the last is made of letters.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        label.starts_with(|first: char| first.is_ascii_alphanumeric())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.rsplit_once('.').is_some_and(|(labels, last)| {
        labels.split('.').all(is_label) && last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses_have_a_local_part_and_a_domain() {
        for good in ["a@b.co", "first.last+tag@mail.example.com", "o'neil_1@x-y.org", "-@1.info"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "   ",
            "a",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b.c",
            "a@.co",
            "a@b..co",
            "a@b.co.",
            "a@-b.co",
            "a@b.c0m",
            "a@@b.co",
            "a@b@c.co",
            "a b@c.co",
            "a@b c.co",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "ä@b.co",
            "a@bä.co",
            "\"a\"@b.co",
            "a@b.co\n",
            "a@[127.0.0.1]",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
