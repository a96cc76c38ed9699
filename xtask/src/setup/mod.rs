//! Finds what is missing and installs it, saying what.

mod front_ends;
mod node;
mod python;
mod system;

use anyhow::Result;

use crate::place::Place;
use crate::step::Steps;

pub(crate) use front_ends::FRONT_ENDS;
pub(crate) use python::ready as python;

/// Makes ready what compiling needs of the system, for a program that shows no page.
pub(crate) fn compiling(steps: &mut Steps) -> Result<()> {
    steps.must("what the system must have", || {
        system::ready(&system::PACKAGES)
    })
}

/// Makes ready what networks of their own need of the system.
pub(crate) fn networks(steps: &mut Steps) -> Result<()> {
    steps.must("what networks need of the system", || {
        system::ready(&system::NETWORKS)
    })
}

/// Makes everything ready for cargo: packages of the system, Node, the built front-ends.
/// Where nothing is missing this takes well under a second.
pub(crate) fn ready(place: &Place, steps: &mut Steps) -> Result<Place> {
    let mut place = Place {
        root: place.root.clone(),
        target: place.target.clone(),
        programs: place.programs.clone(),
    };
    compiling(steps)?;
    place.programs = steps.must("Node", || node::ready(&place))?;
    for front_end in &FRONT_ENDS {
        steps.must(front_end.name, || front_end.ready(&place))?;
    }
    Ok(place)
}
