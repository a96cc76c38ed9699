//! The words of the page that a receipt opens: one file for each language in `assets/receipt`, named
//! after its tag, which `build.rs` finds. What a language lacks is said in English.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use shared::record::london;
use shared::time::UnixMs;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The language of those who ask for none that there is.
const ENGLISH: &str = "en-GB";
/// More languages than anybody's browser asks for.
const MAX_ASKED: usize = 16;

type Table = BTreeMap<String, String>;

/// Every language there is, by its tag.
pub(super) struct Languages(Vec<Words>);

/// The words of one language.
pub(super) struct Words {
    tag: String,
    words: Table,
}

impl Languages {
    /// Those that are part of the binary.
    pub(super) fn shipped() -> &'static Self {
        static ALL: LazyLock<Languages> = LazyLock::new(|| Languages::of(FILES));
        &ALL
    }

    /// English first, and below every other. A file that is no table of words is left out.
    fn of(files: &[(&str, &str)]) -> Self {
        let read = |text: &str| serde_json::from_str::<Table>(text).ok();
        let english = files.iter().find(|(tag, _)| *tag == ENGLISH);
        let english = english.and_then(|(_, text)| read(text)).unwrap_or_default();
        let mut all = vec![Words {
            tag: ENGLISH.to_owned(),
            words: english.clone(),
        }];
        for (tag, text) in files.iter().filter(|(tag, _)| *tag != ENGLISH) {
            if let Some(own) = read(text) {
                let mut words = english.clone();
                words.extend(own);
                all.push(Words {
                    tag: (*tag).to_owned(),
                    words,
                });
            }
        }
        Self(all)
    }

    /// The language that was chosen; otherwise the first that the browser would have.
    pub(super) fn fitting(&self, chosen: Option<&str>, accepted: &str) -> &Words {
        let mut asked: Vec<(&str, f32)> = accepted
            .split(',')
            .take(MAX_ASKED)
            .map(weighed)
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        asked.sort_by(|one, other| other.1.total_cmp(&one.1));
        let asked = asked.into_iter().map(|(tag, _)| tag);
        chosen
            .into_iter()
            .chain(asked)
            .find_map(|tag| self.named(tag))
            .unwrap_or(&self.0[0])
    }

    /// The language of a tag, or another of the same base: `cy-GB` is met by `cy`.
    fn named(&self, tag: &str) -> Option<&Words> {
        let same = |it: &&Words| it.tag.eq_ignore_ascii_case(tag);
        let near = |it: &&Words| base(&it.tag).eq_ignore_ascii_case(base(tag));
        self.0
            .iter()
            .find(same)
            .or_else(|| self.0.iter().find(near))
    }

    /// Tag and name of every other language.
    pub(super) fn besides(&self, words: &Words) -> impl Iterator<Item = (&str, &str)> {
        let others = self.0.iter().filter(move |it| it.tag != words.tag);
        others.map(|it| (it.tag.as_str(), it.name()))
    }
}

/// A tag of `Accept-Language` and how much it is wanted.
fn weighed(part: &str) -> (&str, f32) {
    let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
    let weight = rest.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse);
    (tag.trim(), weight.unwrap_or(0.0))
}

fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl Words {
    /// What stands in the page's `lang`.
    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    fn name(&self) -> &str {
        self.words.get("name").map_or(&self.tag, String::as_str)
    }

    /// The words of a key; the key itself, if not even English has them.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// A moment as clocks in London showed it.
    pub(super) fn moment(&self, at: UnixMs) -> String {
        let at = london(at);
        self.get("date_and_time")
            .replace("{time}", &at.strftime("%H:%M").to_string())
            .replace("{date}", &self.date(at.date()))
    }

    /// A day that is written as `2027-02-22`.
    pub(super) fn day(&self, date: &str) -> String {
        date.parse()
            .map_or_else(|_| String::new(), |it| self.date(it))
    }

    fn date(&self, it: Date) -> String {
        let nth = |key, at: i8| {
            let at = usize::try_from(at).unwrap_or_default();
            self.get(key).split_whitespace().nth(at).unwrap_or_default()
        };
        self.get("date")
            .replace("{day}", &it.day().to_string())
            .replace("{year}", &it.year().to_string())
            .replace("{month}", nth("months", it.month() - 1))
            .replace(
                "{weekday}",
                nth("weekdays", it.weekday().to_monday_zero_offset()),
            )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// A language of a few words, which is not shipped.
    const WELSH: &str = r#"{
        "name": "Cymraeg",
        "reference": "Cyfeirnod",
        "weekdays": "Llun Mawrth Mercher Iau Gwener Sadwrn Sul",
        "months": "Ion Chwef Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag",
        "date": "dydd {weekday}, {day} {month} {year}"
    }"#;

    fn two() -> Languages {
        let english = FILES.iter().find(|it| it.0 == ENGLISH).unwrap();
        Languages::of(&[("cy", WELSH), ("broken", "["), *english])
    }

    #[test]
    fn every_file_of_the_folder_is_a_language_and_has_no_word_that_english_lacks() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/receipt");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(Languages::shipped().0.len(), files);
        let english: Table =
            serde_json::from_str(FILES.iter().find(|it| it.0 == ENGLISH).unwrap().1).unwrap();
        for it in &Languages::shipped().0 {
            let extra: Vec<_> = it
                .words
                .keys()
                .filter(|it| !english.contains_key(*it))
                .collect();
            assert!(extra.is_empty(), "{}: {extra:?}", it.tag);
        }
    }

    #[test]
    fn a_file_alone_makes_a_language_and_what_it_lacks_is_english() {
        let languages = two();
        let tags: Vec<_> = languages.0.iter().map(Words::tag).collect();
        assert_eq!(tags, ["en-GB", "cy"]);
        let welsh = languages.fitting(None, "cy-GB,cy;q=0.9,en;q=0.8");
        assert_eq!((welsh.tag(), welsh.get("reference")), ("cy", "Cyfeirnod"));
        assert_eq!(welsh.get("grounds"), "Why you were searched");
        assert_eq!(welsh.get("no such key"), "no such key");
        assert_eq!(
            languages.besides(welsh).collect::<Vec<_>>(),
            [("en-GB", "English")]
        );
    }

    #[test]
    fn the_language_is_the_chosen_one_then_the_one_wanted_most() {
        let languages = two();
        for (chosen, accepted, tag) in [
            (None, "", "en-GB"),
            (None, "fr, cy;q=0.5", "cy"),
            (None, "cy;q=0.2, en-US;q=0.7", "en-GB"),
            (None, "cy;q=0, *", "en-GB"),
            (None, "cy;q=x", "en-GB"),
            (Some("cy"), "en", "cy"),
            (Some("xx"), "cy", "cy"),
            (Some("\"><script>"), ";;,q=,", "en-GB"),
        ] {
            let found = languages.fitting(chosen, accepted).tag();
            assert_eq!(found, tag, "{chosen:?} {accepted}");
        }
    }

    #[test]
    fn days_read_as_people_say_them() {
        let languages = two();
        let (english, welsh) = (languages.fitting(None, "en"), languages.fitting(None, "cy"));
        assert_eq!(english.day("2027-02-22"), "Monday 22 February 2027");
        assert_eq!(welsh.day("2027-02-22"), "dydd Llun, 22 Chwef 2027");
        let at = UnixMs(1_782_862_200_000);
        assert_eq!(english.moment(at), "Wednesday 1 July 2026, 00:30");
        assert_eq!(welsh.moment(at), "dydd Mercher, 1 Gorff 2026, 00:30");
        assert_eq!(english.day("not a day"), "");
    }
}
