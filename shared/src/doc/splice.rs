//! The smallest splice that turns one text into another.

use unicode_segmentation::UnicodeSegmentation;

/// A piece of text replaced by another. Counts are in code points, as Automerge counts them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Splice<'a> {
    pub(super) at: usize,
    pub(super) delete: usize,
    pub(super) insert: &'a str,
}

/// What to splice so that `before` reads `after`; nothing if it does already. What people see
/// as one character is kept or replaced as a whole, so that two edits made apart cannot meet
/// in the middle of a letter and its accent.
pub(super) fn splice<'a>(before: &str, after: &'a str) -> Option<Splice<'a>> {
    if before == after {
        return None;
    }
    let same = |pair: &(&str, &str)| pair.0 == pair.1;
    let bytes = |pair: (&str, &str)| pair.0.len();
    let both = before.graphemes(true).zip(after.graphemes(true));
    let head: usize = both.take_while(same).map(bytes).sum();
    let (before_rest, after_rest) = (&before[head..], &after[head..]);
    let both = before_rest
        .graphemes(true)
        .rev()
        .zip(after_rest.graphemes(true).rev());
    let tail: usize = both.take_while(same).map(bytes).sum();
    Some(Splice {
        at: before[..head].chars().count(),
        delete: before_rest[..before_rest.len() - tail].chars().count(),
        insert: &after_rest[..after_rest.len() - tail],
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(before: &str, it: &Splice<'_>) -> String {
        let chars: Vec<char> = before.chars().collect();
        let mut text: String = chars[..it.at].iter().collect();
        text.push_str(it.insert);
        text.extend(&chars[it.at + it.delete..]);
        text
    }

    #[test]
    fn the_middle_alone_is_replaced() {
        for (before, after, at, delete, insert) in [
            ("", "abc", 0, 0, "abc"),
            ("abc", "", 0, 3, ""),
            ("one two three", "one 2 three", 4, 3, "2"),
            ("aaa", "aaaa", 3, 0, "a"),
            ("cafe", "cafe\u{301}", 3, 1, "e\u{301}"),
            ("👮 gone", "👮🏾 gone", 0, 1, "👮🏾"),
        ] {
            assert_eq!(
                splice(before, after),
                Some(Splice { at, delete, insert }),
                "{after}"
            );
        }
        assert_eq!(splice("same", "same"), None);
    }

    proptest! {
        #[test]
        fn applied_to_before_it_gives_after(
            before in "[ab\u{301}👮🏾\u{200d} ]{0,12}",
            after in "[ab\u{301}👮🏾\u{200d} ]{0,12}",
        ) {
            let text = splice(&before, &after).map_or(before.clone(), |it| applied(&before, &it));
            prop_assert_eq!(text, after);
        }
    }
}
