//! All plain files of the book, one behind the other, and twice: in our memory, and on Linux in a file in the kernel's. What lies in
//! both is sent without being copied: that is a third of what a large page costs.
//!
//! May import: axum's `Bytes`, rustix.

use std::fs::File;

use axum::body::Bytes;

/// The bytes, and the file that has the same ones at the same places. Neither ever changes.
#[derive(Debug)]
pub struct MemoryFile {
    bytes: Bytes,
    /// None where the system has no such files: then everything is copied.
    file: Option<File>,
}

/// Some of the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    file: &'a File,
    offset: u64,
    len: usize,
}

impl MemoryFile {
    /// Puts the parts behind each other and returns them as they lie there.
    pub fn of<'a>(parts: impl Iterator<Item = &'a [u8]>) -> (Self, Vec<Bytes>) {
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        for part in parts {
            all.extend(part);
            ends.push(all.len());
        }
        let file = system::file_of(&all);
        let bytes = Bytes::from(all);
        let mut begin = 0;
        let parts = ends.into_iter().map(|end| {
            let part = bytes.slice(begin..end);
            begin = end;
            part
        });
        let parts = parts.collect();
        (Self { bytes, file }, parts)
    }

    /// The part that these very bytes are; equal ones in another place are none.
    pub fn part(&self, bytes: &[u8]) -> Option<Part<'_>> {
        let file = self.file.as_ref()?;
        let begin = self.bytes.as_ptr().addr();
        let offset = bytes.as_ptr().addr().checked_sub(begin)?;
        let is_within = offset.checked_add(bytes.len())? <= self.bytes.len();
        is_within.then_some(Part {
            file,
            offset: offset as u64,
            len: bytes.len(),
        })
    }
}

pub use system::send;

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{self, Write as _};
    use std::os::fd::AsFd;

    use rustix::fs::{MemfdFlags, memfd_create, sendfile};
    use rustix::net::SendFlags;
    use tracing::debug;

    use super::Part;

    pub(super) fn file_of(bytes: &[u8]) -> Option<File> {
        let written = memfd_create("book", MemfdFlags::CLOEXEC)
            .map_err(io::Error::from)
            .and_then(|file| {
                let mut file = File::from(file);
                file.write_all(bytes)?;
                Ok(file)
            });
        written
            .inspect_err(|error| debug!(%error, "Pages will be copied"))
            .ok()
    }

    /// Writes the head and the part, or as much of them as the socket takes, and says how much that was.
    pub fn send(socket: impl AsFd, head: &[u8], part: Part<'_>) -> io::Result<usize> {
        let mut sent = 0;
        if !head.is_empty() {
            // The head leaves with what follows it, not in a packet of its own.
            let flags = SendFlags::MORE | SendFlags::NOSIGNAL;
            sent = rustix::net::send(&socket, head, flags)?;
            if sent < head.len() {
                return Ok(sent);
            }
        }
        let mut offset = part.offset;
        match sendfile(&socket, part.file, Some(&mut offset), part.len) {
            Ok(more) => Ok(sent + more),
            // What is wrong with the socket is still wrong the next time.
            Err(_) if sent > 0 => Ok(sent),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io;

    use super::Part;

    pub(super) fn file_of(_: &[u8]) -> Option<File> {
        None
    }

    /// Never called, as there is no file.
    pub fn send<S>(_: S, _: &[u8], _: Part<'_>) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_where_it_lies_and_not_by_what_it_says() {
        let (memory, parts) = MemoryFile::of([&b"same"[..], b"same", b""].into_iter());
        assert_eq!(parts, [&b"same"[..], b"same", b""]);
        let offset = |bytes: &[u8]| memory.part(bytes).map(|part| (part.offset, part.len));
        if memory.file.is_some() {
            assert_eq!(offset(&parts[0]), Some((0, 4)));
            assert_eq!(offset(&parts[1][1..]), Some((5, 3)));
        }
        assert_eq!(offset(b"same"), None);
    }
}
