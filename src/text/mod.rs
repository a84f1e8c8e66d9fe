//! The Vietnamese script as the other steps need it: letters, syllables, normal forms, look-up keys and old encodings.

pub mod fold;
pub mod legacy;
pub mod letter;
pub mod nfc;
pub mod syllable;
pub mod token;
pub mod tone;
