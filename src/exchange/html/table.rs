//! A table under construction: cells → the lines of a Markdown table.

/// Rows of cells.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    /// Tables inside a cell: their cells are text of it.
    pub(super) inner: usize,
}

impl Table {
    pub(super) fn row(&mut self) {
        if self.rows.last().is_none_or(|row| !row.is_empty()) {
            self.rows.push(Vec::new());
        }
    }

    pub(super) fn cell(&mut self) {
        if self.rows.is_empty() {
            self.row();
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(String::new());
        }
    }

    /// Adds text to the current cell; a second block of it comes after a blank.
    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.rows.last().is_none_or(Vec::is_empty) {
            self.cell();
        }
        let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) else { return };
        if !cell.is_empty() {
            cell.push(' ');
        }
        let one_line = text.replace("\\\n", " ").replace('\n', " ");
        cell.push_str(&one_line.replace('|', "\\|"));
    }

    /// The lines of the table. The first row names the columns, whatever the source calls it.
    pub(super) fn lines(mut self) -> Vec<String> {
        self.rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let line = |row: &Vec<String>| {
            let cells = (0..columns).map(|at| row.get(at).map_or("", String::as_str));
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut lines: Vec<String> = self.rows.iter().map(line).collect();
        if !lines.is_empty() {
            lines.insert(1, format!("|{}", "---|".repeat(columns)));
        }
        lines
    }
}
