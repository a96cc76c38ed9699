//! Change chunks put together by hand, as an attacker would: every part can be
//! replaced, and length and checksum are made right again.

use ring::digest::{SHA256, digest};

use crate::guard::reader::Reader;

/// The parts of a change chunk.
#[derive(Clone)]
pub(super) struct Forged {
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) message: Vec<u8>,
    pub(super) others: Vec<Vec<u8>>,
    pub(super) columns: Vec<(u64, Vec<u8>)>,
    pub(super) extra: Vec<u8>,
}

impl Forged {
    /// Takes an honest change apart.
    pub(super) fn from(bytes: &[u8]) -> Self {
        let mut reader = Reader::new(&bytes[9..]);
        reader.unsigned().unwrap();
        let count = reader.unsigned().unwrap();
        let deps = (0..count).map(|_| reader.array().unwrap()).collect();
        let actor = bytes_of(&mut reader);
        let seq = reader.unsigned().unwrap();
        let start_op = reader.unsigned().unwrap();
        let time = reader.signed().unwrap();
        let message = bytes_of(&mut reader);
        let count = reader.unsigned().unwrap();
        let others = (0..count).map(|_| bytes_of(&mut reader)).collect();
        let count = reader.unsigned().unwrap();
        let mut list = |_| (reader.unsigned().unwrap(), reader.unsigned().unwrap());
        let list: Vec<_> = (0..count).map(&mut list).collect();
        let mut data = |(spec, len)| (spec, reader.take(len).unwrap().to_vec());
        let columns = list.into_iter().map(&mut data).collect();
        let extra = reader.rest().to_vec();
        Self {
            deps,
            actor,
            seq,
            start_op,
            time,
            message,
            others,
            columns,
            extra,
        }
    }

    /// The data of a column, to be replaced; the column is added if it is new.
    pub(super) fn column(&mut self, spec: u64) -> &mut Vec<u8> {
        let at = match self.columns.binary_search_by_key(&spec, |column| column.0) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, (spec, Vec::new()));
                at
            }
        };
        &mut self.columns[at].1
    }

    /// The chunk.
    pub(super) fn seal(&self) -> Vec<u8> {
        let mut content = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| content.extend(dep));
        content.extend(prefixed(&self.actor));
        content.extend(unsigned(self.seq));
        content.extend(unsigned(self.start_op));
        content.extend(signed(self.time));
        content.extend(prefixed(&self.message));
        content.extend(unsigned(self.others.len() as u64));
        self.others
            .iter()
            .for_each(|other| content.extend(prefixed(other)));
        content.extend(unsigned(self.columns.len() as u64));
        for (spec, data) in &self.columns {
            content.extend(unsigned(*spec));
            content.extend(unsigned(data.len() as u64));
        }
        self.columns
            .iter()
            .for_each(|(_, data)| content.extend(data));
        content.extend(&self.extra);
        chunk(1, &content)
    }
}

/// A chunk of any type with the right length and checksum.
pub(super) fn chunk(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    hashed.extend(unsigned(content.len() as u64));
    hashed.extend(content);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(&digest(&SHA256, &hashed).as_ref()[..4]);
    bytes.extend(hashed);
    bytes
}

/// What follows the header of a chunk.
pub(super) fn content(bytes: &[u8]) -> &[u8] {
    let mut reader = Reader::new(&bytes[9..]);
    reader.unsigned().unwrap();
    reader.rest()
}

pub(super) fn unsigned(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

pub(super) fn signed(mut number: i64) -> Vec<u8> {
    let mut out = Vec::new();
    while !(-64..64).contains(&number) {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8 & 0x7f);
    out
}

/// A run of `rows` equal values.
pub(super) fn run(rows: i64, value: &[u8]) -> Vec<u8> {
    [signed(rows), value.to_vec()].concat()
}

fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [unsigned(bytes.len() as u64), bytes.to_vec()].concat()
}

fn bytes_of(reader: &mut Reader<'_>) -> Vec<u8> {
    let len = reader.unsigned().unwrap();
    reader.take(len).unwrap().to_vec()
}

#[test]
fn taking_apart_and_sealing_gives_the_same_bytes() {
    for change in super::writer::record(3, 3, 200) {
        let bytes = change.raw_bytes();
        assert_eq!(Forged::from(bytes).seal(), bytes);
    }
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let edges = [0, 1, 63, 64, 127, 128, 1 << 31, u64::MAX >> 1, u64::MAX];
    for number in edges {
        let bytes = unsigned(number);
        assert_eq!(Reader::new(&bytes).unsigned(), Ok(number));
        for number in [number as i64, (number as i64).wrapping_neg()] {
            let bytes = signed(number);
            assert_eq!(Reader::new(&bytes).signed(), Ok(number), "{bytes:?}");
        }
    }
    let overlong = [&[0x80, 0x00][..], &[0xff; 10], &[0x81, 0x80, 0x00]];
    for bytes in overlong {
        assert!(Reader::new(bytes).unsigned().is_err());
        assert!(Reader::new(bytes).signed().is_err());
    }
    assert!(Reader::new(&[0xff, 0x7f]).signed().is_err());
}
