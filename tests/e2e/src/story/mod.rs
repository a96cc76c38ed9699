//! Stories: lists of steps, told by the tests and by the demonstration alike.

mod main_job;

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::screen::Window;
use crate::world::World;

pub use main_job::main_job;

/// Whose screen shows what a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The officer's phone.
    Phone,
    /// The supervisor's tablet.
    Tablet,
    /// The control room.
    Room,
}

impl Who {
    /// His window.
    pub fn window(self, world: &World) -> Result<&Window> {
        match self {
            Self::Phone => world.phone.window(),
            Self::Tablet => world.tablet.window(),
            Self::Room => world.room(),
        }
    }

    /// As names of pictures begin.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Room => "control-room",
        }
    }
}

/// A screen worth looking at when a step is done, and its name.
pub type Shot = Option<(Who, &'static str)>;
type Done<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// One step.
pub struct Step {
    /// What is done, as a sentence.
    pub says: &'static str,
    /// What can then be seen.
    pub shot: Shot,
    act: for<'a> fn(&'a mut World) -> Done<'a>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step({:?})", self.says)
    }
}

fn step(says: &'static str, shot: Shot, act: for<'a> fn(&'a mut World) -> Done<'a>) -> Step {
    Step { says, shot, act }
}

/// Does the steps one by one. `after` is told of each, with the time it took.
pub async fn tell(
    world: &mut World,
    steps: &[Step],
    mut after: impl AsyncFnMut(&World, &Step, Duration) -> Result<()>,
) -> Result<()> {
    for (index, step) in steps.iter().enumerate() {
        let begun = Instant::now();
        let done = (step.act)(world).await;
        let told = match done {
            Ok(()) => after(world, step, begun.elapsed()).await,
            failed => {
                keep_screens(world).await;
                failed
            }
        };
        told.with_context(|| format!("step {}, “{}”", index + 1, step.says))?;
    }
    Ok(())
}

/// Pictures of every open window beside the logs: what the failed step looked at.
async fn keep_screens(world: &World) {
    for who in [Who::Phone, Who::Tablet, Who::Room] {
        if let Ok(window) = who.window(world) {
            let path = world.folder().join(format!("failed-{}.png", who.as_str()));
            // The step has failed already; a picture that fails as well adds nothing.
            let _ = window.picture(&path).await;
        }
    }
}
