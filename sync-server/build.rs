//! Makes tables of the control room's built page and of the words of the page that a receipt opens,
//! so that both are part of the binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = root.join("control-room").join("dist");
    // Cargo can watch a directory that is there and empty, but not one that is not there: that
    // would run this again at every build. A tree that cannot be written to is no obstacle.
    let _ = fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", dist.display());

    let mut files = Vec::new();
    collect(&dist, &mut files)?;
    files.sort();
    let mut table = String::from("static FILES: &[File] = &[\n");
    for file in &files {
        let name = file
            .strip_prefix(&dist)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let _ = writeln!(
            table,
            "    File {{ path: {name:?}, bytes: include_bytes!({:?}) }},",
            file.display().to_string(),
        );
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("page.rs"), table)?;
    fs::write(out.join("languages.rs"), languages(&root)?)
}

/// The message files of the page that a receipt opens, each named after its language.
fn languages(root: &Path) -> io::Result<String> {
    let folder = root.join("../assets/receipt");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.retain(|file| file.extension().is_some_and(|it| it == "json"));
    files.sort();
    let mut table = String::from("static FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        let tag = file.file_stem().unwrap_or_default().to_string_lossy();
        let path = file.display().to_string();
        let _ = writeln!(table, "    ({tag:?}, include_str!({path:?})),");
    }
    table.push_str("];\n");
    Ok(table)
}

/// The files below a directory; none if it is not there.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
        {
            files.push(path);
        }
    }
    Ok(())
}
