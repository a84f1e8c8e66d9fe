//! The Vietnamese script as the other steps need it: letters, syllables, normal forms and look-up keys.

pub mod fold;
pub mod letter;
pub mod nfc;
pub mod roman;
pub mod syllable;
pub mod token;
