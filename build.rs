//! Unpacks the language model that comes with the program: `dictionaries/lm.packed`, which is kept small for the repository's sake,
//! becomes the file that can be asked where it lies, and that the library embeds. A package leaves it out; then none is embedded.
//!
//! It does so with the trainer's own second half, whose files are modules here, too. Nothing is fetched.
#![allow(dead_code)]

use std::{env, fs, io, path::Path};

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

/// The model in the packed file; none where the file is missing, as in a package that leaves it out.
fn model(path: &str) -> Vec<u8> {
    let remedy = "check it out anew, or make it with `sohoa train lm --packed`";
    match fs::read(path) {
        Ok(packed) => {
            lm::unpacked(&packed).unwrap_or_else(|| panic!("{path} is damaged, or no packed model: {remedy}"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            println!("cargo::warning={path} is not there: no language model is built in ({remedy})");
            Vec::new()
        }
        Err(error) => panic!("{path}: {error}: {remedy}"),
    }
}

fn main() {
    // The modules above are looked at by the compiler: a change in one runs this anew.
    println!("cargo::rerun-if-env-changed=SOHOA_LM_PACKED");
    // Without restoration nobody asks for a model.
    let path = env::var("CARGO_FEATURE_RESTORE").ok().map(|_| env::var("SOHOA_LM_PACKED").unwrap_or(PACKED.to_owned()));
    let model = path.map_or_else(Vec::new, |path| {
        println!("cargo::rerun-if-changed={path}");
        model(&path)
    });
    let folder = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("lm.bin"), model).expect("the build's folder can be written to");
}
