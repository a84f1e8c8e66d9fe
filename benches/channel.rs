//! Cold look-ups in the channel: what one kind of token costs the first time that it is met.
//!
//! `cargo bench --bench channel`; items are tokens.

use divan::counter::ItemsCount;
use sohoa::lm::Model;
use sohoa::restore::LearnedChannel;
use sohoa::restore::channel::candidate::Channel;

fn main() {
    divan::main();
}

/// Syllables as an English recogniser sees them, of the lengths that text has.
const TOKENS: [&str; 24] = [
    "khong", "c6", "nd1", "dung", "bao", "céo", "ctia", "thuc", "hién", "truong", "nghiép", "d6i", "véi", "quyén",
    "sit", "dang", "timg", "16", "ngu@i", "chinh", "phii", "diroc", "giai", "trudc",
];

#[divan::bench]
fn cold(bencher: divan::Bencher) {
    let model = Model::embedded().expect("the shipped model");
    let vocabulary = model.vocabulary();
    let channel = LearnedChannel::embedded(vocabulary).expect("the shipped weights");
    bencher.counter(ItemsCount::new(TOKENS.len())).bench_local(|| {
        let mut out = Vec::new();
        for token in TOKENS {
            channel.candidates(vocabulary, token, &mut out);
        }
        out.len()
    });
}

#[divan::bench]
fn ready(bencher: divan::Bencher) {
    let model = Model::embedded().expect("the shipped model");
    bencher.bench_local(|| LearnedChannel::embedded(model.vocabulary()).expect("the shipped weights"));
}
