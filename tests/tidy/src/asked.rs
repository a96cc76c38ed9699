//! What a screen may ask is asked by one, and what a force may set is read: commands of the shell
//! and settings that nobody uses look like promises.

use std::collections::BTreeSet;

use crate::none;
use crate::tree;

const SHELL: &str = "app/src/commands/mod.rs";
const SCREENS: &str = "app/ui/src/lib/ipc/index.ts";
const SETTINGS: &str = "shared/src/settings.rs";

/// The commands that the shell answers.
fn answered() -> BTreeSet<String> {
    let text = tree::read(SHELL);
    let list = text.split_once("generate_handler![").unwrap().1;
    let list = list.split_once(']').unwrap().0;
    let names = list.split(',').filter_map(|it| it.trim().rsplit_once("::"));
    names.map(|(_, name)| name.to_owned()).collect()
}

/// Those that the screens' one door to it knows: by their types, or called by name.
fn known() -> BTreeSet<String> {
    let text = tree::read(SCREENS);
    let list = text.split_once("export interface Commands {").unwrap().1;
    let list = list.split_once("\n}").unwrap().0;
    let typed = list.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("  ")?.split_once(": {")?;
        (!name.starts_with(' ')).then(|| name.to_owned())
    });
    // What stands before the first one names nothing.
    let named = text.split("invoke('").skip(1);
    let named = named.filter_map(|rest| Some(rest.split_once('\'')?.0.to_owned()));
    typed.chain(named).collect()
}

/// The names of the force's settings.
fn settings() -> Vec<String> {
    let text = tree::read(SETTINGS);
    let body = text.split_once("pub struct Settings {").unwrap().1;
    let body = body.split_once("\n}").unwrap().0;
    let names = body.lines().filter_map(|line| {
        let (name, _) = line.trim().strip_prefix("pub ")?.split_once(':')?;
        Some(name.to_owned())
    });
    names.collect()
}

#[test]
fn the_screens_know_the_commands_of_the_shell_and_no_others() {
    let (answered, known) = (answered(), known());
    assert!(answered.len() > 40, "{answered:?}");
    none(
        &answered
            .symmetric_difference(&known)
            .cloned()
            .collect::<Vec<_>>(),
    );
}

#[test]
fn some_screen_calls_each_command() {
    let screens = tree::files(&[".ts", ".svelte"]).into_iter().filter(|file| {
        file.is_in(&["app/ui/src"])
            && !file.is_in(&["app/ui/src/lib/ipc/fake", "app/ui/src/lib/ipc/fake.ts"])
    });
    let text: String = screens.map(|file| file.text).collect();
    let called = |name: &String| {
        let quoted = format!("'{name}'");
        ["call(", "invoke(", "act("]
            .iter()
            .any(|call| text.contains(&format!("{call}{quoted}")))
            || text.contains(&format!("{quoted} |"))
            || text.contains(&format!("| {quoted}"))
    };
    none(
        &answered()
            .into_iter()
            .filter(|name| !called(name))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_setting_is_read_by_the_device_and_stands_in_the_book() {
    let code = tree::files(&[".rs"]).into_iter().filter(|file| {
        file.is_in(&["app/core/src", "sync-server/src"]) && !file.path.contains("/tests")
    });
    let code: String = code.map(|file| file.text).collect();
    let book = tree::read("docs/src/operations.md");
    let all = settings();
    assert!(all.len() >= 5, "{all:?}");
    let mute = all.iter().filter(|name| {
        let read = code.contains(&format!("settings.{name}"));
        !read || !book.contains(&format!("| `{name}` |"))
    });
    none(&mute.cloned().collect::<Vec<_>>());
}
