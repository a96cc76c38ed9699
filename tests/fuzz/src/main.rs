//! Writes what libFuzzer begins with: honest bytes, and the small ones of the known attacks.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Larger attacks are tried by the tests; libFuzzer finds more from small bytes.
const SMALL: usize = 4 << 10;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        for target in fuzz::targets() {
            println!("{}", target.name);
        }
        return ExitCode::SUCCESS;
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beatbook-fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> io::Result<()> {
    for target in fuzz::targets() {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder)?;
        let honest = (target.honest)();
        let first = honest.first().map_or(&[][..], Vec::as_slice);
        let attacks = fuzz::forms::hostile(target.form, first);
        let attacks = attacks.into_iter().filter(|it| it.len() <= SMALL);
        for (n, bytes) in honest.iter().cloned().chain(attacks).enumerate() {
            fs::write(folder.join(format!("begin-{n}")), bytes)?;
        }
    }
    Ok(())
}
