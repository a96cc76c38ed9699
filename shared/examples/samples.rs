//! Writes the sample data of `assets/samples`: invented searches in invented areas.
//!
//! `cargo run -p beatbook-shared --example samples [FOLDER]`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs, io};

use shared::published::{Row, file_name, sample, sample_areas, write};

fn main() -> io::Result<()> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets/samples");
    let folder = env::args_os().nth(1).map_or(default, PathBuf::from);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("areas.geojson"), sample_areas())?;
    let mut months = BTreeMap::<String, Vec<Row>>::new();
    for row in sample(1, 2_000) {
        months.entry(row.month()).or_default().push(row);
    }
    for (month, rows) in &months {
        let name = file_name(month, "sample");
        write(rows, fs::File::create(folder.join(&name))?)?;
        println!("{name}: {} invented searches", rows.len());
    }
    Ok(())
}
