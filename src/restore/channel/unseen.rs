//! What a letter may be seen as although no pair shows it: a letter is never quite safe from being lost, from being taken for any
//! other, or from a stray character beside it (`quéa` for `quá`).

/// P(`width` characters, whichever they are | letter), by width. Two characters also follow [`INSERTED`]; three must have been met.
pub const OF_WIDTH: [f64; 4] = [5e-4, 1e-5, 0.0, 0.0];

/// P(two characters | letter) is at least this times the sum of what each would be alone.
///
/// A stray character comes with about one letter in a hundred of poor pages, and is one of about fifty.
pub const INSERTED: f64 = 2e-4;
