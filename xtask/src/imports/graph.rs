//! Finds a cycle in a directed graph.
//!
//! May import: nothing.

use std::collections::{BTreeMap, BTreeSet};

/// What each node leads to.
pub(super) type Graph<N> = BTreeMap<N, BTreeSet<N>>;

/// One cycle, if there is any; it ends with the node that leads to its first one.
pub(super) fn cycle<N: Ord + Clone>(graph: &Graph<N>) -> Option<Vec<N>> {
    let mut done = BTreeSet::new();
    let mut path = Vec::new();
    graph
        .keys()
        .find_map(|node| search(graph, node, &mut path, &mut done))
}

fn search<N: Ord + Clone>(
    graph: &Graph<N>,
    node: &N,
    path: &mut Vec<N>,
    done: &mut BTreeSet<N>,
) -> Option<Vec<N>> {
    if let Some(begin) = path.iter().position(|seen| seen == node) {
        return Some(path[begin..].to_vec());
    }
    if done.contains(node) {
        return None;
    }
    path.push(node.clone());
    let nexts = graph.get(node).into_iter().flatten();
    for next in nexts {
        let found = search(graph, next, path, done);
        if found.is_some() {
            return found;
        }
    }
    path.pop();
    done.insert(node.clone());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(char, char)]) -> Graph<char> {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry(*from).or_insert_with(BTreeSet::new).insert(*to);
        }
        graph
    }

    #[test]
    fn a_graph_with_one_direction_has_no_cycle() {
        let edges = [('a', 'b'), ('a', 'c'), ('b', 'd'), ('c', 'd'), ('c', 'b')];
        assert_eq!(cycle(&graph(&edges)), None);
    }

    #[test]
    fn a_cycle_is_found_wherever_it_is_entered() {
        let edges = [('a', 'b'), ('b', 'c'), ('c', 'd'), ('d', 'b'), ('d', 'e')];
        assert_eq!(cycle(&graph(&edges)), Some(vec!['b', 'c', 'd']));
        assert_eq!(cycle(&graph(&[('a', 'a')])), Some(vec!['a']));
    }
}
