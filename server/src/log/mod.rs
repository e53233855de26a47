//! The log on stderr. It never holds up or ends the server: lines are queued, written by one thread, and dropped where that
//! thread can't keep up (a full disk, a closed terminal, a pipe that nobody reads).
//!
//! tracing-appender has such a writer too, but it bounds lines and not bytes, forgets failed writes, and its guard prints to
//! stdout when it is dropped, which panics where stdout is closed.
//!
//! # Layout
//! - [`lost`]: how many lines are missing, by reason
//! - [`writer`]: the queue, and the thread that writes it
//! - [`throttle`]: how many lines of one kind are logged in a second
//!
//! May import: signaling::bucket, config, anstream, serde, serde_json, tracing, tracing_subscriber.

pub mod lost;
pub mod throttle;
pub mod writer;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic;
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Limits, LogFormat};
use lost::Lost;
use throttle::{Throttle, ThrottleLayer};
use writer::{Log, Queue};

/// What is missing in the log. A static, because a process has one stderr.
pub static LOST: Lost = Lost::new();

/// Crates whose warnings concern single packets or frames, or characters of HTML, and tell an operator nothing.
const QUIET: &str = "h2=error,html5ever=error,rtc=error,webrtc=error";

/// Whether `filter` is one.
///
/// # Errors
/// When it is none.
pub fn check(filter: &str) -> Result<(), ParseError> {
    filtering(filter).map(drop)
}

fn filtering(filter: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(format!("{QUIET},{filter}"))
}

/// Starts to log what passes `filter` to `output`, which is stderr, or what shares its terminal with others. What is still queued is written when
/// the returned [`Log`] is dropped. To be called once in a process.
///
/// # Errors
/// When `filter` is none.
pub fn start(
    filter: &str,
    format: LogFormat,
    limits: &Limits,
    output: impl Write + Send + 'static,
) -> Result<Log, ParseError> {
    let filter = filtering(filter)?;
    let throttle = Arc::new(Throttle::new(limits.log_lines(), &LOST));
    let (queue, log) = Queue::start(
        output,
        format,
        limits.max_queued_log_bytes,
        Arc::clone(&throttle),
        &LOST,
    );
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(AutoStream::choice(&io::stderr()) != ColorChoice::Never)
        // It would use eprintln!, which panics where stderr can't be written.
        .log_internal_errors(false)
        .with_writer(queue);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        // No part of the server is in a span.
        LogFormat::Json => lines
            .json()
            .with_current_span(false)
            .with_span_list(false)
            .boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(ThrottleLayer(throttle))
        .with(lines)
        .init();
    log_panics();
    Ok(log)
}

/// The standard hook writes to stderr itself, and waits where nobody reads it.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let backtrace = Backtrace::capture();
        let backtrace =
            (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        tracing::error!(
            thread = thread.name(),
            backtrace,
            "A part of the server {panic}"
        );
    }));
}
