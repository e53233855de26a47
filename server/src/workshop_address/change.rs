//! What the addresses of now mean for the one that the room was given. Pure.
//!
//! May import: process::addresses.

use std::mem;

use crate::process::addresses::Urls;

/// What has become of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Nobody in the room reaches it any more, and there is no other.
    Gone,
    /// It is there again.
    Back,
    /// Another one is in its place.
    Moved,
}

/// The address that the room was given last.
#[derive(Debug)]
pub(super) struct Given {
    url: String,
    /// Whether the room reaches it, as far as was told.
    is_there: bool,
    /// The address for the room at the last look, if there was one.
    seen: Option<String>,
}

impl Given {
    /// What a workshop was begun with; `is_there` is false where the machine was in no network then.
    pub(super) fn new(url: String, is_there: bool) -> Self {
        let seen = is_there.then(|| url.clone());
        Self {
            url,
            is_there,
            seen,
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// What has changed since it was told the last time. It counts once two looks have seen the same: while a network is left or joined,
    /// addresses come and go one by one.
    pub(super) fn compare(&mut self, now: &Urls) -> Option<Change> {
        let seen = for_the_room(&self.url, now).map(str::to_owned);
        let is_settled = seen == self.seen;
        self.seen = seen;
        if !is_settled {
            return None;
        }
        let was_there = mem::replace(&mut self.is_there, self.seen.is_some());
        match &self.seen {
            None => was_there.then_some(Change::Gone),
            Some(url) if *url == self.url => (!was_there).then_some(Change::Back),
            Some(url) => {
                self.url.clone_from(url);
                Some(Change::Moved)
            }
        }
    }
}

/// The given address for as long as the room reaches it, since it may be on a slide: a better one does not take its place. Otherwise the
/// best one that is not of a virtual interface; that of a VPN is there also when the Wi-Fi is not.
fn for_the_room<'a>(given: &'a str, now: &'a Urls) -> Option<&'a str> {
    let is_given = |url: &String| url == given;
    let mut in_the_room = now.for_others.iter().take(now.in_the_room);
    if in_the_room.clone().any(is_given) {
        return Some(given);
    }
    match in_the_room.next() {
        Some(best) => Some(best),
        None => now.for_others.iter().any(is_given).then_some(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIFI: &str = "http://192.168.1.5:8000/";
    const OTHER_WIFI: &str = "http://10.0.0.7:8000/";
    const CABLE: &str = "http://192.168.2.5:8000/";
    const DOCKER: &str = "http://172.17.0.1:8000/";
    const HERE: &str = "http://localhost:8000/";

    fn urls(in_the_room: &[&str], others: &[&str]) -> Urls {
        let all = in_the_room.iter().chain(others);
        Urls {
            here: HERE.to_owned(),
            for_others: all.map(|url| (*url).to_owned()).collect(),
            in_the_room: in_the_room.len(),
        }
    }

    /// What is told at each of these looks, and the address at the end.
    fn told(mut given: Given, looks: &[Urls]) -> (Vec<Option<Change>>, String) {
        let changes = looks.iter().map(|urls| given.compare(urls)).collect();
        (changes, given.url)
    }

    fn twice(urls: &Urls) -> [Urls; 2] {
        [urls.clone(), urls.clone()]
    }

    fn at(url: &str) -> Given {
        Given::new(url.to_owned(), true)
    }

    #[test]
    fn another_wifi_is_told_once_when_it_was_seen_twice() {
        let looks = [&[WIFI][..], &[OTHER_WIFI], &[OTHER_WIFI], &[OTHER_WIFI]];
        let looks = looks.map(|in_the_room| urls(in_the_room, &[]));
        let (changes, url) = told(at(WIFI), &looks);
        assert_eq!(changes, [None, None, Some(Change::Moved), None]);
        assert_eq!(url, OTHER_WIFI);
    }

    #[test]
    fn a_wifi_that_is_left_and_joined_again_is_told_and_its_address_stays() {
        let looks = [twice(&urls(&[], &[])), twice(&urls(&[WIFI], &[]))].concat();
        let (changes, url) = told(at(WIFI), &looks);
        let expected = [None, Some(Change::Gone), None, Some(Change::Back)];
        assert_eq!(changes, expected);
        assert_eq!(url, WIFI);
    }

    #[test]
    fn addresses_that_come_and_go_from_look_to_look_are_not_told() {
        let looks = [
            urls(&[], &[]),
            urls(&[OTHER_WIFI], &[]),
            urls(&[], &[]),
            urls(&[WIFI], &[]),
            urls(&[WIFI], &[]),
        ];
        let (changes, url) = told(at(WIFI), &looks);
        assert_eq!(changes, [None; 5]);
        assert_eq!(url, WIFI);
    }

    #[test]
    fn an_address_that_still_works_stays_even_if_a_better_one_comes() {
        let looks = twice(&urls(&[CABLE, WIFI], &[DOCKER]));
        assert_eq!(told(at(WIFI), &looks), (vec![None, None], WIFI.to_owned()));
    }

    #[test]
    fn a_virtual_interface_takes_no_place_and_gives_its_own_to_a_network() {
        let left = twice(&urls(&[], &[DOCKER]));
        let (changes, url) = told(at(WIFI), &left);
        assert_eq!(changes, [None, Some(Change::Gone)]);
        assert_eq!(url, WIFI);
        // What a workshop began with for want of a better one.
        assert_eq!(told(at(DOCKER), &left).0, [None, None]);
        let joined = twice(&urls(&[WIFI], &[DOCKER]));
        let (changes, url) = told(at(DOCKER), &joined);
        assert_eq!(changes, [None, Some(Change::Moved)]);
        assert_eq!(url, WIFI);
    }

    #[test]
    fn a_workshop_that_began_in_no_network_is_told_its_address_when_it_has_one() {
        let looks = [twice(&urls(&[], &[])), twice(&urls(&[WIFI], &[]))].concat();
        let given = Given::new(HERE.to_owned(), false);
        let (changes, url) = told(given, &looks);
        assert_eq!(changes, [None, None, None, Some(Change::Moved)]);
        assert_eq!(url, WIFI);
    }
}
