//! Who works with whom: groups of two or three in which nobody meets a former partner, if that is possible.
//!
//! May import: nothing.

/// How often a search may look whether two have met, before what has few former partners together is taken. That is a fraction of a second,
/// also for 300 attendees, and all there is to look at for a dozen in twos.
const MAX_LOOKS: usize = 40_000_000;

/// Threes of one attendee that a search tries: there are as many as pairs of all others.
const MAX_THREES: usize = 64;

/// How large the groups are. An odd one out makes a three; where groups have three, the rest makes twos. Nobody is grouped alone.
pub(super) fn sizes(count: usize, size: usize) -> Vec<usize> {
    let threes = match (size, count) {
        (_, 0 | 1) => return Vec::new(),
        (3, _) => match count % 3 {
            0 => count / 3,
            1 => count / 3 - 1,
            _ => count / 3,
        },
        _ => count % 2,
    };
    let twos = (count - 3 * threes) / 2;
    [vec![3; threes], vec![2; twos]].concat()
}

/// Groups of these sizes, of all numbers below their sum. `have_met` says of each two whether they were partners.
pub(super) fn groups(sizes: &[usize], have_met: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let count = sizes.iter().sum();
    let met = (0..count)
        .map(|a| (0..count).map(|b| have_met(a, b)).collect())
        .collect();
    let mut search = Search {
        met,
        left: (0..count).collect(),
        sizes: sizes.to_vec(),
        groups: Vec::new(),
        tries_left: MAX_LOOKS / (count * count).max(1),
    };
    // Without a mistake it takes as many tries as there are groups.
    match search.tries_left >= sizes.len() && search.succeeds() {
        true => search.groups,
        false => search.with_few_former_partners(sizes),
    }
}

struct Search {
    met: Vec<Vec<bool>>,
    /// Who is in no group yet.
    left: Vec<usize>,
    /// Of the groups that are to be made.
    sizes: Vec<usize>,
    groups: Vec<Vec<usize>>,
    tries_left: usize,
}

impl Search {
    /// Makes all groups, or none: groups who has the smallest choice first, and takes a group back when the rest can't be grouped.
    fn succeeds(&mut self) -> bool {
        let Some(first) = self.with_the_smallest_choice() else {
            return true;
        };
        let choice: Vec<_> = self.choice_of(first).collect();
        let mut sizes = self.sizes.clone();
        sizes.dedup();
        for size in sizes {
            for group in self.groups_of(first, &choice, size) {
                if self.tries_left == 0 {
                    return false;
                }
                self.tries_left -= 1;
                self.take(&group);
                if self.succeeds() {
                    return true;
                }
                self.give_back(size);
            }
        }
        false
    }

    fn with_the_smallest_choice(&self) -> Option<usize> {
        let left = self.left.iter().copied();
        left.min_by_key(|one| self.choice_of(*one).count())
    }

    /// With whom somebody could be, of those who are left.
    fn choice_of(&self, one: usize) -> impl Iterator<Item = usize> {
        let others = self.left.iter().copied();
        others.filter(move |other| *other != one && !self.met[one][*other])
    }

    fn groups_of(&self, one: usize, choice: &[usize], size: usize) -> Vec<Vec<usize>> {
        if size == 2 {
            return choice.iter().map(|other| vec![one, *other]).collect();
        }
        let pairs = choice
            .iter()
            .enumerate()
            .flat_map(|(at, a)| choice[at + 1..].iter().map(move |b| (*a, *b)));
        pairs
            .filter(|(a, b)| !self.met[*a][*b])
            .map(|(a, b)| vec![one, a, b])
            .take(MAX_THREES)
            .collect()
    }

    fn take(&mut self, group: &[usize]) {
        self.left.retain(|one| !group.contains(one));
        let place = self.sizes.iter().position(|size| *size == group.len());
        self.sizes
            .remove(place.expect("a group of a size that is wanted"));
        self.groups.push(group.to_vec());
    }

    fn give_back(&mut self, size: usize) {
        self.left.extend(self.groups.pop().into_iter().flatten());
        self.sizes.push(size);
        // Equal ones stand together.
        self.sizes.sort_unstable();
    }

    /// One after the other, each with whom they have not met as long as there is somebody.
    fn with_few_former_partners(&mut self, sizes: &[usize]) -> Vec<Vec<usize>> {
        let mut left: Vec<_> = (0..self.met.len()).collect();
        let mut groups = Vec::new();
        for size in sizes {
            let mut group: Vec<usize> = left.pop().into_iter().collect();
            while group.len() < *size {
                let met =
                    |one: &usize| group.iter().filter(|other| self.met[*one][**other]).count();
                let Some(place) = (0..left.len()).min_by_key(|place| met(&left[*place])) else {
                    break;
                };
                group.push(left.swap_remove(place));
            }
            groups.push(group);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn met_in(groups: &[Vec<usize>]) -> HashSet<(usize, usize)> {
        let each = groups.iter().flat_map(|group| {
            group
                .iter()
                .flat_map(move |a| group.iter().map(move |b| (*a, *b)))
        });
        each.filter(|(a, b)| a != b).collect()
    }

    #[test]
    fn an_odd_one_out_makes_a_three_and_nobody_is_alone() {
        for (count, size, expected) in [
            (0, 2, vec![]),
            (1, 2, vec![]),
            (2, 2, vec![2]),
            (3, 2, vec![3]),
            (7, 2, vec![3, 2, 2]),
            (8, 2, vec![2, 2, 2, 2]),
            (2, 3, vec![2]),
            (3, 3, vec![3]),
            (4, 3, vec![2, 2]),
            (7, 3, vec![3, 2, 2]),
            (8, 3, vec![3, 3, 2]),
            (9, 3, vec![3, 3, 3]),
        ] {
            assert_eq!(sizes(count, size), expected, "{count} in {size}");
        }
    }

    #[test]
    fn six_meet_everybody_else_before_anybody_twice_where_that_can_be() {
        let mut met = HashSet::new();
        for round in 0..3 {
            let groups = groups(&sizes(6, 2), |a, b| met.contains(&(a, b)));
            let new = met_in(&groups);
            assert!(met.is_disjoint(&new), "round {round}: {groups:?}");
            met.extend(new);
        }
    }

    #[test]
    fn the_only_grouping_that_is_left_is_found() {
        // All but 0-5, 1-4 and 2-3 have met.
        let are_new = |a: usize, b: usize| a + b == 5;
        let mut found = groups(&sizes(6, 2), |a, b| !are_new(a, b));
        found.iter_mut().for_each(|group| group.sort_unstable());
        found.sort();
        assert_eq!(found, [[0, 5], [1, 4], [2, 3]]);
    }

    #[test]
    fn everybody_is_grouped_even_if_all_have_met() {
        for (count, size) in [(2, 2), (5, 2), (6, 2), (7, 3), (301, 2), (300, 3)] {
            let sizes = sizes(count, size);
            let groups = groups(&sizes, |_, _| true);
            let mut found: Vec<_> = groups.iter().map(Vec::len).collect();
            found.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(found, sizes);
            let all: HashSet<_> = groups.into_iter().flatten().collect();
            assert_eq!(all.len(), count);
        }
    }

    #[test]
    fn three_hundred_meet_new_partners_round_after_round() {
        let mut met = HashSet::new();
        for size in [2, 3, 2, 3] {
            let groups = groups(&sizes(300, size), |a, b| met.contains(&(a, b)));
            let new = met_in(&groups);
            assert!(met.is_disjoint(&new));
            met.extend(new);
        }
    }
}
