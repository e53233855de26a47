//! How many tests run at the same time. `cargo xtask test` gives them a thread for each place; each waits here for its places before it starts
//! anything, because most of what it waits for has a deadline. Imports nothing of this crate.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

/// For each core. A test that is busy keeps about one core so, with its browser; one that plays in two browsers, half of one.
const PLACES_PER_CORE: usize = 6;

static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, NonZero::get);
    Semaphore::new(PLACES_PER_CORE * cores)
});

/// What a test does most of the time.
#[derive(Clone, Copy)]
pub(crate) enum Mostly {
    /// Its browser draws, or it asks again and again.
    Works,
    /// It plays demos in two browsers, and waits for what they do.
    Plays,
    /// For timers.
    Waits,
}

/// Runs a test once it has its places, in a runtime of its own.
pub(crate) fn run<T>(mostly: Mostly, test: impl Future<Output = T>) -> T {
    let places = match mostly {
        Mostly::Works => 5,
        Mostly::Plays => 3,
        Mostly::Waits => 1,
    };
    let runtime = Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let taken = PLACES.acquire_many(places).await;
        let _taken = taken.expect("places are never closed");
        test.await
    })
}
