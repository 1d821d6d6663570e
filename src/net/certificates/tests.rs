#![allow(clippy::unwrap_used)]
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::*;
use crate::limits::{BACKDATED, LEAF_LEFT, LEAF_LIFE};

const DAY: u64 = 24 * 3_600 * 1_000;
/// When the program of these tests was built, in milliseconds.
const BUILT: u64 = 21_000 * DAY;

fn built() -> OffsetDateTime {
    moment(i64::try_from(BUILT / 1_000).unwrap())
}

/// A machine whose wall clock a test holds.
#[derive(Clone)]
struct TestClock {
    now: Arc<AtomicU64>,
    is_synchronised: Arc<AtomicBool>,
}

impl Machine for TestClock {
    fn boot(&self) -> u128 {
        1
    }

    fn up(&self) -> u64 {
        0
    }

    fn is_synchronised(&self) -> bool {
        self.is_synchronised.load(Ordering::SeqCst)
    }

    fn built(&self) -> At {
        At(BUILT)
    }
}

impl TestClock {
    fn at(now: u64, is_synchronised: bool) -> Self {
        let (now, is_synchronised) = (Arc::new(now.into()), Arc::new(is_synchronised.into()));
        Self { now, is_synchronised }
    }

    fn set(&self, now: u64, is_synchronised: bool) {
        self.now.store(now, Ordering::SeqCst);
        self.is_synchronised.store(is_synchronised, Ordering::SeqCst);
    }

    fn open(&self, data: &Path) -> Result<Own, CertificateError> {
        self.open_called(data, &[])
    }

    fn open_called(&self, data: &Path, names: &[&str]) -> Result<Own, CertificateError> {
        let configured = names.iter().map(|name| (*name).to_owned());
        // As `Config::own_names` gives them.
        let names = ["localhost".to_owned()].into_iter().chain(configured).collect();
        let now = Arc::clone(&self.now);
        let clock: Clock = Arc::new(move || At(now.load(Ordering::SeqCst)));
        Own::open(data, names, clock, Arc::new(self.clone()))
    }
}

/// The certificate that is shown, and the milliseconds at which it begins and ends.
fn shown(own: &Own) -> (String, u64, u64) {
    let kept = own.lock();
    let (begins, ends) = kept.leaf.life();
    let milliseconds = |at: OffsetDateTime| u64::try_from(at.unix_timestamp()).unwrap() * 1_000;
    (kept.leaf.certificate.clone(), milliseconds(begins), milliseconds(ends))
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap()
}

#[test]
fn an_authority_is_made_once_and_its_key_is_the_owners_alone() {
    let data = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BUILT + DAY, true);
    let first = clock.open(data.path()).unwrap();
    let again = clock.open(data.path()).unwrap();
    assert_eq!(first.lock().authority.fingerprint, again.lock().authority.fingerprint);
    assert_eq!(shown(&first), shown(&again));
    let files: Vec<_> = std::fs::read_dir(data.path()).unwrap().map(|file| file.unwrap()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_certificate_is_renewed_long_before_it_ends_and_never_lives_longer_than_browsers_take() {
    let data = tempfile::tempdir().unwrap();
    let made = BUILT + 10 * DAY;
    let clock = TestClock::at(made, true);
    let own = clock.open(data.path()).unwrap();
    let (first, begins, ends) = shown(&own);
    assert_eq!(begins, made - milliseconds(BACKDATED));
    assert!(ends < begins + milliseconds(LEAF_LIFE));
    clock.set(ends - milliseconds(LEAF_LEFT) - 1_000, true);
    assert!(own.renewed().unwrap().is_none());
    clock.set(ends - milliseconds(LEAF_LEFT), true);
    assert!(own.renewed().unwrap().is_some());
    let (second, _, later) = shown(&own);
    assert!(second != first && later > ends);
    assert!(own.renewed().unwrap().is_none(), "once is enough");
    assert_eq!(shown(&clock.open(data.path()).unwrap()).0, second, "it was written down");
}

#[test]
fn a_machine_that_starts_in_1970_shows_a_certificate_that_is_good_now_and_keeps_it_when_it_is_told_the_time()
{
    let data = tempfile::tempdir().unwrap();
    let clock = TestClock::at(60_000, false);
    let own = clock.open(data.path()).unwrap();
    let (first, begins, ends) = shown(&own);
    assert!(begins < BUILT && BUILT + 300 * DAY < ends);
    clock.set(BUILT + 100 * DAY, true);
    assert!(own.renewed().unwrap().is_none());
    clock.set(BUILT + 900 * DAY, true);
    assert!(own.renewed().unwrap().is_some(), "an old program on a machine without a clock");
    let (second, begins, _) = shown(&own);
    assert!(second != first && begins < BUILT + 900 * DAY);
    clock.set(60_000, false);
    assert_eq!(shown(&clock.open(data.path()).unwrap()).0, second, "a start in 1970 takes nothing back");
}

#[test]
fn a_certificate_of_a_clock_that_was_ahead_is_replaced_when_the_clock_is_right() {
    let data = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BUILT + 3_000 * DAY, false);
    let own = clock.open(data.path()).unwrap();
    clock.set(BUILT + 5 * DAY, false);
    assert!(own.renewed().unwrap().is_none(), "who knows which of the two is right");
    clock.set(BUILT + 5 * DAY, true);
    assert!(own.renewed().unwrap().is_some());
    let (_, begins, ends) = shown(&own);
    assert!(begins < BUILT + 5 * DAY && BUILT + 5 * DAY < ends);
    clock.set(BUILT + 40_000 * DAY, true);
    assert!(own.renewed().unwrap().is_none(), "no clock is right that is a century ahead");
}

#[test]
fn an_authority_that_has_ended_is_replaced_and_a_certificate_does_not_outlive_it() {
    let data = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BUILT, true);
    let own = clock.open(data.path()).unwrap();
    let first = own.lock().authority.fingerprint.clone();
    clock.set(BUILT + 3_600 * DAY, true);
    assert!(own.renewed().unwrap().is_some());
    assert_eq!(shown(&own).2, BUILT + 3_650 * DAY);
    assert!(own.renewed().unwrap().is_none(), "it cannot be made to last longer");
    clock.set(BUILT + 3_651 * DAY, true);
    assert!(own.renewed().unwrap().is_some());
    assert_ne!(own.lock().authority.fingerprint, first);
}

#[test]
fn an_authority_vouches_for_what_the_house_was_called_and_for_home_networks() {
    let home: Vec<IpAddr> =
        ["192.168.1.20", "203.0.113.7", "2001:db8::7"].map(|at| at.parse().unwrap()).into();
    let time = Time { now: built(), built: built(), is_sure: true };
    let names = |hosts: &[&str]| hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>();
    let authority =
        Authority::make(&SubjectNames::of(&names(&["localhost", "raspi", "home.example"]), &home), time)
            .unwrap();
    let later: Vec<IpAddr> = ["10.7.7.7", "fd00::9", "2001:db8::8", "203.0.113.8", "2001:db8:1::7"]
        .map(|at| at.parse().unwrap())
        .into();
    let hosts = names(&["raspi", "chat.home.example", "nothome.example", "[::1]"]);
    let (permitted, left_out) = authority.permitted(&SubjectNames::of(&hosts, &later));
    assert_eq!(permitted.hosts, ["chat.home.example", "raspi"]);
    let addresses = ["10.7.7.7", "127.0.0.1", "::1", "2001:db8::8", "fd00::9"];
    assert_eq!(permitted.addresses, addresses.map(|at| at.parse::<IpAddr>().unwrap()));
    assert_eq!(left_out, ["nothome.example"]);
}

#[test]
fn a_house_that_gets_another_name_shows_it_where_its_authority_may() {
    let data = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BUILT, true);
    let first = clock.open_called(data.path(), &["home.example"]).unwrap();
    let other = clock.open_called(data.path(), &["home.example", "chat.home.example"]).unwrap();
    assert_ne!(shown(&first).0, shown(&other).0);
    let same =
        clock.open_called(data.path(), &["home.example", "chat.home.example", "evil.example"]).unwrap();
    assert_eq!(shown(&same).0, shown(&other).0, "a name that was not agreed on changes nothing");
}

#[test]
fn an_address_that_comes_is_a_reason_for_another_certificate_and_one_that_goes_is_none() {
    let time = Time { now: built(), built: built(), is_sure: true };
    let names = |addresses: &[&str]| {
        let home: Vec<IpAddr> = addresses.iter().map(|at| at.parse().unwrap()).collect();
        SubjectNames::of(&["localhost".to_owned()], &home)
    };
    let (two, one, other) = (names(&["10.0.0.1", "10.0.0.2"]), names(&["10.0.0.2"]), names(&["10.0.0.3"]));
    let authority = Authority::make(&two, time).unwrap();
    let leaf = Leaf::sign(&authority, &two, time.now).unwrap();
    for (now, expected) in [(&two, false), (&one, false), (&other, true)] {
        assert_eq!(leaf.is_due(now, authority.ends(), time), expected, "{now:?}");
    }
}

#[test]
fn a_damaged_file_is_not_written_over() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join(FILE);
    std::fs::write(&path, "{").unwrap();
    let error = TestClock::at(BUILT, true).open(data.path()).err().unwrap().to_string();
    assert!(error.contains("tls.json") && error.contains("Move it away"), "{error}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "{");
}
