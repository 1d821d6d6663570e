//! Looking through the memory of a process: every mapping that can be read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

/// What is looked for.
pub struct Needle {
    pub name: String,
    bytes: Vec<u8>,
    /// It is in memory while a seat is open: where it is not found then, the search is broken.
    pub is_known_while_open: bool,
}

impl Needle {
    pub fn new(name: String, bytes: &[u8], is_known_while_open: bool) -> Self {
        assert!(bytes.len() >= 8, "{name} is too short: it would be found by chance");
        Self { name, bytes: bytes.to_vec(), is_known_while_open }
    }
}

/// Where something was found.
pub struct Place {
    pub of: String,
    mapping: String,
    times: usize,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} times in {}", self.of, self.times, self.mapping)
    }
}

/// Every mapping in which each needle is. All needles are looked for in one pass.
pub async fn search(process: u32, needles: &[Needle]) -> Vec<Place> {
    let memory = Arc::new(File::open(format!("/proc/{process}/mem")).unwrap());
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let automaton = Arc::new(AhoCorasick::new(needles.iter().map(|needle| &needle.bytes)).unwrap());
    let mut places = Vec::new();
    for line in maps.lines().filter(|line| is_readable(line)) {
        // Beside the test, whose sockets go on.
        let (memory, mapping, automaton) = (Arc::clone(&memory), line.to_owned(), Arc::clone(&automaton));
        let count = move || times(&automaton, &read(&memory, &mapping));
        for (needle, times) in tokio::task::spawn_blocking(count).await.unwrap() {
            places.push(Place { of: needles[needle].name.clone(), mapping: line.to_owned(), times });
        }
    }
    places
}

/// How often each needle that is there is in it, also inside another one.
fn times(automaton: &AhoCorasick, image: &[u8]) -> BTreeMap<usize, usize> {
    let mut times = BTreeMap::new();
    for found in automaton.find_overlapping_iter(image) {
        *times.entry(found.pattern().as_usize()).or_default() += 1;
    }
    times
}

/// The kernel shows its own pages in the list, and lets nobody read them this way.
fn is_readable(line: &str) -> bool {
    line.split(' ').nth(1).is_some_and(|rights| rights.starts_with('r')) && !line.contains("[v")
}

fn read(memory: &File, line: &str) -> Vec<u8> {
    let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
    let [from, to] = [from, to].map(|number| u64::from_str_radix(number, 16).unwrap());
    let mut image = vec![0; (to - from) as usize];
    // A mapping may have gone since the list was read, and its memory with it.
    drop(memory.read_exact_at(&mut image, from));
    image
}
