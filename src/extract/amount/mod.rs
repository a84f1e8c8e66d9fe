//! Numbers of a text that count or measure something, told from those that name something.

pub(in crate::extract) mod designation;
mod extent;
pub(in crate::extract) mod find;
pub(in crate::extract) mod form;
mod pair;
pub(in crate::extract) mod spaced;
pub(in crate::extract) mod unreadable;
pub(in crate::extract) mod written_out;

use crate::extract::number::decimal::Decimal;
use std::ops::Range;

/// A form that is this many times as frequent as the other is the document's: a recogniser takes a comma for a point now and then.
pub(in crate::extract) const OUTWEIGHS: usize = 4;

/// A number in the text that counts or measures something.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Amount {
    /// Its bytes in the key, the second number of a pair or range and the sign of per cent included.
    pub(in crate::extract) range: Range<usize>,
    /// The chosen value first, then all others that are possible, those of the printed form before those that the
    /// recogniser thought less likely.
    pub(in crate::extract) readings: Vec<Decimal>,
    /// Those that the printed form allows.
    pub(in crate::extract) printed: Vec<Decimal>,
    /// The whole, of a pair `part/whole`.
    pub(in crate::extract) of: Option<Decimal>,
    /// The upper end of a range.
    pub(in crate::extract) to: Option<Decimal>,
    pub(in crate::extract) unit: Option<&'static str>,
    /// The byte of the key after the unit, or after the number where there is none.
    pub(in crate::extract) unit_end: usize,
    /// True where it may have a fraction or thousands, and nothing in the document says which.
    pub(in crate::extract) undecided: bool,
    /// True where letters or spaces stand for digits.
    pub(in crate::extract) damaged: bool,
    /// The same number in words behind it, as `15 (mười lăm)`: its value and its bytes in the key.
    pub(in crate::extract) words: Option<(Decimal, Range<usize>)>,
}

pub(in crate::extract) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}
