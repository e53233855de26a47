//! Which bytes a terminal gets so that a block stays in its last rows while lines scroll above it. Pure.
//!
//! The rows above the block are the scroll region (DECSTBM), and the cursor is always in there, so that what anybody writes scrolls above the block.
//! Setting the region moves the cursor, therefore it is saved before (DECSC) and restored after (DECRC).
//!
//! May import: nothing.

use std::fmt::Write as _;

const SAVE_CURSOR: &str = "\x1b7";
const RESTORE_CURSOR: &str = "\x1b8";
const ALL_ROWS_SCROLL: &str = "\x1b[r";
const ERASE_BELOW: &str = "\x1b[J";
const ERASE_ROW: &str = "\x1b[2K";

/// A terminal, as far as what stays in it is concerned.
#[derive(Debug, Default)]
pub struct Screen {
    is_kept: bool,
}

impl Screen {
    /// Keeps these lines in the last rows, in place of those that were kept there. No line may be wider than the terminal, and they have to be
    /// fewer than its rows by two: a region has at least two.
    pub fn keep(&mut self, lines: &[String], rows: usize) -> String {
        let mut bytes = self.release();
        let height = lines.len();
        let last = rows.saturating_sub(height);
        // Makes room below the cursor, wherever that is, and takes the cursor back to where it was in the text.
        bytes.push_str(&"\r\n".repeat(height));
        let region = format_args!("{SAVE_CURSOR}\x1b[1;{last}r{RESTORE_CURSOR}\x1b[{height}A");
        // A string takes everything.
        let _ = write!(bytes, "{region}{SAVE_CURSOR}");
        for (line, row) in lines.iter().zip(last + 1..) {
            // Erased first: in the last column, the cursor would stand on what was just written.
            let _ = write!(bytes, "\x1b[{row};1H{ERASE_ROW}{line}");
        }
        bytes.push_str(RESTORE_CURSOR);
        self.is_kept = true;
        bytes
    }

    /// Erases what is kept, and leaves the cursor where it is. A terminal that was resized may have moved everything since: what is below the
    /// cursor is the block, wherever that has come to.
    pub fn release(&mut self) -> String {
        match std::mem::take(&mut self.is_kept) {
            true => format!("{SAVE_CURSOR}{ALL_ROWS_SCROLL}{RESTORE_CURSOR}{ERASE_BELOW}"),
            false => String::new(),
        }
    }

    /// Lets all rows scroll again, and begins a new one below what was kept, for whoever uses the terminal next.
    pub fn end(&mut self, rows: usize) -> String {
        match std::mem::take(&mut self.is_kept) {
            true => format!("{ALL_ROWS_SCROLL}\x1b[{rows};1H\r\n"),
            false => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn the_rows_above_the_block_are_made_a_region_with_the_cursor_in_it() {
        let mut screen = Screen::default();
        assert_eq!(
            screen.keep(&lines(&["", "http://192.0.2.5/"]), 24),
            "\r\n\r\n\x1b7\x1b[1;22r\x1b8\x1b[2A\x1b7\x1b[23;1H\x1b[2K\x1b[24;1H\x1b[2Khttp://192.0.2.5/\x1b8"
        );
    }

    #[test]
    fn another_block_or_size_takes_the_place_of_what_was_kept() {
        let mut screen = Screen::default();
        screen.keep(&lines(&["one", "two", "three"]), 24);
        assert_eq!(
            screen.keep(&lines(&["four"]), 10),
            "\x1b7\x1b[r\x1b8\x1b[J\r\n\x1b7\x1b[1;9r\x1b8\x1b[1A\x1b7\x1b[10;1H\x1b[2Kfour\x1b8"
        );
    }

    #[test]
    fn what_is_released_leaves_the_cursor_and_is_not_released_twice() {
        let mut screen = Screen::default();
        screen.keep(&lines(&["one"]), 24);
        assert_eq!(screen.release(), "\x1b7\x1b[r\x1b8\x1b[J");
        assert_eq!(screen.release(), "");
        assert_eq!(screen.end(24), "");
    }

    #[test]
    fn the_end_lets_all_rows_scroll_and_goes_below_the_block() {
        let mut screen = Screen::default();
        screen.keep(&lines(&["one"]), 24);
        assert_eq!(screen.end(24), "\x1b[r\x1b[24;1H\r\n");
        assert_eq!(screen.end(24), "");
    }
}
