//! The main job through the real parts: see `e2e::story`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use e2e::story::{main_job, tell};
use e2e::world::{Programs, World};

/// Captured with the server down, kept over kill -9, received, approved offline, seen live; and
/// every screen on the way can be used by everybody, in light and dark.
#[tokio::test]
async fn the_main_job_is_done_by_the_real_parts() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("main-job");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    world.import_samples().unwrap();
    let told = tell(&mut world, &main_job(), async |world, step, took| {
        println!("{:.1} s  {}", took.as_secs_f64(), step.says);
        let Some((who, name)) = step.shot else {
            return Ok(());
        };
        let window = who.window(world)?;
        window
            .picture(&world.folder().join(format!("{name}.png")))
            .await?;
        for theme in ["dark", "light"] {
            window.set_theme(theme).await?;
            window.is_accessible().await?;
        }
        window.set_theme("system").await
    })
    .await;
    if let Err(error) = told {
        panic!("{error:#}");
    }
}
