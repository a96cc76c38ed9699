//! The demonstration: the main job with the real app, server and page.
//!
//! Started by `cargo xtask demo`, which builds what this needs.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use e2e::act::start;
use e2e::server::{AHMED, PATEL, Person, ROOM};
use e2e::story::{main_job, tell};
use e2e::world::{Device, Programs, World};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Do the main job on displays without a screen and keep a picture of each step
    Watch(Args),
    /// Open the windows and the page, and leave them to be used
    Open(Args),
    /// Keep pictures of the screens, light and dark
    Pictures(Args),
}

#[derive(clap::Args)]
struct Args {
    /// Folder for pictures, data and logs
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Published searches (CSV) or areas (GeoJSON) instead of samples
    #[arg(long, value_name = "FILE")]
    import: Vec<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Cli::parse().mode {
        Mode::Watch(args) => watch(&args).await,
        Mode::Open(args) => open(&args).await,
        Mode::Pictures(args) => pictures(&args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The demonstration failed at {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn watch(args: &Args) -> Result<()> {
    let begun = Instant::now();
    let mut world = prepared(args, 0).await?;
    let mut number = 0;
    tell(&mut world, &main_job(), async |world, step, took| {
        number += 1;
        println!(
            "{number:>2}  {:<64} {:>5.1} s",
            step.says,
            took.as_secs_f64()
        );
        if let Some((who, name)) = step.shot {
            let file = format!("{number:02}-{}-{name}.png", who.as_str());
            who.window(world)?.picture(&args.out.join(file)).await?;
        }
        Ok(())
    })
    .await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "Done in {seconds:.1} s. Pictures are in {}.",
        args.out.display()
    );
    Ok(())
}

async fn pictures(args: &Args) -> Result<()> {
    let mut world = prepared(args, 0).await?;
    let mut count = 0;
    tell(&mut world, &main_job(), async |world, step, _| {
        let Some((who, name)) = step.shot else {
            return Ok(());
        };
        let window = who.window(world)?;
        for theme in ["dark", "light"] {
            window.set_theme(theme).await?;
            let file = format!("{}-{name}-{theme}.png", who.as_str());
            window.picture(&args.out.join(file)).await?;
            count += 1;
        }
        window.set_theme("system").await
    })
    .await?;
    println!("{count} pictures are in {}.", args.out.display());
    Ok(())
}

async fn open(args: &Args) -> Result<()> {
    let mut world = prepared(args, 8443).await?;
    for (form, person) in [("phone", PATEL), ("tablet", AHMED)] {
        println!("Enrolling the {form} of {} {}", person.title, person.name);
    }
    enrol(&world.enrolment(&world.phone)?, &mut world.phone).await?;
    enrol(&world.enrolment(&world.tablet)?, &mut world.tablet).await?;
    let _phone = window(&world.phone)?;
    let _tablet = window(&world.tablet)?;
    let url = world.server.url();
    explain(&url);
    // What a browser says to its terminal concerns nobody here.
    let mut browser = Command::new("xdg-open");
    browser
        .arg(&url)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if browser.spawn().is_err() {
        println!("Open {url} in a browser.");
    }
    tokio::signal::ctrl_c().await?;
    println!("Stopping.");
    world.server.stop().await
}

/// Signs a person in on a device, out of sight, as they would themselves.
async fn enrol(link: &str, device: &mut Device) -> Result<()> {
    device.start().await?;
    start::enrol(device.window()?, link).await?;
    start::sign_in(device.window()?, &device.person).await?;
    device.close()
}

/// The app on the screen of whoever watches.
fn window(device: &Device) -> Result<e2e::process::Process> {
    let settings = device.settings();
    let mut command = Command::new(&settings.binary);
    command.envs(settings.environment());
    let log = settings
        .logs
        .join(format!("{}-window.log", settings.form.as_str()));
    e2e::process::Process::start(settings.form.as_str(), &command, &log)
}

fn explain(url: &str) {
    println!("\nThe control room's page: {url}");
    println!(
        "  Its certificate is made by the server itself, so the browser asks you to trust it."
    );
    println!("  {}", account(&ROOM));
    println!("The phone:  {}", account(&PATEL));
    println!("The tablet: {}", account(&AHMED));
    println!("Ctrl-C ends all of it. The next time starts clean.\n");
}

fn account(person: &Person) -> String {
    let Person {
        collar,
        title,
        name,
        password,
        pin,
        ..
    } = person;
    let pin = if pin.is_empty() {
        String::new()
    } else {
        format!(", PIN {pin}")
    };
    format!("{title} {collar} {name}, password “{password}”{pin}")
}

/// A running server with accounts and something to see.
async fn prepared(args: &Args, port: u16) -> Result<World> {
    let programs = Programs::from_env().context("start it with `cargo xtask demo`")?;
    clear(&args.out)?;
    let world = World::new(&args.out.join("data"), &programs, port).await?;
    println!("The server listens on {}", world.server.url());
    if args.import.is_empty() {
        print!("{}", world.import_samples()?);
    }
    for file in &args.import {
        let areas = file
            .extension()
            .is_some_and(|extension| extension == "geojson");
        let what = if areas { "boundaries" } else { "police-uk" };
        print!("{}", world.server.import(what, std::slice::from_ref(file))?);
    }
    Ok(world)
}

/// Removes the pictures and the data of the last time, and nothing that it did not make.
fn clear(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            std::fs::remove_file(path)?;
        }
    }
    if folder.join("data").is_dir() && !folder.join("data/logs").is_dir() {
        bail!(
            "{} is not a folder of the demonstration",
            folder.join("data").display()
        );
    }
    Ok(())
}
