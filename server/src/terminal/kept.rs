//! A terminal that keeps a block in its last rows, as the thread that prints and that of the log share it.
//!
//! May import: screen, workshop, terminal_size.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::screen::Screen;
use crate::workshop::block::{Block, Size};
use crate::workshop::welcome::Notice;

/// A std mutex, held while a line or a block is written, by the two threads that do nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared(Arc<Mutex<Kept>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A terminal with a block in its last rows, or room for one.
#[derive(Debug, Default)]
pub(super) struct Kept {
    screen: Screen,
    block: Option<Block>,
    /// For which it was drawn.
    size: Option<Size>,
    has_ended: bool,
}

impl Kept {
    pub(super) fn say(&mut self, notice: Notice) -> io::Result<()> {
        if let Some(block) = notice.block {
            self.block = Some(block);
            if self.draw()? {
                return Ok(());
            }
        }
        write(&notice.text)
    }

    pub(super) fn fit(&mut self) -> io::Result<()> {
        self.draw().map(drop)
    }

    /// Draws the block anew, and says whether it stands there now.
    fn draw(&mut self) -> io::Result<bool> {
        self.size = size();
        if self.has_ended {
            return Ok(false);
        }
        let block = self.block.as_ref();
        let fitting = block.zip(self.size).and_then(|(block, size)| {
            let lines = block.lines(size)?;
            Some((lines, size.rows))
        });
        let bytes = match &fitting {
            Some((lines, rows)) => self.screen.keep(lines, *rows),
            None => self.screen.release(),
        };
        write(&bytes)?;
        Ok(fitting.is_some())
    }

    fn log(&mut self, line: &[u8]) -> io::Result<()> {
        // Windows has no signal for it.
        if cfg!(windows) && size() != self.size {
            self.fit()?;
        }
        io::stderr().write_all(line)
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        self.has_ended = true;
        let size = size().or(self.size);
        write(&self.screen.end(size.map_or(1, |size| size.rows)))
    }
}

fn write(text: &str) -> io::Result<()> {
    io::stderr().write_all(text.as_bytes())
}

/// Stderr, above what is kept there.
pub(super) struct LogOutput(pub(super) Option<Shared>);

impl Write for LogOutput {
    /// Takes all of it, so that nothing comes in between.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Some(shared) => shared.lock().log(line)?,
            None => io::stderr().write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

fn size() -> Option<Size> {
    let (columns, rows) = terminal_size::terminal_size_of(io::stderr())?;
    Some(Size {
        columns: columns.0.into(),
        rows: rows.0.into(),
    })
}
