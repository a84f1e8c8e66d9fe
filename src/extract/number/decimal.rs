//! Exact decimal numbers: what a report prints is compared and added without rounding.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A decimal number of at most 18 digits, exact.
///
/// In JSON it is a number: an integer where it has no fraction, so that `1077` stays `1077`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// The digits without the point; never ends in 0 where `scale` is above 0.
    digits: i64,
    /// How many of the digits stand after the point.
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { digits: 0, scale: 0 };

    /// The number with these digits before and after the point; None where there are more than 18, none at all,
    /// or something that is no digit.
    pub fn from_digits(whole: &str, fraction: &str) -> Option<Decimal> {
        let fraction = fraction.trim_end_matches('0');
        let whole = whole.trim_start_matches('0');
        if whole.len() + fraction.len() > 18 {
            return None;
        }
        let mut digits = 0i64;
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits = digits * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        Some(Decimal { digits, scale: fraction.len() as u8 })
    }

    /// The same number on the other side of nought.
    pub fn negated(self) -> Decimal {
        Decimal { digits: -self.digits, ..self }
    }

    /// The sum; None where it has more than 18 digits.
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let sum = self.at_scale(scale)? + other.at_scale(scale)?;
        i64::try_from(sum).ok().map(|digits| Decimal { digits, scale }.normal())
    }

    /// The nearest binary number, for measures that are not exact anyway, such as percentages.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10f64.powi(i32::from(self.scale))
    }

    /// True where there is nothing after the point.
    pub fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The digits as if there were `scale` of them after the point; None where that overflows.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        i128::from(self.digits).checked_mul(10i128.checked_pow(u32::from(scale.checked_sub(self.scale)?))?)
    }

    fn normal(mut self) -> Decimal {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Self {
        Decimal { digits: i64::from(value), scale: 0 }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        // Eighteen digits moved by at most eighteen places fit i128.
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() { serializer.serialize_i64(self.digits) } else { serializer.serialize_f64(self.to_f64()) }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = serde_json::Number::deserialize(deserializer)?.to_string();
        let (sign, unsigned) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let value = Decimal::from_digits(whole, fraction).ok_or_else(|| de::Error::custom("more than 18 digits"))?;
        Ok(Decimal { digits: sign * value.digits, ..value })
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "An exact decimal number of at most 18 digits." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Decimal::from_digits(whole, fraction).unwrap()
    }

    #[test]
    fn zeros_at_the_ends_do_not_count() {
        assert_eq!(decimal("099.400"), decimal("99.4"));
        assert_eq!(decimal("00"), Decimal::ZERO);
        assert_eq!(decimal("0.05").to_string(), "0.05");
        assert!(Decimal::from_digits("1234567890123456789", "").is_none());
        assert!(Decimal::from_digits("12a", "").is_none());
    }

    #[test]
    fn json_keeps_integers_whole() {
        assert_eq!(serde_json::to_string(&decimal("1077")).unwrap(), "1077");
        assert_eq!(serde_json::to_string(&decimal("99.40")).unwrap(), "99.4");
        assert_eq!(serde_json::from_str::<Decimal>("17.45").unwrap(), decimal("17.45"));
    }

    #[test]
    fn less_than_nothing_is_written_and_read() {
        let loss = decimal("1250.5").negated();
        assert_eq!(loss.to_string(), "-1250.5");
        assert_eq!(serde_json::from_str::<Decimal>(&serde_json::to_string(&loss).unwrap()).unwrap(), loss);
        assert_eq!(loss.checked_add(decimal("1250.5")), Some(Decimal::ZERO));
        assert!(loss < Decimal::ZERO);
    }

    #[test]
    fn order_is_by_value() {
        assert!(decimal("9.5") < decimal("10"));
        assert!(decimal("999999999999999999") > decimal("0.000000000000000001"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(digits in 0u64..1_000_000_000_000, scale in 0usize..6) {
            let text = format!("{digits:0>7}");
            let (whole, fraction) = text.split_at(text.len() - scale);
            let value = Decimal::from_digits(whole, fraction).unwrap();
            prop_assert_eq!(decimal(&value.to_string()), value);
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), value);
        }

        #[test]
        fn addition_agrees_with_integers(a in 0u32..u32::MAX, b in 0u32..u32::MAX) {
            let sum = Decimal::from(a).checked_add(Decimal::from(b)).unwrap();
            prop_assert_eq!(sum.to_string(), (u64::from(a) + u64::from(b)).to_string());
        }
    }
}
