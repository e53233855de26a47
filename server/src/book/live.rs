//! The live book: the one that is served now, and how an edit replaces it.
//!
//! May import: admission::proof, book, error, join, source, workshop, tokio, tracing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tracing::{error, info};

use super::Book;
use super::error::RenderError;
use super::join;
use super::source::Source;
use crate::admission::proof::Proof;
use crate::workshop::Workshop;

/// Holds one book; an author's edits replace it.
#[derive(Debug)]
pub struct LiveBook {
    source: Source,
    /// The proof in each of its pages. It stays the same for as long as the process lives.
    proof: Proof,
    /// Whom the next book is for, if it is for a room. A std mutex, held by whoever renders until the book is replaced: otherwise the one who is
    /// slower could put an older book in the place of a newer one.
    next_workshop: Mutex<Option<Arc<Workshop>>>,
    compresses: bool,
    edition: watch::Sender<Edition>,
}

/// The book that is served.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The last book that could be rendered.
    pub book: Arc<Book>,
    /// Counts the books that were served.
    pub number: u64,
    /// Whom it is for, if it is for a room.
    pub workshop: Option<Arc<Workshop>>,
    /// What is wrong with the sources since then.
    pub error: Option<Arc<str>>,
}

impl LiveBook {
    /// Renders the book. It goes out as it is unless it is to be [compressed](Self::compressed_once_asked).
    pub fn open(source: Source) -> Result<Self, RenderError> {
        Self::open_for(None, source)
    }

    /// The same for a workshop: its page *Join* has the address.
    pub fn open_for(workshop: Option<Workshop>, source: Source) -> Result<Self, RenderError> {
        let proof = Proof::random();
        let book = Arc::new(render(&source, workshop.as_ref(), &proof)?);
        let workshop = workshop.map(Arc::new);
        Ok(Self {
            source,
            proof,
            next_workshop: Mutex::new(workshop.clone()),
            compresses: false,
            edition: watch::Sender::new(Edition {
                book,
                number: 1,
                workshop,
                error: None,
            }),
        })
    }

    /// Has the book, and those that replace it, compressed in the background, once a client asks for a file that takes one that is encoded. That takes 20 s of a
    /// processor; files that are not compressed yet go out as they are.
    #[must_use]
    pub fn compressed_once_asked(mut self) -> Self {
        self.compresses = true;
        self.current().compress_once_asked();
        self
    }

    /// Where the book comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Whom the book that is served is for, if it is for a room.
    pub fn workshop(&self) -> Option<Arc<Workshop>> {
        self.edition.borrow().workshop.clone()
    }

    /// The proof by which iframes of its pages are known.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The book to serve.
    pub fn current(&self) -> Arc<Book> {
        Arc::clone(&self.edition.borrow().book)
    }

    /// The edition that is served, now and whenever it changes.
    pub fn subscribe(&self) -> watch::Receiver<Edition> {
        self.edition.subscribe()
    }

    /// Renders the sources again. If they are broken, the last good book stays. Takes as long as rendering does.
    pub fn renew(&self) {
        self.render_for(self.next_workshop().as_ref());
    }

    /// The same with another address on the page *Join*. A book that is broken has it when it is mended.
    pub fn move_to(&self, workshop: Workshop) {
        let mut place = self.next_workshop();
        *place = Some(Arc::new(workshop));
        self.render_for(place.as_ref());
    }

    fn next_workshop(&self) -> MutexGuard<'_, Option<Arc<Workshop>>> {
        // What is in it is whole even if rendering panicked.
        self.next_workshop
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn render_for(&self, workshop: Option<&Arc<Workshop>>) {
        match render(&self.source, workshop.map(Arc::as_ref), &self.proof) {
            Ok(mut book) => {
                let current = self.current();
                book.take_compressed(&current);
                let book = Arc::new(book);
                // A swap file of an editor, or a save without a change, must not reload the pages that are open.
                let changed = !book.is_same_as(&current);
                if changed {
                    if self.compresses {
                        book.compress_once_asked();
                    }
                    info!("Rendered the book again");
                }
                self.edition.send_if_modified(|edition| {
                    let was_broken = edition.error.take().is_some();
                    if changed {
                        edition.book = book;
                        edition.workshop = workshop.cloned();
                        edition.number += 1;
                    }
                    changed || was_broken
                });
            }
            Err(broken) => {
                error!("The book has a mistake, and the last good one stays: {broken}");
                self.edition
                    .send_modify(|edition| edition.error = Some(broken.to_string().into()));
            }
        }
    }
}

fn render(
    source: &Source,
    workshop: Option<&Workshop>,
    proof: &Proof,
) -> Result<Book, RenderError> {
    let mut rendered = source.render()?;
    if let Some(workshop) = workshop {
        join::add(&mut rendered, workshop);
    }
    Ok(Book::new(rendered, proof))
}
