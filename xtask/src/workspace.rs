//! Where the workspace is.
//!
//! May import: nothing.

use std::path::Path;

/// The workspace's root, whatever directory the command was started in.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask/ has a parent directory")
}
