//! The author's mode: watches a checkout, and renders the book again when it changes. Only `--book` switches it on.
//!
//! May import: book::live, notify, tracing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};
use tracing::{debug, info, warn};

use crate::book::live::LiveBook;

/// Editors save in several steps, and several files at once. The book is rendered when they are quiet for so long.
const QUIET: Duration = Duration::from_millis(50);

/// What a book is made of, besides book.toml.
const WATCHED_FOLDERS: [&str; 2] = ["book", "code"];

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _watcher: Arc<Mutex<RecommendedWatcher>>,
}

/// Watches the sources of the book if they are a checkout.
pub fn watch(book: &Arc<LiveBook>) -> notify::Result<Option<Watch>> {
    let Some(root) = book.source().checkout() else {
        return Ok(None);
    };
    // Events name absolute paths, and the folder above has a name only there.
    let root = root.canonicalize()?;
    let (changed, changes) = mpsc::channel();
    let watched = root.clone();
    let handler = move |event: notify::Result<notify::Event>| match event {
        // The other end is gone when the server stops.
        Ok(event) if matters(&event, &watched) => drop(changed.send(())),
        Ok(_) => {}
        Err(error) => warn!(%error, "Watching failed; a change may go unnoticed"),
    };
    // A link may lead to the whole disk, or back to where it lies.
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(handler, config)?;
    // Not book.toml itself: an editor that replaces the file would take the watch along.
    watcher.watch(&root, RecursiveMode::NonRecursive)?;
    watch_folders(&mut watcher, &root);
    info!(book.folder = %root.display(), "Watching the checkout");
    let watcher = Arc::new(Mutex::new(watcher));
    let watching = Arc::downgrade(&watcher);
    let book = Arc::clone(book);
    std::thread::spawn(move || {
        while changes.recv().is_ok() {
            while changes.recv_timeout(QUIET).is_ok() {}
            let Some(watcher) = watching.upgrade() else {
                return;
            };
            // Before the book is read, so that no change falls in between.
            watch_folders(
                &mut watcher.lock().unwrap_or_else(PoisonError::into_inner),
                &root,
            );
            drop(watcher);
            book.renew();
        }
    });
    Ok(Some(Watch { _watcher: watcher }))
}

/// A watch ends with the folder that it is on, so it is set again whenever something has changed. The folder above is watched
/// for the checkout itself, which may be made anew as well.
fn watch_folders(watcher: &mut RecommendedWatcher, root: &Path) {
    let folders = WATCHED_FOLDERS.map(|name| (root.join(name), RecursiveMode::Recursive));
    let above = root.parent().map(Path::to_owned);
    let around = above.into_iter().chain([root.to_owned()]);
    let around = around.map(|folder| (folder, RecursiveMode::NonRecursive));
    for (folder, mode) in around.chain(folders) {
        if folder.is_dir()
            && let Err(error) = watcher.watch(&folder, mode)
        {
            debug!(%error, folder = %folder.display(), "A folder can't be watched");
        }
    }
}

fn matters(event: &notify::Event, root: &Path) -> bool {
    // Rendering reads every file, and must not be its own cause.
    let is_change = !event.kind.is_access();
    let is_of_the_book = |path: &PathBuf| match path.strip_prefix(root) {
        Ok(inside) => {
            let is_watched = |name: &&str| inside.starts_with(name);
            inside == Path::new("")
                || inside == Path::new("book.toml")
                || WATCHED_FOLDERS.iter().any(is_watched)
        }
        // A neighbour of the checkout.
        Err(_) => false,
    };
    // Where events were lost, anything may have changed.
    is_change && (event.need_rescan() || event.paths.iter().any(is_of_the_book))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::EventKind::{Access, Create, Modify, Remove};
    use notify::event::{AccessKind, CreateKind, EventKind, ModifyKind, RemoveKind};

    fn is_noticed(kind: EventKind, path: &str) -> bool {
        let root = Path::new("checkout");
        matters(&notify::Event::new(kind).add_path(root.join(path)), root)
    }

    #[test]
    fn every_change_of_the_book_is_noticed() {
        assert!(is_noticed(Modify(ModifyKind::Any), "book/index.md"));
        assert!(is_noticed(
            Create(CreateKind::File),
            "code/connecting/new.js"
        ));
        assert!(is_noticed(Remove(RemoveKind::File), "book/part/old.md"));
        assert!(is_noticed(Modify(ModifyKind::Any), "book.toml"));
    }

    #[test]
    fn reading_is_no_change_or_rendering_would_never_end() {
        assert!(!is_noticed(Access(AccessKind::Any), "book/index.md"));
    }

    #[test]
    fn what_lies_beside_the_book_is_none_of_it() {
        assert!(!is_noticed(Create(CreateKind::Folder), "target"));
        assert!(!is_noticed(Modify(ModifyKind::Any), "README.md"));
    }
}
