//! Piles: clusters that people have sorted by hand, and what that says about the others.
//!
//! In: the communities that were found, the graph that they were found in, and the pile of each text
//! that somebody has sorted. Out: for each text its pile or its community. A sorted text stays where
//! it was put: texts of one pile are always together (must-link), texts of two piles never
//! (cannot-link). The others of a community that holds sorted texts follow those that they are most
//! like (seeded clustering: Basu, Banerjee and Mooney 2002). Since each text has at most one pile, no
//! two decisions can contradict each other: the later one has moved the text.

use std::collections::BTreeMap;

/// Where a text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// With what was sorted under this number.
    Pile(u64),
    /// With what was found to be alike.
    Community(usize),
}

/// The place of each text. `piles` has the pile of each sorted text; what is missing is not sorted.
pub fn places(
    communities: &[usize],
    graph: &[BTreeMap<usize, f32>],
    piles: &[Option<u64>],
) -> Vec<Place> {
    let pile = |text: usize| piles.get(text).copied().flatten();
    // For each community, how many of its texts lie in each pile.
    let mut seeds: BTreeMap<usize, BTreeMap<u64, f32>> = BTreeMap::new();
    for (text, community) in communities.iter().enumerate() {
        if let Some(pile) = pile(text) {
            *seeds.entry(*community).or_default().entry(pile).or_insert(0.0) += 1.0;
        }
    }
    let place = |(text, community): (usize, &usize)| {
        if let Some(pile) = pile(text) {
            return Place::Pile(pile);
        }
        let Some(seeds) = seeds.get(community) else { return Place::Community(*community) };
        let mut near: BTreeMap<u64, f32> = BTreeMap::new();
        for (other, weight) in graph.get(text).into_iter().flatten() {
            if let Some(pile) = pile(*other).filter(|pile| seeds.contains_key(pile)) {
                *near.entry(pile).or_insert(0.0) += weight;
            }
        }
        // Whoever is like none of them goes where most of the community went.
        let nearest = most(&near).or_else(|| most(seeds));
        nearest.map_or(Place::Community(*community), Place::Pile)
    };
    communities.iter().enumerate().map(place).collect()
}

/// The pile with the largest figure; of equals the one with the smallest number.
fn most(of: &BTreeMap<u64, f32>) -> Option<u64> {
    let best = of.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    Some(*best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(usize, usize, f32)], texts: usize) -> Vec<BTreeMap<usize, f32>> {
        let mut graph = vec![BTreeMap::new(); texts];
        for (a, b, weight) in edges {
            graph[*a].insert(*b, *weight);
            graph[*b].insert(*a, *weight);
        }
        graph
    }

    #[test]
    fn a_merge_takes_newcomers_along_and_a_split_keeps_what_it_took_out() {
        let found = [0, 0, 0, 1, 1, 2];
        let edges = graph(&[(0, 2, 0.5), (1, 2, 0.2), (3, 4, 0.9)], 6);
        // The first two communities were merged under 10, before the texts 2 and 4 came.
        let merged = [Some(10), Some(10), None, Some(10), None, None];
        let ten = Place::Pile(10);
        assert_eq!(places(&found, &edges, &merged), [ten, ten, ten, ten, ten, Place::Community(2)]);
        // Text 1 was taken out of the first; a newcomer goes to the one that it is more like.
        let split = [Some(10), Some(11), None, None, None, None];
        let all = places(&found, &edges, &split);
        assert_eq!(all[..3], [ten, Place::Pile(11), ten]);
        let other = graph(&[(0, 2, 0.1), (1, 2, 0.2)], 6);
        assert_eq!(places(&found, &other, &split)[2], Place::Pile(11));
        // Nothing was sorted: nothing changes.
        let none = places(&found, &edges, &[]);
        assert_eq!(none, found.map(Place::Community));
    }
}
