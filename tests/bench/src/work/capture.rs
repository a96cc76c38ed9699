//! What capturing takes: touches and seconds of each situation through the app's own window, and
//! what typing is lost when the app is killed in the middle of it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::act::officer::home;
use e2e::server::{AHMED, PATEL};
use e2e::situation::{AGAIN_MAX, Officer, Situation, bring_in_authorisation};
use e2e::typing::{first_paint_ms, kill_while_typing};
use e2e::world::{Programs, World};

use crate::Bench;
use crate::report::{Figure, Measured};
use crate::stats::Samples;

/// The app that is driven; the server's program lies beside it.
const APP: &str = "BEATBOOK_APP_BIN";
/// Most touches of a common search (UX).
const TOUCHES_MAX: f64 = 20.0;
/// How often a first paint is looked at.
const STARTS: usize = 5;

/// Without an app it says so and gives no figures.
pub(crate) async fn measure(bench: &Bench) -> Result<Measured> {
    let Some(app) = std::env::var_os(APP).map(std::path::PathBuf::from) else {
        return Ok(Measured::Skipped(
            "BEATBOOK_APP_BIN names no app: `cargo xtask bench capture` builds and names it",
        ));
    };
    let server = app.with_file_name("beatbook-server");
    let programs = Programs { app, server };
    let scratch = bench.scratch()?;
    let mut world = World::new(&scratch.path().join("world"), &programs, 0).await?;
    world.import_samples()?;
    bring_in_authorisation(&world)?;
    world.enrol_phone().await?;

    let mut figures = situations(&world).await?;
    let mut painted = Samples::EMPTY;
    for _ in 0..STARTS {
        world.phone.close()?;
        world.phone.start().await?;
        let window = world.phone.window()?;
        window.find("unlock-submit").await?;
        painted.push(first_paint_ms(window).await?);
    }
    e2e::act::start::try_pin(world.phone.window()?, PATEL.pin).await?;
    world.phone.window()?.find("menu").await?;
    figures.push(
        Figure::new("first_paint_ms", painted.p50(), "ms")
            .note("in the web view, after the page was asked for, with nothing cached"),
    );
    figures.extend(killed(&mut world, bench.kills).await?);
    Ok(Measured::Figures(figures))
}

async fn situations(world: &World) -> Result<Vec<Figure>> {
    let window = world.phone.window()?;
    let officer = Officer {
        window,
        me: &PATEL,
        colleague: &AHMED,
    };
    let mut figures = Vec::new();
    // Once before, so that the shift knows its camera, as it does from the second search on.
    for (place, situation) in [Situation::OnFoot]
        .into_iter()
        .chain(Situation::ALL)
        .enumerate()
    {
        home(window).await?;
        let began = Instant::now();
        let done = situation.record(officer, async |_| Ok(())).await?;
        let took = began.elapsed();
        ensure!(!done.records.is_empty(), "nothing was recorded");
        if place == 0 {
            continue;
        }
        let name = situation.as_str();
        let mut touches = Figure::new("touches", f64::from(done.touches), "touches").note(name);
        if situation == Situation::OnFoot {
            touches = touches.at_most(TOUCHES_MAX);
        }
        figures.push(touches);
        if let Some(again) = done.again {
            figures.push(
                Figure::new("touches", f64::from(again), "touches")
                    .at_most(f64::from(AGAIN_MAX))
                    .note(format!("{name}, same again for the next person")),
            );
        }
        figures.push(
            Figure::new("seconds", took.as_secs_f64(), "s")
                .note(format!("{name}, by a driver that never pauses")),
        );
    }
    Ok(figures)
}

async fn killed(world: &mut World, kills: u32) -> Result<Vec<Figure>> {
    let found = kill_while_typing(&mut world.phone, kills, 1)
        .await
        .context("while the app is killed")?;
    let ms = |it: Duration| it.as_secs_f64() * 1e3;
    Ok(vec![
        Figure::new("drafts_lost", f64::from(found.lost), "drafts")
            .at_most(0.0)
            .note(format!(
                "more than 2 s of typing missing; {} kills, {} keys",
                found.kills, found.keys
            )),
        Figure::new("typing_lost_ms", ms(found.worst), "ms")
            .at_most(2_000.0)
            .note("the most of any kill"),
    ])
}
