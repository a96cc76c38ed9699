//! The band of age that is published, reckoned on the day of the search.

use super::{Fields, field, london};

/// The bands of data.police.uk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeBand {
    /// 0 to 9.
    Under10,
    /// 10 to 17.
    From10To17,
    /// 18 to 24.
    From18To24,
    /// 25 to 34.
    From25To34,
    /// 35 and above.
    Over34,
}

impl AgeBand {
    /// All, youngest first.
    pub const ALL: [Self; 5] = [
        Self::Under10,
        Self::From10To17,
        Self::From18To24,
        Self::From25To34,
        Self::Over34,
    ];

    /// Its code in the list of bands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Under10 => "under_10",
            Self::From10To17 => "10_17",
            Self::From18To24 => "18_24",
            Self::From25To34 => "25_34",
            Self::Over34 => "over_34",
        }
    }

    /// The band of an age in years.
    pub const fn of(years: i64) -> Self {
        match years {
            ..=9 => Self::Under10,
            10..=17 => Self::From10To17,
            18..=24 => Self::From18To24,
            25..=34 => Self::From25To34,
            _ => Self::Over34,
        }
    }

    /// The band with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == code)
    }

    /// Whether the safeguards for children apply.
    pub const fn is_under_18(self) -> bool {
        matches!(self, Self::Under10 | Self::From10To17)
    }
}

/// The band on the day of the search: from the date of birth, else from the age, else as the
/// officer judged it.
pub fn age_band(fields: &Fields) -> Option<AgeBand> {
    age_at_search(fields)
        .or_else(|| fields.get_int(field::AGE).filter(|it| *it >= 0))
        .map(AgeBand::of)
        .or_else(|| AgeBand::from_code(fields.get_text(field::AGE_BAND)?))
}

/// Whole years from the date of birth to the day of the search in Europe/London. A year is
/// reached when its birthday begins (Family Law Reform Act 1969, s.9); who was born on
/// 29 February reaches it on 1 March in other years.
fn age_at_search(fields: &Fields) -> Option<i64> {
    let born: jiff::civil::Date = fields.get_text(field::BIRTH_DATE)?.parse().ok()?;
    let day = london(fields.get_time(field::SEARCHED_AT)?).date();
    let years = i64::from(day.year()) - i64::from(born.year());
    let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
    Some(years - i64::from(before_birthday)).filter(|it| *it >= 0)
}
