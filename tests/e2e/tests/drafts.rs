//! What is typed survives the app's death: a short form of `cargo xtask bench capture`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Result, ensure};
use e2e::typing::kill_while_typing;
use e2e::world::{Programs, World};

const KILLS: u32 = 5;

#[tokio::test]
async fn at_most_two_seconds_of_typing_are_lost_to_kill_9_and_the_search_goes_on_where_it_was() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drafts");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    if let Err(error) = killed(&mut world).await {
        panic!("{error:#}");
    }
}

async fn killed(world: &mut World) -> Result<()> {
    world.enrol_phone().await?;
    let found = kill_while_typing(&mut world.phone, KILLS, 4).await?;
    println!("{found:?}");
    ensure!(found.lost == 0, "{found:?}");
    ensure!(found.keys > 0, "nothing was typed: {found:?}");
    Ok(())
}
