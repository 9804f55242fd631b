//! Clustering figures: how well clusters agree with labels, and the clusters of plain k-means to
//! compare with. In: a cluster and a label for each text. Out: adjusted Rand index (Hubert and
//! Arabie 1985), normalised mutual information (geometric mean) and V-measure (Rosenberg and
//! Hirschberg 2007).

use std::collections::BTreeMap;

use crate::trends::cluster::Vector;

/// Rounds of k-means.
const ROUNDS_MAX: usize = 25;

/// How well clusters agree with labels; 1 is perfect, 0 is chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Adjusted Rand index.
    pub ari: f64,
    /// Normalised mutual information.
    pub nmi: f64,
    /// Harmonic mean of homogeneity and completeness.
    pub v_measure: f64,
}

/// Compares clusters with labels.
pub fn agreement(clusters: &[usize], labels: &[usize]) -> Agreement {
    let mut both: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let (mut by_cluster, mut by_label) = (BTreeMap::new(), BTreeMap::new());
    for (cluster, label) in clusters.iter().zip(labels) {
        *both.entry((*cluster, *label)).or_insert(0.0) += 1.0;
        *by_cluster.entry(*cluster).or_insert(0.0) += 1.0;
        *by_label.entry(*label).or_insert(0.0) += 1.0;
    }
    let n = clusters.len().min(labels.len()) as f64;
    let pairs = |count: f64| count * (count - 1.0) / 2.0;
    let together: f64 = both.values().map(|c| pairs(*c)).sum();
    let within =
        |counts: &BTreeMap<usize, f64>| -> f64 { counts.values().map(|c| pairs(*c)).sum() };
    let (found, wanted) = (within(&by_cluster), within(&by_label));
    let chance = found * wanted / pairs(n).max(1.0);
    let entropy = |counts: &BTreeMap<usize, f64>| -> f64 {
        counts.values().map(|c| -c / n * (c / n).ln()).sum()
    };
    let mutual: f64 = both
        .iter()
        .map(|((cluster, label), count)| {
            let of = |counts: &BTreeMap<usize, f64>, key| counts.get(key).copied().unwrap_or(1.0);
            count / n * (count * n / (of(&by_cluster, cluster) * of(&by_label, label))).ln()
        })
        .sum();
    let (of_clusters, of_labels) = (entropy(&by_cluster), entropy(&by_label));
    let share = |of: f64| if of > 0.0 { mutual / of } else { 1.0 };
    Agreement {
        ari: (together - chance) / (f64::midpoint(found, wanted) - chance).max(1e-12),
        nmi: share((of_clusters * of_labels).sqrt()),
        v_measure: share(f64::midpoint(of_clusters, of_labels)),
    }
}

/// Spherical k-means with k-means++ seeds (Arthur and Vassilvitskii 2007), the same on every run.
pub fn k_means(vectors: &[Vector], k: usize, seed: u64) -> Vec<usize> {
    let width = vectors.iter().flatten().map(|(f, _)| *f as usize + 1).max().unwrap_or(0);
    let mut centres = seeds(vectors, k, seed, width);
    let mut nearest = vec![0; vectors.len()];
    for _ in 0..ROUNDS_MAX {
        let mut moved = false;
        for (vector, place) in vectors.iter().zip(&mut nearest) {
            let best = centres
                .iter()
                .enumerate()
                .max_by(|a, b| dot(vector, a.1).total_cmp(&dot(vector, b.1)).then(b.0.cmp(&a.0)));
            let best = best.map_or(0, |(at, _)| at);
            moved |= *place != best;
            *place = best;
        }
        if !moved {
            break;
        }
        centres.iter_mut().for_each(|centre| centre.fill(0.0));
        for (vector, place) in vectors.iter().zip(&nearest) {
            let Some(centre) = centres.get_mut(*place) else { continue };
            for (feature, weight) in vector {
                if let Some(sum) = centre.get_mut(*feature as usize) {
                    *sum += weight;
                }
            }
        }
        for centre in &mut centres {
            let length = centre.iter().map(|w| w * w).sum::<f32>().sqrt().max(1e-9);
            centre.iter_mut().for_each(|w| *w /= length);
        }
    }
    nearest
}

fn seeds(vectors: &[Vector], k: usize, seed: u64, width: usize) -> Vec<Vec<f32>> {
    let mut state = seed;
    let mut roll = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let mut far = vec![1.0_f32; vectors.len()];
    let mut centres: Vec<Vec<f32>> = Vec::with_capacity(k);
    while centres.len() < k.min(vectors.len()) {
        let mut left = roll() * far.iter().sum::<f32>();
        let chosen = far.iter().position(|distance| {
            left -= distance;
            left <= 0.0
        });
        let mut centre = vec![0.0; width];
        for (feature, weight) in chosen.and_then(|at| vectors.get(at)).into_iter().flatten() {
            if let Some(place) = centre.get_mut(*feature as usize) {
                *place = *weight;
            }
        }
        for (vector, distance) in vectors.iter().zip(&mut far) {
            *distance = distance.min((2.0 - 2.0 * dot(vector, &centre)).max(0.0));
        }
        centres.push(centre);
    }
    centres
}

fn dot(vector: &Vector, centre: &[f32]) -> f32 {
    vector.iter().map(|(f, w)| w * centre.get(*f as usize).copied().unwrap_or(0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_of_known_tables() {
        let labels = [0, 0, 0, 1, 1, 1];
        let perfect = agreement(&[5, 5, 5, 2, 2, 2], &labels);
        assert!((perfect.ari - 1.0).abs() < 1e-9 && (perfect.v_measure - 1.0).abs() < 1e-9);
        // One text in the wrong cluster; values worked out by hand.
        let one_wrong = agreement(&[0, 0, 1, 1, 1, 1], &labels);
        assert!((one_wrong.ari - 0.3243).abs() < 1e-3, "{one_wrong:?}");
        assert!((one_wrong.v_measure - 0.4791).abs() < 1e-3, "{one_wrong:?}");
        let all_in_one = agreement(&[0; 6], &labels);
        assert!(all_in_one.ari.abs() < 1e-9 && all_in_one.v_measure.abs() < 1e-9);
    }

    #[test]
    fn k_means_finds_what_lies_apart() {
        let vectors = vec![vec![(0, 1.0)], vec![(0, 1.0)], vec![(1, 1.0)], vec![(1, 1.0)]];
        let found = k_means(&vectors, 2, 1);
        assert!(found[0] == found[1] && found[2] == found[3] && found[0] != found[2], "{found:?}");
    }
}
