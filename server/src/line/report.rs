//! What a page is told of its line, as JSON.
//!
//! May import: end, life, metrics, network, side, state, signaling::token, serde_json.

use std::time::Duration;

use network::line::{Direction, Preset, presets};
use serde_json::{Value, json};
use signaling::token::Token;

use super::end::End;
use super::life::Life;
use super::side::Side;
use super::state::State;
use crate::metrics::Uncarried;

/// The networks that can be had by name.
pub fn networks() -> Value {
    let shown = |preset: Preset| {
        let [up, down] = preset.changes();
        json!({ "id": preset, "name": preset.name(), "a_to_b": up, "b_to_a": down })
    };
    json!({ "presets": presets::ALL.map(shown) })
}

/// Of a new line.
pub(super) fn opened(id: &Token, state: &State, life: &Life) -> Value {
    json!({
        "id": id.to_string(),
        "a": address(state.end(Side::A)),
        "b": address(state.end(Side::B)),
        "lifetime_seconds": life.lifetime.as_secs_f64(),
        "idle_seconds": life.idle_time.as_secs_f64(),
    })
}

/// Of a line of this age.
pub(super) fn now(id: &Token, state: &State, age: Duration, life: &Life) -> Value {
    json!({
        "id": id.to_string(),
        "seconds": age.as_secs_f64(),
        "seconds_left": life.lifetime.saturating_sub(age).as_secs_f64(),
        "a": end(state.end(Side::A)),
        "b": end(state.end(Side::B)),
        "a_to_b": way(state, Direction::AToB),
        "b_to_a": way(state, Direction::BToA),
        "capture": {
            "on": state.capture.is_on,
            "packets": state.capture.len(),
            "dropped": state.capture.dropped(),
        },
    })
}

fn address(end: &End) -> Value {
    json!({ "address": end.address.ip(), "port": end.address.port() })
}

fn end(end: &End) -> Value {
    let mut shown = address(end);
    shown["locked"] = end.lock.address().is_some().into();
    shown["dropped"] = Uncarried::ALL
        .into_iter()
        .map(|why| (why.name().to_owned(), end.dropped_for(why).into()))
        .collect::<serde_json::Map<_, Value>>()
        .into();
    shown
}

fn way(state: &State, direction: Direction) -> Value {
    let line = state.link.line(direction);
    json!({ "conditions": line.conditions(), "statistics": line.statistics(), "held": line.held() })
}
