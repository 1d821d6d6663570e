//! What is told: a line for each figure as it comes, if asked for, and one table at the end.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::args::Args;
use crate::chats::Chats;

/// The figures of one run.
pub struct Report {
    with_json: bool,
    rows: Vec<Row>,
}

/// The figures of one form of a measure.
pub struct Row {
    measure: &'static str,
    keys: Vec<(&'static str, Value)>,
    figures: Vec<(&'static str, f64, usize)>,
}

impl Row {
    /// A row of a measure; `keys` say which form it is.
    pub fn new(measure: &'static str, keys: &[(&'static str, Value)]) -> Self {
        Self { measure, keys: keys.to_vec(), figures: Vec::new() }
    }

    /// Adds a figure, shown with that many decimals. Its name ends in its unit.
    pub fn figure(mut self, name: &'static str, value: f64, decimals: usize) -> Self {
        self.figures.push((name, value, decimals));
        self
    }

    fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.0).chain(self.figures.iter().map(|figure| figure.0)).collect()
    }

    fn cells(&self) -> Vec<String> {
        let keys = self.keys.iter().map(|(_, value)| value.as_str().map_or(value.to_string(), str::to_owned));
        let figures = self.figures.iter().map(|&(_, value, decimals)| format!("{value:.decimals$}"));
        keys.chain(figures).collect()
    }

    fn json(&self) -> Value {
        let mut object = Map::from_iter([("measure".to_owned(), json!(self.measure))]);
        object.extend(self.keys.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        object.extend(self.figures.iter().map(|&(name, value, _)| (name.to_owned(), json!(value))));
        Value::Object(object)
    }
}

impl Report {
    /// An empty one.
    pub fn new(args: &Args) -> Self {
        Self { with_json: args.json, rows: Vec::new() }
    }

    /// Tells that the chats are there.
    pub fn founded(&mut self, chats: &Chats) -> Outcome<()> {
        let row = Row::new("founding", &[("chats", json!(chats.pairs.len()))]);
        self.add(row.figure("seconds", chats.took.as_secs_f64(), 1))
    }

    /// Takes in a row, and prints its line.
    pub fn add(&mut self, row: Row) -> Outcome<()> {
        if self.with_json {
            writeln!(io::stdout(), "{}", row.json())?;
        }
        self.rows.push(row);
        Ok(())
    }

    /// Prints the tables: one for each measure, in Markdown, aligned.
    pub fn finish(&self) -> Outcome<()> {
        let mut text = String::new();
        for rows in self.rows.chunk_by(|one, other| one.measure == other.measure) {
            write!(text, "\n{}\n{}", rows[0].measure, table(rows))?;
        }
        Ok(io::stdout().write_all(text.as_bytes())?)
    }
}

fn table(rows: &[Row]) -> String {
    let names = rows[0].names().into_iter().map(|name| name.replace('_', " ")).collect();
    let lines: Vec<Vec<String>> = std::iter::once(names).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let rule = widths.iter().map(|width| format!("{}:", "-".repeat(width.saturating_sub(1)))).collect();
    let body = lines[1..].iter().cloned();
    let all = [lines[0].clone(), rule].into_iter().chain(body);
    all.fold(String::new(), |text, line| text + &aligned(&line, &widths))
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}"));
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Says why the load ended before its end.
pub fn complain(error: &(dyn std::error::Error + Send + Sync)) {
    // Where nobody listens, the exit status has to do.
    let _ = writeln!(io::stderr(), "load: {error}");
}
