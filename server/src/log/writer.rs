//! The queue of the log, bounded in bytes, and the thread that writes it. Only the end of the program waits for that thread, and not
//! for long.
//!
//! May import: lost, throttle, config, serde, serde_json, tracing_subscriber.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use super::lost::Lost;
use super::throttle::Throttle;
use crate::config::LogFormat;

/// How often the log itself reports the lines that it lacks.
const REPORT_PERIOD: Duration = Duration::from_secs(1);

/// How long the end of the program waits for the log. A pipe that nobody reads takes longer, and loses the rest.
const FLUSH_TIME: Duration = Duration::from_millis(500);

/// Bytes that a line takes in the queue besides its own: a node of the channel, and what the allocator rounds up.
const LINE_OVERHEAD: usize = 64;

enum Entry {
    Line(Vec<u8>),
    Flush(Sender<()>),
}

/// Where lines are put. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Unbounded, as `bytes` is the bound.
    entries: Sender<Entry>,
    /// What is queued or being written.
    bytes: Arc<AtomicUsize>,
    max_bytes: usize,
    lost: &'static Lost,
}

/// Dropping it writes what is queued, as far as that is possible in `FLUSH_TIME`.
#[derive(Debug)]
pub struct Log {
    entries: Sender<Entry>,
}

impl Queue {
    /// Starts the thread that writes to `output`.
    pub(super) fn start(
        output: impl Write + Send + 'static,
        format: LogFormat,
        max_bytes: usize,
        throttle: Arc<Throttle>,
        lost: &'static Lost,
    ) -> (Self, Log) {
        let (entries, queued) = mpsc::channel();
        let bytes = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            output,
            format,
            queued,
            bytes: Arc::clone(&bytes),
            throttle,
            lost,
            reported: 0,
            reported_at: Instant::now(),
        };
        // Nobody waits for it: it may be stuck in a write.
        thread::spawn(move || writer.run());
        let log = Log {
            entries: entries.clone(),
        };
        let queue = Self {
            entries,
            bytes,
            max_bytes,
            lost,
        };
        (queue, log)
    }
}

impl Write for Queue {
    /// Takes a whole line, or drops it. Never fails.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let cost = line.len() + LINE_OVERHEAD;
        let queued = self.bytes.fetch_add(cost, Relaxed);
        let has_room = queued + cost <= self.max_bytes;
        if !has_room || self.entries.send(Entry::Line(line.to_owned())).is_err() {
            self.bytes.fetch_sub(cost, Relaxed);
            self.lost.queue_full();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Queue {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let (done, is_done) = mpsc::channel();
        if self.entries.send(Entry::Flush(done)).is_ok() {
            // A log that is stuck must not keep the program from ending.
            let _ = is_done.recv_timeout(FLUSH_TIME);
        }
    }
}

struct Writer<W> {
    output: W,
    format: LogFormat,
    queued: Receiver<Entry>,
    bytes: Arc<AtomicUsize>,
    throttle: Arc<Throttle>,
    lost: &'static Lost,
    /// Dropped lines of which the log has told.
    reported: u64,
    reported_at: Instant,
}

impl<W: Write> Writer<W> {
    fn run(mut self) {
        loop {
            match self.queued.recv_timeout(REPORT_PERIOD) {
                Ok(Entry::Line(line)) => {
                    if self.output.write_all(&line).is_err() {
                        self.lost.write_failed();
                    }
                    self.bytes.fetch_sub(line.len() + LINE_OVERHEAD, Relaxed);
                }
                Ok(Entry::Flush(done)) => {
                    self.report();
                    // The caller may have stopped waiting.
                    let _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.reported_at.elapsed() >= REPORT_PERIOD {
                self.report();
            }
        }
    }

    /// Reports the lines that are missing. When that can't be written either, the next report includes them.
    fn report(&mut self) {
        self.reported_at = Instant::now();
        let dropped = self.lost.dropped();
        if dropped > self.reported {
            let text = format!(
                "Lost {} lines of the log: stderr was not read, or could not be written",
                dropped - self.reported
            );
            if self.say(&text).is_ok() {
                self.reported = dropped;
            }
        }
        for left_out in self.throttle.left_out() {
            let text = format!(
                "Left out {} more lines like \"{}\" (--max-log-lines-per-second)",
                left_out.lines, left_out.example
            );
            if self.say(&text).is_err() {
                self.lost.write_failed();
            }
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let mut time = String::new();
        // Without a readable clock the field stays empty.
        let _ = SystemTime.format_time(&mut format::Writer::new(&mut time));
        let line = match self.format {
            LogFormat::Text => format!("{time}  WARN {}: {text}", module_path!()),
            LogFormat::Json => serde_json::to_string(&Line {
                timestamp: &time,
                level: "WARN",
                fields: Fields { message: text },
                target: module_path!(),
            })?,
        };
        self.output.write_all(format!("{line}\n").as_bytes())
    }
}

/// As tracing-subscriber writes events.
#[derive(Serialize)]
struct Line<'t> {
    timestamp: &'t str,
    level: &'static str,
    fields: Fields<'t>,
    target: &'static str,
}

#[derive(Serialize)]
struct Fields<'t> {
    message: &'t str,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read as _;

    use super::*;
    use crate::config::Limits;

    const MAX_BYTES: usize = 10_000;

    fn start(
        output: impl Write + Send + 'static,
        format: LogFormat,
        lost: &'static Lost,
    ) -> (Queue, Log) {
        let throttle = Throttle::new(Limits::default().log_lines(), lost);
        Queue::start(output, format, MAX_BYTES, Arc::new(throttle), lost)
    }

    /// What is written in all where nobody reads until a thousand lines are lost.
    fn read_too_late(format: LogFormat, lost: &'static Lost) -> String {
        const LINE: [u8; 100] = [b'x'; 100];
        let (mut reader, writer) = io::pipe().unwrap();
        let (mut queue, log) = start(writer, format, lost);
        // More than any pipe takes.
        while lost.dropped() < 1000 {
            queue.write_all(&LINE).unwrap();
            assert!(queue.bytes.load(Relaxed) <= MAX_BYTES);
        }
        let begin = Instant::now();
        drop(log);
        assert!(begin.elapsed() < 4 * FLUSH_TIME);
        drop(queue);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn what_nobody_reads_is_bounded_in_bytes_and_its_loss_is_told_later() {
        static LOST: Lost = Lost::new();
        let text = read_too_late(LogFormat::Text, &LOST);
        assert!(text.contains("Lost 1000 lines of the log"), "{text}");
    }

    #[test]
    fn the_loss_is_told_as_json_where_the_log_is_that() {
        static LOST: Lost = Lost::new();
        let text = read_too_late(LogFormat::Json, &LOST);
        let line = text.split_once('{').unwrap().1;
        let line: serde_json::Value = serde_json::from_str(&format!("{{{line}")).unwrap();
        assert_eq!(line["level"], "WARN");
        let message = line["fields"]["message"].as_str().unwrap();
        assert!(
            message.starts_with("Lost 1000 lines of the log"),
            "{message}"
        );
    }

    #[test]
    fn a_write_that_fails_is_counted_and_nothing_else() {
        static LOST: Lost = Lost::new();
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (mut queue, log) = start(Full, LogFormat::Text, &LOST);
        queue.write_all(b"a line\n").unwrap();
        drop(log);
        assert!(LOST.by_reason().contains(&("write-failed", 1)));
    }
}
