//! Speed of restoration: syllables a second on text without marks and on a bad text layer, on one thread and on all, and how long
//! the models take to be ready. `cargo bench --bench restore`.

use divan::Bencher;
use divan::counter::ItemsCount;
use rayon::ThreadPoolBuilder;
use sohoa::dict::Dictionaries;
use sohoa::lm::Model;
use sohoa::restore::{LearnedChannel, Restorer};
use sohoa::text::fold::without_marks;

fn main() {
    divan::main();
}

/// Threads of a run; 0 is all that the machine has.
const THREADS: [usize; 2] = [1, 0];

/// Some 40,000 syllables in lines as long as a report's, made of the dictionaries' phrases in an order that does not repeat.
fn printed() -> String {
    let dictionaries = Dictionaries::embedded();
    let phrases: Vec<&str> = dictionaries.phrases().map(|p| p.text).collect();
    let mut text = String::new();
    let (mut at, mut words, mut column) = (1usize, 0, 0);
    while words < 40_000 {
        at = (at * 1_103_515_245 + 12_345) % (1 << 31);
        let phrase = phrases[(at >> 8) % phrases.len()];
        words += phrase.split(' ').count();
        column += phrase.chars().count();
        text.push_str(phrase);
        text.push(if column > 60 { '\n' } else { ' ' });
        column = if column > 60 { 0 } else { column };
    }
    text
}

/// What an English recogniser makes of Vietnamese letters, roughly: enough of it that every other word has a wrong letter.
fn misread(text: &str) -> String {
    let letter = |c: char| match c {
        'ộ' | 'ố' | 'ổ' => '6',
        'ế' | 'ề' | 'ể' => 'é',
        'á' | 'ả' | 'ã' => 'a',
        'ư' | 'ự' => 'u',
        'đ' => 'd',
        'ọ' | 'ò' => 'o',
        'ị' => 'i',
        c => c,
    };
    text.chars().map(letter).collect()
}

fn run(bencher: Bencher, threads: usize, text: &str) {
    let restorer = Restorer::embedded().expect("the models that come with the program");
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let syllables = text.split_whitespace().count();
    bencher.counter(ItemsCount::new(syllables)).bench_local(|| pool.install(|| restorer.restore_plain(text)));
}

#[divan::bench(args = THREADS, sample_count = 10)]
fn stripped(bencher: Bencher, threads: usize) {
    run(bencher, threads, &without_marks(&printed()));
}

#[divan::bench(args = THREADS, sample_count = 10)]
fn bad_layer(bencher: Bencher, threads: usize) {
    run(bencher, threads, &misread(&printed()));
}

#[divan::bench(args = THREADS, sample_count = 10)]
fn clean(bencher: Bencher, threads: usize) {
    run(bencher, threads, &printed());
}

#[divan::bench]
fn open_language_model() -> Model {
    Model::embedded().expect("the model that comes with the program")
}

#[divan::bench(sample_count = 10)]
fn open_channel(bencher: Bencher) {
    let model = Model::embedded().expect("the model that comes with the program");
    bencher
        .bench_local(|| LearnedChannel::embedded(model.vocabulary()).expect("the channel that comes with the program"));
}
