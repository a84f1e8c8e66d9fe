//! What is counted, and the rates that are made of the counts. Counts add up over pages and documents; rates do not.

use serde::Serialize;

macro_rules! counts {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {
        /// Counts of one comparison, or of several added up.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
        pub struct Counts { $($(#[$doc])* pub $field: usize,)* }

        impl std::ops::AddAssign for Counts {
            fn add_assign(&mut self, other: Counts) { $(self.$field += other.$field;)* }
        }
    };
}

counts! {
    /// Grapheme clusters of the reference.
    characters,
    /// Insertions, deletions and substitutions of grapheme clusters.
    character_edits,
    /// Those of them that concern a space.
    spacing_edits,
    /// Those that concern punctuation or a symbol.
    punctuation_edits,
    /// Those that concern a digit.
    digit_edits,
    /// Substitutions of a letter by the same letter with other marks, whatever its case.
    mark_edits,
    /// Substitutions of a letter by itself in the other case.
    case_edits,
    /// All other edits.
    letter_edits,
    /// Syllables of the reference.
    syllables,
    /// Syllables of the other text.
    other_syllables,
    /// Insertions, deletions and substitutions of syllables.
    syllable_edits,
    /// What white space separates in the reference, punctuation kept.
    tokens,
    /// Insertions, deletions and substitutions of these.
    token_edits,
    /// Words of the reference as Unicode parts them (UAX 29): `10/QĐ-UBND` is three.
    words,
    /// Insertions, deletions and substitutions of these.
    word_edits,
    /// Reference syllables that have a partner.
    aligned,
    /// Those whose partner is identical.
    right,
    /// Those whose partner differs in case only.
    wrong_case,
    /// Those whose partner has the same letters, whatever their case, and other marks.
    wrong_marks,
    /// Those whose partner has other letters.
    wrong_letters,
    /// Reference syllables that hold a digit.
    figures,
    /// Those whose partner is identical.
    figures_right,
    /// Reference syllables that hold a digit and stand anywhere in the other text, each of its syllables used once.
    figures_found,
    /// Reference syllables that the text before restoration had right.
    right_before,
    /// Those of them that restoration made wrong.
    harmed,
    /// Reference syllables that the text before restoration had wrong and restoration made right.
    mended,
    /// Reference syllables found right in a block that stands elsewhere; wrong in the counts above.
    moved,
    /// Edits of grapheme clusters when such blocks are put back in their place.
    character_edits_any_order,
    /// Edits of syllables when such blocks are put back in their place.
    syllable_edits_any_order,
    /// Cells of the reference's tables that are not empty.
    cells,
    /// Those of the other text's tables.
    other_cells,
    /// Reference cells reproduced exactly, in their row and order.
    cells_right,
    /// Reference cells that hold a digit.
    digit_cells,
    /// Those of them that are reproduced exactly.
    digit_cells_right,
    /// Rows of the reference's tables.
    rows,
    /// Those of them all of whose cells are right, with nothing else in the row.
    rows_right,
    /// Nodes of the larger of the two tables as trees.
    tree_nodes,
    /// Thousandths of edits of these trees, cells compared by their characters.
    tree_edits,
    /// The same with all cells alike: edits of the structure alone.
    structure_edits,
}

/// Rates as fractions of 1; NaN never occurs: a rate of nothing is 0 for errors and 1 for what should be high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measures {
    /// Edits of characters / reference characters.
    pub cer: f64,
    /// Edits of syllables / reference syllables.
    pub wer: f64,
    /// Edits of what white space separates, punctuation kept / as many in the reference; jiwer's WER.
    pub wer_tokens: f64,
    /// Edits of Unicode's words / as many in the reference; dinglehopper's WER.
    pub wer_words: f64,
    /// Identical partners / reference syllables that have a partner: lost syllables are not counted.
    pub syllable_accuracy: f64,
    /// Identical partners / all reference syllables: lost syllables count as wrong. The figure to quote.
    pub syllable_recall: f64,
    /// Partners with other marks / reference syllables that have a partner.
    pub tone_mark_error_rate: f64,
    /// Partners with other letters / reference syllables that have a partner.
    pub letter_error_rate: f64,
    /// Partners that differ in case only / reference syllables that have a partner.
    pub case_error_rate: f64,
    /// Edits of spaces / reference characters.
    pub spacing_error_rate: f64,
    /// Edits of punctuation / reference characters.
    pub punctuation_error_rate: f64,
    /// Figures reproduced exactly / reference syllables that hold a digit.
    pub digit_exact: f64,
    /// Figures that stand anywhere in the text / reference syllables that hold a digit.
    pub digit_found: f64,
    /// Syllables found right in a block that stands elsewhere / reference syllables.
    pub moved: f64,
    /// `cer` when such blocks are put back in their place.
    pub cer_any_order: f64,
    /// `wer` when such blocks are put back in their place.
    pub wer_any_order: f64,
    /// Identical partners and syllables right in a moved block / all reference syllables.
    pub syllable_recall_any_order: f64,
    /// Syllables right before and wrong after / syllables right before; None without a text from before.
    pub harm_rate: Option<f64>,
    /// Cells reproduced exactly / reference cells; None, as all that follow, where the reference has no table.
    pub cell_recall: Option<f64>,
    /// Cells reproduced exactly / cells of the other text.
    pub cell_precision: Option<f64>,
    /// Cells with digits reproduced exactly / such cells of the reference.
    pub digit_cell_recall: Option<f64>,
    /// Rows all of whose cells are right / rows of the reference.
    pub row_recall: Option<f64>,
    /// Similarity of the tables as trees (TEDS).
    pub teds: Option<f64>,
    /// The same for their structure alone.
    pub teds_structure: Option<f64>,
}

impl Counts {
    /// The rates of these counts.
    pub fn measures(&self) -> Measures {
        let error =
            |part: usize, whole: usize| if whole == 0 { (part > 0) as u8 as f64 } else { part as f64 / whole as f64 };
        let right = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let tables = self.rows > 0;
        let like = |thousandths: usize| (1.0 - thousandths as f64 / 1000.0 / self.tree_nodes.max(1) as f64).max(0.0);
        Measures {
            cer: error(self.character_edits, self.characters),
            wer: error(self.syllable_edits, self.syllables),
            wer_tokens: error(self.token_edits, self.tokens),
            wer_words: error(self.word_edits, self.words),
            syllable_accuracy: right(self.right, self.aligned),
            syllable_recall: right(self.right, self.syllables),
            tone_mark_error_rate: error(self.wrong_marks, self.aligned),
            letter_error_rate: error(self.wrong_letters, self.aligned),
            case_error_rate: error(self.wrong_case, self.aligned),
            spacing_error_rate: error(self.spacing_edits, self.characters),
            punctuation_error_rate: error(self.punctuation_edits, self.characters),
            digit_exact: right(self.figures_right, self.figures),
            digit_found: right(self.figures_found, self.figures),
            moved: error(self.moved, self.syllables),
            cer_any_order: error(self.character_edits_any_order, self.characters),
            wer_any_order: error(self.syllable_edits_any_order, self.syllables),
            syllable_recall_any_order: right(self.right + self.moved, self.syllables),
            harm_rate: (self.right_before > 0).then(|| error(self.harmed, self.right_before)),
            cell_recall: tables.then(|| right(self.cells_right, self.cells)),
            cell_precision: tables.then(|| right(self.cells_right, self.other_cells)),
            digit_cell_recall: tables.then(|| right(self.digit_cells_right, self.digit_cells)),
            row_recall: tables.then(|| right(self.rows_right, self.rows)),
            teds: tables.then(|| like(self.tree_edits)),
            teds_structure: tables.then(|| like(self.structure_edits)),
        }
    }
}

impl Measures {
    /// The measures with their names, as tables show them; those that are None are left out.
    pub fn named(&self) -> Vec<(&'static str, f64)> {
        let mut out = vec![
            ("cer", self.cer),
            ("wer", self.wer),
            ("syllable_accuracy", self.syllable_accuracy),
            ("syllable_recall", self.syllable_recall),
            ("tone_mark_error_rate", self.tone_mark_error_rate),
            ("letter_error_rate", self.letter_error_rate),
            ("case_error_rate", self.case_error_rate),
            ("spacing_error_rate", self.spacing_error_rate),
            ("punctuation_error_rate", self.punctuation_error_rate),
            ("digit_exact", self.digit_exact),
            ("digit_found", self.digit_found),
            ("wer_tokens", self.wer_tokens),
            ("wer_words", self.wer_words),
            ("moved", self.moved),
            ("cer_any_order", self.cer_any_order),
            ("wer_any_order", self.wer_any_order),
            ("syllable_recall_any_order", self.syllable_recall_any_order),
        ];
        let optional = [
            ("harm_rate", self.harm_rate),
            ("cell_recall", self.cell_recall),
            ("cell_precision", self.cell_precision),
            ("digit_cell_recall", self.digit_cell_recall),
            ("row_recall", self.row_recall),
            ("teds", self.teds),
            ("teds_structure", self.teds_structure),
        ];
        out.extend(optional.into_iter().filter_map(|(name, rate)| Some((name, rate?))));
        out
    }

    /// One measure by its name; None where there is none of that name, or it was not measured.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.named().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// What a measure means, in a few words; empty for a name that is not known.
pub fn meaning(name: &str) -> &'static str {
    match name {
        "cer" => "edits of characters / characters",
        "wer" => "edits of syllables / syllables",
        "syllable_accuracy" => "syllables right / syllables that have a partner",
        "syllable_recall" => "syllables right / all syllables: the figure to quote",
        "tone_mark_error_rate" => "same letters, other marks / syllables that have a partner",
        "letter_error_rate" => "other letters / syllables that have a partner",
        "case_error_rate" => "differ in case only / syllables that have a partner",
        "spacing_error_rate" => "edits of spaces / characters",
        "punctuation_error_rate" => "edits of punctuation / characters",
        "digit_exact" => "tokens with digits reproduced exactly / such tokens",
        "digit_found" => "the same, wherever they stand",
        "wer_tokens" => "wer over tokens with their punctuation, as jiwer counts",
        "wer_words" => "wer over Unicode's words, as dinglehopper counts",
        "moved" => "syllables right in a block that stands elsewhere / all syllables",
        "cer_any_order" => "cer with such blocks put back",
        "wer_any_order" => "wer with such blocks put back",
        "syllable_recall_any_order" => "syllable_recall with such blocks put back",
        "cell_recall" => "cells of tables reproduced exactly, in their row and order / cells",
        "cell_precision" => "the same / cells given",
        "digit_cell_recall" => "cells with digits reproduced exactly / such cells",
        "row_recall" => "rows all of whose cells are right / rows",
        "teds" => "similarity of the tables as trees",
        "teds_structure" => "the same, whatever is in the cells",
        "harm_rate" => "syllables made wrong / syllables that were right before",
        _ => "",
    }
}
