//! Six situations of the street, each recorded through the app's own window, and what must then
//! be held of it.

mod area;
mod person;
mod vehicle;

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::act::form::{holds, sign};
use crate::act::officer::{choose, go_on};
use crate::process::output;
use crate::screen::Window;
use crate::server::Person;
use crate::world::World;

/// The authorisation that is brought in.
pub const AUTHORISATION: &str = "S60/2026/14";
/// Most touches of the next person of an encounter.
pub const AGAIN_MAX: u32 = 19;

/// Brings an authorisation in as a force does: a file, and one command. Its area is around the
/// place where the officers of the tests stand, and it is in force.
pub fn bring_in_authorisation(world: &World) -> Result<()> {
    let corners = [
        [-1.94, 52.50],
        [-1.91, 52.50],
        [-1.91, 52.52],
        [-1.94, 52.52],
        [-1.94, 52.50],
    ];
    let (from, until) = (utc("1 hour ago")?, utc("8 hours")?);
    let authorised = json!({
        "type": "Feature",
        "properties": {
            "reference": AUTHORISATION, "power": "cjpoa_s60", "locality": "Perry Barr",
            "from": from, "until": until, "rank": "inspector",
        },
        "geometry": { "type": "Polygon", "coordinates": [corners] },
    });
    let file = world.folder().join("authorised.geojson");
    fs::write(&file, authorised.to_string())?;
    let said = world.server.import("authorisation", &[file])?;
    ensure!(said.contains('1'), "{said}");
    Ok(())
}

fn utc(when: &str) -> Result<String> {
    let mut date = Command::new("date");
    date.args(["-u", "-d", when, "+%FT%TZ"]);
    Ok(output(&mut date, None)?.trim().to_owned())
}

/// What somebody records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// A person on foot: the common search.
    OnFoot,
    /// Two people in one car: a record each.
    Car,
    /// A vehicle without anybody in it.
    Unattended,
    /// Under section 60, within the authorised area.
    Inside,
    /// The same elsewhere.
    Outside,
    /// A child, searched further than outer clothing.
    Child,
    /// An officer whose name is withheld, and a person who says nothing of themselves.
    Withheld,
}

/// A record that was signed, and what must be held of it.
#[derive(Debug)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// These fields exactly.
    pub fields: Value,
    /// These are blank.
    pub absent: &'static [&'static str],
}

impl Recorded {
    /// Fails, naming each fault, unless a record holds this.
    pub fn is(&self, fields: &Value) -> Result<()> {
        holds(fields, &self.fields, self.absent)
    }
}

/// Who records, where, and somebody else of the force.
#[derive(Clone, Copy, Debug)]
pub struct Officer<'a> {
    /// The window, which shows the home screen.
    pub window: &'a Window,
    /// Whose it is.
    pub me: &'a Person,
    /// Who else may have searched.
    pub colleague: &'a Person,
}

/// What was recorded, and what it took.
#[derive(Debug)]
pub struct Done {
    /// The records, in the order of their signing.
    pub records: Vec<Recorded>,
    /// Touches from home to home; with several people, of the first.
    pub touches: u32,
    /// Touches of the next person.
    pub again: Option<u32>,
}

impl Situation {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::OnFoot,
        Self::Car,
        Self::Unattended,
        Self::Inside,
        Self::Outside,
        Self::Child,
        Self::Withheld,
    ];

    /// Its name in figures and pictures.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnFoot => "on-foot",
            Self::Car => "car",
            Self::Unattended => "unattended",
            Self::Inside => "section-60-inside",
            Self::Outside => "section-60-outside",
            Self::Child => "under-18",
            Self::Withheld => "name-withheld",
        }
    }

    /// Records it, from the home screen and back to it. `look` is told of each page that is
    /// worth a look, by name.
    pub async fn record(
        self,
        officer: Officer<'_>,
        mut look: impl AsyncFnMut(&str) -> Result<()>,
    ) -> Result<Done> {
        let window = officer.window;
        let before = window.touches();
        let mut done = match self {
            Self::OnFoot => person::on_foot(window, &mut look).await,
            Self::Car => vehicle::car(window, &mut look).await,
            Self::Unattended => vehicle::unattended(window, &mut look).await,
            Self::Inside => area::inside(officer, &mut look).await,
            Self::Outside => area::outside(window, &mut look).await,
            Self::Child => person::child(window, &mut look).await,
            Self::Withheld => person::withheld(officer, &mut look).await,
        }?;
        window.find("home-stop-search").await?;
        done.touches = window.touches() - before - done.again.unwrap_or_default();
        Ok(done)
    }
}

fn one(id: String, fields: Value, absent: &'static [&'static str]) -> Done {
    let record = Recorded { id, fields, absent };
    Done {
        records: vec![record],
        touches: 0,
        again: None,
    }
}

/// Sex, age, what they call themselves in two steps, and what the officer would say.
const MAN: [&str; 5] = ["male", "18_24", "group-Black", "B1", "IC3"];
/// A search of outer clothing that found nothing.
const NOTHING: [&str; 4] = ["jog", "nothing", "no_further_action", "no_force"];
/// What nobody needs to give.
const UNNAMED: &[&str] = &["name", "address", "birth_date", "age", "authorisation"];

/// The camera: typed on the first search of a shift, then one touch.
async fn camera(window: &Window) -> Result<()> {
    window.find("video").await?;
    if window.shows("option-camera").await? {
        return choose(window, "camera").await;
    }
    window.fill("video", "4417-A").await?;
    go_on(window).await
}

/// From the video to the receipt, which says how the copy was given.
async fn to_receipt(window: &Window, copy: &str) -> Result<String> {
    camera(window).await?;
    choose(window, copy).await?;
    sign(window).await
}
