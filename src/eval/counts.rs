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
    /// Reference syllables that the text before restoration had right.
    right_before,
    /// Those of them that restoration made wrong.
    harmed,
    /// Reference syllables that the text before restoration had wrong and restoration made right.
    mended,
    /// Reference syllables found right in a block that stands elsewhere: wrong in every other count.
    moved,
}

/// Rates as fractions of 1; NaN never occurs: a rate of nothing is 0 for errors and 1 for what should be high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measures {
    /// Edits of characters / reference characters.
    pub cer: f64,
    /// Edits of syllables / reference syllables.
    pub wer: f64,
    /// Identical partners / reference syllables that have a partner.
    pub syllable_accuracy: f64,
    /// Identical partners / reference syllables: lost syllables count as wrong.
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
    /// Syllables right before and wrong after / syllables right before; None without a text from before.
    pub harm_rate: Option<f64>,
    /// Syllables found right in a block that stands elsewhere / reference syllables.
    pub moved: f64,
}

impl Counts {
    /// The rates of these counts.
    pub fn measures(&self) -> Measures {
        let error =
            |part: usize, whole: usize| if whole == 0 { (part > 0) as u8 as f64 } else { part as f64 / whole as f64 };
        let right = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        Measures {
            cer: error(self.character_edits, self.characters),
            wer: error(self.syllable_edits, self.syllables),
            syllable_accuracy: right(self.right, self.aligned),
            syllable_recall: right(self.right, self.syllables),
            tone_mark_error_rate: error(self.wrong_marks, self.aligned),
            letter_error_rate: error(self.wrong_letters, self.aligned),
            case_error_rate: error(self.wrong_case, self.aligned),
            spacing_error_rate: error(self.spacing_edits, self.characters),
            punctuation_error_rate: error(self.punctuation_edits, self.characters),
            digit_exact: right(self.figures_right, self.figures),
            harm_rate: (self.right_before > 0).then(|| error(self.harmed, self.right_before)),
            moved: error(self.moved, self.syllables),
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
            ("moved", self.moved),
        ];
        out.extend(self.harm_rate.map(|rate| ("harm_rate", rate)));
        out
    }
}
