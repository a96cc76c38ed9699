//! An edit of a text, made on words that are kept out, put onto the words that stand.

/// One stretch of a text replaced by another, in words and the gaps between them.
struct Replaced<'a> {
    at: usize,
    deleted: usize,
    inserted: Vec<&'a str>,
}

/// A text as words and the gaps between them. Letters would not do: two words that begin alike
/// would be taken apart.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let gap = first.is_whitespace();
        let end = rest.find(|it: char| it.is_whitespace() != gap);
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = after;
    }
    words
}

/// What makes `after` of `before`: everything between what both begin with and what both end
/// with.
fn replaced<'a>(before: &[&str], after: &[&'a str]) -> Replaced<'a> {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - start;
    let backwards = before.iter().rev().zip(after.iter().rev()).take(rest);
    let end = backwards.take_while(|(a, b)| a == b).count();
    Replaced {
        at: start,
        deleted: before.len() - start - end,
        inserted: after[start..after.len() - end].to_vec(),
    }
}

/// `after` is an edit of `before`, which is itself an edit of `base`; gives what the second edit
/// alone makes of `base`. Words of the first that the second kept are not in the result, and
/// words of `base` that the first took out are, unless the second took out what stands around
/// them.
pub(super) fn rebase(base: &str, before: &str, after: &str) -> String {
    let [base, before, after] = [words(base), words(before), words(after)];
    let first = replaced(&base, &before);
    let second = replaced(&before, &after);
    // Where the first edit's words begin and end, in `before`.
    let (begin, end) = (first.at, first.at + first.inserted.len());
    let behind = |place: usize| place - first.inserted.len() + first.deleted;
    let (from, to) = (second.at, second.at + second.deleted);
    let start = if from < begin || (second.deleted == 0 && from == begin && begin < end) {
        from
    } else if from >= end {
        behind(from)
    } else {
        begin + first.deleted
    };
    let stop = match second.deleted {
        0 => start,
        _ if to >= end => behind(to),
        _ => to.min(begin),
    };
    let mut made = String::new();
    for part in [&base[..start], &second.inserted, &base[stop.max(start)..]] {
        let joins = part
            .first()
            .is_some_and(|it| !it.starts_with(char::is_whitespace));
        let open = made.ends_with(|it: char| !it.is_whitespace());
        if joins && open {
            made.push(' ');
        }
        made.extend(part.iter().copied());
    }
    made
}

#[cfg(test)]
mod tests {
    use super::rebase;

    #[test]
    fn words_go_where_they_went_without_those_they_were_written_beside() {
        for (base, before, after, made) in [
            // Appended after held words.
            ("One.", "One. Two.", "One. Two. Three.", "One. Three."),
            // Written before them.
            ("One.", "One. Two.", "Zero. One. Two.", "Zero. One."),
            // Written before them, and beginning alike.
            ("a", "a mark-12", "a mark-13 mark-12", "a mark-13 "),
            // In their place.
            ("One.", "One. Two.", "One. Twenty-two.", "One. Twenty-two."),
            // Nothing was held of the text.
            ("One.", "One.", "One. Two.", "One. Two."),
            // The held edit had taken words out, which stand again.
            ("One. Two.", "One.", "One. Three.", "One. Two. Three."),
            // And here the second took out what stands around them.
            ("a X b", "a b", "a", "a"),
            // The held edit had put one word for another; the second took that out.
            ("a X b", "a Y b", "a b", "a X b"),
            // The whole text was written anew.
            ("One.", "One. Two.", "Else.", "Else."),
            ("", "Held", "Held words", " words"),
            ("Ärger", "Ärger, ü", "Ärger, ü — ß", "Ärger — ß"),
        ] {
            assert_eq!(
                rebase(base, before, after).trim(),
                made.trim(),
                "{before} > {after}"
            );
        }
    }

    #[test]
    fn every_edit_of_short_texts_fits() {
        let texts = ["", "a", "a b", "b a", "a b a", "a b a b", "b", "b b"];
        for base in texts {
            for before in texts {
                for after in texts {
                    let made = rebase(base, before, after);
                    if before == after {
                        assert_eq!(made, base, "{before}");
                    }
                    if base == before {
                        assert_eq!(made, after);
                    }
                }
            }
        }
    }
}
