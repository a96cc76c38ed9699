//! Ages and days, for all dates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::*;

fn day() -> impl Strategy<Value = Date> {
    (0_i64..40_000).prop_map(|days| {
        let first = jiff::civil::date(1950, 1, 1);
        first.checked_add(days.days()).unwrap()
    })
}

/// Some time of that day in London.
fn at(day: Date, second: i64) -> UnixMs {
    let midnight = day.to_zoned(london(UnixMs(0)).time_zone().clone()).unwrap();
    let time = midnight.checked_add(second.seconds()).unwrap();
    UnixMs(time.timestamp().as_millisecond())
}

fn born(born: Date, searched: UnixMs) -> Option<AgeBand> {
    let mut fields = Fields::new();
    fields.set(BIRTH_DATE, born.to_string());
    fields.set(SEARCHED_AT, searched);
    age_band(&fields)
}

proptest! {
    // A year is reached when its birthday begins (Family Law Reform Act 1969 s.9), for a
    // 29 February on 1 March.
    #[test]
    fn a_band_begins_with_the_birthday_and_not_a_second_before(
        birth in day(),
        bound in proptest::sample::select(vec![10_i32, 18, 25, 35]),
        second in 0_i64..82_800,
    ) {
        let year = i16::try_from(i32::from(birth.year()) + bound).unwrap();
        let birthday = Date::new(year, birth.month(), birth.day())
            .unwrap_or_else(|_| Date::new(year, 3, 1).unwrap());
        let before = birthday.checked_sub(1.day()).unwrap();
        let on = |day| born(birth, at(day, second)).unwrap();
        prop_assert_eq!(on(birthday), AgeBand::of(i64::from(bound)));
        prop_assert_eq!(on(before), AgeBand::of(i64::from(bound) - 1));
        prop_assert_eq!(on(before).is_under_18() && !on(birthday).is_under_18(), bound == 18);
    }

    #[test]
    fn nobody_grows_younger(birth in day(), a in 0_i64..4_000_000_000, more in 0_i64..4_000_000) {
        let (one, later) = (UnixMs(a * 1000), UnixMs((a + more) * 1000));
        if let (Some(one), Some(later)) = (born(birth, one), born(birth, later)) {
            prop_assert!(one <= later);
        }
    }

    // PACE s.3, three months, the last day counts; whatever the clocks do in between.
    #[test]
    fn the_last_day_of_three_months_is_a_day_of_the_third_month_after(
        day in day(), second in 0_i64..82_800,
    ) {
        let searched = at(day, second);
        prop_assert_eq!(search_day(searched), day.to_string());
        let until: Date = copy_until(searched).parse().unwrap();
        let months = |it: Date| i32::from(it.year()) * 12 + i32::from(it.month());
        prop_assert_eq!(months(until), months(day) + 3);
        prop_assert_eq!(until.day(), day.day().min(until.days_in_month()));
        prop_assert!(copy_can_be_asked_for(searched, at(until, second)));
        let after = until.checked_add(1.day()).unwrap();
        prop_assert!(!copy_can_be_asked_for(searched, at(after, 0)));
    }

    #[test]
    fn a_month_is_that_of_the_day_in_london(second in 0_i64..4_000_000_000) {
        let at = UnixMs(second * 1000);
        prop_assert!(search_day(at).starts_with(&month(at)));
    }
}
