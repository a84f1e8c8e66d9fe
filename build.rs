//! Unpacks the language model that comes with the program: `dictionaries/lm.packed`, which is kept small for the repository's sake,
//! becomes the file that can be asked where it lies, and that the library embeds.
//!
//! It does so with the trainer's own second half, whose files are modules here, too. Nothing is fetched.
#![allow(dead_code)]

use std::{env, fs, path::Path};

#[path = "src/error.rs"]
mod error;

mod document {
    pub type PageNo = u32;
}

#[path = "src/text"]
mod text {
    #[path = "letter.rs"]
    pub mod letter;
    #[path = "token.rs"]
    pub mod token;
}

#[path = "src/lm"]
mod lm {
    #[path = "format.rs"]
    mod format;
    #[path = "successors.rs"]
    mod successors;
    #[path = "table.rs"]
    mod table;
    #[path = "vocabulary.rs"]
    pub mod vocabulary;
    pub use vocabulary::WordId;

    #[path = "train"]
    mod train {
        #[path = "counts.rs"]
        mod counts;
        #[path = "kneser_ney.rs"]
        mod kneser_ney;
        #[path = "packed.rs"]
        pub mod packed;
        #[path = "quantise.rs"]
        mod quantise;
        #[path = "runs.rs"]
        mod runs;
        #[path = "write.rs"]
        mod write;
    }

    /// The model in the bytes of a packed one.
    pub fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
        train::packed::unpacked(bytes)
    }
}

use error::{Error, ErrorKind};

const PACKED: &str = "dictionaries/lm.packed";

fn main() {
    // The modules above are looked at by the compiler: a change in one runs this anew.
    println!("cargo::rerun-if-changed={PACKED}");
    let remedy = "check it out anew, or make it with `sohoa train lm --packed`";
    let packed = fs::read(PACKED).unwrap_or_else(|e| panic!("{PACKED}: {e}: {remedy}"));
    let model = lm::unpacked(&packed).unwrap_or_else(|| panic!("{PACKED} is damaged, or no packed model: {remedy}"));
    let folder = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("lm.bin"), model).expect("the build's folder can be written to");
}
