//! The golden bytes of `shared`: what devices in the field send.

/// Lines of a name and bytes in hexadecimal.
const FILES: [&str; 4] = [
    include_str!("../../../shared/src/wire/golden_v1.txt"),
    include_str!("../../../shared/src/wire/golden_later_v1.txt"),
    include_str!("../../../shared/src/wire/golden_parts_v1.txt"),
    include_str!("../../../shared/src/log/golden_v1.txt"),
];

/// The bytes of every line whose name begins so.
pub(crate) fn named(name: &str) -> Vec<Vec<u8>> {
    values(name)
        .filter_map(|value| hex::decode(value).ok())
        .collect()
}

/// What stands after the name, where that is JSON.
pub(crate) fn json(name: &str) -> Vec<Vec<u8>> {
    values(name)
        .filter(|value| value.starts_with('{'))
        .map(|value| value.as_bytes().to_vec())
        .collect()
}

/// A file of unsent work, opened.
pub(crate) fn unsent() -> Vec<Vec<u8>> {
    let line = include_str!("../../../shared/src/wire/golden_unsent_v1.txt");
    hex::decode(line.trim()).into_iter().collect()
}

fn values(name: &str) -> impl Iterator<Item = &'static str> {
    let lines = FILES.iter().flat_map(|file| file.lines());
    lines
        .filter(move |line| line.starts_with(name))
        .filter_map(|line| match line.find('{') {
            Some(at) => Some(&line[at..]),
            None => line.rsplit_once(' ').map(|(_, value)| value),
        })
}
