//! Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020): 16 languages, among them
//! English and both written forms of Chinese, in one space of 512 dimensions.
//!
//! A text is cut into pieces ([`super::pieces`]); each has a row in a table of bytes. Three branches
//! look at 2, 3 and 5 neighbouring rows by two convolutions each; what they find and the rows
//! themselves are normalised and summed over the text, and three dense layers with a tanh at the end
//! make the vector. About 1.7 million multiplications a piece.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::directory::OwnedBytes;

use super::charsmap::Charsmap;
use super::layers::{Convolution, Dense, Normalisation, add, rectify, tanh, to_unit};
use super::pieces::Pieces;
use super::product::{Matrix, Rows};
use super::weights::Weights;
use super::{Encoder, EncoderError, Vector};

/// Folder of the weights below the folder for models, and their file.
pub const FOLDER: &str = "use-multilingual-v3";
/// The file with the weights.
pub const FILE: &str = "encoder.bin";

/// The width of the table and of a vector.
const DIMENSION: usize = 512;
/// The width of a branch.
const BRANCH: usize = 256;
/// The hidden width of the last layers.
const HIDDEN: usize = 320;
/// Each branch's name in the file, the rows that it sees, and how many of them lie before.
const BRANCHES: [(&str, usize, usize); 3] = [("2", 2, 0), ("3", 3, 1), ("5", 5, 2)];
/// Every seventeenth row of the table has the same scale.
const SCALES: usize = 17;
/// Rows of the table; the last few are never asked for.
const TABLE_ROWS: usize = 7530 * SCALES;
/// Pieces that are read of one text: a page. What comes after says the same again.
const PIECES_MAX: usize = 512;
/// Pieces whose projection is remembered: 12 MB.
const PROJECTED_MAX: usize = 4096;
/// Pieces that go through the layers at a time: the matrices are read from memory once for all of
/// them, and they still fit the nearest caches.
const BATCH: usize = 64;

/// The encoder with its weights.
pub struct Use3 {
    version: String,
    charsmap: Charsmap,
    vocabulary: Pieces,
    table: OwnedBytes,
    scale: Vec<f32>,
    lowest: Vec<f32>,
    project: Dense,
    normalise: Normalisation,
    /// What the two make of the pieces that were seen last: a quarter of all work, done once.
    projected: Mutex<FxHashMap<u32, Arc<[f32]>>>,
    branches: Vec<[Convolution; 2]>,
    normalise_all: Normalisation,
    join: Dense,
    last: Last,
}

/// The dense layers at the end: two shortcuts beside a chain of three.
struct Last {
    first: Matrix,
    second: Matrix,
    second_shortcut: Matrix,
    third: Matrix,
    fourth: Matrix,
    fourth_shortcut: Matrix,
}

impl Use3 {
    /// Opens the encoder in a folder of models.
    pub fn open(models: &Path) -> Result<Use3, EncoderError> {
        let folder = models.join(FOLDER);
        let weights = Weights::open(&folder, FILE)?;
        read(&weights).ok_or_else(|| EncoderError::Weights {
            path: folder.join(FILE),
            what: "a part is missing or has another size".to_owned(),
        })
    }

    /// Returns true if and only if the weights are there.
    pub fn is_there(models: &Path) -> bool {
        models.join(FOLDER).join(FILE).is_file()
    }

    /// The numbers of the pieces that a text is read as.
    pub fn pieces(&self, text: &str) -> Vec<u32> {
        let mut ids = self.vocabulary.encode(&self.charsmap.normalise(text));
        ids.truncate(PIECES_MAX);
        ids
    }

    /// The table's rows for some pieces.
    fn look_up(&self, ids: &[u32]) -> Rows {
        let mut rows = Rows::zeros(ids.len(), DIMENSION);
        for (row, id) in rows.each_mut().zip(ids) {
            let id = *id as usize;
            let bytes = self.table.get(id * DIMENSION..(id + 1) * DIMENSION).unwrap_or_default();
            let at = |list: &[f32]| list.get(id % SCALES).copied().unwrap_or(0.0);
            let (scale, lowest) = (at(&self.scale), at(&self.lowest));
            row.iter_mut().zip(bytes).for_each(|(x, b)| *x = f32::from(*b) * scale + lowest);
        }
        rows
    }

    /// The input of the branches for some pieces; it depends on each piece alone.
    fn projected(&self, ids: &[u32]) -> Rows {
        let remembered = || self.projected.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: FxHashMap<u32, Arc<[f32]>> = {
            let all = remembered();
            ids.iter().filter_map(|id| Some((*id, all.get(id)?.clone()))).collect()
        };
        let mut new: Vec<u32> = ids.iter().filter(|id| !found.contains_key(id)).copied().collect();
        new.sort_unstable();
        new.dedup();
        if !new.is_empty() {
            let mut rows = self.project.apply(&self.look_up(&new));
            self.normalise.apply(&mut rows);
            found.extend(new.iter().copied().zip(rows.each().map(Arc::from)));
            let mut all = remembered();
            if all.len() + new.len() > PROJECTED_MAX {
                all.clear();
            }
            all.extend(new.iter().filter_map(|id| Some((*id, found.get(id)?.clone()))));
        }
        let row = |id: &u32| found.get(id).map(|row| &**row).unwrap_or_default();
        Rows { width: BRANCH * BRANCHES.len(), values: ids.iter().flat_map(row).copied().collect() }
    }

    /// The vectors of texts that are given as pieces, all in one go.
    fn forward(&self, texts: &[Vec<u32>]) -> Vec<Vector> {
        let ids: Vec<u32> = texts.iter().flatten().copied().collect();
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        let rows = self.look_up(&ids);
        let projected = self.projected(&ids);
        let mut all = Rows::zeros(rows.count(), DIMENSION + BRANCH * BRANCHES.len());
        let mut put = |from: &Rows, at: usize| {
            for (target, row) in all.each_mut().zip(from.each()) {
                if let Some(target) = target.get_mut(at..at + row.len()) {
                    target.copy_from_slice(row);
                }
            }
        };
        put(&rows, 0);
        for (number, [first, second]) in self.branches.iter().enumerate() {
            let seen = columns(&projected, number * BRANCH, BRANCH);
            let found = second.apply(&first.apply(&seen, &lengths), &lengths);
            put(&found, DIMENSION + number * BRANCH);
        }
        self.normalise_all.apply(&mut all);
        let mut sums = self.join.matrix.times(&sums(&all, &lengths));
        for (sum, length) in sums.each_mut().zip(&lengths) {
            let length = *length as f32;
            for (x, bias) in sum.iter_mut().zip(&self.join.bias) {
                *x = (*x + length * bias) / length.sqrt();
            }
        }
        self.last.apply(&sums).each().map(Vector::from).collect()
    }
}

impl Last {
    fn apply(&self, rows: &Rows) -> Rows {
        let mut first = self.first.times(rows);
        rectify(&mut first.values);
        let mut second = self.second_shortcut.times(rows);
        add(&mut second.values, &self.second.times(&first).values);
        rectify(&mut second.values);
        let mut third = self.third.times(&second);
        rectify(&mut third.values);
        let mut fourth = self.fourth_shortcut.times(&second);
        add(&mut fourth.values, &self.fourth.times(&third).values);
        fourth.values.iter_mut().for_each(|x| *x = tanh(*x));
        fourth.each_mut().for_each(to_unit);
        fourth
    }
}

impl Encoder for Use3 {
    fn name(&self) -> &'static str {
        FOLDER
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn is_near(&self) -> bool {
        true
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut waiting: Vec<Vec<u32>> = Vec::new();
        let mut length = 0;
        for text in texts {
            let ids = self.pieces(text);
            if length + ids.len() > BATCH && !waiting.is_empty() {
                vectors.extend(self.forward(&waiting));
                waiting.clear();
                length = 0;
            }
            length += ids.len();
            waiting.push(ids);
        }
        if !waiting.is_empty() {
            vectors.extend(self.forward(&waiting));
        }
        Ok(vectors)
    }
}

fn columns(rows: &Rows, start: usize, width: usize) -> Rows {
    let part = |row: &[f32]| row.get(start..start + width).unwrap_or_default().to_vec();
    Rows { width, values: rows.each().flat_map(part).collect() }
}

/// The sum of the rows of each text.
fn sums(rows: &Rows, lengths: &[usize]) -> Rows {
    let mut sums = Rows::zeros(lengths.len(), rows.width);
    let mut rows = rows.each();
    for (sum, length) in sums.each_mut().zip(lengths) {
        for row in rows.by_ref().take(*length) {
            add(sum, row);
        }
    }
    sums
}

fn read(weights: &Weights) -> Option<Use3> {
    let numbers = |name: &str, count| weights.numbers(name, count, f32::from_le_bytes);
    let matrix = |name: &str, height: usize, width: usize| {
        Some(Matrix::pack(&numbers(name, height * width)?, height, width))
    };
    let convolution = |layer: &str, (name, length, before): (&str, usize, usize)| {
        let matrix = matrix(&format!("w{layer}_{name}"), length * BRANCH, BRANCH)?;
        let bias = numbers(&format!("b{layer}_{name}"), BRANCH)?;
        Some(Convolution { dense: Dense { matrix, bias }, before, length })
    };
    let branches = BRANCHES.map(|b| Some([convolution("1", b)?, convolution("2", b)?]));
    // The branches' projections stand side by side and are normalised together.
    let joined = |prefix: &str| -> Option<Vec<f32>> {
        let parts: Option<Vec<_>> =
            BRANCHES.iter().map(|(name, ..)| numbers(&format!("{prefix}{name}"), BRANCH)).collect();
        Some(parts?.concat())
    };
    let table = weights.bytes("table").filter(|table| table.len() == TABLE_ROWS * DIMENSION)?;
    Some(Use3 {
        version: format!("{FOLDER}:{}", weights.digest),
        charsmap: Charsmap::read(&weights.bytes("charsmap")?)?,
        vocabulary: Pieces::read(weights)?,
        table,
        scale: numbers("scale", SCALES)?,
        lowest: numbers("lo", SCALES)?,
        project: Dense { matrix: projection(&numbers)?, bias: joined("proj_b")? },
        normalise: Normalisation { scale: joined("ln_g")?, shift: joined("ln_b")? },
        projected: Mutex::default(),
        branches: branches.into_iter().collect::<Option<_>>()?,
        normalise_all: Normalisation {
            scale: numbers("ln_g", DIMENSION + BRANCH * BRANCHES.len())?,
            shift: numbers("ln_b", DIMENSION + BRANCH * BRANCHES.len())?,
        },
        join: Dense {
            matrix: matrix("cnn_W", DIMENSION + BRANCH * BRANCHES.len(), DIMENSION)?,
            bias: numbers("cnn_b", DIMENSION)?,
        },
        last: Last {
            first: matrix("d0", DIMENSION, HIDDEN)?,
            second: matrix("d1", HIDDEN, HIDDEN)?,
            second_shortcut: matrix("p1", DIMENSION, HIDDEN)?,
            third: matrix("d2", HIDDEN, DIMENSION)?,
            fourth: matrix("d3", DIMENSION, DIMENSION)?,
            fourth_shortcut: matrix("p3", HIDDEN, DIMENSION)?,
        },
    })
}

fn projection(numbers: &impl Fn(&str, usize) -> Option<Vec<f32>>) -> Option<Matrix> {
    let parts: Option<Vec<_>> = BRANCHES
        .iter()
        .map(|(name, ..)| numbers(&format!("proj{name}"), DIMENSION * BRANCH))
        .collect();
    let parts = parts?;
    let mut values = Vec::with_capacity(DIMENSION * BRANCH * BRANCHES.len());
    for row in 0..DIMENSION {
        for part in &parts {
            values.extend(part.get(row * BRANCH..(row + 1) * BRANCH)?);
        }
    }
    Some(Matrix::pack(&values, DIMENSION, BRANCH * BRANCHES.len()))
}
