//! Clusters: texts about one thing, found without labels and without being told how many things.
//!
//! In: texts. Out: the number of a cluster for each. Each text becomes a vector of its grams (words,
//! neighbours, spellings, glossary groups, so that both languages meet) weighted by inverse document
//! frequency; each is joined to its nearest neighbours; communities of that graph are the clusters
//! (modularity: Blondel et al. 2008, with the resolution of Reichardt and Bornholdt 2006). The same
//! texts in the same order give the same clusters.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::suggest::gram::{Gram, grams, trigrams};
use crate::text::{Analyser, Analysis};

use super::evidence::Mark;
use super::label::label;
use super::pile::{self, Place};
use super::slice::{Slice, SliceKind};
use super::slicer::Slicer;

/// The most texts that are clustered together.
pub const TEXTS_MAX: usize = 10_000;
/// Neighbours that a text is joined to.
const NEIGHBOURS: usize = 16;
/// How small communities are: the resolution, and texts for each unit of it where there are few.
/// From 24 to 48 the adjusted Rand index is above that of k-means that knows the number of clusters,
/// on English banking questions and on Chinese ones.
const RESOLUTION_MAX: f32 = 32.0;
const TEXTS_PER_RESOLUTION: f32 = 60.0;
/// Rounds of moving texts before communities are joined.
const ROUNDS_MAX: usize = 20;
/// Less likeness than this is chance.
const LIKENESS_MIN: f32 = 0.02;

/// What a feature of every text weighs.
const IDF_MIN: f32 = 0.05;

/// A sparse vector of length one: features in ascending order with their weights.
pub type Vector = Vec<(u32, f32)>;

/// Texts that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The words that set it apart, in both languages.
    pub label: String,
    /// Places of its texts in what came in.
    pub members: Vec<usize>,
    /// The number under which people have sorted it, if they have.
    pub pile: Option<u64>,
}

/// The clusters of at least `least` texts, and those that people have sorted, whatever their size:
/// largest first, then by the first member. `piles` has the pile of each text that was sorted.
pub fn clusters(
    analyser: &Analyser,
    texts: &[&str],
    piles: &[Option<u64>],
    least: usize,
) -> Vec<Cluster> {
    let texts = texts.get(..TEXTS_MAX).unwrap_or(texts);
    let read: Vec<Analysis> = texts.iter().map(|text| analyser.analyse(text)).collect();
    let graph = neighbours(&vectors(&read));
    let mut members: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for (at, place) in pile::places(&communities(&graph), &graph, piles).into_iter().enumerate() {
        members.entry(place).or_default().push(at);
    }
    let slicer = Slicer::new(analyser);
    let of_texts: Vec<Vec<Slice>> = read.iter().map(|a| slicer.slices(a, None)).collect();
    let mut usual: FxHashMap<u64, f64> = FxHashMap::default();
    for slice in of_texts.iter().flatten() {
        *usual.entry(slice.key).or_insert(0.0) += 1.0 / texts.len() as f64;
    }
    let mut clusters: Vec<Cluster> = members
        .into_iter()
        .map(|(place, members)| {
            let label = label(&marks(&members, &of_texts, &usual));
            let pile = match place {
                Place::Pile(pile) => Some(pile),
                Place::Community(_) => None,
            };
            Cluster { label, members, pile }
        })
        .filter(|cluster| cluster.members.len() >= least || cluster.pile.is_some())
        .collect();
    clusters.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members.cmp(&b.members)));
    clusters
}

fn marks(members: &[usize], slices: &[Vec<Slice>], usual: &FxHashMap<u64, f64>) -> Vec<Mark> {
    let mut shares: BTreeMap<u64, (f64, SliceKind, &str)> = BTreeMap::new();
    for slice in members.iter().filter_map(|m| slices.get(*m)).flatten() {
        let entry = shares.entry(slice.key).or_insert((0.0, slice.kind, &slice.name));
        entry.0 += 1.0 / members.len() as f64;
    }
    let mark = |(key, (share, kind, name)): (u64, (f64, SliceKind, &str))| {
        let lift = share / usual.get(&key).copied().unwrap_or(1.0);
        Mark { key, kind, name: name.to_owned(), share, lift }
    };
    let mut marks: Vec<Mark> = shares.into_iter().map(mark).filter(|m| m.lift > 1.0).collect();
    let worth = |m: &Mark| m.share * m.lift.ln();
    marks.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then_with(|| a.name.cmp(&b.name)));
    marks
}

/// The texts as vectors.
pub fn vectors(analyses: &[Analysis]) -> Vec<Vector> {
    let mut ids: FxHashMap<u64, u32> = FxHashMap::default();
    let mut features: Vec<(f32, f32)> = Vec::new();
    let mut counts: Vec<BTreeMap<u32, f32>> = Vec::with_capacity(analyses.len());
    for analysis in analyses {
        let mut all: Vec<Gram> = grams(analysis, 0..analysis.terms.len());
        all.extend(trigrams(analysis, 0..analysis.terms.len()));
        let mut own = BTreeMap::new();
        for gram in all {
            let next = ids.len() as u32;
            let id = *ids.entry(gram.key).or_insert(next);
            if id == next {
                features.push((0.0, gram.channel.weight().sqrt()));
            }
            let count = own.entry(id).or_insert(0.0_f32);
            if *count < 0.5 {
                if let Some(feature) = features.get_mut(id as usize) {
                    feature.0 += 1.0;
                }
            }
            *count += 1.0;
        }
        counts.push(own);
    }
    let texts = analyses.len() as f32;
    let weight = |(id, count): (u32, f32)| {
        let (texts_with, channel) = features.get(id as usize).copied().unwrap_or((1.0, 0.0));
        // What stands in one text only joins it to nothing.
        let shared = texts_with > 1.0;
        // Where all texts are about one thing, what they share still makes them alike.
        let idf = ((1.0 + texts) / (1.0 + texts_with)).ln().max(IDF_MIN);
        shared.then(|| (id, (1.0 + count.ln()) * idf * channel))
    };
    counts.into_iter().map(|own| unit(own.into_iter().filter_map(weight).collect())).collect()
}

/// The vector with a length of one.
pub fn unit(mut vector: Vector) -> Vector {
    let length = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-9);
    vector.iter_mut().for_each(|(_, w)| *w /= length);
    vector
}

/// A graph: for each node its neighbours and the weights of the edges, the same in both directions.
type Graph = Vec<BTreeMap<usize, f32>>;

/// Joins each vector to those that are most like it; an edge weighs the squared cosine.
fn neighbours(vectors: &[Vector]) -> Graph {
    let mut postings: FxHashMap<u32, Vec<(usize, f32)>> = FxHashMap::default();
    for (at, vector) in vectors.iter().enumerate() {
        for (feature, weight) in vector {
            postings.entry(*feature).or_default().push((at, *weight));
        }
    }
    let mut graph: Graph = vec![BTreeMap::new(); vectors.len()];
    let mut cosines = vec![0.0_f32; vectors.len()];
    for (at, vector) in vectors.iter().enumerate() {
        cosines.fill(0.0);
        for (feature, weight) in vector {
            for (other, theirs) in postings.get(feature).into_iter().flatten() {
                if let Some(cosine) = cosines.get_mut(*other) {
                    *cosine += weight * theirs;
                }
            }
        }
        let near = |(other, cosine): &(usize, &f32)| *other != at && **cosine > LIKENESS_MIN;
        let mut nearest: Vec<(usize, &f32)> = cosines.iter().enumerate().filter(near).collect();
        nearest.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(&b.0)));
        for (other, cosine) in nearest.into_iter().take(NEIGHBOURS) {
            for (from, to) in [(at, other), (other, at)] {
                if let Some(edges) = graph.get_mut(from) {
                    edges.insert(to, cosine * cosine);
                }
            }
        }
    }
    graph
}

/// The communities of a graph: nodes move to where most of their edges are, communities become the
/// nodes of a smaller graph, until nothing moves.
fn communities(graph: &Graph) -> Vec<usize> {
    let mut of_text: Vec<usize> = (0..graph.len()).collect();
    let resolution = (graph.len() as f32 / TEXTS_PER_RESOLUTION).clamp(1.0, RESOLUTION_MAX);
    let (mut graph, mut inside) = (graph.clone(), vec![0.0_f32; graph.len()]);
    loop {
        let (community, moved) = settle(&graph, &inside, resolution);
        let mut names: BTreeMap<usize, usize> = BTreeMap::new();
        for name in &community {
            let next = names.len();
            names.entry(*name).or_insert(next);
        }
        let renumbered: Vec<usize> =
            community.iter().map(|c| names.get(c).copied().unwrap_or(0)).collect();
        for text in &mut of_text {
            *text = renumbered.get(*text).copied().unwrap_or(0);
        }
        if !moved {
            return of_text;
        }
        (graph, inside) = shrink(&graph, &inside, &renumbered, names.len());
    }
}

/// One level: the community of each node, and whether any node moved.
fn settle(graph: &Graph, inside: &[f32], resolution: f32) -> (Vec<usize>, bool) {
    let degree =
        |(edges, own): (&BTreeMap<usize, f32>, &f32)| edges.values().sum::<f32>() + 2.0 * own;
    let degrees: Vec<f32> = graph.iter().zip(inside).map(degree).collect();
    let all = degrees.iter().sum::<f32>().max(1e-9);
    let mut community: Vec<usize> = (0..graph.len()).collect();
    let mut totals = degrees.clone();
    let mut moved = false;
    for _ in 0..ROUNDS_MAX {
        let mut steps = 0;
        for (node, (edges, degree)) in graph.iter().zip(&degrees).enumerate() {
            let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
            for (other, weight) in edges {
                let theirs = community.get(*other).copied().unwrap_or(*other);
                *weights.entry(theirs).or_insert(0.0) += weight;
            }
            let home = community.get(node).copied().unwrap_or(node);
            if let Some(total) = totals.get_mut(home) {
                *total -= degree;
            }
            let gain = |to: usize| {
                let total = totals.get(to).copied().unwrap_or(0.0);
                weights.get(&to).copied().unwrap_or(0.0) - resolution * degree * total / all
            };
            let mut best = (home, gain(home));
            for to in weights.keys() {
                if gain(*to) > best.1 + 1e-6 {
                    best = (*to, gain(*to));
                }
            }
            if let Some(total) = totals.get_mut(best.0) {
                *total += degree;
            }
            if best.0 != home {
                steps += 1;
                if let Some(place) = community.get_mut(node) {
                    *place = best.0;
                }
            }
        }
        moved |= steps > 0;
        if steps == 0 {
            break;
        }
    }
    (community, moved)
}

/// The graph of `count` communities.
fn shrink(graph: &Graph, inside: &[f32], named: &[usize], count: usize) -> (Graph, Vec<f32>) {
    let mut smaller: Graph = vec![BTreeMap::new(); count];
    let mut within = vec![0.0_f32; count];
    for ((edges, own), name) in graph.iter().zip(inside).zip(named) {
        let mut kept = *own;
        for (other, weight) in edges {
            let theirs = named.get(*other).copied().unwrap_or(0);
            if theirs == *name {
                kept += weight / 2.0;
            } else if let Some(edges) = smaller.get_mut(*name) {
                *edges.entry(theirs).or_insert(0.0) += weight;
            }
        }
        if let Some(sum) = within.get_mut(*name) {
            *sum += kept;
        }
    }
    (smaller, within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_about_one_thing_meet_whatever_words_they_use() {
        let texts = [
            "my card has not arrived yet",
            "when will the new card arrive",
            "card still not arrived after two weeks",
            "the app crashes when I open it",
            "app crash on start, it closes",
            "it crashes again and again, the app",
            "护照认证没通过",
            "认证一直没通过，护照拍了三次",
            "为什么护照认证老是不通过",
        ];
        let found = clusters(&Analyser::default(), &texts, &[], 3);
        let members: Vec<&[usize]> = found.iter().map(|c| c.members.as_slice()).collect();
        assert_eq!(members, [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
        assert!(found[0].label.contains("card"), "{found:?}");
        assert!(found[2].label.contains("认证"), "{found:?}");
        assert_eq!(clusters(&Analyser::default(), &[], &[], 1), []);
    }
}
