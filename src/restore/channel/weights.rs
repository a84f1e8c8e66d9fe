//! The learned weights of one recogniser: P(seen | printed) for letters, onsets, rimes and whole syllables, and their file.

use super::letters::{Alphabet, Packed};
use crate::error::{Error, ErrorKind, Result};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// First line of a file of weights.
const MAGIC: &str = "# sohoa channel 1";

/// Number of a unit in its [`Level`].
pub type Unit = u16;

/// P(seen | unit) for units of one size, as far as it was counted; what was not counted is left to the next smaller size.
///
/// P(seen | unit) = `direct` + `back_off` × P of the smaller units, an interpolated Pitman-Yor estimate (Teh 2006).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Level {
    printed: FxHashMap<Packed, Unit>,
    back_off: Vec<f32>,
    seen: FxHashMap<Packed, (u32, u32)>,
    direct: Vec<(Unit, f32)>,
}

impl Level {
    /// The number of the unit printed as `letters`; None where it was never met.
    pub fn unit(&self, letters: Packed) -> Option<Unit> {
        self.printed.get(&letters).copied()
    }

    /// The weight of the smaller units beneath this one; 1 for a unit that was never met.
    pub fn back_off(&self, unit: Option<Unit>) -> f32 {
        unit.map_or(1.0, |unit| self.back_off[usize::from(unit)])
    }

    /// Units that were seen as `seen`, each with its direct probability.
    pub fn direct(&self, seen: Packed) -> &[(Unit, f32)] {
        match self.seen.get(&seen) {
            Some(&(start, end)) => &self.direct[start as usize..end as usize],
            None => &[],
        }
    }

    /// How many units it knows.
    pub fn units(&self) -> usize {
        self.back_off.len()
    }

    /// The level of `rows`: a unit's letters, its back-off weight and what it was seen as, sorted by letters.
    fn new(rows: Vec<Row>) -> Level {
        let mut level = Level::default();
        let mut direct: Vec<(Packed, Unit, f32)> = Vec::new();
        for row in rows {
            let unit = level.back_off.len() as Unit;
            level.printed.insert(row.printed, unit);
            level.back_off.push(row.back_off);
            direct.extend(row.seen.into_iter().map(|(seen, p)| (seen, unit, p)));
        }
        direct.sort_unstable_by_key(|&(seen, unit, _)| (seen, unit));
        for run in direct.chunk_by(|a, b| a.0 == b.0) {
            let start = level.direct.len() as u32;
            level.direct.extend(run.iter().map(|&(_, unit, p)| (unit, p)));
            level.seen.insert(run[0].0, (start, level.direct.len() as u32));
        }
        level
    }
}

/// One unit of a level: what is printed, and what it is seen as.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The letters printed.
    pub printed: Packed,
    /// The weight left to smaller units.
    pub back_off: f32,
    /// What was seen, each with its direct probability.
    pub seen: Vec<(Packed, f32)>,
}

/// A letter as a recogniser sees it, and how often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confusion {
    /// The letter printed.
    pub printed: Packed,
    /// What is seen for it.
    pub seen: Packed,
    /// P(seen | printed).
    pub share: f32,
}

/// The least that is left to smaller units. Another recogniser, and another scanner, misread even the commonest words in ways that no
/// pair shows; with weights as learned (0.01 for common words) 1.4 points more of a real bad layer stay wrong, and from 0.2 to 0.6 is as good.
const LEAST_BACK_OFF: f32 = 0.25;

impl Row {
    /// The row with at least [`LEAST_BACK_OFF`] left to smaller units.
    fn loosened(mut self) -> Self {
        if self.back_off < LEAST_BACK_OFF {
            let scale = (1.0 - LEAST_BACK_OFF) / (1.0 - self.back_off);
            self.seen.iter_mut().for_each(|s| s.1 *= scale);
            self.back_off = LEAST_BACK_OFF;
        }
        self
    }
}

/// The levels of a channel, from the smallest units to the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Size {
    /// One letter, seen as none to three characters.
    Letter,
    /// The consonants before the first vowel.
    Onset,
    /// All that follows the onset, with the tone.
    Rime,
    /// A whole syllable.
    Syllable,
}

impl Size {
    /// All sizes, in the order of their numbers.
    pub const ALL: [Size; 4] = [Size::Letter, Size::Onset, Size::Rime, Size::Syllable];

    fn name(self) -> &'static str {
        ["letter", "onset", "rime", "syllable"][self as usize]
    }
}

/// What one recogniser makes of print.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    /// By [`Size`].
    pub levels: [Level; 4],
    /// Probability that a space between two words is not seen.
    pub lost_space: f32,
    /// Probability, a printed word, that a space is seen inside it.
    pub broken_word: f32,
}

impl Weights {
    /// The level of this size.
    pub fn level(&self, size: Size) -> &Level {
        &self.levels[size as usize]
    }
}

/// The rows of one recogniser as they stand in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// By [`Size`], each sorted by what is printed.
    pub rows: [Vec<Row>; 4],
    /// See [`Weights::lost_space`].
    pub lost_space: f32,
    /// See [`Weights::broken_word`].
    pub broken_word: f32,
}

impl Table {
    /// Lets letters be seen so at least as often as these confusions say. Nothing is taken from what was learned: what another
    /// recogniser does comes on top.
    pub fn admit(&mut self, confusions: &[Confusion]) {
        for row in &mut self.rows[Size::Letter as usize] {
            for c in confusions.iter().filter(|c| c.printed == row.printed) {
                match row.seen.iter_mut().find(|seen| seen.0 == c.seen) {
                    Some((_, share)) => *share = share.max(c.share),
                    None => row.seen.push((c.seen, c.share)),
                }
            }
        }
    }
}

impl From<Table> for Weights {
    fn from(table: Table) -> Self {
        Weights { levels: table.rows.map(Level::new), lost_space: table.lost_space, broken_word: table.broken_word }
    }
}

/// Hundredths of a nat: what a probability is written as.
fn to_file(p: f32) -> i32 {
    (-100.0 * p.max(1e-20).ln()).round() as i32
}

fn from_file(field: &str) -> Option<f32> {
    field.parse::<u16>().ok().map(|cost| (-0.01 * f32::from(cost)).exp())
}

/// Writes the tables of the named recognisers, in order, one unit a line: name, size, printed, back-off, then seen and its cost by turns.
///
/// Costs are -100 ln P, rounded.
pub fn write(tables: &[(&str, Table)], alphabet: &Alphabet) -> String {
    let mut out = format!(
        "{MAGIC}\n# recogniser, size, printed, back-off, then what is seen and its cost; costs are -100 ln P\n"
    );
    for (name, table) in tables {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name}\tspace\t{}\t{}", to_file(table.lost_space), to_file(table.broken_word));
        for (size, rows) in Size::ALL.iter().zip(&table.rows) {
            for row in rows {
                let printed = alphabet.text(&row.printed.codes());
                let _ = write!(out, "{name}\t{}\t{printed}\t{}", size.name(), to_file(row.back_off));
                for &(seen, p) in &row.seen {
                    let _ = write!(out, "\t{}\t{}", alphabet.text(&seen.codes()), to_file(p));
                }
                out.push('\n');
            }
        }
    }
    out
}

/// Reads the rows of the recogniser `name` out of a file of weights.
///
/// # Errors
/// [`ErrorKind::Model`] where the file is not one of weights, a line is not as [`write`] writes it, or the name is not in it.
pub fn read(text: &str, name: &str, alphabet: &Alphabet) -> Result<Table> {
    if !text.starts_with(MAGIC) {
        return Err(Error::new(ErrorKind::Model, format!("the first line is not `{MAGIC}`"))
            .remedy("make the file with `sohoa train channel`"));
    }
    let mut table = Table::default();
    let mut found = false;
    for (number, line) in text.lines().enumerate() {
        let Some(rest) = line.strip_prefix(name).and_then(|l| l.strip_prefix('\t')) else { continue };
        found = true;
        row(rest, &mut table, alphabet).ok_or_else(|| {
            Error::new(ErrorKind::Model, format!("line {} is not a row of channel weights", number + 1))
                .remedy("make the file again with `sohoa train channel`")
        })?;
    }
    match found {
        true => Ok(table),
        false => Err(Error::new(ErrorKind::Model, format!("it holds no weights of the recogniser `{name}`"))),
    }
}

/// Adds one line, without its recogniser's name, to `table`; None where it is malformed.
fn row(line: &str, table: &mut Table, alphabet: &Alphabet) -> Option<()> {
    let mut fields = line.split('\t');
    let size = fields.next()?;
    if size == "space" {
        table.lost_space = from_file(fields.next()?)?;
        table.broken_word = from_file(fields.next()?)?;
        return Some(());
    }
    let size = Size::ALL.into_iter().find(|s| s.name() == size)?;
    let printed = Packed::new(&alphabet.printed(fields.next()?)?)?;
    let back_off = from_file(fields.next()?)?;
    let mut seen = Vec::new();
    while let Some(text) = fields.next() {
        seen.push((Packed::new(&alphabet.codes(text))?, from_file(fields.next()?)?));
    }
    let row = Row { printed, back_off, seen };
    table.rows[size as usize].push(if size == Size::Letter { row } else { row.loosened() });
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &str) -> Packed {
        Packed::new(&Alphabet::default().codes(text)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let alphabet = Alphabet::default();
        let mut table = Table { lost_space: 0.01, broken_word: 0.002, ..Table::default() };
        table.rows[Size::Letter as usize] =
            vec![Row { printed: packed("ư"), back_off: 0.05, seen: vec![(packed(""), 0.01), (packed("ur"), 0.2)] }];
        table.rows[Size::Rime as usize] =
            vec![Row { printed: packed("ừng"), back_off: 0.5, seen: vec![(packed("img"), 0.25)] }];
        let text = write(&[("eng", table)], &alphabet);
        let weights: Weights = read(&text, "eng", &alphabet).unwrap().into();
        let near = |a: f32, b: f32| (a / b - 1.0).abs() < 0.006;
        let letters = weights.level(Size::Letter);
        let unit = letters.unit(packed("ư"));
        assert!(near(letters.back_off(unit), 0.05));
        assert!(matches!(letters.direct(packed("ur")), [(u, p)] if Some(*u) == unit && near(*p, 0.2)));
        assert!(matches!(letters.direct(packed("")), [(_, p)] if near(*p, 0.01)));
        assert!(weights.level(Size::Syllable).direct(packed("img")).is_empty());
        assert_eq!(weights.level(Size::Rime).direct(packed("img")).len(), 1);
        assert!(near(weights.lost_space, 0.01) && near(weights.broken_word, 0.002));
    }

    #[test]
    fn a_damaged_file_is_named_by_its_line() {
        let alphabet = Alphabet::default();
        for (text, want) in [
            ("nonsense", "the first line is not"),
            ("# sohoa channel 1\neng\tletter\tư\tx", "line 2"),
            ("# sohoa channel 1\neng\tletter\tư\t3\tu", "line 2"),
            ("# sohoa channel 1\nvie\tspace\t3\t4", "no weights of the recogniser `eng`"),
        ] {
            let error = read(text, "eng", &alphabet).unwrap_err();
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
