//! Six situations of the street, on a phone and on a tablet at once: everybody can use each page,
//! and the server then holds exactly what was given.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::act::{form, officer, room};
use e2e::screen::Window;
use e2e::server::{AHMED, PATEL, Person, ROOM};
use e2e::situation::{AGAIN_MAX, Done, Officer, Recorded, Situation, bring_in_authorisation};
use e2e::world::{Programs, World};
use serde_json::Value;

/// 20, and the camera's number, which is typed on the first search of a shift.
const TOUCHES_MAX: u32 = 22;

#[tokio::test]
async fn six_situations_are_recorded_on_phone_and_tablet_and_arrive_as_given() {
    let Some(programs) = Programs::from_env() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("situations");
    let mut world = World::new(&folder, &programs, 0).await.unwrap();
    if let Err(error) = situations(&mut world).await {
        panic!("{error:#}");
    }
}

async fn situations(world: &mut World) -> Result<()> {
    world.import_samples()?;
    bring_in_authorisation(world)?;
    world.tablet.settings().position = world.phone.settings().position;
    world.enrol_both().await?;
    world.open_room().await?;
    let page = world.room()?;
    room::sign_in(page, &ROOM).await?;

    // The first receipt is held out before the server has heard anything.
    world.phone.link.cut();
    let phone = by(world, &PATEL)?;
    let first = record(world, Situation::OnFoot, phone).await?;
    ensure!(
        first.touches <= TOUCHES_MAX,
        "{} touches are more than {TOUCHES_MAX}",
        first.touches
    );
    let searched = &first.records[0];
    let url = form::receipt_url(phone.window, &searched.id).await?;
    let path = path_of(&url)?;
    let waiting = person_page(page, path).await?;
    ensure!(waiting.contains("This record is not here yet"), "{waiting}");
    world.phone.link.mend();

    let tablet = by(world, &AHMED)?;
    let (phones, tablets) = tokio::join!(
        each(world, phone, &Situation::ALL[1..]),
        each(world, tablet, &Situation::ALL)
    );
    let (phones, tablets) = (phones?, tablets?);
    for done in phones.iter().chain(&tablets).chain([&first]) {
        if let Some(again) = done.again {
            ensure!(again <= AGAIN_MAX, "same again took {again} touches");
        }
        let mut held = Vec::new();
        for one in &done.records {
            let detail = room::held(page, &one.id).await?;
            is_as_given(one, &detail).with_context(|| one.id.clone())?;
            held.push(detail);
        }
        are_one_encounter(&held)?;
    }
    shown_to_the_person(page, path, &url).await?;
    // The officer of the last is protected: no page names them.
    let protected = phones.last().context("no record")?;
    let url = form::receipt_url(phone.window, &protected.records[0].id).await?;
    let shown = person_page(page, path_of(&url)?).await?;
    ensure!(
        shown.contains(PATEL.collar) && !shown.contains(PATEL.name),
        "{shown}"
    );
    linked_on_the_phone(phone.window, &phones[0].records).await
}

fn by<'a>(world: &'a World, me: &'a Person) -> Result<Officer<'a>> {
    let (device, colleague) = if me.collar == PATEL.collar {
        (&world.phone, &AHMED)
    } else {
        (&world.tablet, &PATEL)
    };
    Ok(Officer {
        window: device.window()?,
        me,
        colleague,
    })
}

async fn each(world: &World, officer: Officer<'_>, all: &[Situation]) -> Result<Vec<Done>> {
    let mut done = Vec::new();
    for situation in all {
        done.push(record(world, *situation, officer).await?);
    }
    Ok(done)
}

/// Records one, and has each page looked at: by axe, and as a picture for people.
async fn record(world: &World, situation: Situation, officer: Officer<'_>) -> Result<Done> {
    let window = officer.window;
    officer::home(window).await?;
    let begun = std::time::Instant::now();
    let look = async |page: &str| {
        let name = format!("{}-{}-{page}.png", window.name(), situation.as_str());
        window.picture(&world.folder().join(name)).await?;
        // Now that it stands still: a colour on its way to another one is neither.
        window.is_accessible().await
    };
    let named = || format!("{} on the {}", situation.as_str(), window.name());
    let done = situation.record(officer, look).await.with_context(named)?;
    let again = done.again.map(|it| format!(", the next person {it}"));
    println!(
        "{}: {} touches{}, {:.1} s",
        named(),
        done.touches,
        again.unwrap_or_default(),
        begun.elapsed().as_secs_f64()
    );
    Ok(done)
}

fn is_as_given(one: &Recorded, detail: &Value) -> Result<()> {
    one.is(&detail["fields"])?;
    // What each coded answer is called goes with it, and the times are kept apart.
    ensure!(
        detail["labels"]["object"].is_string(),
        "no words for the object"
    );
    for time in ["searched_at", "started_at", "completed_at"] {
        ensure!(detail["fields"][time].is_i64(), "no {time}");
    }
    Ok(())
}

/// One record each, under one encounter and with references of their own.
fn are_one_encounter(held: &[Value]) -> Result<()> {
    let of = |key: &str| -> Vec<&Value> { held.iter().map(|it| &it["fields"][key]).collect() };
    let [encounters, references] = ["encounter", "reference"].map(of);
    ensure!(
        encounters.iter().all(|it| *it == encounters[0]),
        "records of one encounter are not linked"
    );
    let mut distinct: Vec<String> = references.iter().map(ToString::to_string).collect();
    distinct.sort();
    distinct.dedup();
    ensure!(distinct.len() == held.len(), "references repeat");
    Ok(())
}

fn path_of(url: &str) -> Result<&str> {
    let at = url.find("/r/").context("no person's page in the code")?;
    Ok(&url[at..])
}

/// What the public reads at the address of a receipt.
async fn person_page(page: &Window, path: &str) -> Result<String> {
    let script = "const done = arguments[1]; \
        fetch(arguments[0], { credentials: 'omit' }) \
            .then(it => it.text()).then(done, error => done(String(error)))";
    let text = page.run_async(script, vec![path.into()]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// The law's items to whoever has the code, and nothing to whoever guesses.
async fn shown_to_the_person(page: &Window, path: &str, url: &str) -> Result<()> {
    let shown = person_page(page, path).await?;
    for words in [
        "Controlled drugs",
        "pass a small clear bag",
        "PC 4417 Patel",
        "Caribbean",
    ] {
        ensure!(
            shown.contains(words),
            "the person's page lacks {words}: {shown}"
        );
    }
    ensure!(
        !shown.contains("4417-A"),
        "more than the law's items: {shown}"
    );
    let (rest, secret) = url.rsplit_once('/').context("no secret")?;
    let guess: String = secret.chars().rev().collect();
    let guessed = person_page(page, path_of(&format!("{rest}/{guess}"))?).await?;
    ensure!(guessed.contains("This record is not here yet"), "{guessed}");
    Ok(())
}

/// Each record of an encounter leads to the others.
async fn linked_on_the_phone(window: &Window, records: &[Recorded]) -> Result<()> {
    let script = "location.hash = '#/record/' + arguments[0]";
    window
        .run(script, vec![records[0].id.as_str().into()])
        .await?;
    let other = format!("a[href*='{}']", records[1].id);
    window.find_css(&other).await?;
    Ok(())
}
