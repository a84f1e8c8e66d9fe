//! How a document writes its numbers: which sign parts thousands and which marks the fraction, learned from all its numbers.

use crate::extract::amount::{Amount, OUTWEIGHS, spaced::Thousands};
use crate::extract::layout::flow::Flow;
use crate::extract::number::unit::{is_divided, is_money};
use std::collections::BTreeSet;

/// Orders the readings of numbers that may be read in two ways, `339,477 triệu đồng`, as the document's other numbers say.
///
/// Percentages do not count: many documents write `4,374 hồ sơ` and `96,16%`. What is counted is whole in any form, so that only
/// money, measures and columns of them are read anew. Where many numbers of both forms stand beside each other nothing is changed.
pub(in crate::extract) fn order_readings(flow: &Flow<'_>, amounts: &mut [Amount]) {
    let (mut comma, mut point) = (0, 0);
    for amount in amounts.iter().filter(|a| a.unit != Some("%") && !a.damaged) {
        match fraction_sign(flow.printed(amount.range.clone())) {
            Some(',') => comma += 1,
            Some(_) => point += 1,
            None => {}
        }
    }
    let fraction = match (comma, point) {
        _ if comma > OUTWEIGHS * point => Some(','),
        _ if point > OUTWEIGHS * comma => Some('.'),
        // Where spaces part thousands, no sign does.
        (0, 0) if Thousands::of(flow).without_signs() => None,
        // The rules have a comma mark the fraction, and many offices part thousands with it.
        _ => {
            for amount in amounts.iter_mut().filter(|a| may_have_fraction(a)) {
                amount.undecided = flow.printed(amount.range.clone()).contains(',');
            }
            return;
        }
    };
    let columns = columns_with_fractions(flow, amounts);
    let in_such = |a: &Amount| a.unit.is_none() && column_of(flow, a).is_some_and(|column| columns.contains(&column));
    for amount in amounts.iter_mut().filter(|a| may_have_fraction(a) || in_such(a) && has_two_forms(a)) {
        let printed = flow.printed(amount.range.clone());
        let [sign] = printed.chars().filter(|c| matches!(c, '.' | ',')).collect::<Vec<_>>()[..] else { continue };
        // `9,000` is whole either way; thousands are the greater.
        let has_fraction = amount.readings[0] < amount.readings[1];
        if has_fraction != fraction.is_none_or(|fraction| fraction == sign) {
            amount.readings.swap(0, 1);
            amount.printed.swap(0, 1);
        }
    }
}

/// Whether it is money or a measure that may be read with a fraction and without.
fn may_have_fraction(amount: &Amount) -> bool {
    has_two_forms(amount) && amount.unit.is_some_and(is_measured)
}

/// Whether it may be read with a fraction and without.
fn has_two_forms(amount: &Amount) -> bool {
    amount.printed.len() > 1 && amount.readings[..2] == amount.printed[..2]
}

/// The columns of tables in which a number has a fraction in any reading, `4.914,300`: what stands beside it is measured, too, though no
/// unit stands there.
fn columns_with_fractions(flow: &Flow<'_>, amounts: &[Amount]) -> BTreeSet<(usize, usize)> {
    let shows = |a: &&Amount| {
        let printed = flow.printed(a.range.clone());
        let both = printed.contains(',') && printed.contains('.');
        both && a.readings.len() == 1 && fraction_sign(printed).is_some()
    };
    amounts.iter().filter(shows).filter_map(|a| column_of(flow, a)).collect()
}

/// The table and the column that it stands in.
fn column_of(flow: &Flow<'_>, amount: &Amount) -> Option<(usize, usize)> {
    let cell = flow.paragraphs[flow.paragraph_at(amount.range.start)].cell.as_ref()?;
    Some((cell.table, cell.column))
}

/// Money and measures may have a fraction.
fn is_measured(unit: &str) -> bool {
    is_money(unit) || is_divided(unit) && unit != "%"
}

/// The sign of the fraction of a number that can be read in one way only; None where it has none or may be read otherwise.
fn fraction_sign(printed: &str) -> Option<char> {
    let number: String = printed.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let signs: Vec<char> = number.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let last = *signs.last()?;
    let behind = number.rsplit(['.', ',']).next()?.len();
    let other = |sign: char| if sign == ',' { '.' } else { ',' };
    match signs.len() {
        // `12,5` and `12,4567`; three digits may be thousands.
        1 => (behind != 3).then_some(last),
        // `8.699,28`; `1.250.000` shows by its thousands what the other sign is.
        _ if signs.iter().all(|s| *s == signs[0]) => (behind == 3).then_some(other(last)),
        _ => Some(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::amount::designation::Designations;
    use crate::extract::amount::find::find;
    use crate::extract::layout::grid;

    fn read(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let mut amounts = find(&flow, &Designations::new().unwrap());
        order_readings(&flow, &mut amounts);
        amounts.iter().map(|a| a.readings[0].to_string()).collect()
    }

    #[test]
    fn the_form_of_the_document_decides() {
        assert_eq!(read("chi 8.699,28 triệu đồng, thu 339,477 triệu đồng"), ["8699.28", "339.477"]);
        assert_eq!(read("chi 8,699.28 triệu đồng, thu 339,477 triệu đồng"), ["8699.28", "339477"]);
        assert_eq!(read("thu 1.250.000 đồng và 339.477 triệu đồng"), ["1250000", "339477"]);
    }

    #[test]
    fn where_spaces_part_thousands_no_sign_does() {
        assert_eq!(read("thu 1 250 triệu đồng, chi 3,391 triệu đồng"), ["1250", "3.391"]);
    }

    #[test]
    fn what_stands_in_a_column_with_fractions_has_one() {
        let text = "Khối\tKế hoạch (tỷ đồng)\tSố dự án\nCác ban\t4.914,300\t1,214\nKhác\t425,865\t2,105\nCộng\t5.340,165\t3,319\n";
        let lines = TextLine::from_text(text);
        let tables = grid::tables(&lines, &crate::table::from_text(&lines));
        let flow = Flow::new(&lines, &tables, |_| false);
        let mut amounts = find(&flow, &Designations::new().unwrap());
        amounts.iter_mut().for_each(|a| a.unit = None);
        order_readings(&flow, &mut amounts);
        let read: Vec<String> = amounts.iter().map(|a| a.readings[0].to_string()).collect();
        assert_eq!(read, ["4914.3", "1214", "425.865", "2105", "5340.165", "3319"]);
    }

    #[test]
    fn what_is_counted_is_whole() {
        assert_eq!(read("chi 8.699,28 triệu đồng cho 4,374 hồ sơ, đạt 96,16%"), ["8699.28", "4374", "96.16"]);
    }

    #[test]
    fn a_comma_taken_for_a_point_changes_nothing() {
        let text = "đất 23,61 ha, 11,81 ha, 3,54 ha, 7,5 ha và 2.5 ha, vốn 1.350 tỷ đồng, đường 12,051 km";
        assert_eq!(read(text)[5..], ["1350", "12.051"]);
    }

    #[test]
    fn two_forms_beside_each_other_decide_nothing() {
        assert_eq!(read("thu 1,5 tỷ đồng, chi 1.5 tỷ đồng, còn 339,477 triệu đồng"), ["1.5", "1.5", "339477"]);
    }
}
