//! The processes of one scenario: a server, two devices with a network each, a browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::act::start;
use crate::link::Link;
use crate::screen::{App, AppSettings, Browser, FormFactor, Place, Window};
use crate::server::{AHMED, PATEL, Person, ROOM, Server};

/// The inside of the control room's window.
const ROOM_SIZE: (u32, u32) = (1440, 900);
/// Where the officer stands, in the first of the sample areas.
const POSITION: &str = "52.5099,-1.9280,12";

/// Right of the phone.
const BESIDE: u32 = 420;
/// What a browser has around a page.
const BROWSER_FRAME: u32 = 140;

/// Where the control room's page goes on a screen of this size, and how large it is inside: right
/// of the tablet if there is room, else over its lower part.
fn room_beside((width, height): (u32, u32)) -> (Place, (u32, u32)) {
    let right = BESIDE + FormFactor::Tablet.size().0 + 20;
    let place = if width >= right + ROOM_SIZE.0 / 2 {
        Place { x: right, y: 0 }
    } else {
        Place {
            x: BESIDE,
            y: height / 3,
        }
    };
    let rest = |all: u32, before: u32, most: u32| all.saturating_sub(before).clamp(480, most);
    let size = (
        rest(width, place.x, ROOM_SIZE.0),
        rest(height, place.y + BROWSER_FRAME, ROOM_SIZE.1),
    );
    (place, size)
}

/// The binaries under test.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `beatbook`
    pub app: PathBuf,
    /// `beatbook-server`
    pub server: PathBuf,
}

impl Programs {
    /// The binaries that BEATBOOK_APP_BIN and BEATBOOK_SERVER_BIN name. Says so if there are none.
    pub fn from_env() -> Option<Self> {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let programs = path("BEATBOOK_APP_BIN").zip(path("BEATBOOK_SERVER_BIN"));
        if programs.is_none() {
            skip("BEATBOOK_APP_BIN and BEATBOOK_SERVER_BIN name no binaries");
        }
        programs.map(|(app, server)| Self { app, server })
    }
}

/// Says that a test has nothing to do. Where `cargo xtask test` runs it, which sets
/// BEATBOOK_NO_SKIP and installs everything, that is a failure.
fn skip(why: &str) {
    assert!(
        std::env::var_os("BEATBOOK_NO_SKIP").is_none(),
        "nothing may be skipped here: {why}"
    );
    println!("skipped: {why}");
}

/// True if the program is there.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The same. Says so if it is not, for a test that then has nothing to do.
pub fn installed(program: &str) -> bool {
    let there = is_there(program);
    if !there {
        skip(&format!("{program} is not installed"));
    }
    there
}

/// A device: its way to the server, its data, and the app while it runs.
#[derive(Debug)]
pub struct Device {
    /// Whose it is.
    pub person: Person,
    /// Its network.
    pub link: Link,
    settings: AppSettings,
    app: Option<App>,
}

impl Device {
    /// Starts the app.
    pub async fn start(&mut self) -> Result<()> {
        self.app = Some(App::start(self.settings.clone()).await?);
        Ok(())
    }

    /// kill -9.
    pub async fn kill(&mut self) -> Result<()> {
        let app = self.app.take().context("the app is not running")?;
        app.kill().await?;
        Ok(())
    }

    /// Ends the app in an orderly way.
    pub fn close(&mut self) -> Result<()> {
        self.app.take().map_or(Ok(()), App::close)
    }

    /// What can be seen of it.
    pub fn window(&self) -> Result<&Window> {
        let app = self
            .app
            .as_ref()
            .with_context(|| format!("{}'s app", self.person.name))?;
        Ok(&app.window)
    }

    /// What the app is started with, the next time.
    pub fn settings(&mut self) -> &mut AppSettings {
        &mut self.settings
    }

    /// What the server calls it.
    pub fn name(&self) -> String {
        format!("{}'s {}", self.person.name, self.settings.form.as_str())
    }

    /// Starts the app for the first time, enrols the device and signs its person in.
    pub async fn enrol(&mut self, link: &str) -> Result<()> {
        self.start().await?;
        start::enrol(self.window()?, link).await?;
        start::sign_in(self.window()?, &self.person).await
    }
}

/// Everything that runs.
#[derive(Debug)]
pub struct World {
    /// The server; it may be down.
    pub server: Server,
    /// PC Patel's phone.
    pub phone: Device,
    /// Sgt Ahmed's tablet.
    pub tablet: Device,
    /// The stop and search that the story is about, once it was recorded.
    pub search: Option<String>,
    /// The note that was written after it.
    pub note: Option<String>,
    room: Option<Browser>,
    shown: bool,
    folder: PathBuf,
}

impl World {
    /// A running server with accounts, and two devices that do not know it yet.
    pub async fn new(folder: &Path, programs: &Programs, port: u16) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let log = folder.join("logs/server.log");
        let server = Server::start(&programs.server, &folder.join("data"), &log, port).await?;
        for person in [PATEL, AHMED, ROOM] {
            server.add(&person)?;
        }
        let device = |person: Person, form: FormFactor, position| {
            let settings = AppSettings {
                binary: programs.app.clone(),
                home: folder.join(form.as_str()),
                logs: folder.join("logs"),
                form,
                position,
                within: Vec::new(),
                shown: None,
            };
            Link::open(server.port()).map(|link| Device {
                person,
                link,
                settings,
                app: None,
            })
        };
        let phone = device(PATEL, FormFactor::Phone, Some(POSITION))?;
        let tablet = device(AHMED, FormFactor::Tablet, None)?;
        Ok(Self {
            server,
            phone,
            tablet,
            search: None,
            note: None,
            room: None,
            shown: false,
            folder,
        })
    }

    /// One more phone on the same server, with a network of its own.
    pub fn another_phone(&self, person: Person) -> Result<Device> {
        let folder = self.folder.join(person.name);
        let mut settings = self.phone.settings.clone();
        settings.logs = folder.join("logs");
        settings.home = folder;
        Ok(Device {
            person,
            link: Link::open(self.server.port())?,
            settings,
            app: None,
        })
    }

    /// Starts both apps, enrols them and signs their people in.
    pub async fn enrol_both(&mut self) -> Result<()> {
        self.enrol_phone().await?;
        self.enrol_tablet().await
    }

    /// Starts the phone's app, enrols it and signs its officer in.
    pub async fn enrol_phone(&mut self) -> Result<()> {
        let link = self.enrolment(&self.phone)?;
        self.phone.enrol(&link).await
    }

    /// Starts the tablet's app, enrols it and signs its supervisor in.
    pub async fn enrol_tablet(&mut self) -> Result<()> {
        let link = self.enrolment(&self.tablet)?;
        self.tablet.enrol(&link).await
    }

    /// From now on windows open where they can be seen and used.
    pub fn show(&mut self) {
        self.phone.settings.shown = Some(Place::default());
        self.tablet.settings.shown = Some(Place { x: BESIDE, y: 0 });
        self.shown = true;
    }

    /// Closes all windows.
    pub fn close_windows(&mut self) -> Result<()> {
        self.room = None;
        self.phone.close()?;
        self.tablet.close()
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A one-time link for a device.
    pub fn enrolment(&self, device: &Device) -> Result<String> {
        self.server.enrolment(&device.name(), &device.link.url())
    }

    /// Opens the control room's page.
    pub async fn open_room(&mut self) -> Result<()> {
        let (place, size) = if self.shown {
            let (place, size) = room_beside(self.phone.window()?.screen().await?);
            (Some(place), size)
        } else {
            (None, ROOM_SIZE)
        };
        let browser = Browser::start(&self.folder.join("browser"), place, size).await?;
        browser.window.go_to(&self.server.url()).await?;
        self.room = Some(browser);
        Ok(())
    }

    /// The control room's page.
    pub fn room(&self) -> Result<&Window> {
        Ok(&self
            .room
            .as_ref()
            .context("the control room's page is not open")?
            .window)
    }

    /// The areas and published searches that Beatbook makes up itself.
    pub fn import_samples(&self) -> Result<String> {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let samples = top.canonicalize()?.join("assets/samples");
        let mut searches = Vec::new();
        for entry in fs::read_dir(&samples)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "csv") {
                searches.push(path);
            }
        }
        searches.sort();
        let areas = self
            .server
            .import("boundaries", &[samples.join("areas.geojson")])?;
        Ok(areas + &self.server.import("police-uk", &searches)?)
    }

    /// A photo that shows a made-up street at dusk.
    pub fn photo(&self) -> Result<PathBuf> {
        let path = self.folder.join("photo.jpg");
        image::RgbImage::from_fn(1600, 1200, street).save(&path)?;
        Ok(path)
    }

    /// A file that is called a photo and is none.
    pub fn no_photo(&self) -> Result<PathBuf> {
        let path = self.folder.join("not-a-photo.jpg");
        fs::write(&path, "This is a shopping list.\n")?;
        Ok(path)
    }
}

/// One point of the street: sky, houses with lit windows, a pavement.
fn street(x: u32, y: u32) -> image::Rgb<u8> {
    let house = x / 320;
    let roof = 380 - (house * 7 % 5) * 40;
    let (left, top) = (x % 320, y.saturating_sub(roof));
    let window = (60..130).contains(&(left % 160)) && (70..190).contains(&(top % 260));
    let lit = (house * 3 + left / 160 + top / 260 * 2).is_multiple_of(3);
    let light = |shade: u32| u8::try_from(shade).unwrap_or(u8::MAX);
    image::Rgb(match () {
        () if y > 980 => [light(70 + (y - 980) / 8), 70, 74],
        () if y < roof => [light(40 + y / 4), light(52 + y / 6), light(90 + y / 12)],
        () if window && lit => [246, 205, 120],
        () if window => [38, 46, 62],
        () => [light(96 + house * 12), light(66 + house * 6), 58],
    })
}
