//! One pair.
//!
//! May import: id.

use crate::attendance::id::Id;

/// Members of most pairs.
pub(super) const TWO: usize = 2;

/// Members at most, if the host made it so, or if pairs were made of an odd number.
pub(super) const THREE: usize = 3;

/// Who works together.
#[derive(Debug)]
pub(super) struct Pair {
    /// In the order in which they joined; never empty.
    pub(super) members: Vec<Id>,
    /// Members at most.
    pub(super) size: usize,
    /// Whether nobody else may join by its words.
    pub(super) locked: bool,
}

impl Pair {
    pub(super) fn is_full(&self) -> bool {
        self.members.len() >= self.size
    }

    /// Whether nobody in it is without a partner.
    pub(super) fn is_complete(&self) -> bool {
        self.members.len() >= TWO
    }
}
