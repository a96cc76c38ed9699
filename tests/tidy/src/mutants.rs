//! That nothing which ships has the deliberate faults of the simulation, and that each of them
//! stands somewhere.

use crate::none;
use crate::tree;

/// The feature, as manifests write it.
const FEATURE: &str = "mutants";
/// Who may name it: where it is, and who turns it on when told to.
const MANIFESTS: [&str; 2] = ["shared/Cargo.toml", "tests/sim/Cargo.toml"];
/// Where faults are listed and armed.
const LIST: &str = "shared/src/mutant/armed.rs";

/// The names in the list of faults.
fn listed() -> Vec<String> {
    let text = tree::read(LIST);
    let list = text.split_once("\nfaults! {").unwrap().1;
    let list = list.split_once("\n}").unwrap().0;
    let names = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"));
    names
        .filter_map(|line| line.strip_suffix(','))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_manifest_of_what_ships_names_the_feature() {
    let wrong = tree::files(&[".toml"]).into_iter().filter(|file| {
        let named = file.text.contains(FEATURE);
        named && !MANIFESTS.contains(&file.path.as_str())
    });
    none(&wrong.map(|file| file.path).collect::<Vec<_>>());
    assert!(!tree::read("Cargo.toml").contains(FEATURE));
    for manifest in MANIFESTS {
        let text = tree::read(manifest);
        let features = text.split_once("[features]").unwrap().1;
        let features = features.split_once("\n[").map_or(features, |it| it.0);
        assert!(!features.contains("default"), "{manifest} turns it on");
    }
}

#[test]
fn nobody_but_the_simulation_arms_a_fault() {
    let wrong = tree::files(&[".rs"]).into_iter().filter(|file| {
        let arms = file.text.contains("mutant::arm") || file.text.contains("Mutant::");
        arms && !file.is_in(&["tests/sim", "tests/tidy", "shared/src/mutant"])
            && file.path != "shared/src/mutant.rs"
    });
    none(&wrong.map(|file| file.path).collect::<Vec<_>>());
}

#[test]
fn every_fault_of_the_list_stands_somewhere() {
    let listed = listed();
    assert!(listed.len() >= 20, "{listed:?}");
    let code = tree::files(&[".rs"]);
    let lost = listed.iter().filter(|name| {
        let site = format!("mutant!({name})");
        !code.iter().any(|file| file.text.contains(&site))
    });
    none(
        &lost
            .map(|name| format!("{name} stands nowhere"))
            .collect::<Vec<_>>(),
    );
}
