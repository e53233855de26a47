//! What Linux tells of this process.
//!
//! May import: page, rustix.

use std::fs;

use rustix::process::{Resource, getrlimit};

use crate::metrics::page::{Kind, Page};

/// In which Linux counts time for programs (`USER_HZ`), whatever it counts in itself.
const TICKS_PER_SECOND: f64 = 100.0;

pub(super) struct Usage {
    cpu_seconds: f64,
    resident_bytes: u64,
    open_files: usize,
    max_open_files: Option<u64>,
}

impl Usage {
    /// `None` where /proc is hidden.
    pub(super) fn now() -> Option<Self> {
        let ticks = ticks(&fs::read_to_string("/proc/self/stat").ok()?)?;
        let resident_kib = resident_kib(&fs::read_to_string("/proc/self/status").ok()?)?;
        // Looking at the folder takes one itself.
        let open_files = fs::read_dir("/proc/self/fd").ok()?.count() - 1;
        Some(Self {
            cpu_seconds: ticks as f64 / TICKS_PER_SECOND,
            resident_bytes: resident_kib * 1024,
            open_files,
            max_open_files: getrlimit(Resource::Nofile).current,
        })
    }

    pub(super) fn render(&self, page: &mut Page) {
        page.family(
            "process_cpu_seconds",
            Kind::Counter,
            "Time of processors that the program has used.",
            self.cpu_seconds,
        );
        page.family(
            "process_resident_memory_bytes",
            Kind::Gauge,
            "Memory that the program has.",
            self.resident_bytes,
        );
        page.family(
            "process_open_fds",
            Kind::Gauge,
            "Files and sockets that are open.",
            self.open_files,
        );
        if let Some(most) = self.max_open_files {
            page.family(
                "process_max_fds",
                Kind::Gauge,
                "Files and sockets that may be open.",
                most,
            );
        }
    }
}

/// Of `/proc/PID/stat` (proc_pid_stat(5)): the time in the program and in the system.
fn ticks(stat: &str) -> Option<u64> {
    // The name of the program may have anything in it, also spaces and parentheses.
    let (_, fields) = stat.rsplit_once(") ")?;
    // The first behind the name is the third of the manual.
    let field = |number: usize| fields.split(' ').nth(number - 3)?.parse::<u64>().ok();
    Some(field(14)? + field(15)?)
}

/// Of `/proc/PID/status`.
fn resident_kib(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_program_may_look_like_fields() {
        let stat = "7 (a) 1 (b) S 1 7 7 0 -1 4194304 100 0 0 0 30 12 0 0 20 0 5 0 900\n";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_has_memory_and_open_files() {
        let usage = Usage::now().expect("this is Linux");
        assert!(usage.resident_bytes > 100_000);
        assert!((3..1_000_000).contains(&usage.open_files));
    }
}
