//! What a definition says in vain: phrases that others hide, indicators that no words lead to, indicators that cannot be told apart.

use crate::diagnostics::Diagnostic;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::fuzzy::Lexicon;
use crate::extract::indicator::definition::{Definition, Phrases};
use crate::extract::indicator::family::forms;
use std::collections::{BTreeMap, BTreeSet};

/// Checks that definitions can be used together.
///
/// # Errors
/// [`ErrorKind::Definition`] where two are of one family, or name the same indicator.
pub(in crate::extract) fn check_together(definitions: &[Definition]) -> Result<()> {
    let mut families = BTreeSet::new();
    let mut indicators: BTreeMap<&str, &str> = BTreeMap::new();
    for definition in definitions {
        let family = definition.family.as_str();
        if !families.insert(family) {
            let message = format!("two definitions are of the family `{family}`; give one of them another name");
            return Err(Error::new(ErrorKind::Definition, message));
        }
        for indicator in &definition.indicators {
            if let Some(other) = indicators.insert(&indicator.name, family) {
                let message = format!(
                    "`{}` is an indicator of the families `{other}` and `{family}`; name it otherwise in one of them",
                    indicator.name
                );
                return Err(Error::new(ErrorKind::Definition, message));
            }
        }
    }
    Ok(())
}

/// Says what in a definition is without effect or cannot be told apart, each with what to do about it.
pub(in crate::extract) fn remarks(definition: &Definition) -> Vec<Diagnostic> {
    let mut found = hidden_phrases(definition);
    found.extend(unheard_indicators(definition));
    found.extend(alike(definition));
    found
}

/// Phrases of which all forms, or one that says something else, are said before: the first is heard, the second never.
fn hidden_phrases(definition: &Definition) -> Vec<Diagnostic> {
    let mut lexicon = Lexicon::default();
    let mut owners: Vec<(&Phrases, &str)> = Vec::new();
    let mut found = Vec::new();
    for phrases in &definition.phrases {
        for say in &phrases.say {
            let forms = forms(say);
            let earlier: Vec<Option<(&Phrases, &str)>> = forms
                .iter()
                .map(|form| lexicon.find(form).map(|place| owners[place]).filter(|(p, _)| hides(p, phrases)))
                .collect();
            for form in &forms {
                lexicon.add(form);
                owners.push((phrases, say));
            }
            let otherwise = forms.iter().zip(&earlier).find_map(|(form, earlier)| {
                earlier.filter(|(other, _)| meaning(other) != meaning(phrases)).map(|earlier| (form, earlier))
            });
            if let (true, Some(Some((other, pattern)))) = (earlier.iter().all(Option::is_some), earlier.first()) {
                let message =
                    format!("`{say}` is never heard: its words are said before, in `{pattern}`, as {}", said(other));
                found.push(Diagnostic::warning(message).hint("take it out of one of them"));
            } else if let Some((form, (other, pattern))) = otherwise {
                let form = form.split_whitespace().collect::<Vec<_>>().join(" ");
                let message = format!(
                    "`{form}` of `{say}` says {} and not {}: `{pattern}` stands before it",
                    said(other),
                    said(phrases)
                );
                found.push(Diagnostic::info(message).hint("change their order if that is not meant"));
            }
        }
    }
    found
}

/// Indicators of which every set of terms holds one that no phrase says, and that no form of a table names.
fn unheard_indicators(definition: &Definition) -> Vec<Diagnostic> {
    let said: BTreeSet<&str> = definition.phrases.iter().flat_map(|p| &p.terms).map(String::as_str).collect();
    let in_tables: BTreeSet<&str> =
        definition.tables.iter().flat_map(|t| t.columns.values()).map(String::as_str).collect();
    let mut found = Vec::new();
    for rule in definition.indicators.iter().filter(|rule| !in_tables.contains(rule.name.as_str())) {
        let sets = [&rule.is].into_iter().chain(&rule.or).chain(&rule.otherwise).chain(&rule.if_sums_hold);
        let lacking =
            |set: &Vec<String>| set.iter().find(|t| !t.ends_with(":none") && !said.contains(t.as_str())).cloned();
        let lacks: Option<Vec<String>> = sets.map(lacking).collect();
        if let Some(term) = lacks.and_then(|terms| terms.into_iter().next()) {
            let message = format!("`{}` is never found: no phrase says `{term}`", rule.name);
            found.push(Diagnostic::warning(message).hint("add a phrase with this term, or take the indicator out"));
        }
    }
    found
}

/// Pairs of indicators with a set of terms in common, of which either is as right.
fn alike(definition: &Definition) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(Vec<&str>, bool), &str> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in &definition.indicators {
        for set in [&rule.is].into_iter().chain(&rule.or) {
            let mut terms: Vec<&str> = set.iter().map(String::as_str).collect();
            terms.sort_unstable();
            match seen.get(&(terms.clone(), rule.unit == "%")) {
                Some(other) if *other != rule.name => {
                    let message =
                        format!("`{}` is made of the same terms as `{other}`: {}", rule.name, terms.join(", "));
                    found.push(
                        Diagnostic::info(message).hint("where a number must not be both, give one of them a term more"),
                    );
                }
                _ => drop(seen.insert((terms, rule.unit == "%"), &rule.name)),
            }
        }
    }
    found
}

/// Whether the first of two phrases of the same words leaves no place for the second: one that counts in certain places only does elsewhere.
fn hides(first: &Phrases, second: &Phrases) -> bool {
    let anywhere = |phrases: &Phrases| !phrases.behind && !phrases.ahead && !phrases.in_head;
    anywhere(first) || !anywhere(second)
}

/// What phrases say, as far as one that stands before another with the same words changes it.
fn meaning(phrases: &Phrases) -> (BTreeSet<&str>, bool, bool) {
    (phrases.terms.iter().map(String::as_str).collect(), phrases.apart || phrases.in_year, phrases.in_head)
}

fn said(phrases: &Phrases) -> String {
    let quoted: Vec<String> = phrases.terms.iter().map(|term| format!("`{term}`")).collect();
    let apart = if phrases.apart || phrases.in_year { "something apart" } else { "nothing" };
    if quoted.is_empty() { apart.to_owned() } else { quoted.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Severity;

    const HEAD: &str = "family = 'mine'\napplies = ['cây']\n[axes]\nsubject = { reach = 'heading', terms = ['tree', 'shrub'] }\n\
                        part = { reach = 'label', terms = ['planted', 'felled'] }\n";

    fn messages(rest: &str) -> Vec<String> {
        remarks(&Definition::parse("mine.toml", &format!("{HEAD}{rest}")).unwrap())
            .into_iter()
            .map(|r| r.message)
            .collect()
    }

    #[test]
    fn a_phrase_whose_words_say_something_else_before_is_told() {
        let rest = "[[phrases]]\nterms = ['tree']\nsay = ['{số|} cây']\n[[phrases]]\nterms = ['shrub']\nsay = ['bụi', 'cây']\n\
                    [[indicators]]\nname = 'trees'\nunit = 'cây'\nis = ['tree']\n";
        assert_eq!(messages(rest), ["`cây` is never heard: its words are said before, in `{số|} cây`, as `tree`"]);
        let other = rest.replace("'bụi', 'cây'", "'bụi', '{cây|cỏ}'");
        assert_eq!(messages(&other), ["`cây` of `{cây|cỏ}` says `tree` and not `shrub`: `{số|} cây` stands before it"]);
        assert!(messages(&rest.replace("'bụi', 'cây'", "'bụi', 'cỏ'")).is_empty());
        // What says the same once more takes nothing away.
        assert!(messages(&other.replace("['shrub']", "['tree']")).is_empty());
    }

    #[test]
    fn an_indicator_that_no_words_lead_to_is_told() {
        let rest = "[[phrases]]\nterms = ['tree']\nsay = ['cây']\n\
                    [[indicators]]\nname = 'planted'\nunit = 'cây'\nis = ['tree', 'planted']\nor = [['planted', 'subject:none']]\n";
        assert_eq!(messages(rest), ["`planted` is never found: no phrase says `planted`"]);
        assert!(messages(&rest.replace("['planted', 'subject:none']", "['tree']")).is_empty());
        let form = "[[tables]]\nformulas = ['3=1+2']\ncolumns = { '3' = 'planted' }\n";
        assert!(messages(&format!("{rest}{form}")).is_empty());
    }

    #[test]
    fn indicators_of_the_same_terms_are_told_but_a_share_beside_a_count_is_none() {
        let rest = "[[phrases]]\nterms = ['tree']\nsay = ['cây']\n[[indicators]]\nname = 'a'\nunit = 'cây'\nis = ['tree']\n\
                    [[indicators]]\nname = 'b'\nunit = 'cây'\nis = ['tree']\n";
        assert_eq!(messages(rest), ["`b` is made of the same terms as `a`: tree"]);
        assert!(messages(&rest.replace("name = 'b'\nunit = 'cây'", "name = 'b'\nunit = '%'")).is_empty());
    }

    #[test]
    fn what_the_program_brings_along_says_nothing_in_vain() {
        let said: Vec<String> = Definition::embedded()
            .unwrap()
            .iter()
            .flat_map(|d| remarks(d).into_iter().map(|r| (d.family.clone(), r)))
            .filter(|(_, remark)| remark.severity > Severity::Info)
            .map(|(family, remark)| format!("{family}: {}", remark.message))
            .collect();
        assert!(said.is_empty(), "{}", said.join("\n"));
    }

    #[test]
    fn two_of_a_family_or_of_an_indicator_cannot_be_used_together() {
        let mine = |family: &str, name: &str| {
            let rest = format!(
                "[[phrases]]\nterms = ['tree']\nsay = ['cây']\n[[indicators]]\nname = '{name}'\nunit = 'cây'\nis = ['tree']\n"
            );
            Definition::parse("mine.toml", &format!("{HEAD}{rest}").replace("'mine'", &format!("'{family}'"))).unwrap()
        };
        let fails = |pair: [Definition; 2]| check_together(&pair).unwrap_err().to_string();
        assert!(fails([mine("a", "x"), mine("a", "y")]).contains("the family `a`"));
        assert!(fails([mine("a", "x"), mine("b", "x")]).contains("`x` is an indicator of the families `a` and `b`"));
        check_together(&[mine("a", "x"), mine("b", "y")]).unwrap();
    }
}
