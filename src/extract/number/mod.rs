//! Numbers as they are printed: their grammar, their exact value, numbers in words, and what they count.

pub(in crate::extract) mod decimal;
pub(in crate::extract) mod grammar;
pub(in crate::extract) mod spelled;
pub(in crate::extract) mod unit;
