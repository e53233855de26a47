//! What a publisher sends of one track: one layer, or several of simulcast; how much each has, and when it was last asked for a keyframe.
//!
//! May import: str0m.

use std::time::{Duration, Instant};

use str0m::media::{MediaKind, Mid, Rid};

/// Layers of one track that are forwarded; browsers send three.
pub(super) const MAX_LAYERS: usize = 4;
/// A layer that was silent for so long is not sent any more.
const SILENCE: Duration = Duration::from_secs(1);
/// One keyframe serves all who ask within this time.
const KEYFRAME_PAUSE: Duration = Duration::from_millis(300);
/// How much more bits another layer must have to be chosen in place of one that is watched.
const CLEARLY_MORE: f64 = 1.25;

/// One layer.
#[derive(Debug)]
pub(super) struct Layer {
    /// Its name; none without simulcast.
    pub(super) rid: Option<Rid>,
    /// Bits in a second, as last measured.
    pub(super) bits_per_second: f64,
    bytes: usize,
    heard: Option<Instant>,
    asked: Option<Instant>,
    /// Somebody has asked since, and no keyframe has begun.
    is_asked_again: bool,
}

impl Layer {
    fn new(rid: Option<Rid>) -> Self {
        Self {
            rid,
            bits_per_second: 0.0,
            bytes: 0,
            heard: None,
            asked: None,
            is_asked_again: false,
        }
    }

    /// Bits in a second; before the first measurement, what came until now.
    pub(super) fn bits(&self) -> f64 {
        self.bits_per_second.max(self.bytes as f64)
    }

    fn is_sent(&self, now: Instant) -> bool {
        let silent = |heard| now.saturating_duration_since(heard) >= SILENCE;
        self.heard.is_some_and(|heard| !silent(heard))
    }

    /// A packet has come. Whether the layer was silent before.
    pub(super) fn heard(&mut self, bytes: usize, begins_keyframe: bool, now: Instant) -> bool {
        let was_silent = !self.is_sent(now);
        self.heard = Some(now);
        self.bytes += bytes;
        self.is_asked_again &= !begins_keyframe;
        was_silent
    }

    /// Somebody wants a keyframe. Whether to ask for it now; if not, it is asked for when the pause is over.
    pub(super) fn wants_keyframe(&mut self, now: Instant) -> bool {
        let pauses = |asked| now.saturating_duration_since(asked) < KEYFRAME_PAUSE;
        self.is_asked_again = self.asked.is_some_and(pauses);
        if !self.is_asked_again {
            self.asked = Some(now);
        }
        !self.is_asked_again
    }

    /// When to ask again.
    fn due(&self) -> Option<Instant> {
        let asked = self.asked.filter(|_| self.is_asked_again)?;
        Some(asked + KEYFRAME_PAUSE)
    }
}

/// One track of a publisher.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) mid: Mid,
    pub(super) kind: MediaKind,
    /// As the offer names them.
    pub(super) layers: Vec<Layer>,
}

impl Source {
    pub(super) fn new(mid: Mid, kind: MediaKind, rids: &[Rid]) -> Self {
        let rids = rids.iter().take(MAX_LAYERS).map(|rid| Some(*rid));
        let mut layers: Vec<_> = rids.map(Layer::new).collect();
        if layers.is_empty() {
            layers.push(Layer::new(None));
        }
        Self { mid, kind, layers }
    }

    /// Which of its layers has this name.
    pub(super) fn layer(&self, rid: Option<Rid>) -> Option<usize> {
        self.layers.iter().position(|layer| layer.rid == rid)
    }

    /// Whether anything has come.
    pub(super) fn was_heard(&self) -> bool {
        self.layers.iter().any(|layer| layer.heard.is_some())
    }

    /// Which layer somebody gets who gets `current` now: the wanted one, and where that is not sent or none is wanted, the one with the most bits of those
    /// that have no more than `bound` a second; and where none has so few, the one with the fewest.
    pub(super) fn choose(
        &self,
        wanted: Option<Rid>,
        current: Option<usize>,
        bound: Option<f64>,
        now: Instant,
    ) -> Option<usize> {
        let is_sent = |index: &usize| self.layers[*index].is_sent(now);
        let wanted = wanted.and_then(|rid| self.layer(Some(rid))).filter(is_sent);
        let bits = |index: usize| self.layers[index].bits();
        let fits = |index: &usize| bound.is_none_or(|bound| bits(*index) <= bound);
        let by_bits = |a: &usize, b: &usize| bits(*a).total_cmp(&bits(*b));
        let sent = || (0..self.layers.len()).filter(is_sent);
        let most = || {
            let Some(most) = sent().filter(fits).max_by(by_bits) else {
                return sent().min_by(by_bits);
            };
            let current = current.filter(is_sent).filter(fits);
            Some(match current {
                Some(current) if bits(most) < bits(current) * CLEARLY_MORE => current,
                _ => most,
            })
        };
        wanted.or_else(most)
    }

    /// Bits a second of the largest of its layers.
    pub(super) fn most_bits(&self) -> f64 {
        self.layers.iter().map(Layer::bits).fold(0.0, f64::max)
    }

    /// Measures what has come since the last time.
    pub(super) fn measure(&mut self, since: Duration) {
        for layer in &mut self.layers {
            let bits = layer.bytes as f64 * 8.0 / since.as_secs_f64().max(0.001);
            layer.bytes = 0;
            layer.bits_per_second = match layer.bits_per_second {
                0.0 => bits,
                before => f64::midpoint(before, bits),
            };
            if layer.bits_per_second < 1.0 {
                layer.bits_per_second = 0.0;
            }
        }
    }

    /// The layers that have to be asked again now.
    pub(super) fn due(&self, now: Instant) -> Vec<usize> {
        let is_due = |layer: &Layer| layer.due().is_some_and(|due| due <= now);
        let layers = self.layers.iter().enumerate();
        layers
            .filter(|(_, layer)| is_due(layer))
            .map(|(index, _)| index)
            .collect()
    }

    /// When that is.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.layers.iter().filter_map(Layer::due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulcast() -> Source {
        let rids = ["l", "h"].map(Rid::from);
        Source::new(Mid::from("0"), MediaKind::Video, &rids)
    }

    #[test]
    fn the_layer_with_the_most_bits_is_chosen_and_the_wanted_one_while_it_is_sent() {
        let now = Instant::now();
        let mut source = simulcast();
        assert_eq!(
            source.choose(None, None, None, now),
            None,
            "nothing has come"
        );
        source.layers[0].heard(1000, true, now);
        assert_eq!(source.choose(None, None, None, now), Some(0));
        source.layers[1].heard(9000, true, now);
        assert_eq!(source.choose(None, Some(0), None, now), Some(1));
        let low = Some(Rid::from("l"));
        assert_eq!(source.choose(low, Some(1), None, now), Some(0));
        let later = now + SILENCE;
        source.layers[1].heard(1000, false, later);
        assert_eq!(
            source.choose(low, Some(0), None, later),
            Some(1),
            "the low one is silent"
        );
        assert_eq!(
            source.choose(Some(Rid::from("x")), None, None, later),
            Some(1)
        );
    }

    #[test]
    fn of_layers_that_fit_the_one_with_the_most_bits_is_chosen_and_the_smallest_if_none_does() {
        let now = Instant::now();
        let mut source = simulcast();
        source.layers[0].heard(1000, true, now);
        source.layers[1].heard(9000, true, now);
        source.measure(Duration::from_secs(1));
        let low = 8000.0;
        for (bound, layer) in [(10.0 * low, 1), (2.0 * low, 0), (low / 2.0, 0)] {
            for current in [None, Some(0), Some(1)] {
                let chosen = source.choose(None, current, Some(bound), now);
                assert_eq!(chosen, Some(layer), "{bound} {current:?}");
            }
        }
        let high = Some(Rid::from("h"));
        assert_eq!(source.choose(high, Some(0), Some(low), now), Some(1));
        assert_eq!(source.most_bits(), 9.0 * low);
    }

    #[test]
    fn a_watched_layer_stays_while_another_has_hardly_more() {
        let now = Instant::now();
        let mut source = simulcast();
        source.layers[0].heard(1000, true, now);
        source.layers[1].heard(1100, true, now);
        source.measure(Duration::from_secs(1));
        assert_eq!(source.choose(None, Some(0), None, now), Some(0));
        assert_eq!(source.choose(None, None, None, now), Some(1));
    }

    #[test]
    fn one_keyframe_is_asked_for_at_once_and_one_more_for_all_who_ask_soon_after() {
        let now = Instant::now();
        let mut source = simulcast();
        assert!(source.layers[0].wants_keyframe(now));
        assert_eq!(source.next_due(), None);
        let soon = now + KEYFRAME_PAUSE / 2;
        assert!(!source.layers[0].wants_keyframe(soon));
        assert!(!source.layers[0].wants_keyframe(soon));
        assert_eq!(source.next_due(), Some(now + KEYFRAME_PAUSE));
        assert_eq!(source.due(soon), [0; 0]);
        assert_eq!(source.due(now + KEYFRAME_PAUSE), [0]);
    }

    #[test]
    fn a_keyframe_that_begins_meanwhile_serves_them() {
        let now = Instant::now();
        let mut source = simulcast();
        source.layers[0].wants_keyframe(now);
        source.layers[0].wants_keyframe(now);
        source.layers[0].heard(100, true, now);
        assert_eq!(source.next_due(), None);
    }
}
