//! The forms of attack that are known, for each notation.

use crate::Form;

/// How deep things are nested, and how often repeated: enough for a stack to end.
const DEEP: usize = 200_000;
/// Plain bytes of a bomb: more than any body may hold.
const BOMB: usize = 96 << 20;

/// The attacks on a notation, each against bytes that are honest.
pub fn hostile(form: Form, honest: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new(), vec![0], vec![0xFF; 64], vec![0; 1 << 16]];
    all.push(honest.repeat(40));
    match form {
        Form::Body => all.extend(bodies(honest)),
        Form::Cbor => all.extend(cbor()),
        Form::ChosenCbor => all.extend(chosen(cbor)),
        Form::Json => all.extend(json()),
        Form::ChosenJson => all.extend(chosen(json)),
        Form::Frames => all.extend(frames()),
        Form::Change => all.extend(changes(honest)),
        Form::Text => all.extend(texts()),
    }
    all
}

/// Each after every byte that may choose what is read.
fn chosen(forms: fn() -> Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let forms = forms();
    let all = (0..14).flat_map(|n| forms.iter().map(move |it| [&[n][..], it].concat()));
    all.collect()
}

fn bodies(honest: &[u8]) -> Vec<Vec<u8>> {
    let pack = |plain: &[u8]| zstd::bulk::compress(plain, 3).unwrap_or_default();
    let bomb = pack(&vec![0; BOMB]);
    // A frame that says how much it holds, and lies; one that asks for the largest window.
    let boast = [&[0x28, 0xB5, 0x2F, 0xFD, 0xE0][..], &[0xFF; 8], &[1, 0, 0]].concat();
    let window = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xFF, 1, 0, 0].to_vec();
    let mut all = vec![pack(&bomb), bomb, boast, window, honest.repeat(2)];
    all.extend(cbor().iter().map(|plain| pack(plain)));
    all.push(pack(&vec![0x9F; 1 << 20]));
    all
}

fn cbor() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    // Strings, arrays and maps that are said to be long.
    for major in [0x40, 0x60, 0x80, 0xA0] {
        for length in [1 << 16, 1 << 31, 1 << 40, u64::MAX] {
            let head = [&[major | 0x1B][..], &u64::to_be_bytes(length)].concat();
            all.push(head.clone());
            all.push([&[0x90][..], &head].concat());
            all.push([&[0x9F][..], &head.repeat(100)].concat());
        }
        // The same without a length, and never ended.
        all.push([&[major | 0x1F][..], &[major | 0x1F; 1000]].concat());
    }
    // Arrays in arrays, maps in maps, tags of tags, with and without lengths.
    for open in [
        &[0x81][..],
        &[0x9F],
        &[0xA1, 0x00],
        &[0xBF, 0x00],
        &[0xC0],
        &[0xD9, 1, 1],
    ] {
        all.push(open.repeat(DEEP));
        all.push([&[0x98, 0x20][..], &open.repeat(DEEP)].concat());
    }
    // More members than any message has, of nothing.
    all.push([&[0x9A, 0, 3, 0, 0][..], &[0xF6; 0x30000]].concat());
    all.push(vec![0xF6; 1 << 18]);
    all
}

fn json() -> Vec<Vec<u8>> {
    let deep = |open: &str| open.repeat(DEEP).into_bytes();
    let mut all = vec![
        deep("["),
        deep("{\"a\":"),
        deep("\"\\u0000"),
        format!("[{}1]", "1,".repeat(DEEP)).into_bytes(),
        format!("{{\"code\":\"{}\"}}", "a".repeat(1 << 20)).into_bytes(),
        format!("1{}", "0".repeat(DEEP)).into_bytes(),
        b"{\"type\":\"FeatureCollection\",\"features\":[".repeat(100),
        [&b"\xEF\xBB\xBF"[..], b"{}"].concat(),
        b"\"\xFF\xFE\"".to_vec(),
    ];
    // Geometry within geometry, and a ring of a great many equal points.
    let nested = "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(1_000);
    let ring = "[0.0,0.0],".repeat(20_000) + "[0.0,0.0]";
    for geometry in [
        nested,
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[{ring}]]}}"),
    ] {
        let text = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\
             \"properties\":{{\"code\":\"A\",\"name\":\"B\",\"district\":\"C\"}},\
             \"geometry\":{geometry}}}]}}"
        );
        all.push(text.into_bytes());
    }
    all
}

fn frames() -> Vec<Vec<u8>> {
    let mut all = vec![vec![0; 1 << 20], vec![0xFF; 8]];
    for plain in cbor() {
        let length = plain.len() as u32;
        all.push([&length.to_be_bytes()[..], &plain].concat());
        all.push([&u32::MAX.to_be_bytes()[..], &plain].concat());
    }
    all
}

/// The guard's own tests build these one by one, with the verdict that each must get; here they
/// only have to be survived.
fn changes(honest: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![
        // Other kinds of chunk: a document, a compressed change, one that nobody knows.
        altered(honest, 8, 0),
        altered(honest, 8, 2),
        altered(honest, 8, 9),
        vec![0x85; 256 << 10],
        vec![0x85; (256 << 10) + 1],
    ];
    // Numbers that go on, and runs of very many rows, at every place.
    let endless = [0xFF; 12];
    let run = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01];
    for at in 0..honest.len().min(200) {
        for form in [&endless[..], &run] {
            let rest = honest.get(at + form.len()..).unwrap_or_default();
            all.push([&honest[..at], form, rest].concat());
            all.push([&honest[..at], form, &honest[at..]].concat());
        }
    }
    all
}

fn altered(honest: &[u8], at: usize, to: u8) -> Vec<u8> {
    let mut bytes = honest.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = to;
    }
    bytes
}

fn texts() -> Vec<Vec<u8>> {
    let wide = "a,".repeat(DEEP);
    vec![
        wide.clone().into_bytes(),
        format!("\"{wide}").into_bytes(),
        "\n".repeat(DEEP).into_bytes(),
        "\"\"".repeat(DEEP).into_bytes(),
        "\u{1f694}".repeat(100_000).into_bytes(),
        vec![b'9'; 1 << 20],
        b"\0\r\n\xFF,\xFE\n".repeat(1_000),
    ]
}
