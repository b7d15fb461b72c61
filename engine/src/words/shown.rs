//! Which characters are shown: by Unicode's properties, not by a list of those that were seen in attacks.
//!
//! Not shown are those of the general categories control, format, line separator, paragraph separator, private use; the
//! rest of `Default_Ignorable_Code_Point`; noncharacters; and those that have a glyph without ink. Characters newer than the
//! table of this version are.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Every character, and whether it is shown where it stands.
pub(crate) fn shown(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    let mut rest = text.chars().peekable();
    core::iter::from_fn(move || {
        let c = rest.next()?;
        let is_shown = match c {
            ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER => joins(before, c, rest.peek().copied()),
            // As text or as emoji: once, after what it is about.
            '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(|b| !is_selector(b) && !b.is_whitespace() && has_ink(b)),
            _ => has_ink(c) || c == ' ',
        };
        before = Some(c).filter(|_| is_shown);
        Some((c, is_shown))
    })
}

/// A joiner is of use between letters of the scripts that join or stack (Arabic to Vedic), and inside an emoji. Elsewhere,
/// and in runs, it can only hide something.
fn joins(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let needs = |c: char| matches!(c, '\u{600}'..='\u{1cff}') && is_letter(c);
    let emoji = joiner == ZERO_WIDTH_JOINER && (is_emoji(before) || is_selector(before)) && is_emoji(after);
    emoji || (needs(before) && needs(after))
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}')
}

/// A letter, or a mark that belongs to one.
pub(crate) fn is_letter(c: char) -> bool {
    has_ink(c) && matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

/// A pictograph that is seen, or the tone of one.
pub(crate) fn is_emoji(c: char) -> bool {
    has_ink(c) && c.general_category() == GeneralCategory::OtherSymbol || matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether it is seen, or is a space of some width.
fn has_ink(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse};
    // Most of all text, which needs no table.
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    !(matches!(c.general_category(), Control | Format | LineSeparator | ParagraphSeparator | PrivateUse)
        || is_ignorable(c)
        || is_noncharacter(c)
        || is_blank(c))
}

/// `Default_Ignorable_Code_Point`, but for those that are format characters anyway.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2065}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// A glyph without ink, or the place of an object that is not there.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{2800}' | '\u{fffc}' | '\u{13440}'..='\u{13442}' | '\u{13447}'..='\u{13455}' | '\u{16fe4}' | '\u{1d159}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<char> {
        shown(text).filter(|(_, is_shown)| !is_shown).map(|(c, _)| c).collect()
    }

    #[test]
    fn what_can_carry_hidden_text_is_not_shown() {
        let odd = [
            '\0',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{180b}',
            '\u{180e}',
            '\u{180f}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2060}',
            '\u{2065}',
            '\u{2066}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{e000}',
            '\u{fdd0}',
            '\u{fe00}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{fffc}',
            '\u{fffe}',
            '\u{ffff}',
            '\u{13430}',
            '\u{1343f}',
            '\u{13441}',
            '\u{1bca0}',
            '\u{1d159}',
            '\u{1d173}',
            '\u{1d17a}',
            '\u{1fffe}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{f0000}',
            '\u{10ffff}',
        ];
        for c in odd {
            assert_eq!(hidden(&format!("a{c}b")), [c], "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_scripts_and_emoji_need_is() {
        for text in [
            "Ünï çödé, (x) [y] \"z\" ~ 7",
            "アリス علي",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}💻",
            "👩🏽\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "🇩🇪",
        ] {
            assert_eq!(hidden(text), [], "{text}");
        }
    }

    #[test]
    fn joiners_and_selectors_that_nothing_needs_are_not() {
        for text in ["a\u{200c}b", "a\u{200d}b", "\u{200d}", "👩\u{200c}💻", "👩\u{200d}", "a \u{fe0f}", "\u{fe0f}"]
        {
            assert_eq!(hidden(text).len(), 1, "{text:?}");
        }
        assert_eq!(hidden("می\u{200c}\u{200d}\u{200c}خ").len(), 3);
        assert_eq!(hidden("❤\u{fe0f}\u{fe0e}\u{fe0f}").len(), 2);
        assert_eq!(hidden("\u{2800}\u{200d}🈐").len(), 2, "what is hidden itself needs nothing");
    }
}
