//! Signs that stand high and by themselves in a line: the numbers of notes, `m²`, quotation marks. No recogniser of lines knows raised numbers, and cut
//! out with its line Tesseract passes over them; on the page each is a piece of ink of its own with white below it, and read by itself a digit like any other.

use super::crop::{Crop, CropShape};
use super::unread::{HEIGHT, INK, Piece, TOP, pieces};
use crate::error::Result;
use crate::geometry::Rect;
use crate::ocr::{LineBox, LineNetwork, Run};
use crate::page::Word;
use image::GrayImage;
use std::ops::{Range, RangeInclusive};

/// Rows of the strip in which such signs are looked for: they reach higher than capitals.
const ROWS: Range<usize> = 28..62;
/// How high a raised number is and how far above the line's foot it ends, in heights of the line: print has 0.36 to 0.5, and a foot at 0.78.
const NUMBER: RangeInclusive<f32> = 0.3..=0.62;
const NUMBER_ENDS: f32 = 0.62;
/// It is lower than the letters before it by this.
const LOWER: f32 = 0.8;
/// How high each of the two strokes of a quotation mark is, and where they end.
const QUOTE: RangeInclusive<f32> = 0.1..=0.36;
const QUOTE_ENDS: f32 = 0.45;
/// Rows of letters below a raised sign: white there.
const BASE: f32 = 0.8;
/// The number before a note is higher than this, a stop lower.
const NOTE: f32 = 0.34;
const STOP: f32 = 0.3;
/// A bracket is higher and narrower than letters.
const BRACKET: (f32, f32) = (0.8, 0.36);
/// A digit is no wider than this, in its heights.
const WIDEST: f32 = 0.9;
/// A letter is seen no further from its ink than this.
const AROUND: f32 = 0.1;
/// Behind a digit it ends so much above that.
const RISE: f32 = 0.16;
/// To the right of a raised number is so much white: a mark above the fork of a `y` has none.
const BESIDE: f32 = 0.14;
/// Stops begin lower than this.
const STOPS: f32 = 0.62;
/// Where the feet of letters stand.
const FOOT: f32 = 0.7;
/// The sign stands no further behind its word than this, in heights of the line.
const NEAR: f32 = 0.6;
/// It is taken for a number where the network is so sure of it, and no surer than the second.
const LIKELY: f32 = 0.9;
const MOST: f32 = 0.9;

/// Puts the raised numbers and the quotation marks that nobody read into the words of a line, which is `place` on the page.
pub(super) fn mend(
    page: &GrayImage,
    place: &LineBox,
    crop: &Crop,
    sign: impl Fn(&Run) -> char,
    model: &dyn LineNetwork,
    words: &mut [Word],
) -> Result<()> {
    // What hangs down from the line above is none of this one's.
    let mut all = pieces(crop, ROWS);
    all.retain(|piece| piece.bottom as f32 >= TOP);
    for (at, piece) in all.iter().enumerate().filter(|(_, piece)| is_number(piece, &all, crop)) {
        let rect = on_page(piece, place, crop);
        let stop = |p: &Piece| {
            let gap = piece.left as f32 - p.right as f32;
            ends(p) > FOOT && p.height() < STOP * HEIGHT && (0.0..NEAR * HEIGHT).contains(&gap)
        };
        let before = |p: &&Piece| p.right < piece.left && ((piece.left - p.right) as f32) < NEAR * HEIGHT;
        let is_bracket =
            |p: &Piece| p.height() > BRACKET.0 * HEIGHT && ((p.right - p.left) as f32) < BRACKET.1 * HEIGHT;
        let printed = Before {
            piece,
            all: &all,
            quote: false,
            stop: all.iter().any(stop),
            bracket: all.iter().filter(before).max_by_key(|p| p.right).is_some_and(is_bracket),
        };
        let Some(spot) = Spot::find(&rect, place, crop, &sign, words, &printed) else { continue };
        let alone = all.get(at + 1).is_some_and(|next| next.left > piece.right);
        if spot.starts_line && !(alone && piece.height() > NOTE * HEIGHT) {
            continue;
        }
        let tallest =
            all.iter().filter(|p| p.right < piece.left || spot.starts_line).map(Piece::height).fold(0.0, f32::max);
        // Behind a digit it must be raised against that.
        let behind_digit = spot.head.ends_with(|c: char| c.is_ascii_digit());
        let is_raised =
            |p: &Piece| piece.height() < LOWER * p.height() && p.bottom as f32 > piece.bottom as f32 + RISE * HEIGHT;
        if behind_digit && !all.iter().filter(before).max_by_key(|p| p.right).is_some_and(is_raised) {
            continue;
        }
        let of_quote = all[at.saturating_sub(1)..].windows(2).take(2).any(|pair| is_quote(pair, crop));
        if of_quote || piece.height() > LOWER * tallest || !spot.takes_number(words) || at == 0 && !spot.starts_line {
            continue;
        }
        let number = number(page, &rect, model)?;
        if let Some(number) = number.filter(|number| spot.agrees(*number)) {
            spot.put(raised(number), words);
        }
    }
    for pair in all.windows(2).filter(|pair| is_quote(pair, crop)) {
        let both = Rect::bounding([&on_page(&pair[0], place, crop), &on_page(&pair[1], place, crop)]);
        let spot = both.and_then(|rect| {
            Spot::find(
                &rect,
                place,
                crop,
                &sign,
                words,
                &Before { piece: &pair[1], all: &all, stop: false, bracket: false, quote: true },
            )
        });
        if let Some(spot) = spot.filter(Spot::takes_quote) {
            spot.put('”', words);
        }
    }
    Ok(())
}

/// The unit of area or volume that `word`, without the stops behind it, is with its raised number, whatever that was read as; `before` is the word before it.
/// None where no number is before it, or where it is another word.
fn unit<'a>(word: &'a str, before: Option<&Word>) -> Option<&'a str> {
    let number = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit() || is_stop(c)).len();
    let counted = number > 0 || before.is_some_and(|before| before.text.ends_with(|c: char| c.is_ascii_digit()));
    let stem = ["km", "dm", "cm", "m"]
        .into_iter()
        .find(|unit| word[number..].starts_with(unit))
        .map(|unit| number + unit.len())?;
    let mut rest = word[stem..].chars();
    // `m3` comes as `mỹ` and `mã`: the letter is what was made of the number.
    let made = match (rest.next(), rest.next()) {
        (None, _) => true,
        (Some(only), None) => !only.is_ascii_lowercase() && (number == 0 || !only.is_alphabetic()),
        (Some(first), Some(second)) => {
            let signs = [first, second];
            let of_number = |c: &char| is_mark(*c) || is_mistaken(*c) && !c.is_alphabetic();
            // `5m30` is a length.
            signs.iter().all(of_number) && !signs.iter().all(char::is_ascii_digit)
        }
    };
    (counted && made && rest.next().is_none()).then(|| &word[..stem])
}

/// What is printed before a sign.
struct Before<'a> {
    piece: &'a Piece,
    all: &'a [Piece],
    stop: bool,
    bracket: bool,
    /// Whether the sign is a quotation mark.
    quote: bool,
}

/// Where in a word a sign stands.
struct Spot {
    /// Which word.
    word: usize,
    /// What stands before it in the word, without what was read in its place, that, and what stands behind.
    head: String,
    read: Option<char>,
    tail: String,
    starts_line: bool,
}

impl Spot {
    /// None where it stands behind no word, or where something else was read.
    fn find(
        rect: &Rect,
        place: &LineBox,
        crop: &Crop,
        sign: impl Fn(&Run) -> char,
        words: &[Word],
        before: &Before,
    ) -> Option<Spot> {
        let middle = rect.centre().0;
        let near = NEAR * place.rect.height();
        let word = words.iter().rposition(|word| word.rect.x0 < middle)?;
        let Word { rect: of_word, text, .. } = &words[word];
        if rect.x0 - of_word.x1 > near || text.chars().any(is_raised) {
            return None;
        }
        let single = text.chars().next().filter(|_| text.chars().nth(1).is_none());
        if word == 0 && words.len() > 2 && single.is_some() && of_word.x1 <= rect.x1 + rect.width() {
            return Some(Spot { word, head: String::new(), read: single, tail: String::new(), starts_line: true });
        }
        let stops = text.len() - text.trim_end_matches(is_stop).len();
        if let Some(unit) = unit(&text[..text.len() - stops], words[..word].last()) {
            let tail = text[text.len() - stops..].to_owned();
            return Some(Spot { word, head: unit.to_owned(), read: None, tail, starts_line: false });
        }
        // In a number each sign is a piece of ink, so that these tell whether the raised one was read as a digit more.
        let (stem, tail) = text.split_at(text.len() - stops);
        if stem.chars().all(|c| c.is_ascii_digit() || is_stop(c) || matches!(c, '/' | '?' | '!') || is_mark(c)) {
            let signs = stem.chars().filter(|c| !is_stop(*c)).count();
            let own = |p: &&Piece| p.right <= before.piece.right && crop.strip.x_of_column(p.right as f32) > of_word.x0;
            let pieces: Vec<&Piece> = before.all.iter().filter(own).filter(|p| p.height() > STOP * HEIGHT).collect();
            // Two digits that touch are one piece, and nobody knows then which was read.
            let single = pieces.iter().all(|p| ((p.right + 1 - p.left) as f32) < WIDEST * p.height());
            let printed = pieces.len();
            let mut head = stem.to_owned();
            // A quotation mark behind digits is no digit, however many of these touch.
            let mark = head.ends_with(is_mark);
            let read = if mark || printed == signs { head.pop() } else { None };
            let known = mark || single && (printed == signs || printed == signs + 1);
            return known.then(|| Spot { word, head, read, tail: tail.to_owned(), starts_line: false });
        }
        if stem.ends_with('%') {
            return Some(Spot { word, head: stem.to_owned(), read: None, tail: tail.to_owned(), starts_line: false });
        }
        let letter = |run: &Run| {
            let x = crop.strip.x_of_step((run.steps.start + run.steps.end) as f32 / 2.0);
            (sign(run) != ' ' && x > of_word.x0 && x < of_word.x1.max(rect.x1) + near).then_some((x, sign(run)))
        };
        let letters: Vec<(f32, char)> = crop.runs.iter().filter_map(letter).collect();
        // Right beside a quotation mark letters may stand.
        let around = if before.quote { 0.0 } else { AROUND * place.rect.height() };
        let (from, to) = (rect.x0 - around, rect.x1 + around);
        let inside =
            || letters.iter().filter(|(x, letter)| (from..=to).contains(x) && !is_stop(*letter) && *letter != ')');
        if inside().any(|(_, letter)| !is_mistaken(*letter) && !is_mark(*letter)) {
            return None;
        }
        // A stop stands behind a sign above it, wherever in their common width it was seen.
        // What ends the word's box has no letter behind it, however late the network saw the last one.
        let ends_word = before.quote && rect.x1 + AROUND * place.rect.height() >= of_word.x1;
        let is_behind = |&&(x, letter): &&(f32, char)| x > to && !ends_word || x > rect.x0 && is_stop(letter);
        let behind = letters.iter().filter(is_behind).count();
        let mut head: Vec<char> = text.chars().collect();
        let mut tail = head.split_off(head.len().checked_sub(behind)?);
        if before.bracket && tail.first() == Some(&')') {
            head.push(tail.remove(0));
        }
        if !before.stop {
            let stem = head.iter().rposition(|c| !is_stop(*c)).map_or(0, |at| at + 1);
            let stops = head.split_off(stem);
            tail.splice(0..0, stops);
        }
        let read = head.last().copied().filter(|c| inside().next().is_some() && is_mistaken(*c) || is_mark(*c));
        head.truncate(head.len() - usize::from(read.is_some()));
        Some(Spot {
            word,
            head: head.into_iter().collect(),
            read,
            tail: tail.into_iter().collect(),
            starts_line: false,
        })
    }

    /// Behind a word or a unit of area, or before a note; where a quotation ends its mark is none.
    fn takes_number(&self, words: &[Word]) -> bool {
        let marks = |text: &str| text.chars().filter(|c| matches!(c, '"' | '“' | '”')).count();
        let quoted =
            (words[..self.word].iter().map(|word| marks(&word.text)).sum::<usize>() + marks(&self.head)) % 2 == 1;
        if quoted && self.read.is_some_and(is_mark) {
            return false;
        }
        let letter = |c: char| c.is_alphanumeric() || matches!(c, ')' | '%' | '”' | '"');
        let stops = self.tail.chars().all(|c| matches!(c, '.' | ',' | ';' | ':' | ')' | '/' | '”' | '"'));
        self.starts_line || stops && self.head.trim_end_matches(is_stop).ends_with(letter)
    }

    /// Whether the number may be raised here: it takes the place of no other digit that was read, and areas and volumes have their own.
    fn agrees(&self, number: u32) -> bool {
        let other = self.read.is_some_and(|read| match read.to_digit(10) {
            Some(digit) => digit != number,
            None => read == '/',
        });
        let of_unit = self.head.ends_with('m')
            && self.head.trim_end_matches(['k', 'd', 'c', 'm']).ends_with(|c: char| c.is_ascii_digit());
        !other && (!of_unit || matches!(number, 2 | 3))
    }

    /// Behind a word in which nothing was read in its place.
    fn takes_quote(&self) -> bool {
        let stops = self.tail.chars().all(|c| matches!(c, '.' | ',' | ';' | ':' | ')'));
        self.read.is_none() && stops && self.head.ends_with(char::is_alphanumeric)
    }

    fn put(self, sign: char, words: &mut [Word]) {
        let word = &mut words[self.word];
        let confidence = word.confidence.min(MOST);
        word.read_as(format!("{}{sign}{}", self.head, self.tail), confidence);
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':')
}

/// What recognisers take a raised number for.
fn is_mistaken(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '?' | '!' | 'l' | 'I' | '+')
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '\'' | '’' | '‘' | '*' | '°')
}

/// Whether this may be a raised number: high enough, narrow, and with white below it.
fn is_number(piece: &Piece, all: &[Piece], crop: &Crop) -> bool {
    let (high, wide) = (piece.height() / HEIGHT, (piece.right + 1 - piece.left) as f32 / HEIGHT);
    NUMBER.contains(&high)
        && wide < 0.5
        && wide < 1.2 * high
        && ends(piece) <= NUMBER_ENDS
        && is_bare(piece, crop)
        && is_last(piece, all)
}

/// Whether these are the two strokes of a quotation mark.
fn is_quote(pair: &[Piece], crop: &Crop) -> bool {
    let [left, right] = pair else { return false };
    let single = |p: &Piece| {
        let wide = (p.right + 1 - p.left) as f32;
        QUOTE.contains(&(p.height() / HEIGHT)) && wide < 1.3 * p.height() && ends(p) <= QUOTE_ENDS && is_bare(p, crop)
    };
    let apart = (right.left as f32 - left.left as f32) / HEIGHT;
    single(left)
        && single(right)
        && (0.06..0.3).contains(&apart)
        && left.top.abs_diff(right.top) <= 1
        && left.height().max(right.height()) <= 1.5 * left.height().min(right.height())
}

/// Where it ends, from the line's top, in heights of the line.
fn ends(piece: &Piece) -> f32 {
    (piece.bottom as f32 + 1.0 - TOP) / HEIGHT
}

/// Whether all is white between it and the foot of the line.
fn is_bare(piece: &Piece, crop: &Crop) -> bool {
    let below = piece.bottom + 2..(TOP + BASE * HEIGHT) as usize;
    let columns = piece.left..piece.right + 1;
    let dark = |x: &usize| below.clone().any(|y| crop.strip.row(y)[*x] > INK);
    !columns.clone().any(|x| dark(&x))
}

/// Whether nothing but a stop stands right behind it.
fn is_last(piece: &Piece, all: &[Piece]) -> bool {
    let beside = piece.right + 1..piece.right + 2 + (BESIDE * HEIGHT) as usize;
    let far = TOP + STOPS * HEIGHT;
    !all.iter().any(|p| beside.contains(&p.left) && p.height() > STOP * HEIGHT && (p.top as f32) < far)
}

fn on_page(piece: &Piece, place: &LineBox, crop: &Crop) -> Rect {
    let x = |column: usize| crop.strip.x_of_column(column as f32);
    let scale = place.rect.height() / HEIGHT;
    let (x0, x1) = (x(piece.left), x(piece.right + 1));
    let y = |row: f32| place.rect.y0 + place.drop((x0 + x1) / 2.0) + (row - TOP) * scale;
    Rect::new(x0, y(piece.top as f32), x1, y(piece.bottom as f32 + 1.0))
}

/// The digit that stands here by itself; None where the network sees something else, or is not sure.
fn number(page: &GrayImage, rect: &Rect, model: &dyn LineNetwork) -> Result<Option<u32>> {
    // As if it stood in a line: with room for marks above it and tails below.
    let (above, below) = (0.28 * rect.height(), 0.3 * rect.height());
    let place = LineBox { rect: Rect::new(rect.x0, rect.y0 - above, rect.x1, rect.y1 + below), slope: 0.0 };
    let Some(crop) = Crop::take(page, &place, CropShape::default(), model)? else { return Ok(None) };
    let mut seen = crop.runs.iter().map(|run| model.letters()[run.class - 1]).filter(|c| *c != ' ');
    let (Some(first), None) = (seen.next(), seen.next()) else { return Ok(None) };
    let read = super::read_figure(page, &place, "0123456789", &[], model)?;
    let best = read.into_iter().next().filter(|best| best.confidence >= LIKELY);
    let digit = best.and_then(|best| best.text.parse::<u32>().ok()).filter(|digit| (1..=9).contains(digit));
    let like =
        |digit: &u32| first.to_digit(10) == Some(*digit) || *digit == 1 && matches!(first, 'l' | 'I' | 'i' | '!' | '|');
    Ok(digit.filter(like))
}

fn is_raised(c: char) -> bool {
    (0..10).any(|digit| raised(digit) == c)
}

fn raised(digit: u32) -> char {
    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize % 10]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{Steps, Strip};
    use image::Luma;

    /// Sees this digit in whatever it is shown.
    struct OneDigit(char);

    impl LineNetwork for OneDigit {
        fn name(&self) -> &str {
            "one digit"
        }

        fn letters(&self) -> &[char] {
            &['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'n', '?', ')', '.']
        }

        fn lines(&self, _: &GrayImage) -> Result<Vec<LineBox>> {
            Ok(Vec::new())
        }

        fn read(&self, strip: &Strip) -> Result<Steps> {
            let classes = self.letters().len() + 1;
            let mut values = vec![1e-4f32.ln(); strip.steps() * classes];
            values.chunks_mut(classes).for_each(|row| row[0] = 0.99f32.ln());
            let row = &mut values[strip.steps() / 2 * classes..][..classes];
            row[0] = 1e-4f32.ln();
            row[1 + self.letters().iter().position(|&l| l == self.0).unwrap()] = 0.99f32.ln();
            Ok(Steps::new(values, classes))
        }
    }

    /// The line's letters stand from 80 to 110, its raised signs from 76 to 92.
    const LINE: LineBox = LineBox { rect: Rect { x0: 90.0, y0: 72.0, x1: 320.0, y1: 120.0 }, slope: 0.0 };
    const HIGH: (u32, u32) = (76, 96);
    const LETTER: (u32, u32) = (80, 110);
    const STOP: (u32, u32) = (104, 110);

    /// What becomes of `text`, whose signs stand in columns of 20 from 100 on, as high as `ink` says; what the line was seen as, sign by sign.
    fn mended(text: &str, seen: &str, ink: &[(u32, u32)], digit: char) -> Word {
        let page = GrayImage::from_fn(420, 200, |x, y| {
            let at = x.checked_sub(100).map(|x| (x / 20, x % 20)).and_then(|(n, x)| Some((ink.get(n as usize)?, x)));
            Luma([if at.is_some_and(|(&(y0, y1), x)| x < 12 && (y0..y1).contains(&y)) { 0 } else { 255 }])
        });
        let network = OneDigit(digit);
        let strip = Strip::cut(&page, &LINE).unwrap();
        let class = |c: char| network.letters().iter().position(|&l| l == c).map(|at| at + 1);
        let run = |(at, c): (usize, char)| {
            let step = strip.step_of_x(106.0 + 20.0 * at as f32) as usize;
            Some(Run { class: class(c)?, steps: step..step + 1, peak: -0.01 })
        };
        let runs = seen.chars().enumerate().filter_map(run).collect();
        let steps = Steps::new(vec![0.0; strip.steps() * 15], 15);
        let crop = Crop { strip, steps, runs };
        let rect = Rect::new(100.0, 80.0, 92.0 + 20.0 * ink.len() as f32, 110.0);
        let mut words = [Word { text: text.into(), rect, confidence: 0.99, ..Word::default() }];
        mend(&page, &LINE, &crop, |run| network.letters()[run.class - 1], &network, &mut words).unwrap();
        words[0].clone()
    }

    #[test]
    fn a_raised_number_that_nobody_read_stands_behind_its_word() {
        let word = mended("nnn", "nnn", &[LETTER, LETTER, LETTER, HIGH], '3');
        assert_eq!((word.text.as_str(), word.alternatives[0].text.as_str()), ("nnn³", "nnn"));
        assert!(word.confidence <= MOST);
        assert_eq!(
            mended("nnn.", "nnn .", &[LETTER, LETTER, LETTER, HIGH, STOP], '1').text,
            "nnn¹.",
            "before the stop"
        );
        assert_eq!(
            mended("nnn.", "nnn.", &[LETTER, LETTER, LETTER, STOP, HIGH], '1').text,
            "nnn.¹",
            "or behind it, as printed"
        );
    }

    #[test]
    fn the_number_of_a_note_is_no_digit_of_the_number_before_it() {
        let ink = [LETTER, LETTER, LETTER, HIGH];
        for text in ["4821", "482", "482”"] {
            assert_eq!(mended(text, "482", &ink, '1').text, "482¹", "{text}");
        }
        assert_eq!(mended("4827", "4827", &ink, '1').text, "4827", "another digit was read there");
        let touching = [LETTER, LETTER, HIGH];
        assert_eq!(mended("4821”", "4821", &touching, '2').text, "4821²", "two pieces of ink for four digits");
        assert_eq!(mended("4821", "4821", &touching, '1').text, "4821", "and no mark: nobody knows which was read");
        assert_eq!(mended("48", "48", &ink, '1').text, "48", "a digit is missing: nobody knows which");
        assert_eq!(mended("4821", "4821", &[LETTER; 4], '1').text, "4821", "it stands as the others do");
    }

    #[test]
    fn a_quotation_mark_that_ends_a_word_stands_behind_its_last_letter() {
        // The network saw no mark, and the last letter late.
        let page = GrayImage::from_fn(420, 200, |x, y| {
            let letter = (100..172).contains(&x) && (x - 100) % 20 < 12 && (80..110).contains(&y);
            let stroke = matches!(x, 176..180 | 184..188) && (78..88).contains(&y);
            Luma([if letter || stroke { 0 } else { 255 }])
        });
        let network = OneDigit('7');
        let strip = Strip::cut(&page, &LINE).unwrap();
        let seen = [106.0, 126.0, 146.0, 200.0].map(|x| strip.step_of_x(x) as usize);
        let runs = seen.iter().map(|&step| Run { class: 11, steps: step..step + 1, peak: -0.01 }).collect();
        let crop = Crop { steps: Steps::new(vec![0.0; strip.steps() * 15], 15), strip, runs };
        for (end, right) in [(188.0, "nnnn”"), (212.0, "nnnn")] {
            let rect = Rect::new(100.0, 78.0, end, 110.0);
            let mut words = [Word { text: "nnnn".into(), rect, confidence: 0.99, ..Word::default() }];
            mend(&page, &LINE, &crop, |run| network.letters()[run.class - 1], &network, &mut words).unwrap();
            assert_eq!(words[0].text, right, "its word ends at {end}");
        }
    }

    #[test]
    fn areas_and_volumes_have_their_number() {
        for (text, digit, right) in
            [("160m2", '2', "160m²"), ("160m", '2', "160m²"), ("160m?", '3', "160m³"), ("160m", '7', "160m")]
        {
            assert_eq!(mended(text, "160n", &[LETTER, LETTER, LETTER, LETTER, HIGH], digit).text, right, "{text}");
        }
    }

    #[test]
    fn what_has_print_below_or_beside_it_is_a_mark() {
        assert_eq!(mended("nn", "nn", &[LETTER, HIGH, LETTER], '7').text, "nn", "a letter follows");
    }
}
