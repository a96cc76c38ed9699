//! The published format: to the byte and back, and what is reported of files that differ.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::area::Areas;

const HEADING: &str = "Type,Date,Part of a policing operation,Policing operation,Latitude,\
Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,\
Object of search,Outcome,Outcome linked to object of search,\
Removal of more than just outer clothing";
const ONE: &str = "Person search,2026-06-30T23:30:00+00:00,,,52.428688,-1.435911,,25-34,\
White - White British (W1),White,Misuse of Drugs Act 1971 (section 23),Controlled drugs,\
Nothing found - no further action,,False";
const OTHER: &str = "Vehicle search,2026-07-01T09:32:00+00:00,,,,,,,,,,dog,,True,";

fn all(text: &str) -> Vec<Result<Row, LineError>> {
    read(text.as_bytes()).collect()
}

fn written(rows: &[Row]) -> String {
    let mut out = Vec::new();
    write(rows, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_file_reads_and_writes_back_to_the_byte() {
    let file = format!("{HEADING}\r\n{ONE}\r\n{ONE}\r\n{OTHER}\r\n");
    let rows: Vec<Row> = all(&file).into_iter().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3, "equal rows stay two");
    assert_eq!(written(&rows), file);
    assert_eq!(
        file_name("2016-06", "west-midlands"),
        "2016-06-west-midlands-stop-and-search.csv"
    );
}

#[test]
fn a_row_says_what_its_texts_mean() {
    let lists = CodeLists::builtin();
    let file = format!("{HEADING}\n{ONE}\n{OTHER}\n");
    let rows: Vec<Row> = all(&file).into_iter().map(Result::unwrap).collect();
    let code = |row: &Row, column| row.code(column, lists).map(|it| it.code.clone());
    assert_eq!(rows[0].month(), "2026-07", "00:30 in summer time on 1 July");
    assert_eq!(rows[0].place_e7(), Some((524_286_880, -14_359_110)));
    assert_eq!(code(&rows[0], Column::SelfEthnicity).as_deref(), Some("W1"));
    assert_eq!(
        code(&rows[0], Column::Outcome).as_deref(),
        Some("no_further_action")
    );
    assert_eq!(code(&rows[0], Column::Type).as_deref(), Some("person"));
    assert_eq!(
        rows[0].flag(Column::OutcomeLinked),
        None,
        "blank is not False"
    );
    assert_eq!(rows[0].flag(Column::MoreThanOuter), Some(false));
    assert_eq!(rows[0].unknown(lists).count(), 0);
    assert_eq!(rows[1].place(), None);
    assert_eq!(
        rows[1].unknown(lists).collect::<Vec<_>>(),
        [(Column::Object, "dog")]
    );
}

#[test]
fn what_is_no_row_is_reported_with_its_line() {
    let short = "Person search,2026-07-01T09:32:00+00:00";
    let date = ONE.replace("2026-06-30T23:30:00+00:00", "30/06/2026");
    let half = ONE.replace("-1.435911", "");
    let north = ONE.replace("52.428688", "91.0");
    let long = ONE.replace("Controlled drugs", &"x".repeat(1_001));
    let file = [
        HEADING, ONE, HEADING, short, &date, &half, &north, &long, ONE, "",
    ]
    .join("\r\n");
    let found: Vec<_> = all(&file)
        .into_iter()
        .filter_map(Result::err)
        .map(|it| (it.line, it.reason.code()))
        .collect();
    assert_eq!(
        found,
        [
            (3, "stray_heading"),
            (4, "column_count"),
            (5, "bad_date"),
            (6, "bad_place"),
            (7, "bad_place"),
            (8, "too_long"),
        ]
    );
    assert_eq!(all(&file).into_iter().filter(Result::is_ok).count(), 2);
}

#[test]
fn foreign_and_missing_columns_are_reported_and_the_rest_is_read() {
    let file = "\u{feff}Date,Type,Officer,Latitude,Longitude\n\
                2026-07-01T09:32:00+00:00,Vehicle search,PC 1,52.5,-1.9\n";
    let (rows, errors): (Vec<_>, Vec<_>) = all(file).into_iter().partition(Result::is_ok);
    let codes: Vec<_> = errors
        .into_iter()
        .map(|it| it.unwrap_err().reason.code())
        .collect();
    assert_eq!(
        codes.iter().filter(|it| **it == "missing_column").count(),
        11
    );
    assert_eq!(codes.last(), Some(&"foreign_column"));
    let row = rows.into_iter().next().unwrap().unwrap();
    assert_eq!(
        (row.get(Column::Type), row.get(Column::Outcome)),
        ("Vehicle search", "")
    );
    assert_eq!(row.place(), Some((52.5, -1.9)));
}

#[test]
fn what_is_no_such_file_ends_at_once() {
    let codes = |bytes: &[u8]| -> Vec<_> {
        read(bytes)
            .filter_map(Result::err)
            .map(|it| it.reason.code())
            .collect()
    };
    assert_eq!(codes(b"a,b\n1,2\n"), ["not_this_format"]);
    assert_eq!(codes(b""), [""; 0]);
    let endless = [HEADING.as_bytes(), b"\n", &vec![b'x'; 1 << 20]].concat();
    assert_eq!(codes(&endless), ["unreadable"]);
    let latin = [HEADING.as_bytes(), b"\n\xe9\n", ONE.as_bytes()].concat();
    assert_eq!(codes(&latin), ["not_text"]);
    assert_eq!(
        read(&latin[..]).filter(Result::is_ok).count(),
        1,
        "the next line is read"
    );
}

proptest! {
    #[test]
    fn any_texts_write_back_to_the_byte(
        cells in proptest::collection::vec("[ -~]{0,20}", 12),
        count in 1_usize..4,
    ) {
        let mut texts: Vec<String> = vec![cells[0].clone(), "2026-07-01T09:32:00+00:00".into()];
        texts.extend([cells[1].clone(), cells[2].clone(), "52.5".into(), "-1.9".into()]);
        texts.extend(cells[3..].iter().cloned());
        let row = Row::new(2, texts.try_into().unwrap()).unwrap();
        let first = written(&vec![row; count]);
        let rows: Vec<Row> = all(&first).into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), count);
        prop_assert_eq!(written(&rows), first);
    }

    #[test]
    fn any_bytes_end(bytes: Vec<u8>) {
        let with_heading = [HEADING.as_bytes(), b"\n", &bytes].concat();
        prop_assert!(read(&bytes[..]).count() <= bytes.len() + 16);
        prop_assert!(read(&with_heading[..]).count() <= bytes.len() + 1);
    }
}

#[test]
fn samples_are_whole_and_lie_in_their_areas() {
    let lists = CodeLists::builtin();
    let (areas, rejected) = Areas::from_geojson(&sample_areas()).unwrap();
    assert_eq!((areas.len(), rejected.len()), (24, 0));
    let rows = sample(1, 500);
    assert_eq!(rows.len(), 500);
    assert_eq!(rows, sample(1, 500), "the same seed gives the same rows");
    assert_ne!(rows, sample(2, 500));
    let mut by_ward = BTreeMap::<_, usize>::new();
    for row in &rows {
        assert_eq!(row.unknown(lists).count(), 0, "{row}");
        assert!(
            matches!(row.month().as_str(), "2026-09" | "2026-10"),
            "{row}"
        );
        if let Some((lat, lon)) = row.place() {
            *by_ward
                .entry(&areas.at(lat, lon).expect("in an area").name)
                .or_default() += 1;
        }
    }
    assert!(by_ward.len() > 12, "{by_ward:?}");
}

#[test]
fn the_committed_samples_are_what_is_generated() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets/samples");
    let areas = std::fs::read_to_string(folder.join("areas.geojson")).unwrap();
    assert_eq!(areas, sample_areas());
    let mut months = BTreeMap::<_, Vec<_>>::new();
    for row in sample(1, 2_000) {
        months.entry(row.month()).or_default().push(row);
    }
    for (month, rows) in months {
        let file = std::fs::read_to_string(folder.join(file_name(&month, "sample"))).unwrap();
        assert_eq!(
            file,
            written(&rows),
            "run cargo run -p beatbook-shared --example samples"
        );
    }
}

fn real(name: &str) -> Option<Vec<u8>> {
    let Some(folder) = std::env::var_os("BEATBOOK_REAL_DATA") else {
        println!("skipped: BEATBOOK_REAL_DATA is not set");
        return None;
    };
    Some(std::fs::read(PathBuf::from(folder).join("stop-and-search").join(name)).unwrap())
}

#[test]
fn a_real_month_writes_back_to_the_byte() {
    let Some(file) = real("2016-06-west-midlands-stop-and-search.csv") else {
        return;
    };
    let rows: Vec<Row> = read(&file[..]).map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_296);
    assert!(written(&rows).as_bytes() == file, "differs");
    assert!(rows.iter().all(|it| it.month() == "2016-06"));
}

#[test]
fn a_real_year_has_its_rows_and_its_stray_headings() {
    let Some(file) = real("WMPstopandsearchJun16Jun17.csv") else {
        return;
    };
    let lists = CodeLists::builtin();
    let (mut rows, mut errors, mut unknown) = (Vec::new(), Vec::new(), BTreeMap::new());
    for it in read(&file[..]) {
        match it {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(error),
        }
    }
    for row in &rows {
        for (column, text) in row.unknown(lists) {
            *unknown.entry((column, text.to_owned())).or_insert(0) += 1;
        }
    }
    assert_eq!(rows.len(), 11_890);
    assert_eq!(errors.len(), 11);
    assert!(
        errors
            .iter()
            .all(|it| it.reason == LineReason::StrayHeading)
    );
    assert_eq!((errors[0].line, errors[1].line), (1_298, 2_461));
    println!(
        "{} rows, {} stray headings, unknown texts: {unknown:?}",
        rows.len(),
        errors.len()
    );
    assert!(unknown.is_empty(), "{unknown:?}");

    // Put back together without the headings in between, the bytes are the same.
    let heading = format!("{HEADING}\r\n");
    let text = String::from_utf8(file).unwrap();
    assert!(
        written(&rows) == format!("{heading}{}", text.replace(&heading, "")),
        "differs"
    );

    // Each piece between headings is one month on British local time.
    let mut months: Vec<String> = Vec::new();
    let mut heading_lines = errors.iter().map(|it| it.line).peekable();
    let mut piece = std::collections::BTreeSet::new();
    for row in &rows {
        if heading_lines.next_if(|it| *it < row.line()).is_some() {
            months.extend(std::mem::take(&mut piece));
        }
        piece.insert(row.month());
    }
    months.extend(piece);
    assert_eq!(months.len(), 12, "{months:?}");
}
