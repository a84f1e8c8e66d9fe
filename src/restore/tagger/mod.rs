//! A small network that reads misread text: by the letters of a token, those of its neighbours, and how all of the text is misread, it names the
//! syllables that were printed there.
//!
//! It was trained on clean text as thousands of made-up recognisers see it (`tools/tagger/`, docs/channel.md), so that it expects none in
//! particular; the channel and the language model weigh what it says beside what they know.

mod network;
mod witness;

pub(super) use network::Tagger;
pub(super) use witness::Witness;
