//! Days and months as Britain counts them. The zone's rules are compiled in, so nothing here
//! depends on the machine.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan, Zoned};

use crate::time::UnixMs;

/// The time in Europe/London. Times beyond the years that calendars hold are cut to them.
pub fn london(at: UnixMs) -> Zoned {
    static LONDON: LazyLock<TimeZone> = LazyLock::new(|| {
        TimeZoneDatabase::bundled()
            .get("Europe/London")
            .unwrap_or(TimeZone::UTC)
    });
    let latest = Timestamp::MAX.as_millisecond();
    let earliest = Timestamp::MIN.as_millisecond();
    Timestamp::from_millisecond(at.0.clamp(earliest, latest))
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(LONDON.clone())
}

/// The day of a search, YYYY-MM-DD in Europe/London.
pub fn search_day(at: UnixMs) -> String {
    london(at).date().to_string()
}

/// The month a search is published in, YYYY-MM. data.police.uk cuts its monthly files on
/// British local time though the stamps inside are UTC: a search at 00:30 BST on 1 July belongs
/// to July and reads 30 June, 23:30.
pub fn month(at: UnixMs) -> String {
    let date = london(at).date();
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The last day on which a copy of the record can be asked for: three months after the day of
/// the search, that day included (PACE s.3 as amended by the Crime and Security Act 2010,
/// s.1(9)). Where the month has no such day, its last day.
pub fn copy_until(searched_at: UnixMs) -> String {
    london(searched_at)
        .date()
        .saturating_add(3.months())
        .to_string()
}

/// True until the last day on which a copy can be asked for has ended in London.
pub fn copy_can_be_asked_for(searched_at: UnixMs, now: UnixMs) -> bool {
    london(now).date() <= london(searched_at).date().saturating_add(3.months())
}
