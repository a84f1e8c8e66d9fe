//! Families of reports as data: what is said in which words, which indicators there are, and which sums they obey.
//!
//! A definition file names *terms* and the phrases that say them; an indicator is a set of terms that come together in a
//! number's label or are taken over from the words above it. docs/indicators.md describes the format for archivists.

use crate::data;
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The definition files that the program brings along: name and content.
const EMBEDDED: [(&str, &str); 5] = [
    ("one_door.toml", include_str!("../../../dictionaries/indicators/one_door.toml")),
    ("budget.toml", include_str!("../../../dictionaries/indicators/budget.toml")),
    ("petitions.toml", include_str!("../../../dictionaries/indicators/petitions.toml")),
    ("investment.toml", include_str!("../../../dictionaries/indicators/investment.toml")),
    ("society.toml", include_str!("../../../dictionaries/indicators/society.toml")),
];

/// One family of reports, as its file describes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Short name of the family.
    pub family: String,
    /// Phrases of which the document must hold one for the family to apply.
    pub applies: Vec<String>,
    /// Phrases of which one will do where no other family applies.
    #[serde(default)]
    pub applies_alone: Vec<String>,
    /// Phrases of which the title or a heading must hold one besides; none are asked for where it is empty.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Phrases of which one in the text will do, whatever the title says.
    #[serde(default)]
    pub sure: Vec<String>,
    /// Phrases in headings below which numbers are plans or wishes, not results.
    #[serde(default)]
    pub plans: Vec<String>,
    /// Phrases that turn from parts back to the whole.
    #[serde(default)]
    pub wholes: Vec<String>,
    /// Keywords of the archive's record, each with the other forms in which a title may say it.
    #[serde(default)]
    pub keywords: BTreeMap<String, Vec<String>>,
    /// Words in a label that say nothing about what is counted.
    #[serde(default)]
    pub filler: Vec<String>,
    /// Lists of words that many phrases share, by name: `@ministries` in a phrase stands for all of `ministries`.
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<String>>,
    /// The axes, by name. Terms of one axis exclude each other, but for those that reach no further than their label.
    pub axes: BTreeMap<String, Axis>,
    /// Terms that tell of one subject only, with that: where a label says one beside its subject, whatever else the label names is none.
    #[serde(default)]
    pub belongs: BTreeMap<String, String>,
    /// Terms of a subject that is named beside another as one sort of that, with that: `khiếu nại 62, tố cáo 11, kiến nghị, phản ánh 500` are all
    /// letters, and so are the rows of a table with these names.
    #[serde(default)]
    pub companions: BTreeMap<String, String>,
    /// Terms that say something else right behind a percentage, with that: in `đạt 102% kế hoạch` the plan is what the share is taken of, in
    /// `kế hoạch 95%` it is the number.
    #[serde(default)]
    pub behind_share: BTreeMap<String, String>,
    /// The term of one field of many; empty where there is none. Said of the field that the body's own name says it is none.
    #[serde(default)]
    pub field: String,
    /// Other units that are as good as an indicator's own, by that.
    #[serde(default)]
    pub units: BTreeMap<String, Vec<String>>,
    /// What is said in which words.
    pub phrases: Vec<Phrases>,
    /// The indicators.
    pub indicators: Vec<IndicatorRule>,
    /// Official forms of tables, known by their row of column numbers.
    #[serde(default)]
    pub tables: Vec<TableForm>,
    /// The sums that they obey.
    #[serde(default)]
    pub sums: Vec<SumRule>,
    /// The percentages that follow from counts.
    #[serde(default)]
    pub shares: Vec<ShareRule>,
    /// What the reports of one body on several periods say of each other.
    #[serde(default)]
    pub across: AcrossRules,
}

/// What must agree between reports on periods that follow each other or make up a longer one.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcrossRules {
    /// What one report ends with and the next begins with.
    #[serde(default)]
    pub carried: Vec<CarriedRule>,
    /// Indicators of which the values of the parts of a year add up to that of the year.
    #[serde(default)]
    pub added: Vec<String>,
}

/// What one report ends with and the next begins with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedRule {
    /// The indicator of the report before.
    pub from: String,
    /// The indicator of the report after.
    pub to: String,
}

/// A group of terms that answer the same question: what is counted, at what stage, in which part.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// How far a term reaches: to the numbers of its own label only, to those of the same item and the items below it,
    /// or to everything below its heading.
    pub reach: Reach,
    /// True where a number of which this axis says something is none of an indicator that says nothing on it. Axes that
    /// reach no further than their label are always so.
    #[serde(default)]
    pub exact: bool,
    /// The terms.
    pub terms: Vec<String>,
}

/// How far a term reaches beyond the label that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// To the numbers of its own label.
    Label,
    /// To the rest of the item and the items below it.
    Item,
    /// To everything below the heading that it stands in.
    Heading,
}

/// Phrases that say the same.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// What they say; empty for phrases that only look as if they said something.
    pub terms: Vec<String>,
    /// The phrases; `…` stands for up to four words, `{a|b|}` for one of its forms, of which one may be empty.
    pub say: Vec<String>,
    /// True where they count only if nothing else is in the label.
    #[serde(default)]
    pub alone: bool,
    /// True where the numbers behind them in their sentence, and those below a heading or list that they announce, are of
    /// something apart: another period, one field of many, a plan. Such numbers name nothing.
    #[serde(default)]
    pub apart: bool,
    /// True where they are apart but in a report whose own period began with the year: `từ đầu năm đến nay`.
    #[serde(default)]
    pub in_year: bool,
    /// True where they are meant only right behind a number, as its unit: `8.554 yêu cầu`, not `yêu cầu bổ sung`.
    #[serde(default)]
    pub behind: bool,
    /// True where they are meant only right before a number, which stands between them and what is counted: `chuyển 12 đơn`, not `chuyển sang`.
    #[serde(default)]
    pub ahead: bool,
    /// True where they are meant only in the head of a column: `Đạt (%)` is the share of the plan there, and says nothing in a sentence.
    #[serde(default)]
    pub in_head: bool,
    /// Phrases behind them in their sentence with which it is not apart after all: `Bộ ban hành 02 quyết định có liên quan đến Đơn vị`.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Terms of which their paragraph says that the body itself has no such thing: a number there with one of them names nothing.
    #[serde(default)]
    pub denies: Vec<String>,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRule {
    /// Its name in the report.
    pub name: String,
    /// Its unit in the report; `%` is only met by percentages, any other only by what is none.
    pub unit: String,
    /// The terms that make it.
    pub is: Vec<String>,
    /// True where a number that is printed as a part of another, `1.612/1.684 TTHC`, is none of it.
    #[serde(default)]
    pub undivided: bool,
    /// True where it only takes part in sums and is not reported.
    #[serde(default)]
    pub hidden: bool,
    /// Other sets of terms that make it; `AXIS:none` asks that nothing be said on that axis.
    #[serde(default)]
    pub or: Vec<Vec<String>>,
    /// Sets of terms that make it where nothing else in the document does: `3 PAKN trên Cổng` are all where no total is told.
    #[serde(default)]
    pub otherwise: Vec<Vec<String>>,
    /// Sets of terms that may make it: they count only where one of its sums then holds.
    #[serde(default)]
    pub if_sums_hold: Vec<Vec<String>>,
}

/// An official form of a table: one whose column numbers bear these formulas. The row of its total names indicators.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableForm {
    /// The formulas that the row of column numbers must hold, as `3=4+5`, without brackets and spaces.
    pub formulas: Vec<String>,
    /// The indicator that the total of a column is, by the column's number.
    pub columns: BTreeMap<String, String>,
}

/// A sum: the total equals the parts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SumRule {
    /// The indicator that is the total; where there are several, one of them must agree.
    pub total: Vec<String>,
    /// The indicators that make it up.
    pub parts: Vec<String>,
    /// Indicators that some offices count in and others do not.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Indicators that are taken off, where they are printed: what was cut from an estimate.
    #[serde(default)]
    pub less: Vec<String>,
    /// True where there may be parts that no indicator counts: together they may be less than the total, and never more.
    #[serde(default)]
    pub partial: bool,
    /// True where the first part is the total if no other part is printed, or only noughts are.
    #[serde(default)]
    pub first_alone: bool,
    /// True where some offices count otherwise: it speaks for numbers where it holds, and is not told where it does not.
    #[serde(default)]
    pub loose: bool,
}

/// A percentage printed behind a count: which whole it is taken of.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// The indicator that is counted.
    pub part: String,
    /// The indicators that may be the whole, the likeliest first.
    pub whole: Vec<String>,
}

impl Definition {
    /// Reads a definition file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] with the line or the name where it is wrong.
    pub fn parse(file: &str, content: &str) -> Result<Self> {
        let mut definition: Definition = data::parse(file, content)?;
        definition.check(file)?;
        definition.put_lists(file)?;
        Ok(definition)
    }

    /// Reads a definition file from the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where it is not there or no text in UTF-8, and as [`Definition::parse`].
    pub fn open(path: &Path) -> Result<Self> {
        let content = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        Definition::parse(&path.display().to_string(), &content)
    }

    /// The families that the program brings along.
    pub(in crate::extract) fn embedded() -> Result<Vec<Self>> {
        EMBEDDED.iter().map(|(file, content)| Definition::parse(file, content)).collect()
    }

    /// Puts the words of a list in the place of its name in each phrase.
    fn put_lists(&mut self, file: &str) -> Result<()> {
        let lists: Vec<(String, String)> =
            self.lists.iter().map(|(name, words)| (format!("@{name}"), words.join("|"))).collect();
        let phrases = self.phrases.iter_mut().flat_map(|p| p.say.iter_mut().chain(&mut p.unless));
        for phrase in phrases.chain(&mut self.plans).chain(&mut self.wholes) {
            if phrase.contains('@') {
                *phrase = lists.iter().fold(phrase.clone(), |text, (name, words)| text.replace(name, words));
            }
            if phrase.contains('@') {
                return Err(wrong(
                    file,
                    format!("`{phrase}` names a list that is not in `[lists]`; add it or correct the name"),
                ));
            }
        }
        Ok(())
    }

    fn check(&self, file: &str) -> Result<()> {
        let terms: BTreeSet<&str> = self.axes.values().flat_map(|a| &a.terms).map(String::as_str).collect();
        let all = self.axes.values().map(|a| a.terms.len()).sum::<usize>();
        if terms.len() != all {
            return Err(wrong(file, "a term stands on two axes; give it one".into()));
        }
        let names: BTreeSet<&str> = self.indicators.iter().map(|i| i.name.as_str()).collect();
        let known_term = |term: &str| {
            terms.contains(term) || term.strip_suffix(":none").is_some_and(|axis| self.axes.contains_key(axis))
        };
        for phrases in &self.phrases {
            for term in phrases.terms.iter().chain(&phrases.denies) {
                if !terms.contains(term.as_str()) {
                    return Err(wrong(file, format!("the term `{term}` of a phrase stands on no axis; add it to one")));
                }
            }
        }
        for term in self.belongs.iter().flat_map(|(term, subject)| [term, subject]) {
            if !terms.contains(term.as_str()) {
                return Err(wrong(file, format!("the term `{term}` of `[belongs]` stands on no axis; add it to one")));
            }
        }
        let named = self.companions.iter().chain(&self.behind_share).flat_map(|(term, other)| [term, other]);
        for term in named.chain(Some(&self.field).filter(|field| !field.is_empty())) {
            if !terms.contains(term.as_str()) {
                return Err(wrong(
                    file,
                    format!(
                        "the term `{term}` of `[companions]`, `[behind_share]` or `field` stands on no axis; add it to one"
                    ),
                ));
            }
        }
        for indicator in &self.indicators {
            for term in indicator
                .is
                .iter()
                .chain(indicator.or.iter().chain(&indicator.otherwise).chain(&indicator.if_sums_hold).flatten())
            {
                if !known_term(term) {
                    let name = &indicator.name;
                    return Err(wrong(file, format!("the term `{term}` of `{name}` stands on no axis; add it to one")));
                }
            }
        }
        let of_sums = self.sums.iter().flat_map(|s| s.total.iter().chain(&s.parts).chain(&s.optional).chain(&s.less));
        let of_shares = self.shares.iter().flat_map(|s| s.whole.iter().chain([&s.part]));
        let of_tables = self.tables.iter().flat_map(|t| t.columns.values());
        let of_carried = self.across.carried.iter().flat_map(|rule| [&rule.from, &rule.to]);
        let across = of_carried.chain(&self.across.added);
        for name in of_sums.chain(of_shares).chain(of_tables).chain(across) {
            if !names.contains(name.as_str()) {
                return Err(wrong(
                    file,
                    format!("`{name}` of a sum, share or comparison is no indicator; define it or correct the name"),
                ));
            }
        }
        Ok(())
    }
}

fn wrong(file: &str, message: String) -> Error {
    Error::new(ErrorKind::Definition, message).file(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_brings_along_is_right() {
        let families: Vec<String> = Definition::embedded().unwrap().into_iter().map(|d| d.family).collect();
        assert_eq!(families, ["one_door", "budget", "petitions", "investment", "society"]);
    }

    #[test]
    fn a_list_stands_for_its_words_wherever_it_is_named() {
        let content = "family = 'x'\napplies = ['y']\n[lists]\nabove = ['bo', 'cuc']\n[axes]\n\
                       subject = { reach = 'heading', terms = ['thing'] }\n[[phrases]]\nterms = []\napart = true\n\
                       say = ['{@above|so} ban hanh']\n[[indicators]]\nname = 'a'\nunit = 'x'\nis = ['thing']\n";
        assert_eq!(Definition::parse("mine.toml", content).unwrap().phrases[0].say, ["{bo|cuc|so} ban hanh"]);
        let error = Definition::parse("mine.toml", &content.replace("@above", "@abov")).unwrap_err();
        assert!(error.to_string().contains("`[lists]`"), "{error}");
    }

    #[test]
    fn mistakes_are_named_with_their_remedy() {
        let head = "family = 'x'\napplies = ['thử']\n[axes]\nsubject = { reach = 'heading', terms = ['thing'] }\n";
        let cases = [
            ("family = 1", "line 1"),
            (
                "[[phrases]]\nterms = ['thign']\nsay = ['vật']\n[[indicators]]\nname='a'\nunit='x'\nis=['thing']",
                "`thign`",
            ),
            ("[[phrases]]\nterms = []\nsay = []\n[[indicators]]\nname='a'\nunit='x'\nis=['thign']", "`thign` of `a`"),
            (
                "[[phrases]]\nterms = []\nsay = []\n[[indicators]]\nname='a'\nunit='x'\nis=['thing']\n\
                 [[sums]]\ntotal=['b']\nparts=['a']",
                "`b` of a sum",
            ),
            (
                "[[phrases]]\nterms = []\nsay = []\n[[indicators]]\nname='a'\nunit='x'\nis=['thing']\n\
                 [[sums]]\ntotal=['a']\nparts=['a']\nless=['d']",
                "`d` of a sum",
            ),
            (
                "[[phrases]]\nterms = []\nsay = []\n[[indicators]]\nname='a'\nunit='x'\nis=['thing']\n[across]\nadded=['c']",
                "`c` of a sum",
            ),
        ];
        for (rest, want) in cases {
            let content = if rest.starts_with("family") { rest.to_owned() } else { format!("{head}{rest}") };
            let error = Definition::parse("mine.toml", &content).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Definition);
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
