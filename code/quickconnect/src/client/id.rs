//! Who am I: an id that no two peers share, and that sorts by the time it was made.
//!
//! May import: rand.

use std::time::{SystemTime, UNIX_EPOCH};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH: usize = 16;

/// Of two peers the lower id makes the offer. Ids that begin with the time let the peer that came first do it, as
/// those of the JavaScript client do.
pub(super) fn make() -> String {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since_epoch.map_or(0, |time| time.as_millis());
    let random = (0..RANDOM_LENGTH).map(|_| digit(rand::random_range(0..36)));
    format!("c{}{}", base36(millis), random.collect::<String>())
}

fn base36(mut number: u128) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(digit((number % 36) as usize));
        number /= 36;
    }
    digits.iter().rev().collect()
}

fn digit(value: usize) -> char {
    char::from(DIGITS[value])
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_ids_differ_and_sort_by_time() {
        let first = super::make();
        std::thread::sleep(std::time::Duration::from_millis(2));
        let second = super::make();
        assert!(first < second, "{first} {second}");
    }
}
