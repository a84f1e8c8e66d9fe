//! A definition made ready for searching: its phrases in one lexicon, its terms and axes as numbers.

use crate::extract::fuzzy::{Hit, Lexicon, WordSeen};
use crate::extract::indicator::definition::{Definition, IndicatorRule, Phrases, Reach, SumRule};
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use crate::extract::number::unit::is_money;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Index of a term in its family.
pub(in crate::extract) type Term = usize;

/// A family of reports, ready for searching.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Family {
    pub(in crate::extract) definition: Definition,
    pub(in crate::extract) lexicon: Lexicon,
    /// What each phrase of the lexicon says.
    pub(in crate::extract) meanings: Vec<Meaning>,
    /// The axis of each term.
    pub(in crate::extract) axis_of: Vec<usize>,
    /// The reach of each axis.
    pub(in crate::extract) reach: Vec<Reach>,
    /// Whether an axis must be met exactly.
    pub(in crate::extract) exact: Vec<bool>,
    /// For each indicator, its sets of conditions, the first one first.
    pub(in crate::extract) conditions: Vec<Vec<Condition>>,
    /// The index of each indicator by its name.
    pub(in crate::extract) by_name: FxHashMap<String, usize>,
    /// The sums, by the indexes of their indicators.
    pub(in crate::extract) sums: Vec<SumIndex>,
    /// Keys of the words that say nothing.
    pub(in crate::extract) filler: FxHashMap<String, Vec<String>>,
    /// The terms that make an indicator that is a percentage.
    pub(in crate::extract) of_shares: BTreeSet<Term>,
    /// Terms that tell of one subject only, with that.
    pub(in crate::extract) belongs: BTreeMap<Term, Term>,
    /// Subjects that are a sort of another beside it, with that.
    pub(in crate::extract) companions: BTreeMap<Term, Term>,
    /// What terms say right behind a percentage.
    pub(in crate::extract) behind_share: BTreeMap<Term, Term>,
    /// The term of one field of many.
    pub(in crate::extract) field: Option<Term>,
    /// What is counted, by the key of a phrase that says only that: `pakn`.
    pub(in crate::extract) counted: FxHashMap<String, Term>,
    /// Keys of the phrases of which the text must hold one.
    applies: Vec<String>,
    applies_alone: Vec<String>,
    titles: Vec<String>,
    sure: Vec<String>,
}

/// A sum, by the indexes of its indicators.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct SumIndex {
    pub(in crate::extract) total: Vec<usize>,
    pub(in crate::extract) parts: Vec<usize>,
    pub(in crate::extract) optional: Vec<usize>,
    pub(in crate::extract) less: Vec<usize>,
    pub(in crate::extract) partial: bool,
    pub(in crate::extract) loose: bool,
    pub(in crate::extract) first_alone: bool,
}

/// What a phrase says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Meaning {
    pub(in crate::extract) terms: Vec<Term>,
    /// It counts only where nothing else is in the label.
    pub(in crate::extract) alone: bool,
    /// What stands below a heading with it is a plan.
    pub(in crate::extract) plan: bool,
    /// It does so only where the heading begins with it.
    pub(in crate::extract) leads: bool,
    /// It turns from parts back to the whole.
    pub(in crate::extract) whole: bool,
    /// What follows it in its sentence is of something apart.
    pub(in crate::extract) apart: bool,
    /// Not so in a report whose own period began with the year.
    pub(in crate::extract) in_year: bool,
    /// It counts only right behind a number.
    pub(in crate::extract) behind: bool,
    /// It counts only right before a number.
    pub(in crate::extract) ahead: bool,
    /// It counts only in the head of a column.
    pub(in crate::extract) in_head: bool,
    /// The phrase of the same words that counts where this one does not.
    pub(in crate::extract) elsewhere: Option<usize>,
    /// The group of phrases that it is of, where such a group names phrases with which it is not apart, and the group that it is such a
    /// phrase of.
    pub(in crate::extract) unless: Option<usize>,
    pub(in crate::extract) lifts: Option<usize>,
    /// Terms of which its paragraph has none of its own.
    pub(in crate::extract) denies: Vec<Term>,
}

/// One set of terms that makes an indicator.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Condition {
    /// The terms that must be there, in order.
    pub(in crate::extract) terms: Vec<Term>,
    /// Axes on which nothing may be said.
    pub(in crate::extract) silent: Vec<usize>,
    /// When it counts.
    pub(in crate::extract) when: When,
}

/// When a set of terms makes its indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) enum When {
    /// Always.
    #[default]
    Always,
    /// Where no other set is met in the document.
    LastResort,
    /// Where a sum of the indicator then holds.
    SumsHold,
}

impl Family {
    /// Makes a definition ready; it has been checked when it was parsed, so unknown terms do not occur.
    pub(in crate::extract) fn new(definition: Definition) -> Self {
        let mut terms: FxHashMap<&str, Term> = FxHashMap::default();
        let (mut axis_of, mut reach, mut exact) = (Vec::new(), Vec::new(), Vec::new());
        let axes: FxHashMap<&str, usize> = definition.axes.keys().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
        for (index, axis) in definition.axes.values().enumerate() {
            reach.push(axis.reach);
            exact.push(axis.exact || axis.reach == Reach::Label);
            for term in &axis.terms {
                terms.insert(term, axis_of.len());
                axis_of.push(index);
            }
        }
        let known = |names: &[String]| names.iter().filter_map(|n| terms.get(n.as_str()).copied()).collect::<Vec<_>>();
        let (mut lexicon, mut meanings) = (Lexicon::default(), Vec::new());
        for (group, phrases) in definition.phrases.iter().enumerate() {
            for phrase in phrases.say.iter().flat_map(|phrase| forms(phrase)) {
                let first: Option<&mut Meaning> = lexicon.find(&phrase).map(|first: usize| &mut meanings[first]);
                let index = lexicon.add(&phrase);
                if let Some(first) = first.filter(|first| first.behind || first.ahead || first.in_head) {
                    first.elsewhere.get_or_insert(index);
                }
                let (terms, denies) = (known(&phrases.terms), known(&phrases.denies));
                let &Phrases { alone, behind, ahead, in_head, in_year, .. } = phrases;
                let apart = phrases.apart || in_year;
                let unless = (!phrases.unless.is_empty()).then_some(group);
                meanings.push(Meaning {
                    terms,
                    alone,
                    apart,
                    in_year,
                    behind,
                    ahead,
                    in_head,
                    unless,
                    denies,
                    ..Meaning::default()
                });
            }
        }
        // A phrase that also says something says both.
        for phrase in definition.plans.iter().flat_map(|phrase| forms(phrase)) {
            let leads = phrase.starts_with('^');
            let phrase = phrase.trim_start_matches('^').trim();
            if let Some(place) = lexicon.find(phrase) {
                let meaning: &mut Meaning = &mut meanings[place];
                (meaning.leads, meaning.plan) = (leads && (meaning.leads || !meaning.plan), true);
                continue;
            }
            lexicon.add(phrase);
            meanings.push(Meaning { plan: true, leads, ..Meaning::default() });
        }
        for phrase in definition.wholes.iter().flat_map(|phrase| forms(phrase)) {
            lexicon.add(&phrase);
            meanings.push(Meaning { whole: true, ..Meaning::default() });
        }
        for (group, phrases) in definition.phrases.iter().enumerate() {
            for phrase in phrases.unless.iter().flat_map(|phrase| forms(phrase)) {
                lexicon.add(&phrase);
                meanings.push(Meaning { lifts: Some(group), ..Meaning::default() });
            }
        }
        let condition = |set: &Vec<String>| {
            let silent = set.iter().filter_map(|t| axes.get(t.strip_suffix(":none")?).copied()).collect();
            let mut terms = known(set);
            terms.sort_unstable();
            Condition { terms, silent, when: When::Always }
        };
        let sets = |rule: &IndicatorRule| {
            let usual = [&rule.is].into_iter().chain(&rule.or).map(condition);
            let last = rule.otherwise.iter().map(condition).map(|c| Condition { when: When::LastResort, ..c });
            let held = rule.if_sums_hold.iter().map(condition).map(|c| Condition { when: When::SumsHold, ..c });
            usual.chain(last).chain(held).collect()
        };
        let conditions: Vec<Vec<Condition>> = definition.indicators.iter().map(sets).collect();
        let term = |name: &str| terms.get(name).copied();
        let belongs = definition.belongs.iter().filter_map(|(t, subject)| Some((term(t)?, term(subject)?))).collect();
        let pairs = definition.companions.iter();
        let companions = pairs.filter_map(|(t, subject)| Some((term(t)?, term(subject)?))).collect();
        let pairs = definition.behind_share.iter();
        let behind_share = pairs.filter_map(|(t, other)| Some((term(t)?, term(other)?))).collect();
        let field = term(&definition.field);
        let of_shares = conditions
            .iter()
            .zip(&definition.indicators)
            .filter(|(_, rule)| rule.unit == "%")
            .flat_map(|(sets, _): (&Vec<Condition>, _)| {
                sets.iter().filter(|set| set.terms.len() == 1).flat_map(|set| set.terms.clone())
            })
            .collect();
        let by_name: FxHashMap<String, usize> =
            definition.indicators.iter().enumerate().map(|(i, rule)| (rule.name.clone(), i)).collect();
        let places = |names: &[String]| names.iter().filter_map(|n| by_name.get(n).copied()).collect();
        let index = |sum: &SumRule| SumIndex {
            total: places(&sum.total),
            parts: places(&sum.parts),
            optional: places(&sum.optional),
            less: places(&sum.less),
            partial: sum.partial,
            loose: sum.loose,
            first_alone: sum.first_alone,
        };
        let sums = definition.sums.iter().map(index).collect();
        let leads = LISTS.leads.iter().flat_map(|lead| lead.words.split(' '));
        let mut filler: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for word in definition.filler.iter().map(String::as_str).chain(leads) {
            filler.entry(crate::text::fold::key(word)).or_default().push(word.to_lowercase());
        }
        let mut counted = FxHashMap::default();
        for phrases in &definition.phrases {
            let [term] = known(&phrases.terms)[..] else { continue };
            if reach[axis_of[term]] == Reach::Heading {
                counted.extend(phrases.say.iter().map(|say| (crate::text::fold::key(say), term)));
            }
        }
        let words = |form: String| form.split_whitespace().collect::<Vec<_>>().join(" ");
        let keys = |phrases: &[String]| {
            phrases.iter().flat_map(|phrase| forms(phrase)).map(|form| crate::text::fold::key(&words(form))).collect()
        };
        let (titles, sure) = (keys(&definition.titles), keys(&definition.sure));
        let (applies, applies_alone) = (keys(&definition.applies), keys(&definition.applies_alone));
        Family {
            lexicon,
            meanings,
            axis_of,
            reach,
            exact,
            conditions,
            by_name,
            sums,
            filler,
            of_shares,
            belongs,
            companions,
            behind_share,
            field,
            counted,
            applies,
            applies_alone,
            titles,
            sure,
            definition,
        }
    }

    /// The phrases but for those that count right behind a number, right before one, or in the head of a column, and stand elsewhere; another
    /// of the same words takes their place. `numbers` are in order.
    pub(in crate::extract) fn in_place(
        &self,
        hits: Vec<Hit>,
        words: &[WordSeen],
        numbers: &[Range<usize>],
        flow: &Flow<'_>,
    ) -> Vec<Hit> {
        /// A space or two may stand between.
        const NEAR: usize = 2;
        let follows = |hit: &Hit| {
            let start = words[hit.first].range.start;
            let before = numbers.partition_point(|n| n.end <= start);
            numbers[..before].last().is_some_and(|n| start <= n.end + NEAR)
        };
        let leads = |hit: &Hit| {
            let end = words[hit.end - 1].range.end;
            let next = numbers.partition_point(|n| n.start < end);
            numbers.get(next).is_some_and(|n| n.start <= end + NEAR)
        };
        let heads = |hit: &Hit| {
            let start = words[hit.first].range.start;
            flow.paragraphs[flow.paragraph_at(start)].cell.as_ref().is_some_and(|cell| cell.row.end <= start)
        };
        let in_place = |hit: &Hit| {
            let meaning = &self.meanings[hit.phrase];
            (!meaning.behind || follows(hit)) && (!meaning.ahead || leads(hit)) && (!meaning.in_head || heads(hit))
        };
        let elsewhere = |hit: Hit| self.meanings[hit.phrase].elsewhere.map(|phrase| Hit { phrase, ..hit });
        hits.into_iter()
            .filter_map(|hit| if in_place(&hit) { Some(hit) } else { elsewhere(hit).filter(in_place) })
            .collect()
    }

    /// The keywords that a title says, with the byte of its key where each stands first.
    pub(in crate::extract) fn keywords(&self, title: &str) -> Vec<(usize, &str)> {
        let whole = |at: usize, form: &str| {
            let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !inner(title[..at].chars().next_back()) && !inner(title[at + form.len()..].chars().next())
        };
        let first = |form: &String| {
            let form = crate::text::fold::key(form);
            title.match_indices(form.as_str()).map(|(at, _)| at).find(|at| whole(*at, &form))
        };
        let said = |(keyword, forms): (&String, &Vec<String>)| forms.iter().chain([keyword]).filter_map(first).min();
        self.definition.keywords.iter().filter_map(|k| Some((said(k)?, k.0.as_str()))).collect()
    }

    /// Whether a text with this key, this title and these headings may belong to the family; less will do where no other family `applies`.
    pub(in crate::extract) fn applies<'k>(
        &self,
        key: &str,
        headings: impl Iterator<Item = &'k str>,
        alone: bool,
    ) -> bool {
        let said = |phrases: &[String], text: &str| phrases.iter().any(|phrase| text.contains(phrase.as_str()));
        (said(&self.applies, key) || alone && said(&self.applies_alone, key))
            && (self.titles.is_empty()
                || said(&self.sure, key)
                || headings.into_iter().any(|heading| said(&self.titles, heading)))
    }

    /// Whether a term tells a part from its whole, so that a number with it is none of an indicator without it.
    pub(in crate::extract) fn narrows(&self, term: Term) -> bool {
        self.exact[self.axis_of[term]]
    }

    /// Whether the terms of an axis say whose a number is: a level, a field.
    pub(in crate::extract) fn is_place(&self, axis: usize) -> bool {
        self.exact[axis] && self.reach[axis] == Reach::Item
    }

    /// Whether a number with this unit can be the indicator's value.
    pub(in crate::extract) fn accepts(&self, rule: &IndicatorRule, unit: Option<&str>) -> bool {
        // A bare number may count anything, but it is neither a percentage nor money.
        let Some(unit) = unit else { return rule.unit != "%" && !is_money(&rule.unit) };
        let likewise = self.definition.units.get(&rule.unit);
        unit == rule.unit
            || unit.ends_with(&rule.unit) && unit[..unit.len() - rule.unit.len()].ends_with(' ')
            || likewise.is_some_and(|units| units.iter().any(|u| u == unit))
    }
}

/// The phrases that a pattern stands for: `{từ|của} kỳ trước` is two.
pub(in crate::extract) fn forms(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(close) = pattern[open..].find('}').map(|at| open + at) else { return vec![pattern.to_owned()] };
    let tails = forms(&pattern[close + 1..]);
    let heads = pattern[open + 1..close].split('|');
    let joined =
        |head: &str| -> Vec<String> { tails.iter().map(|tail| format!("{}{head}{tail}", &pattern[..open])).collect() };
    heads.flat_map(joined).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_stand_for_one_of_their_forms() {
        assert_eq!(
            forms("{từ|của|} kỳ {trước|này}"),
            ["từ kỳ trước", "từ kỳ này", "của kỳ trước", "của kỳ này", " kỳ trước", " kỳ này"]
        );
        assert_eq!(forms("kỳ trước"), ["kỳ trước"]);
    }
}
