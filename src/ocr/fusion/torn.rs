//! Figures that a recogniser tore at their stop: in typewriter faces, and in slanted ones, the white behind a comma is nearly as wide as a space, and
//! `62,76%` is read as `62,` and `76%`; and between ones, whose white on both sides is wide in most faces: `9.1 18`, `4/1 1/2020`.

use super::ink;
use crate::ocr::LineBox;
use crate::page::{Alternative, Word};
use image::GrayImage;

/// White behind a stop within a figure has a share like these of that between the words of the line. Of 6,133 spaces behind the stops of lists, in 18 faces
/// at 150 dpi, 21 are narrower than 0.85 and none lies in these bounds; figures torn in typewriter faces have 0.44 to 0.63.
const WITHIN: std::ops::Range<f32> = 0.1..0.68;
/// Between two ones it has a share like these: a digit's width is two thirds white there, and a space comes on top of that.
const BETWEEN_ONES: std::ops::Range<f32> = 0.1..1.25;
/// So many other gaps tell how wide a space is in the line.
const LEAST_GAPS: usize = 3;
/// A word is looked past its ends by so much of the line's height.
const PAST: f32 = 0.15;
/// A figure put together is no surer than this.
const MOST: f32 = 0.9;

/// Puts together the figures of a line that were torn at a comma or a stop or between ones, as the white in it tells; the torn reading stays beside them.
pub(super) fn mend(page: &GrayImage, place: &LineBox, words: &mut Vec<Word>) {
    let torn: Vec<usize> =
        (1..words.len()).filter(|&at| within(&words[at - 1].text, &words[at].text).is_some()).collect();
    if torn.is_empty() {
        return;
    }
    let past = PAST * place.rect.height();
    let gap = |at: usize| ink::widest_white(page, place, words[at - 1].rect.x1 - past, words[at].rect.x0 + past);
    let mut others: Vec<f32> = (1..words.len()).filter(|at| !torn.contains(at)).map(gap).collect();
    if others.len() < LEAST_GAPS {
        return;
    }
    others.sort_by(f32::total_cmp);
    let space = others[others.len() / 2];
    let narrow = |at: &usize| {
        within(&words[at - 1].text, &words[*at].text).is_some_and(|within| within.contains(&(gap(*at) / space)))
    };
    let narrow: Vec<usize> = torn.into_iter().filter(narrow).collect();
    for at in narrow.into_iter().rev() {
        let tail = words.remove(at);
        let head = &mut words[at - 1];
        let seen = format!("{} {}", head.text, tail.text);
        let confidence = MOST.min(head.confidence).min(tail.confidence);
        let whole = Word { text: head.text.clone() + &tail.text, rect: head.rect.union(&tail.rect), ..Word::default() };
        // What else the halves may say, the whole may say.
        let of_head = head.alternatives.iter().map(|other| (other.text.clone() + &tail.text, other.confidence));
        let of_tail = tail.alternatives.iter().map(|other| (head.text.clone() + &other.text, other.confidence));
        let others = std::iter::once((seen, 1.0 - confidence)).chain(of_head).chain(of_tail);
        let alternatives = others.map(|(text, confidence)| Alternative { text, confidence }).collect();
        *head = Word { confidence, alternatives, ..whole };
    }
}

/// How wide the white may be between these words, as a share of a space, where they are one figure: digits, a comma or a stop, and digits again, or ones at
/// the end of one and the beginning of the other, where only both together are a number or a date. None where they are none.
fn within(head: &str, tail: &str) -> Option<std::ops::Range<f32>> {
    let head = head.trim_start_matches(['(', '+', '-', '–']);
    let tail = tail.trim_end_matches(['.', ',', ';', ':', ')', '%']);
    let whole = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/'))
    };
    match head.strip_suffix([',', '.']) {
        Some(number) if whole(number) && whole(tail) => Some(WITHIN),
        None if whole(head) && whole(tail) && head.ends_with('1') && tail.starts_with('1') => {
            let cut = head.contains(['.', '/']) && !is_formed(head);
            (cut && is_formed(&format!("{head}{tail}"))).then_some(BETWEEN_ONES)
        }
        _ => None,
    }
}

/// Whether this is a number whose thousands are parted, `9.118,5`, or a date, `4/11/2020`.
fn is_formed(text: &str) -> bool {
    let digits = |part: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if let [day, month, year] = text.split('/').collect::<Vec<_>>()[..] {
        return digits(day, 1..=2) && digits(month, 1..=2) && digits(year, 4..=4);
    }
    let whole = text.split_once(',').map_or(text, |(whole, _)| whole);
    let mut parts = whole.split('.');
    parts.next().is_some_and(|first| digits(first, 1..=3))
        && whole.contains('.')
        && parts.all(|part| digits(part, 3..=3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use image::Luma;

    /// The texts of a line whose words are boxes with these gaps before them.
    fn read(words: &[(&str, u32)]) -> Vec<String> {
        let mut page = GrayImage::from_pixel(900, 60, Luma([255]));
        let mut x = 10;
        let mut found = Vec::new();
        for &(text, gap) in words {
            let width = 12 * text.chars().count() as u32;
            x += gap;
            (x..x + width).for_each(|x| (20..40).for_each(|y| page.put_pixel(x, y, Luma([0]))));
            let rect = Rect::new(x as f32, 20.0, (x + width) as f32, 40.0);
            found.push(Word { text: text.into(), rect, confidence: 0.97, ..Word::default() });
            x += width;
        }
        let place = LineBox { rect: Rect::new(10.0, 15.0, 890.0, 45.0), slope: 0.0 };
        mend(&page, &place, &mut found);
        assert!(found.iter().all(|w| w.alternatives.is_empty() || w.confidence <= 0.9));
        found.into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn what_the_halves_may_say_besides_stays_beside_the_whole() {
        let mut page = GrayImage::from_pixel(400, 60, Luma([255]));
        let texts = [("hồ", 0), ("sơ", 50), ("xã", 100), ("đạt", 150), ("62,", 200), ("76%", 243)];
        let mut words: Vec<Word> = texts
            .map(|(text, x)| {
                (x..x + 38).for_each(|x| (20..40).for_each(|y| page.put_pixel(x, y, Luma([0]))));
                let rect = Rect::new(x as f32, 20.0, (x + 38) as f32, 40.0);
                Word { text: text.into(), rect, confidence: 0.9, ..Word::default() }
            })
            .into();
        words[4].alternatives.push(Alternative { text: "82,".into(), confidence: 0.05 });
        words[5].alternatives.push(Alternative { text: "78%".into(), confidence: 0.04 });
        mend(&page, &LineBox { rect: Rect::new(0.0, 15.0, 400.0, 45.0), slope: 0.0 }, &mut words);
        let others: Vec<&str> = words[4].alternatives.iter().map(|other| other.text.as_str()).collect();
        assert_eq!((words[4].text.as_str(), others), ("62,76%", vec!["62, 76%", "82,76%", "62,78%"]));
    }

    #[test]
    fn a_figure_torn_at_its_comma_is_one_and_a_list_is_none() {
        let line = |gap: u32, head: &'static str, tail: &'static str| {
            read(&[("hồ", 12), ("sơ", 12), ("đạt", 13), (head, 12), (tail, gap), ("của", 12)])[3..].join(" ")
        };
        assert_eq!(line(5, "62,", "76%,"), "62,76%, của");
        assert_eq!(line(5, "(1.", "482)"), "(1.482) của");
        assert_eq!(line(12, "62,", "76%,"), "62, 76%, của", "a space");
        assert_eq!(line(5, "62", "76%,"), "62 76%, của");
        assert_eq!(line(12, "9.1", "18"), "9.118 của");
        assert_eq!(line(12, "4/1", "1/2020"), "4/11/2020 của");
        assert_eq!(line(17, "9.1", "18"), "9.1 18 của", "a space besides");
        assert_eq!(line(12, "21", "1.105"), "21 1.105 của", "each is a number");
        assert_eq!(line(12, "17.031", "142"), "17.031 142 của");
        assert_eq!(line(12, "9.1", "28"), "9.1 28 của");
        assert_eq!(line(5, "62,", "xã"), "62, xã của");
        assert_eq!(read(&[("62,", 10), ("76%", 5)]), ["62,", "76%"], "nothing tells how wide a space is");
    }
}
