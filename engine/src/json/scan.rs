//! A first look at JSON as programs write it, in one pass and without a copy.
//!
//! It takes only what needs no second thought: names without escapes, and little nesting. Whatever else there is, JSON or not, is for
//! serde, whose word it never contradicts.

use super::plain::plain_length;

/// Levels of nesting that are looked at; each is a call.
const LEVELS: u32 = 16;

/// A text, and how far it has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut scan = Self { text, at: 0 };
        scan.skip_space();
        scan
    }

    /// An object. `each` is called at the value of each member, and reads it.
    #[inline]
    pub(crate) fn object(&mut self, each: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        self.members(each)
    }

    /// Any value; its text.
    #[inline]
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.peek() == b'"' {
            self.step();
            self.skip_string()?;
        } else {
            self.skip_value(LEVELS)?;
        }
        self.text.get(start..self.at)
    }

    /// Nothing but space is left.
    pub(crate) fn end(mut self) -> Option<()> {
        self.skip_space();
        (self.at == self.text.len()).then_some(())
    }

    /// How many bytes have been read.
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// The byte that is next. At the end it is zero, which no JSON has.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    fn next(&mut self) -> u8 {
        let byte = self.peek();
        self.step();
        byte
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.next() == wanted).then_some(())
    }

    fn take_all(&mut self, wanted: &str) -> Option<()> {
        let end = self.at.checked_add(wanted.len())?;
        (self.text.as_bytes().get(self.at..end)? == wanted.as_bytes()).then(|| self.at = end)
    }

    /// Most programs write no space.
    #[inline]
    fn skip_space(&mut self) {
        if self.peek() <= b' ' {
            self.skip_some_space();
        }
    }

    #[inline(never)]
    fn skip_some_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\t' | b'\r') {
            self.step();
        }
    }

    /// What follows the opening brace.
    #[inline]
    fn members(&mut self, mut each: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.skip_space();
        if self.peek() == b'}' {
            self.step();
            return Some(());
        }
        self.take(b'"')?;
        loop {
            let start = self.at;
            self.skip_plain();
            let name = self.text.get(start..self.at)?;
            self.take_pair(b'"', b':')?;
            self.skip_space();
            each(self, name)?;
            self.skip_space();
            if self.peek() == b'}' {
                self.step();
                return Some(());
            }
            self.take_pair(b',', b'"')?;
        }
    }

    /// One byte and another, with nothing but space between them.
    #[inline]
    fn take_pair(&mut self, first: u8, second: u8) -> Option<()> {
        if let Some([one, two, ..]) = self.text.as_bytes().get(self.at..)
            && *one == first
            && *two == second
        {
            self.at = self.at.wrapping_add(2);
            return Some(());
        }
        self.take(first)?;
        self.skip_space();
        self.take(second)
    }

    #[inline(never)]
    fn skip_value(&mut self, levels: u32) -> Option<()> {
        match self.next() {
            b'"' => self.skip_string(),
            b'{' => {
                let levels = levels.checked_sub(1)?;
                self.members(|scan, _| scan.skip_value(levels))
            }
            b'[' => self.skip_elements(levels.checked_sub(1)?),
            b't' => self.take_all("rue"),
            b'f' => self.take_all("alse"),
            b'n' => self.take_all("ull"),
            b'-' => {
                let first = self.next();
                self.skip_number(first)
            }
            first => self.skip_number(first),
        }
    }

    /// What follows the opening bracket.
    fn skip_elements(&mut self, levels: u32) -> Option<()> {
        self.skip_space();
        if self.peek() == b']' {
            self.step();
            return Some(());
        }
        loop {
            self.skip_value(levels)?;
            self.skip_space();
            match self.next() {
                b',' => self.skip_space(),
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// What of a string needs no second look, up to a byte that does or the end.
    #[inline]
    fn skip_plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at = self.at.wrapping_add(plain_length(rest));
    }

    /// What follows the opening quote.
    #[inline]
    fn skip_string(&mut self) -> Option<()> {
        loop {
            self.skip_plain();
            match self.next() {
                b'"' => return Some(()),
                b'\\' => self.skip_escape()?,
                _ => return None,
            }
        }
    }

    /// What follows a backslash.
    #[inline(never)]
    fn skip_escape(&mut self) -> Option<()> {
        match self.next() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let end = self.at.checked_add(4)?;
                let digits = self.text.as_bytes().get(self.at..end)?;
                self.at = end;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    /// What follows the first digit.
    fn skip_number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if self.peek() == b'.' {
            self.step();
            self.next().is_ascii_digit().then_some(())?;
            self.skip_digits();
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.step();
            if matches!(self.peek(), b'+' | b'-') {
                self.step();
            }
            self.next().is_ascii_digit().then_some(())?;
            self.skip_digits();
        }
        Some(())
    }

    fn skip_digits(&mut self) {
        while self.peek().is_ascii_digit() {
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::super::members::{by_scan, by_serde};

    fn seen(text: &str) -> Option<Vec<(&str, &str)>> {
        let mut seen = Vec::new();
        by_scan(text, |name, value| seen.push((name, value))).map(|()| seen)
    }

    #[test]
    fn members_are_seen_with_their_texts() {
        let text = " {\"a\" : [1, -2.5e+3 ,{}] ,\"b\":\"\\u00e4\\\"\", \"c\":{\"d\":null}}\n";
        let expected = vec![("a", "[1, -2.5e+3 ,{}]"), ("b", r#""\u00e4\"""#), ("c", r#"{"d":null}"#)];
        assert_eq!(seen(text), Some(expected));
        assert_eq!(seen("{}"), Some(Vec::new()));
    }

    #[test]
    fn everything_else_is_for_serde() {
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
        for text in
            [r#"{"i\u0064":1}"#, "[]", "null", "", "{", "{} x", r#"{"a":01}"#, r#"{"a":1.}"#, "{\"a\":\"\n\"}", &deep]
        {
            assert_eq!(seen(text), None, "{text:.40}");
        }
    }

    proptest! {
        /// What it takes is JSON to serde too, with the same members.
        #[test]
        fn serde_agrees(text in r#"\{"a":([-0-9.eE+]{1,6}|"[a"\\u0-9]{0,8}"|true|null|[\[\]{},:"0-9a ]{0,12}),?("b":[0-9]{1,3})?\} ?"#) {
            if let Some(seen) = seen(&text) {
                let read: Vec<(String, Value)> = seen.iter().map(|(name, value)| ((*name).to_owned(), super::super::read(value).unwrap())).collect();
                let mut expected = Vec::new();
                by_serde(&text, |name, value| expected.push((name.to_owned(), super::super::read(value).unwrap())), 0).unwrap();
                prop_assert_eq!(read, expected);
            }
        }

        /// What programs write is taken.
        #[test]
        fn what_programs_write_is_taken(texts in proptest::collection::vec(any::<String>(), 0..6), number in any::<f64>(), whole in any::<i64>()) {
            let value = serde_json::json!({"texts": texts, "number": number, "whole": whole, "none": null, "more": {"x": [true, false]}});
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let names: Vec<_> = seen(&text).unwrap().into_iter().map(|(name, _)| name).collect();
                prop_assert_eq!(names, ["more", "none", "number", "texts", "whole"]);
            }
        }
    }
}
