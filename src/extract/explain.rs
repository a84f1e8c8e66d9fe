//! Why numbers have the names that they have: what was understood of each, for whoever writes definitions.

use crate::document::{Place, TextLine};
use crate::extract::fuzzy::Hit;
use crate::extract::indicator::family::When;
use crate::extract::indicator::sense::Reader;
use crate::extract::indicator::topic::title_terms;
use crate::extract::indicator::{claim, columns, form, label, own_field};
use crate::extract::{Extractor, amount, laid_out};
use crate::table::Table;

/// What a family of reports understood of one number.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Where the number stands.
    pub place: Place,
    /// What is printed.
    pub raw: String,
    /// The words that say what it means.
    pub label: String,
    /// The family.
    pub family: String,
    /// The phrases of the definition that were found in its words.
    pub phrases: Vec<String>,
    /// The terms that its words say and that it takes over from what stands above.
    pub terms: Vec<String>,
    /// How well its words fit, from 0 to 1.
    pub score: f32,
    /// True where it stands apart: a plan, another period, one part of several. It then names nothing.
    pub apart: bool,
    /// The indicators that it may be, with how well it fits each; those in brackets only where a sum then holds.
    pub indicators: Vec<String>,
}

impl Extractor {
    /// What each family that applies understood of each number, before all of them are settled together. The indicators that
    /// [`extract`](Self::extract) gives are among these.
    pub fn explain(&self, lines: &[TextLine], tables: &[Table]) -> Vec<Explanation> {
        let head = self.fields.head(lines);
        let (flow, tables) = laid_out(lines, tables, &head.letter);
        let document = self.fields.read(&head, lines, &flow).value.0;
        let periods = self.fields.other_periods(document.period, &flow.key);
        let title = document.title.as_deref().unwrap_or_default();
        let mut amounts = amount::find::find(&flow, &self.designations);
        amount::form::order_readings(&flow, &mut amounts);
        let labels = label::labels(&flow, &amounts);
        let numbers: Vec<_> = amounts.iter().map(|a| a.range.clone()).collect();
        let mut all = Vec::new();
        let heads = columns::period_heads(&flow, document.period);
        let mut periods = [&periods[..], &heads[..]].concat();
        periods.sort_by_key(|(range, _)| range.start);
        for family in self.applying(&flow, title) {
            let words = family.lexicon.words(&flow, &numbers);
            let hits = family.in_place(family.lexicon.hits(&words), &words, &numbers, &flow);
            let hits = columns::without(hits, &words, &heads);
            let hits = own_field::without(hits, &words, &flow, family, &own_field::bodies(&document));
            let title = title_terms(family, title);
            let begins_year = document.period.is_some_and(|own| own.begins_year());
            let reader = Reader {
                family,
                flow: &flow,
                words: &words,
                hits: &hits,
                periods: &periods,
                begins_year,
                title: &title,
            };
            let senses = reader.senses(&amounts, &labels);
            let mut claims = claim::claims(family, &amounts, &senses, &labels);
            form::claims(family, &flow, &tables, &amounts, (&labels, &senses), &mut claims);
            let terms: Vec<&String> = family.definition.axes.values().flat_map(|axis| &axis.terms).collect();
            for (index, amount) in amounts.iter().enumerate() {
                let indicators = claims.iter().filter_map(|(indicator, claims)| {
                    let claim = claims.iter().find(|c| c.amount == index)?;
                    let name = &family.definition.indicators[*indicator].name;
                    Some(match claim.when {
                        When::SumsHold => format!("({name} {:.2})", claim.score),
                        _ => format!("{name} {:.2}", claim.score),
                    })
                });
                let own = reader.own_hits(amount, &labels[index]);
                let printed = |h: &Hit| flow.printed(words[h.first].range.start..words[h.end - 1].range.end).to_owned();
                all.push(Explanation {
                    phrases: own.iter().map(printed).collect(),
                    place: flow.place(amount.range.clone()),
                    raw: flow.printed(amount.range.clone()).to_owned(),
                    label: label::shown(&flow, &labels[index], amount),
                    family: family.definition.family.clone(),
                    terms: senses[index].terms.iter().map(|t| terms[*t].clone()).collect(),
                    score: senses[index].score,
                    apart: senses[index].planned,
                    indicators: indicators.collect(),
                });
            }
        }
        all
    }
}
