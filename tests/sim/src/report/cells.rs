//! What cells are told as.

use std::collections::BTreeMap;
use std::process::ExitCode;

use sim::cells::{Cell, Done, Work};

use crate::Options;

/// Runs the cells that were asked for, and beside them those that their bytes are compared with.
pub(crate) fn report(options: &Options) -> ExitCode {
    let named = |cell: &Cell| {
        options
            .cell
            .iter()
            .any(|it| it.to_string() == cell.to_string())
    };
    let all = Cell::all().into_iter();
    let chosen: Vec<_> = all.filter(|it| options.cells || named(it)).collect();
    let mut fair: BTreeMap<String, u64> = BTreeMap::new();
    let (mut wrong, mut run) = (0, 0);
    for cell in chosen {
        let name = cell.to_string();
        let done = match cell.run(Work::WHOLE) {
            Ok(done) => done,
            Err(error) => {
                eprintln!("{name}: {error}");
                wrong += 1;
                continue;
            }
        };
        let least = match fair.get(&cell.fair()) {
            Some(least) => *least,
            None => wire_of(&cell.fair()),
        };
        fair.insert(cell.fair(), least);
        run += 1;
        wrong += usize::from(!done.wrong.is_empty());
        tell(&name, &done, least, options.json);
    }
    if !options.json {
        println!("{run} cells, {wrong} violations");
    }
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn wire_of(name: &str) -> u64 {
    let done = Cell::named(name).and_then(|it| it.run(Work::WHOLE).ok());
    done.map_or(0, |it| it.wire)
}

fn tell(name: &str, done: &Done, least: u64, json: bool) {
    let more = done.wire as f64 / least.max(1) as f64;
    if json {
        let line = serde_json::json!({
            "cell": name, "seconds": done.seconds, "deadline": done.deadline,
            "bytes": done.wire, "ratio": more, "lost": done.lost,
            "connections": done.connections, "breaks": done.breaks,
            "again": done.again.0, "again_most": done.again.1, "wrong": done.wrong,
        });
        println!("{line}");
        return;
    }
    println!(
        "{name:52} {:>6.0} s of {:>6.0}  {:>8} B  x{more:.2}  {:>4} breaks  {:>7} B again",
        done.seconds, done.deadline, done.wire, done.breaks, done.again.0
    );
    for wrong in &done.wrong {
        eprintln!("  {name}: {wrong}");
    }
}
