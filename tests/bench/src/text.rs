//! Words and sentences for made records.
//!
//! Words are drawn by a law like Zipf's, with joining words in between, so that the text packs
//! about as well as case notes do. No name, street or sentence is anybody's.

/// Joins words.
const JOINING: &str = "the a and of to in was with on at from for by had he she they his her \
    which as were an who when then into after before while";

/// What officers write about; the common ones first.
const WORDS: &str = "officer person male female vehicle pocket jacket smell search cannabis \
    stopped walking standing approached bag window driver passenger hand object small plastic \
    wrap knife waistband nervous sweating evasive patrol uniformed marked car area robbery \
    burglary theft reported call control described matching description clothing hood height \
    build beard intelligence recent linked previous weapon witness victim threatened fight crowd \
    dispersed shop security guard detained conversation explained grounds power warrant shown \
    station purpose entitled copy understood replied denied stated admitted produced voluntarily \
    refused compliant aggressive calm agitated alcohol unsteady speech eyes phone ringing cash \
    notes bundle scales grinder tobacco foil bottle tool screwdriver crowbar torch gloves mask \
    cutters cable copper bicycle moped helmet plate cloned insurance licence disqualified excuse \
    account inconsistent changed suspicion formed thorough outer removed view present camera \
    recording started concluded found negative positive seized exhibited sealed store continuity \
    arrested cautioned transported custody sergeant street alley footpath park playground bench \
    bus platform taxi rank entrance exit stairwell block estate corner junction bridge canal \
    towpath underpass school college hospital pub takeaway garage forecourt warehouse yard fence \
    gate wall hedge bin drain lamp lighting dusk daylight raining cold visibility clear metres \
    distance approximately minutes earlier evening afternoon shift colleague dog drone response \
    neighbourhood traffic operation section authority inspector boundary north south town market \
    square river dock industrial farm lane verge hotel lobby lift roof cellar garden shed boat \
    caravan lorry trailer boot glovebox dashboard seat bonnet tyre door handle lock ignition key \
    damage broken glass blood cut bruise medical ambulance declined advised safeguarding juvenile \
    parent guardian adult informed services vulnerable interpreter hearing understanding leaflet \
    offered emergency priority deployed assistance cancelled resumed routine checks wanted bail \
    curfew tag court fine address verified letter student work passport photograph satisfied date \
    birth alias associate brother cousin friend neighbour customer manager keeper registered hire \
    courier rider parcel label receipt bought borrowed gift seller serial engraved swab test kit \
    reaction weight grams resin herbal powder tablet vial syringe risk assessed contain shouted \
    knelt restrained handcuffs checked loosened welfare water kerb waited scene direction onward";

/// Names of places.
const PLACES: &str = "Alder Birch Chapel Drover Ember Falcon Granary Harrow Iron Juniper Kestrel \
    Linden Maltings Northcote Oakham Pellow Quayside Rowan Saddler Tannery Upland Vesper Weaver \
    Yarrow";
const WAYS: &str = "Road Street Lane Avenue Close Way Drive Terrace Place Gardens";
/// Given and family names, made to be nobody's.
const GIVEN: &str = "Arlo Bram Cato Dinah Edda Fenn Greta Hesper Ilan Jory Keziah Lorne Mirel \
    Nell Oriel Perrin Quill Runa Silas Tamsin Una Verity Wystan Yara";
const FAMILY: &str = "Ashdown Brackley Carnforth Dunmow Elwick Farrand Gosling Hathersage \
    Inskip Jessop Kirkby Lathom Marwood Nettlecombe Ormston Pickworth Quarmby Ravenser Stoneham \
    Thirlby Ullock Venning Wraxall Yelland";
const COLOURS: &str = "black blue grey white green red navy brown";
const GARMENTS: &str = "hoodie puffer tracksuit jeans cap trainers bomber gilet rucksack beanie";

/// A stream of numbers that depends on its seed alone (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// True so many times of a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these, each as likely.
    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        at(from, self.below(from.len() as u64))
    }

    /// One of these, the first ones more likely.
    pub(crate) fn skewed<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let first = self.below(from.len() as u64);
        let end = self.below(first + 1) + 1;
        self.pick(
            from.get(..usize::try_from(end).unwrap_or(1))
                .unwrap_or(from),
        )
    }

    /// The same, less so.
    fn commoner<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let count = from.len() as u64;
        let (one, other) = (self.below(count), self.below(count));
        at(from, one.min(other))
    }

    fn word(&mut self, list: &'static str) -> &'static str {
        let words: Vec<_> = list.split_whitespace().collect();
        self.pick(&words)
    }

    /// Sentences of about so many characters.
    pub(crate) fn prose(&mut self, characters: u64) -> String {
        let words: Vec<_> = WORDS.split_whitespace().collect();
        let joining: Vec<_> = JOINING.split_whitespace().collect();
        let mut text = String::new();
        let mut left = 0;
        while (text.len() as u64) < characters {
            let word = match self.below(100) {
                0..40 => self.commoner(&joining).to_owned(),
                40..42 => self.below(400).to_string(),
                42..44 => self.word(FAMILY).to_owned(),
                44..46 => self.road(),
                _ => self.commoner(&words).to_owned(),
            };
            if left == 0 {
                left = 6 + self.below(14);
                text.push_str(if text.is_empty() { "" } else { ". " });
                text.push_str(&capital(&word));
            } else {
                text.push_str(if self.percent(6) { ", " } else { " " });
                text.push_str(&word);
            }
            left -= 1;
        }
        text.push('.');
        text
    }

    pub(crate) fn road(&mut self) -> String {
        format!("{} {}", self.word(PLACES), self.word(WAYS))
    }

    pub(crate) fn place(&mut self) -> String {
        format!(
            "{} {}, {}",
            1 + self.below(240),
            self.road(),
            self.word(PLACES)
        )
    }

    pub(crate) fn name(&mut self) -> String {
        format!("{} {}", self.word(GIVEN), self.word(FAMILY))
    }

    pub(crate) fn looks(&mut self) -> String {
        let mut one = || format!("{} {}", self.word(COLOURS), self.word(GARMENTS));
        format!("{}, {}, {}", one(), one(), one())
    }

    pub(crate) fn plate(&mut self) -> String {
        let mut letter = || char::from(b'A' + u8::try_from(self.below(26)).unwrap_or(0));
        let letters: String = std::iter::repeat_with(&mut letter).take(5).collect();
        let (front, back) = letters.split_at(2);
        format!("{front}{:02} {back}", self.below(80))
    }

    pub(crate) fn day(&mut self) -> String {
        format!(
            "{}-{:02}-{:02}",
            1955 + self.below(55),
            1 + self.below(12),
            1 + self.below(28)
        )
    }

    /// Hexadecimal digits.
    pub(crate) fn digits(&mut self, count: u64) -> String {
        (0..count)
            .map(|_| format!("{:X}", self.below(16)))
            .collect()
    }
}

fn at<'a>(from: &[&'a str], place: u64) -> &'a str {
    let word = usize::try_from(place).ok().and_then(|it| from.get(it));
    word.copied().unwrap_or_default()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
