//! Reads a packet, and makes rows as it goes.
//!
//! May import: rows, thiserror.

use std::borrow::Cow;
use std::cell::Cell;

use super::rows::{Row, number, shorten};

/// There are fewer bytes than there should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} more bytes were announced, and {left} are there")]
pub(super) struct Short {
    wanted: usize,
    left: usize,
}

/// Reads a packet from its beginning to its end. It knows at which byte of the packet it is also where it reads a part of it.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    packet: &'a [u8],
    at: usize,
    end: usize,
    /// How many rows may still be made of this packet.
    budget: &'a Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(packet: &'a [u8], budget: &'a Cell<usize>) -> Self {
        Self {
            packet,
            at: 0,
            end: packet.len(),
            budget,
        }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.packet[self.at..self.end]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// The packet, of which this reads a part.
    pub(super) fn whole(&self) -> &'a [u8] {
        self.packet
    }

    /// At which byte of the packet the next is.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Whether more rows may be made.
    pub(super) fn has_budget(&self) -> bool {
        self.budget.get() > 0
    }

    /// The next bytes as a reader of their own.
    pub(super) fn part(&mut self, length: usize) -> Result<Self, Short> {
        let left = self.end - self.at;
        if length > left {
            return Err(Short {
                wanted: length,
                left,
            });
        }
        let part = Self {
            end: self.at + length,
            ..*self
        };
        self.at = part.end;
        Ok(part)
    }

    /// The next bytes, or those of them that are there, and whether all are.
    pub(super) fn part_or_less(&mut self, length: usize) -> (Self, Result<(), Short>) {
        let left = self.end - self.at;
        let part = Self {
            end: self.at + length.min(left),
            ..*self
        };
        self.at = part.end;
        let is_whole = if length > left {
            Err(Short {
                wanted: length,
                left,
            })
        } else {
            Ok(())
        };
        (part, is_whole)
    }

    /// Bytes behind the next ones, which stay to be read.
    pub(super) fn peek(&self, ahead: usize, length: usize) -> Result<&'a [u8], Short> {
        let left = self.end - self.at;
        let short = Short {
            wanted: ahead + length,
            left,
        };
        self.rest().get(ahead..ahead + length).ok_or(short)
    }

    /// The next bytes, without a row.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Short> {
        self.part(length).map(|part| part.rest())
    }

    /// The next bytes as a number, without a row. At most eight.
    pub(super) fn take_number(&mut self, length: usize) -> Result<u64, Short> {
        Ok(number(self.take(length)?))
    }

    /// The next bytes as a number, and a row of it.
    pub(super) fn number(
        &mut self,
        rows: &mut Vec<Row>,
        name: &'static str,
        length: usize,
        words: impl FnOnce(u64) -> String,
    ) -> Result<u64, Short> {
        let offset = self.at;
        let value = number(self.take(length)?);
        self.push(
            rows,
            Row {
                name: name.into(),
                value: words(value),
                offset,
                length,
                rows: Vec::new(),
            },
        );
        Ok(value)
    }

    /// The next bytes, and a row of them.
    pub(super) fn bytes(
        &mut self,
        rows: &mut Vec<Row>,
        name: &'static str,
        length: usize,
        words: impl FnOnce(&'a [u8]) -> String,
    ) -> Result<&'a [u8], Short> {
        let offset = self.at;
        let bytes = self.take(length)?;
        self.push(
            rows,
            Row {
                name: name.into(),
                value: words(bytes),
                offset,
                length,
                rows: Vec::new(),
            },
        );
        Ok(bytes)
    }

    /// The next bytes, and a row with rows of their parts. `read` gives its value; what is cut short inside stays inside.
    pub(super) fn group(
        &mut self,
        rows: &mut Vec<Row>,
        name: impl Into<Cow<'static, str>>,
        length: usize,
        read: impl FnOnce(&mut Self, &mut Vec<Row>) -> Result<String, Short>,
    ) -> Result<(), Short> {
        let left = self.end - self.at;
        if length > left {
            return Err(Short {
                wanted: length,
                left,
            });
        }
        self.group_or_less(rows, name, length, read)
    }

    /// The same of those bytes that are there, and whether all are.
    pub(super) fn group_or_less(
        &mut self,
        rows: &mut Vec<Row>,
        name: impl Into<Cow<'static, str>>,
        length: usize,
        read: impl FnOnce(&mut Self, &mut Vec<Row>) -> Result<String, Short>,
    ) -> Result<(), Short> {
        let offset = self.at;
        let (mut part, is_whole) = self.part_or_less(length);
        let length = part.end - offset;
        let mut inner = Vec::new();
        let value = read(&mut part, &mut inner).unwrap_or_else(|short| {
            part.note(&mut inner, "cut short", short.to_string());
            "cut short".to_owned()
        });
        self.push(
            rows,
            Row {
                name: name.into(),
                value,
                offset,
                length,
                rows: inner,
            },
        );
        is_whole
    }

    /// A row about all that is still to be read.
    pub(super) fn note(&self, rows: &mut Vec<Row>, name: &'static str, value: String) {
        let (offset, length) = (self.at, self.end - self.at);
        self.push(
            rows,
            Row {
                name: name.into(),
                value,
                offset,
                length,
                rows: Vec::new(),
            },
        );
    }

    fn push(&self, rows: &mut Vec<Row>, mut row: Row) {
        let left = self.budget.get();
        if left == 0 {
            return;
        }
        self.budget.set(left - 1);
        shorten(&mut row.value);
        rows.push(row);
    }
}
