//! Networks that people know. The figures are typical ones, chosen so that each shows its own trouble; no two trains are the same.
//!
//! May import: line, serde.

use serde::{Deserialize, Serialize};

use super::Change;

/// A network by name. A is the reader at home or on the way, B is in the internet: from A to B is up, from B to A is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Nothing is lost and nothing takes time.
    Perfect,
    /// One room from the access point: a little jitter, hardly any loss.
    GoodWifi,
    /// Losses come in bursts, and delays vary.
    Train,
    /// A narrow line with a long queue: it loses little and is seconds late (bufferbloat).
    Hotel,
    /// The profile "3G" of [WebPageTest](https://docs.webpagetest.org/): 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
    #[serde(rename = "3g")]
    ThreeG,
    /// Geostationary: 36,000 km up and down again, each way.
    Satellite,
}

/// Every preset, in the order in which a page lists them.
pub const ALL: [Preset; 6] = [
    Preset::Perfect,
    Preset::GoodWifi,
    Preset::Train,
    Preset::Hotel,
    Preset::ThreeG,
    Preset::Satellite,
];

impl Preset {
    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Perfect => "Perfect",
            Self::GoodWifi => "Good Wi-Fi",
            Self::Train => "A train",
            Self::Hotel => "A hotel",
            Self::ThreeG => "3G",
            Self::Satellite => "Satellite",
        }
    }

    /// What a page has to set: from A to B, and from B to A.
    pub fn changes(self) -> [Change; 2] {
        let both = |change: Change| [change, change];
        let rates = |change: Change, up, down| {
            [up, down].map(|rate| Change {
                rate: Some(rate),
                ..change
            })
        };
        let delays = |delay, jitter| Change {
            delay: Some(delay),
            jitter: Some(jitter),
            ..FRESH
        };
        match self {
            Self::Perfect => both(FRESH),
            Self::GoodWifi => both(Change {
                loss: Some(0.1),
                rate: Some(100_000.0),
                ..delays(2.0, 4.0)
            }),
            Self::Train => rates(
                Change {
                    loss: Some(3.0),
                    burst: Some(8.0),
                    ..delays(40.0, 80.0)
                },
                2_000.0,
                6_000.0,
            ),
            Self::Hotel => rates(
                Change {
                    loss: Some(0.5),
                    queue: Some(262_144.0),
                    ..delays(15.0, 15.0)
                },
                1_000.0,
                2_000.0,
            ),
            Self::ThreeG => rates(delays(150.0, 20.0), 768.0, 1_600.0),
            Self::Satellite => rates(
                Change {
                    loss: Some(0.5),
                    queue: Some(524_288.0),
                    ..delays(270.0, 10.0)
                },
                3_000.0,
                25_000.0,
            ),
        }
    }
}

/// Names every setting, so that nothing is left of the preset before.
const FRESH: Change = Change {
    loss: Some(0.0),
    burst: Some(1.0),
    delay: Some(0.0),
    jitter: Some(0.0),
    reorder: Some(0.0),
    duplicate: Some(0.0),
    rate: Some(0.0),
    queue: Some(65_536.0),
    cut: Some(false),
};
