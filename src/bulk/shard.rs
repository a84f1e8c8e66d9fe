//! A part of the inputs, chosen by content: each of several machines reads another, and together they read all.

use std::fmt;
use std::str::FromStr;

/// The `index`-th of `count` parts, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Whether a file belongs to this part, by the SHA-256 of its bytes in hexadecimal; the same content always does.
    pub fn holds(self, sha256: &str) -> bool {
        // The first fifteen digits fit an i64 as well, so that the same can be asked of the journal.
        let number = sha256.get(..15).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
        number % u64::from(self.count) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(i, c)| Some((i.parse().ok()?, c.parse().ok()?)));
        match numbers {
            Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
            _ => Err("give the part and the number of parts, as 3/16".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn every_file_belongs_to_exactly_one_part() {
        let shards: Vec<Shard> = (1..=3).map(|i| format!("{i}/3").parse().unwrap()).collect();
        for number in 0..100u32 {
            let digest: String = Sha256::digest(number.to_le_bytes()).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(shards.iter().filter(|s| s.holds(&digest)).count(), 1);
        }
        for wrong in ["0/3", "4/3", "3", "a/b", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
