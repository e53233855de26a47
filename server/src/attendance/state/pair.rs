//! One pair.
//!
//! May import: id.

use crate::attendance::id::Id;

/// Members of most pairs.
pub(super) const TWO: usize = 2;

/// Members at most, if the host made it so, or if pairs were made of an odd number.
pub(super) const THREE: usize = 3;

/// Former members that a pair remembers. Each takes twelve bytes of a ticket.
pub(super) const MAX_FORMER: usize = 16;

/// Who works together.
#[derive(Debug)]
pub(super) struct Pair {
    /// A random number, which tickets name. Two pairs may have one name, one of them before a restart of the server.
    pub(super) born: u32,
    /// In the order in which they joined; never empty.
    pub(super) members: Vec<Id>,
    /// Members at most.
    pub(super) size: usize,
    /// Whether nobody else may join by its words.
    pub(super) locked: bool,
    /// Who has left it or was taken out of it, the latest last: no older ticket brings them back, and words do. At most [`MAX_FORMER`].
    pub(super) former: Vec<Id>,
}

impl Pair {
    /// Remembers a former member, and if there are too many, forgets the one who has been that for the longest time.
    pub(super) fn remember(&mut self, id: Id) {
        self.former.retain(|former| *former != id);
        if self.former.len() >= MAX_FORMER {
            self.former.remove(0);
        }
        self.former.push(id);
    }

    pub(super) fn is_full(&self) -> bool {
        self.members.len() >= self.size
    }

    /// Whether nobody in it is without a partner.
    pub(super) fn is_complete(&self) -> bool {
        self.members.len() >= TWO
    }
}
