//! Bytes that several may hold together, such as connections or lines.
//!
//! May import: nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How many are held, and how many may be.
#[derive(Debug)]
pub struct ByteBudget {
    held: AtomicUsize,
    max: usize,
}

impl ByteBudget {
    /// A budget of which nothing is held.
    pub fn new(max: usize) -> Arc<Self> {
        let held = AtomicUsize::new(0);
        Arc::new(Self { held, max })
    }

    /// How many are held by all.
    pub fn held(&self) -> usize {
        self.held.load(Relaxed)
    }

    /// Whether there is room for so many more.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.held() + bytes <= self.max
    }
}

/// What one of them holds. Dropping it gives that back.
#[derive(Debug)]
pub struct Share {
    budget: Arc<ByteBudget>,
    own: usize,
}

impl Share {
    /// A share that holds nothing yet.
    pub fn of(budget: &Arc<ByteBudget>) -> Self {
        let budget = Arc::clone(budget);
        Self { budget, own: 0 }
    }

    /// Holds so many from now on, however many all hold then: for whoever has asked whether there [is room](Self::has_room).
    pub fn set(&mut self, own: usize) {
        if own != self.own {
            self.budget.held.fetch_add(own, Relaxed);
            self.budget.held.fetch_sub(self.own, Relaxed);
            self.own = own;
        }
    }

    /// The same where there is room, and says whether there was. To hold less is always possible.
    pub fn try_set(&mut self, own: usize) -> bool {
        if own <= self.own {
            self.set(own);
            return true;
        }
        let more = own - self.own;
        let sum = |held: usize| {
            let sum = held.saturating_add(more);
            (sum <= self.budget.max).then_some(sum)
        };
        let has_room = self.budget.held.fetch_update(Relaxed, Relaxed, sum).is_ok();
        if has_room {
            self.own = own;
        }
        has_room
    }

    /// Whether there is room for so many more.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.budget.has_room(bytes)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_holds_is_not_there_for_the_other_until_it_is_given_back() {
        let budget = ByteBudget::new(100);
        let [mut one, mut other] = [Share::of(&budget), Share::of(&budget)];
        assert!(one.try_set(60) && one.try_set(90));
        assert!(!other.try_set(11));
        assert_eq!(budget.held(), 90);
        assert!(other.try_set(10) && one.try_set(50) && other.try_set(50));
        assert!(!other.has_room(1));
        drop(one);
        assert_eq!(budget.held(), 50);
    }
}
