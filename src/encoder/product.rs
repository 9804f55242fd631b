//! Matrix products whose every sum runs in the same order, whatever the machine and the batch.
//!
//! In: rows of numbers and a matrix that was packed once. Out: rows times matrix. Each entry of the
//! result is one sum over the matrix' rows from first to last, by plain multiplications and
//! additions of IEEE 754: the compiler may put several entries side by side into one wide register,
//! but it may neither reorder a sum nor fuse a multiplication into it. So SSE2, AVX and NEON give
//! the same bits. Tiles of 4 × 8 entries keep 8 numbers of the matrix busy for 4 rows.

/// Columns of a panel.
const COLUMNS: usize = 8;
/// Rows of a block.
const ROWS: usize = 4;

/// Rows of the same width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Numbers in a row.
    pub width: usize,
    /// Row after row.
    pub values: Vec<f32>,
}

impl Rows {
    /// `count` rows of zeros.
    pub fn zeros(count: usize, width: usize) -> Rows {
        Rows { width, values: vec![0.0; count * width] }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// The rows in order.
    pub fn each(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// The rows in order, to be changed.
    pub fn each_mut(&mut self) -> std::slice::ChunksExactMut<'_, f32> {
        self.values.chunks_exact_mut(self.width.max(1))
    }

    /// One row; empty if there is none.
    pub fn row(&self, at: usize) -> &[f32] {
        self.values.get(at * self.width..(at + 1) * self.width).unwrap_or_default()
    }
}

/// A matrix in panels of eight columns, each panel row after row.
pub struct Matrix {
    height: usize,
    width: usize,
    panels: Vec<[f32; COLUMNS]>,
}

impl Matrix {
    /// Packs a matrix that is given row by row.
    pub fn pack(values: &[f32], height: usize, width: usize) -> Matrix {
        let mut panels = Vec::with_capacity(height * width.div_ceil(COLUMNS));
        for start in (0..width).step_by(COLUMNS) {
            for row in values.chunks_exact(width.max(1)).take(height) {
                let mut packed = [0.0; COLUMNS];
                let columns = row.iter().skip(start);
                packed.iter_mut().zip(columns).for_each(|(packed, value)| *packed = *value);
                panels.push(packed);
            }
        }
        Matrix { height, width, panels }
    }

    /// `rows` times this matrix; the rows must be as wide as the matrix is high.
    pub fn times(&self, rows: &Rows) -> Rows {
        let mut out = Rows::zeros(rows.count(), self.width);
        if rows.count() < ROWS - 1 {
            self.tiles::<1>(rows, &mut out);
        } else {
            self.tiles::<ROWS>(rows, &mut out);
        }
        out
    }

    fn tiles<const R: usize>(&self, rows: &Rows, out: &mut Rows) {
        let blocks = blocks::<R>(rows);
        let height = self.height.max(1);
        for (number, panel) in self.panels.chunks_exact(height).enumerate() {
            for (block, out) in
                blocks.chunks_exact(height).zip(out.values.chunks_mut(R * self.width))
            {
                let sums = tile(block, panel);
                for (sums, out) in sums.iter().zip(out.chunks_exact_mut(self.width)) {
                    let out = out.iter_mut().skip(number * COLUMNS);
                    out.zip(sums).for_each(|(out, sum)| *out = *sum);
                }
            }
        }
    }
}

/// Rows in blocks of `R`, each block column after column; the last is filled up with zeros.
fn blocks<const R: usize>(rows: &Rows) -> Vec<[f32; R]> {
    let mut blocks = vec![[0.0; R]; rows.count().div_ceil(R) * rows.width];
    let own = blocks.chunks_exact_mut(rows.width.max(1));
    for (block, rows) in own.zip(rows.values.chunks(R * rows.width.max(1))) {
        for (at, row) in rows.chunks_exact(block.len()).enumerate() {
            for (column, value) in block.iter_mut().zip(row) {
                if let Some(place) = column.get_mut(at) {
                    *place = *value;
                }
            }
        }
    }
    blocks
}

fn tile<const R: usize>(block: &[[f32; R]], panel: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; R] {
    let mut sums = [[0.0_f32; COLUMNS]; R];
    for (values, weights) in block.iter().zip(panel) {
        for (sums, value) in sums.iter_mut().zip(values) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition_for_every_shape() {
        let number = |n: usize| ((n * 7919 + 13) % 101) as f32 - 50.0;
        for (count, height, width) in [(1, 3, 5), (2, 8, 8), (5, 17, 20), (8, 1, 9)] {
            let rows = Rows { width: height, values: (0..count * height).map(number).collect() };
            let values: Vec<f32> = (0..height * width).map(|n| number(n + 7)).collect();
            let product = Matrix::pack(&values, height, width).times(&rows);
            assert_eq!(product.count(), count);
            for (row, products) in rows.each().zip(product.each()) {
                for (column, product) in products.iter().enumerate() {
                    let entries = values.iter().skip(column).step_by(width);
                    let expected: f32 = row.iter().zip(entries).map(|(a, b)| a * b).sum();
                    assert!((product - expected).abs() < 1e-3, "{product} {expected}");
                }
            }
        }
    }
}
