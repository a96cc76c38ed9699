//! Invented searches in invented areas, in the published format, for trying things out. The
//! shares of objects, outcomes and the rest are roughly those of a large force; the places and
//! people are nobody's. The same seed gives the same files.

use jiff::civil::{Date, date};

use super::{Row, e7};
use crate::codes::{CodeLists, names};

/// Areas stand in a bent grid of so many columns and rows.
const COLUMNS: usize = 6;
const ROWS: usize = 4;
/// South-west corner and size of a cell, in 1e-6 degrees.
const SOUTH: i64 = 52_400_000;
const WEST: i64 = -2_020_000;
const HIGH: i64 = 40_000;
const WIDE: i64 = 47_000;
/// Map points of an area.
const POINTS: u64 = 25;
/// The first day, and how many days.
const FIRST: Date = date(2026, 9, 1);
const DAYS: u64 = 61;

const NAMES: [&str; COLUMNS * ROWS] = [
    "Alderfield",
    "Brackenhill",
    "Candleford Green",
    "Dovecote",
    "Elmstead End",
    "Foxcombe",
    "Glovers Wharf",
    "Harrow Bank",
    "Inkerman Road",
    "Jubilee Park",
    "Kilnside",
    "Larkspur",
    "Millbrook Reach",
    "Nightingale",
    "Orchard Cross",
    "Pinfold",
    "Quarry Top",
    "Ropewalk",
    "Saddlers Row",
    "Tanners Field",
    "Underwood",
    "Viaduct",
    "Weavers Mill",
    "Yewdale",
];

/// Small and fast numbers that look random (splitmix64). For samples alone.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ it >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ it >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ it >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn signed(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(2 * limit)).unwrap_or_default()
            - i64::try_from(limit).unwrap_or_default()
    }

    /// One of the values, as often as its weight says.
    fn pick<T: Copy>(&mut self, of: &[(u64, T)], otherwise: T) -> T {
        let mut left = self.below(of.iter().map(|it| it.0).sum());
        for (weight, value) in of {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        otherwise
    }
}

/// A corner of the grid in 1e-6 degrees, bent the same way for all cells that share it.
fn corner(column: usize, row: usize) -> (i64, i64) {
    let seed = (column * 31 + row) as u64;
    let mut numbers = Numbers(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let (column, row) = (column as i64, row as i64);
    let lon = WEST + column * WIDE + numbers.signed(9_000);
    (SOUTH + row * HIGH + numbers.signed(8_000), lon)
}

fn degrees(e6: i64) -> String {
    let sign = if e6 < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", e6.abs() / 1_000_000, e6.abs() % 1_000_000)
}

/// The invented areas as GeoJSON, marked as samples.
pub fn sample_areas() -> String {
    let feature = |place: usize| {
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        let ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)].map(|(right, up)| {
            let (lat, lon) = corner(column + right, row + up);
            format!("[{},{}]", degrees(lon), degrees(lat))
        });
        let district = if column < COLUMNS / 2 {
            "Westerby"
        } else {
            "Eastham Vale"
        };
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"SAMPLE{:02}\",\"name\":\"{}\",\
             \"district\":\"{district} (sample)\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[{}]]}}}}",
            place + 1,
            NAMES[place],
            ring.join(","),
        )
    };
    let features: Vec<_> = (0..NAMES.len()).map(feature).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n",
        features.join(",\n")
    )
}

/// Invented searches of September and October 2026, oldest first.
pub fn sample(seed: u64, count: usize) -> Vec<Row> {
    let mut numbers = Numbers(seed);
    let mut all: Vec<_> = (0..count).map(|_| texts(&mut numbers)).collect();
    all.sort_by(|a, b| a[1].cmp(&b[1]));
    let lines = all.into_iter().zip(2..);
    lines
        .filter_map(|(texts, line)| Row::new(line, texts).ok())
        .collect()
}

fn texts(numbers: &mut Numbers) -> [String; 15] {
    let lists = CodeLists::builtin();
    let text = |list, code: &str| lists.published(list, code).to_owned();
    let subject = numbers.pick(
        &[(73, "person"), (24, "person_and_vehicle"), (3, "vehicle")],
        "person",
    );
    let person = subject != "vehicle";
    let object = numbers.pick(
        &[
            (500, "controlled_drugs"),
            (180, "stolen_goods"),
            (140, "offensive_weapons"),
            (120, "article_for_theft"),
            (45, "firearms"),
            (8, "criminal_damage_articles"),
            (2, "fireworks"),
        ],
        "controlled_drugs",
    );
    let outcome = numbers.pick(
        &[
            (700, "no_further_action"),
            (190, "arrest"),
            (45, "community_resolution"),
            (40, "drugs_warning"),
            (15, "penalty_notice"),
            (7, "caution"),
            (7, "summons"),
        ],
        "no_further_action",
    );
    let (ethnicity, seen) = ethnicity(numbers);
    let age = numbers.pick(
        &[(20, "10_17"), (37, "18_24"), (25, "25_34"), (18, "over_34")],
        "18_24",
    );
    let sex = numbers.pick(&[(92, "male"), (8, "female")], "male");
    let linked = if outcome == "no_further_action" {
        ""
    } else {
        numbers.pick(&[(74, "True"), (26, "False")], "True")
    };
    let more = if person {
        numbers.pick(&[(97, "False"), (3, "True")], "False")
    } else {
        ""
    };
    let (lat, lon) = place(numbers);
    let of_person = |list, code| {
        if person {
            text(list, code)
        } else {
            String::new()
        }
    };
    [
        text(names::SUBJECTS, subject),
        time(numbers),
        String::new(),
        String::new(),
        lat,
        lon,
        of_person(names::SEXES, sex),
        of_person(names::AGE_BANDS, age),
        of_person(names::SELF_ETHNICITIES, ethnicity),
        of_person(names::OFFICER_ETHNICITIES, seen),
        text(
            names::POWERS,
            lists.power_of_object(object).unwrap_or_default(),
        ),
        text(names::OBJECTS, object),
        text(names::OUTCOMES, outcome),
        linked.to_owned(),
        more.to_owned(),
    ]
}

/// As the person says, and as the officer sees it.
fn ethnicity(numbers: &mut Numbers) -> (&'static str, &'static str) {
    numbers.pick(
        &[
            (400, ("W1", "IC1")),
            (50, ("W9", "IC2")),
            (8, ("W2", "IC1")),
            (140, ("A2", "IC4")),
            (55, ("A1", "IC4")),
            (35, ("A9", "IC4")),
            (12, ("A3", "IC4")),
            (4, ("A4", "IC5")),
            (95, ("B1", "IC3")),
            (55, ("B2", "IC3")),
            (30, ("B9", "IC3")),
            (35, ("M1", "IC3")),
            (15, ("M9", "IC9")),
            (6, ("O2", "IC6")),
            (60, ("NS", "IC1")),
        ],
        ("NS", "IC9"),
    )
}

/// A whole minute, more often in the afternoon and evening.
fn time(numbers: &mut Numbers) -> String {
    let day = i32::try_from(numbers.below(DAYS)).unwrap_or_default();
    let hour = numbers.pick(
        &[
            (10, 0),
            (8, 2),
            (2, 5),
            (6, 9),
            (14, 12),
            (18, 15),
            (22, 18),
            (20, 21),
        ],
        12,
    );
    let minute = numbers.below(180);
    let (hour, minute) = (hour + minute / 60, minute % 60);
    let day = FIRST.saturating_add(jiff::Span::new().days(day));
    format!("{day}T{hour:02}:{minute:02}:00+00:00")
}

/// One of an area's map points, as published places are snapped to such points. Some searches
/// have none.
fn place(numbers: &mut Numbers) -> (String, String) {
    if numbers.below(40) == 0 {
        return (String::new(), String::new());
    }
    // The product of two draws crowds the searches into some areas and points.
    let cells = NAMES.len() as u64;
    let cell = numbers.below(cells) * numbers.below(cells) / cells;
    let point = numbers.below(POINTS) * numbers.below(POINTS) / POINTS;
    let cell = usize::try_from(cell).unwrap_or_default();
    let (column, row) = (cell % COLUMNS, cell / COLUMNS);
    let (south, west) = corner(column, row);
    let (north, east) = corner(column + 1, row + 1);
    let mut numbers = Numbers((cell as u64) << 32 | point);
    let share = |numbers: &mut Numbers, from: i64, to: i64| {
        from + (to - from) * (25 + i64::try_from(numbers.below(50)).unwrap_or_default()) / 100
    };
    let lat = degrees(share(&mut numbers, south, north));
    let lon = degrees(share(&mut numbers, west, east));
    debug_assert!(e7(&lat, 90).is_some());
    (lat, lon)
}
