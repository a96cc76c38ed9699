//! Words in grounds that deserve a second thought: a list that the force replaces.

use super::AdviceCode;
use crate::codes::{CodeLists, names};

/// The listed phrases that occur as whole words, whatever the case and spacing.
pub(super) fn phrases(grounds: &str, lists: &CodeLists) -> Vec<(AdviceCode, String)> {
    let words = |text: &str| {
        let lower = text.to_lowercase();
        let words = lower
            .split(|it: char| !it.is_alphanumeric())
            .filter(|it| !it.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    let grounds = words(grounds);
    let Some(list) = lists.list(names::GROUNDS_PHRASES) else {
        return Vec::new();
    };
    let found = list
        .codes
        .iter()
        .filter(|it| grounds.contains(&words(&it.label)));
    found
        .map(|it| {
            let code = match it.advice.as_deref() {
                Some("place_not_person") => AdviceCode::PlaceNotPerson,
                _ => AdviceCode::Generic,
            };
            (code, it.label.clone())
        })
        .collect()
}
