//! The demonstration: the main job with the real app, server and page.
//!
//! Started by `cargo xtask demo`, which builds what this needs.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use e2e::gallery::{self, Gallery};
use e2e::server::{AHMED, PATEL, Person, ROOM};
use e2e::story::{Step, Who, main_job, tell};
use e2e::world::{Programs, World, is_there};
use tokio::signal::unix::{SignalKind, signal};

/// Where the server listens, if it can.
const PORT: u16 = 8443;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Do the main job on displays without a screen and keep a picture of each step
    Watch(Args),
    /// Do the main job in windows on this display, and leave them to be used
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
    /// File of libfaketime that sets the clock of all that is started
    #[arg(long, value_name = "FILE")]
    clock: Option<PathBuf>,
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
    let mut world = prepared(args, 0).await?;
    let mut number = 0;
    told(&mut world, &main_job(), async |world, step| {
        number += 1;
        let Some((who, name)) = step.shot else {
            return Ok(());
        };
        let file = format!("{number:02}-{}-{name}.png", who.as_str());
        who.window(world)?.picture(&args.out.join(file)).await
    })
    .await?;
    println!("Pictures are in {}.", args.out.display());
    Ok(())
}

/// Does the steps, and prints each with its time.
async fn told(
    world: &mut World,
    steps: &[Step],
    mut after: impl AsyncFnMut(&World, &Step) -> Result<()>,
) -> Result<()> {
    let begun = Instant::now();
    let mut number = 0;
    tell(world, steps, async |world, step, took| {
        number += 1;
        println!(
            "{number:>2}  {:<64} {:>5.1} s",
            step.says,
            took.as_secs_f64()
        );
        after(world, step).await
    })
    .await?;
    println!("Done in {:.1} s.", begun.elapsed().as_secs_f64());
    Ok(())
}

async fn pictures(args: &Args) -> Result<()> {
    let mut world = prepared(args, 0).await?;
    let gallery = Gallery::new(&args.out);
    gallery::tour(&mut world, &gallery, args.clock.as_deref()).await?;
    let count = gallery.is_complete()?;
    println!("{count} pictures are in {}.", args.out.display());
    Ok(())
}

/// Does the main job in windows that can be seen, and leaves them to be used.
async fn open(args: &Args) -> Result<()> {
    let mut world = prepared(args, usual_port()).await?;
    world.show();
    let mut steps = main_job();
    let browser = is_there("chromedriver") && is_there("chromium");
    if !browser {
        println!("Without chromium and chromedriver the control room's steps are left out.");
        steps.retain(|step| !matches!(step.shot, Some((Who::Room, _))));
    }
    told(&mut world, &steps, async |_, _| Ok(())).await?;
    explain(&world.server.url(), browser);
    stopped().await?;
    println!("Stopping.");
    world.close_windows()?;
    world.server.stop().await
}

/// The server's usual port if nobody has it, or else any.
fn usual_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", PORT)).map_or(0, |_| PORT)
}

/// Waits for Ctrl-C, or for being asked to end.
async fn stopped() -> Result<()> {
    let mut asked = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = asked.recv() => {}
    }
    Ok(())
}

fn explain(url: &str, browser: bool) {
    println!("\nThe windows are yours now.");
    println!("The control room's page: {url}");
    println!("  {}", account(&ROOM));
    println!("  The server made its certificate itself: browsers call that not secure.");
    if !browser {
        // What a browser says to its terminal concerns nobody here.
        let opened = Command::new("xdg-open")
            .arg(url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if opened.is_err() {
            println!("  Open it in a browser.");
        }
    }
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
