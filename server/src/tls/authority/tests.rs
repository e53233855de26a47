//! Roots and certificates, with a clock of the test's and folders of its own.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::net::IpAddr;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};
use tempfile::TempDir;

use super::*;

const LAN: &str = "192.168.77.5";

/// A day in 2026.
fn begin() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn names(dns: &[&str], addresses: &[&str]) -> Names {
    Names {
        dns: dns.iter().map(|name| (*name).to_owned()).collect(),
        addresses: addresses
            .iter()
            .map(|address| address.parse().unwrap())
            .collect(),
    }
}

fn open(folder: &TempDir, named: &Names, of_machine: &Names, now: SystemTime) -> Authority {
    let folder = folder.path().join("guidebook");
    Authority::open(folder, named.clone(), of_machine, now).unwrap()
}

/// What a browser that trusts the root says of a certificate.
fn verdict(root: &[u8], leaf: &[u8], name: &str, now: SystemTime) -> Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root.to_vec())).unwrap();
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let leaf = CertificateDer::from(leaf.to_vec());
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let now = UnixTime::since_unix_epoch(since);
    let verified = verifier
        .build()
        .unwrap()
        .verify_server_cert(&leaf, &[], &name, &[], now);
    verified.map(|_| ())
}

fn is_good(authority: &Authority, name: &str, now: SystemTime) -> bool {
    let root = authority.root.certificate();
    verdict(root, authority.leaf.certificate(), name, now).is_ok()
}

#[test]
fn the_certificate_is_for_the_addresses_of_the_machine_and_the_names_that_the_host_gave() {
    let folder = tempfile::tempdir().unwrap();
    let named = names(&["laptop.local", "book.example.org"], &["203.0.113.9"]);
    // The public one is not the host's to give.
    let of_machine = names(&[], &[LAN, "fe80::1", "fd00::5", "198.51.100.7"]);
    let authority = open(&folder, &named, &of_machine, begin());
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        LAN,
        "fe80::1",
        "fd00::5",
        "laptop.local",
        "book.example.org",
        "203.0.113.9",
    ] {
        assert!(is_good(&authority, name, begin()), "{name}");
    }
    for name in ["198.51.100.7", "192.168.77.6", "other.local", "example.org"] {
        assert!(!is_good(&authority, name, begin()), "{name}");
    }
    for (address, is_covered) in [(LAN, true), ("203.0.113.9", true), ("198.51.100.7", false)] {
        assert_eq!(authority.covers(address.parse().unwrap()), is_covered);
    }
}

#[test]
fn whoever_steals_the_key_of_the_root_can_not_be_another_site() {
    let root = Made::root(&names(&["book.example"], &["203.0.113.9"]), begin()).unwrap();
    for name in [
        "example.org",
        "example",
        "www.google.com",
        "notlocal",
        "localhost.example.org",
        "203.0.113.10",
        "8.8.8.8",
        "172.32.0.1",
        "192.169.0.1",
        "2001:db8::1",
        "fec0::1",
    ] {
        let address = name.parse::<IpAddr>().is_ok();
        let (dns, addresses) = if address {
            (vec![], vec![name])
        } else {
            (vec![name], vec![])
        };
        let forged = Made::leaf(&root, names(&dns, &addresses)).unwrap();
        let error = verdict(root.certificate(), forged.certificate(), name, begin()).unwrap_err();
        let why = format!("{error:?}");
        assert!(why.contains("NameConstraintViolation"), "{name}: {why}");
    }
    for name in [
        "a.b.local",
        "x.localhost",
        "www.book.example",
        "172.31.0.1",
        "203.0.113.9",
    ] {
        let address = name.parse::<IpAddr>().is_ok();
        let (dns, addresses) = if address {
            (vec![], vec![name])
        } else {
            (vec![name], vec![])
        };
        let leaf = Made::leaf(&root, names(&dns, &addresses)).unwrap();
        verdict(root.certificate(), leaf.certificate(), name, begin()).unwrap();
    }
}

/// In DER: the number of the extension, that it is critical, and what is in it.
#[test]
fn the_root_signs_no_other_authority_and_its_constraints_are_critical() {
    const BASIC_CONSTRAINTS: &[u8] = &[
        0x55, 0x1d, 0x13, 1, 1, 0xff, 4, 8, 0x30, 6, 1, 1, 0xff, 2, 1, 0,
    ];
    const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e, 1, 1, 0xff];
    let root = Made::root(&Names::default(), begin()).unwrap();
    for extension in [BASIC_CONSTRAINTS, NAME_CONSTRAINTS] {
        let mut windows = root.certificate().windows(extension.len());
        assert!(windows.any(|window| window == extension));
    }
}

#[test]
fn a_root_is_good_for_thirty_days_and_its_certificates_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let authority = open(&folder, &Names::default(), &names(&[], &[LAN]), begin());
    let hour = Duration::from_secs(3600);
    let end = begin() + 30 * DAY - hour;
    assert!(is_good(&authority, LAN, end - hour / 2));
    let root = authority.root.certificate();
    let late = verdict(root, authority.leaf.certificate(), LAN, end + hour).unwrap_err();
    assert!(matches!(
        late,
        rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { .. })
    ));
    // The clock of a device may be behind.
    assert!(is_good(&authority, LAN, begin() - hour / 2));
}

#[test]
fn a_program_that_starts_again_has_the_same_until_a_week_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let (named, of_machine) = (names(&["laptop.local"], &[]), names(&[], &[LAN]));
    let first = open(&folder, &named, &of_machine, begin());
    let again = open(&folder, &named, &of_machine, begin() + 22 * DAY);
    assert_eq!(again.root(), first.root());
    assert_eq!(again.leaf.certificate(), first.leaf.certificate());
    // Less than before is no reason for another.
    let fewer = open(&folder, &Names::default(), &Names::default(), begin() + DAY);
    assert_eq!(fewer.leaf.certificate(), first.leaf.certificate());
    let later = open(&folder, &named, &of_machine, begin() + 23 * DAY);
    assert_ne!(later.root(), first.root());
    assert_ne!(later.name(), first.name());
    assert!(is_good(&later, LAN, begin() + 50 * DAY));
}

#[test]
fn another_name_of_the_host_is_another_root_and_another_address_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder, &Names::default(), &names(&[], &[LAN]), begin());
    let moved = open(
        &folder,
        &Names::default(),
        &names(&[], &["10.0.0.7"]),
        begin(),
    );
    assert_eq!(moved.root(), first.root());
    assert!(is_good(&moved, "10.0.0.7", begin()));
    let named = names(&["book.example"], &[]);
    let renamed = open(&folder, &named, &names(&[], &[LAN]), begin());
    assert_ne!(renamed.root(), first.root());
    assert!(is_good(&renamed, "book.example", begin()) && is_good(&renamed, LAN, begin()));
}

#[test]
fn a_name_that_the_machine_has_in_its_network_is_covered_by_the_same_root() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder, &Names::default(), &names(&[], &[LAN]), begin());
    let of_machine = names(&["workshop.local", "workshop.example"], &[LAN]);
    let named = open(&folder, &Names::default(), &of_machine, begin());
    assert_eq!(named.root(), first.root());
    assert!(is_good(&named, "workshop.local", begin()) && is_good(&named, LAN, begin()));
    assert!(!is_good(&named, "workshop.example", begin()));
}

#[test]
fn a_clock_that_was_in_the_future_leaves_no_root_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let of_machine = names(&[], &[LAN]);
    open(&folder, &Names::default(), &of_machine, begin() + 365 * DAY);
    let now = open(&folder, &Names::default(), &of_machine, begin());
    assert!(is_good(&now, LAN, begin()));
}

#[test]
fn while_it_runs_it_follows_the_machine_and_keeps_its_root_until_the_last_day() {
    let folder = tempfile::tempdir().unwrap();
    let (wifi, other) = (names(&[], &[LAN]), names(&[], &["10.0.0.7"]));
    let mut authority = open(&folder, &Names::default(), &wifi, begin());
    let root = authority.root();
    assert!(!authority.renew(&wifi, begin() + DAY).unwrap());
    assert!(authority.renew(&other, begin() + DAY).unwrap());
    assert!(is_good(&authority, "10.0.0.7", begin()));
    // Whoever clicked through the warning is not asked again in the former network.
    assert!(!authority.renew(&wifi, begin() + DAY).unwrap());
    assert!(is_good(&authority, LAN, begin()));
    assert!(!authority.renew(&wifi, begin() + 28 * DAY).unwrap());
    assert_eq!(authority.root(), root);
    assert!(authority.renew(&wifi, begin() + 29 * DAY).unwrap());
    assert_ne!(authority.root(), root);
    assert!(is_good(&authority, LAN, begin() + 40 * DAY));
    let again = open(&folder, &Names::default(), &wifi, begin() + 30 * DAY);
    assert_eq!(again.root(), authority.root());
}

#[test]
fn what_could_not_be_kept_is_made_again_at_the_next_look() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guidebook");
    let wifi = names(&[], &[LAN]);
    let mut authority = open(&folder, &Names::default(), &Names::default(), begin());
    let root = authority.root();
    for now in [begin(), begin() + 29 * DAY] {
        fs::remove_dir_all(&path).unwrap();
        let leaf = authority.leaf.certificate().to_vec();
        assert!(authority.renew(&wifi, now).is_err());
        assert_eq!(authority.leaf.certificate(), leaf);
        assert_eq!(authority.root(), root);
        fs::create_dir(&path).unwrap();
        assert!(authority.renew(&wifi, now).unwrap());
        assert!(is_good(&authority, LAN, now));
    }
    assert_ne!(authority.root(), root);
}

#[test]
fn more_addresses_than_there_is_room_for_are_no_reason_to_make_one_at_every_look() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<_> = (1..=200).map(|last| format!("10.0.0.{last}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let of_machine = names(&[], &many);
    let mut authority = open(&folder, &Names::default(), &of_machine, begin());
    assert!(!authority.renew(&of_machine, begin()).unwrap());
    assert!(is_good(&authority, "10.0.0.1", begin()));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_keys_and_a_key_that_others_could_read_is_not_used_again() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guidebook");
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let first = open(&folder, &Names::default(), &Names::default(), begin());
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.clone()), 0o700);
    for file in [store::ROOT, store::LEAF] {
        assert_eq!(mode(path.join(file)), 0o600, "{file}");
    }
    assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
    let root = path.join(store::ROOT);
    fs::set_permissions(&root, fs::Permissions::from_mode(0o640)).unwrap();
    let second = open(&folder, &Names::default(), &Names::default(), begin());
    assert_ne!(second.root(), first.root());
    assert_eq!(mode(root), 0o600);
}

#[test]
fn a_damaged_file_is_as_good_as_none_and_forgetting_leaves_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guidebook");
    let first = open(&folder, &Names::default(), &Names::default(), begin());
    fs::write(path.join(store::LEAF), "{").unwrap();
    let second = open(&folder, &Names::default(), &Names::default(), begin());
    assert_eq!(second.root(), first.root());
    assert_ne!(second.leaf.certificate(), first.leaf.certificate());
    assert!(forget(path.clone()).unwrap());
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    assert!(!forget(path).unwrap());
}

#[test]
fn a_folder_that_can_not_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let place = file.join("guidebook");
    let error = Authority::open(place, Names::default(), &Names::default(), begin());
    let error = error.err().unwrap().to_string();
    assert!(
        error.contains("file") && error.contains("XDG_CONFIG_HOME"),
        "{error}"
    );
}

/// As tools print it: pairs of digits with colons between them.
#[test]
fn a_fingerprint_has_the_form_in_which_devices_show_it() {
    let folder = tempfile::tempdir().unwrap();
    let authority = open(&folder, &Names::default(), &Names::default(), begin());
    let fingerprint = authority.fingerprint();
    assert_eq!(fingerprint.len(), 95);
    let is_pair = |pair: &str| pair.len() == 2 && u8::from_str_radix(pair, 16).is_ok();
    assert!(fingerprint.split(':').all(is_pair));
}

#[tokio::test]
async fn new_connections_get_the_new_certificate_when_the_machine_has_another_address() {
    use std::sync::Mutex;
    use tokio::time::timeout;

    let folder = tempfile::tempdir().unwrap();
    let machine = Arc::new(Mutex::new(names(&[], &[LAN])));
    let clock = Arc::new(Mutex::new(begin()));
    let authority = open(&folder, &Names::default(), &names(&[], &[LAN]), begin());
    let (looked_at, read) = (Arc::clone(&machine), Arc::clone(&clock));
    let serving = authority.serve(
        Duration::from_millis(5),
        move || looked_at.lock().unwrap().clone(),
        move || *read.lock().unwrap(),
    );
    let (tls, watch) = serving.unwrap();
    let root = tls.root().unwrap();
    let shown = || {
        let current = tls.current.0.read().unwrap();
        current.certificate.end_entity_cert().unwrap().to_vec()
    };
    let first = shown();
    *machine.lock().unwrap() = names(&[], &["10.0.0.7"]);
    let replaced = async {
        while shown() == first {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), replaced).await.unwrap();
    verdict(&root, &shown(), "10.0.0.7", begin()).unwrap();
    assert_eq!(tls.root().unwrap(), root);
    *clock.lock().unwrap() = begin() + 30 * DAY;
    let replaced = async {
        while tls.root().unwrap() == root {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), replaced).await.unwrap();
    drop(watch);
    let ended = async {
        while Arc::strong_count(&machine) > 1 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), ended).await.unwrap();
}
