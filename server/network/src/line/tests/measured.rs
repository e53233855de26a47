//! What was set is what is measured.

use super::*;
use crate::line::{HEADERS, HELD_BACK};

const PACKETS: u64 = 20_000;

/// When each of the packets that are sent every 20 ms comes out, by its number.
fn arrivals(change: Change) -> Vec<(u64, Duration)> {
    let mut line = Line::new(conditions(change), 42);
    let mut out = Vec::new();
    let mut collect = |line: &mut Line<[u8; 8]>, now| {
        while let Some(exit) = line.poll(now) {
            assert_eq!(exit.fate, Ok(()));
            out.push((u64::from_be_bytes(exit.packet), exit.at));
        }
    };
    for number in 0..PACKETS {
        let _ = line.send(ms(number * 20), number.to_be_bytes());
        collect(&mut line, ms(number * 20));
    }
    collect(&mut line, ms(PACKETS * 20 + 60_000));
    out
}

/// The lengths of runs of lost packets.
fn runs(arrivals: &[(u64, Duration)]) -> Vec<u64> {
    arrivals
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0 - 1)
        .filter(|run| *run > 0)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn as_many_packets_are_lost_as_was_set(loss in 1.0..80.0, burst in 1.0..6.0) {
        let arrivals = arrivals(Change { loss: Some(loss), burst: Some(burst), ..Change::default() });
        // The chain of loss.rs, and five standard deviations of what it gives.
        let (loss, packets) = (loss / 100.0, PACKETS as f64);
        let burst = f64::max(burst, 1.0 / (1.0 - loss));
        let correlation = 1.0 - 1.0 / burst / (1.0 - loss);
        let spread = (loss * (1.0 - loss) * (1.0 + correlation) / (1.0 - correlation) / packets).sqrt();
        let share = 1.0 - arrivals.len() as f64 / packets;
        prop_assert!((share - loss).abs() < 5.0 * spread, "{share} in place of {loss} are lost");
        let runs = runs(&arrivals);
        let mean = runs.iter().sum::<u64>() as f64 / runs.len() as f64;
        let spread = (burst * (burst - 1.0) / runs.len() as f64).sqrt();
        prop_assert!((mean - burst).abs() < 5.0 * spread, "runs of {mean} in place of {burst}");
    }

    #[test]
    fn packets_take_the_delay_and_a_part_of_the_jitter(delay in 0u32..1_000, jitter in 0u32..19) {
        let change = Change { delay: Some(delay.into()), jitter: Some(jitter.into()), ..Change::default() };
        let (delay, jitter) = (ms(delay.into()), ms(jitter.into()));
        let mut late = Duration::ZERO;
        for (number, at) in arrivals(change) {
            let took = at - ms(number * 20);
            prop_assert!((delay..=delay + jitter).contains(&took));
            late += took - delay;
        }
        let mean = late.as_secs_f64() / PACKETS as f64;
        prop_assert!((mean - jitter.as_secs_f64() / 2.0).abs() < 0.000_3, "{mean} s late on average");
    }

    #[test]
    fn jitter_alone_keeps_the_order(jitter in 0.0..1_000.0) {
        let arrivals = arrivals(Change { jitter: Some(jitter), ..Change::default() });
        prop_assert!(arrivals.is_sorted());
        prop_assert_eq!(arrivals.len() as u64, PACKETS);
    }

    #[test]
    fn as_many_packets_are_overtaken_as_was_set(reorder in 0.0..100.0) {
        let arrivals = arrivals(Change { reorder: Some(reorder), ..Change::default() });
        let held = arrivals.iter().filter(|(number, at)| *at == ms(number * 20) + HELD_BACK).count();
        let share = held as f64 * 100.0 / PACKETS as f64;
        prop_assert!((share - reorder).abs() < 2.0, "{share} per cent are held back");
        prop_assert!(arrivals.is_sorted_by_key(|(_, at)| *at));
        let overtaken = arrivals.windows(2).filter(|pair| pair[1].0 < pair[0].0).count();
        prop_assert!((overtaken > 0) == (held > 0 && (held as u64) < PACKETS));
    }

    #[test]
    fn as_many_packets_come_twice_as_was_set(duplicate in 0.0..100.0) {
        let arrivals = arrivals(Change { duplicate: Some(duplicate), ..Change::default() });
        let share = arrivals.len() as f64 * 100.0 / PACKETS as f64 - 100.0;
        prop_assert!((share - duplicate).abs() < 2.0, "{share} per cent come twice");
    }

    #[test]
    fn a_flood_passes_at_the_rate_and_waits_no_longer_than_the_queue(
        rate in 50.0..20_000.0, queue in 30usize..700, bytes in 50usize..1_400,
    ) {
        let queue = (queue * (bytes + HEADERS)) as f64;
        let change = Change { rate: Some(rate), queue: Some(queue), ..Change::default() };
        let mut line = Line::new(conditions(change), 1);
        let packet_time = ((bytes + HEADERS) * 8) as f64 / (rate * 1_000.0);
        let mut out = Vec::new();
        // Twice as much as passes, for 2,000 packets' time.
        for number in 0..4_000u32 {
            let now = Duration::from_secs_f64(packet_time / 2.0 * f64::from(number));
            let mut packet = vec![0; bytes];
            packet[..16].copy_from_slice(&now.as_nanos().to_be_bytes());
            let _ = line.send(now, packet);
            while let Some(exit) = line.poll(now) {
                let sent = u128::from_be_bytes(exit.packet[..16].try_into().expect("16 bytes"));
                out.push((exit.at, exit.at - Duration::from_nanos(sent as u64)));
            }
        }
        let (first, last) = (out[0].0, out[out.len() - 1].0);
        let measured = ((out.len() - 1) * (bytes + HEADERS) * 8) as f64 / (last - first).as_secs_f64() / 1_000.0;
        prop_assert!((measured / rate - 1.0).abs() < 0.01, "{measured} kbit/s pass in place of {rate}");
        let longest = out.iter().map(|(_, took)| *took).max().expect("some came out");
        let allowed = queue * 8.0 / (rate * 1_000.0) + 0.000_001;
        prop_assert!(longest.as_secs_f64() <= allowed, "{longest:?} in place of {allowed} s at most");
        prop_assert!(line.statistics().queue_full.packets > 0);
        while line.poll(Duration::from_secs(1_000_000)).is_some() {}
        prop_assert_eq!(line.queued, 0);
    }
}

#[test]
fn a_packet_that_waits_passes_at_the_rate_as_it_becomes() {
    let rate = |rate| {
        conditions(Change {
            rate: Some(rate),
            ..Change::default()
        })
    };
    // 1,000 bytes with their headers: 8 s at 1 kbit/s.
    let mut line = Line::new(rate(1.0), 1);
    assert_eq!(line.send(Duration::ZERO, [0; 972]), Ok(()));
    assert_eq!(line.next_at(), Some(ms(8_000)));
    // Half of it has passed, and the other half takes 0.4 s at 10 kbit/s.
    line.set(ms(4_000), rate(10.0));
    assert_eq!(line.next_at(), Some(ms(4_400)));
    // Setting the same again moves nothing.
    line.set(ms(4_100), rate(10.0));
    assert_eq!(line.next_at(), Some(ms(4_400)));
    line.set(ms(4_200), Conditions::default());
    assert_eq!(line.poll(ms(4_200)).map(|exit| exit.at), Some(ms(4_200)));
}

#[test]
fn everything_is_lost_at_a_hundred_per_cent_and_nothing_at_none() {
    let lost = |loss| {
        arrivals(Change {
            loss: Some(loss),
            burst: Some(3.0),
            ..Change::default()
        })
        .len() as u64
    };
    assert_eq!(lost(100.0), 0);
    assert_eq!(lost(0.0), PACKETS);
}
