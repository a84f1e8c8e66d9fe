//! Unpacks the language model that comes with the program: `dictionaries/lm.packed`, which is kept small for the repository's sake,
//! becomes the file that can be asked where it lies, and that the library embeds. A package leaves it out; then none is embedded.
//!
//! It does so with the trainer's own second half, whose files are modules here, too. Nothing is fetched.
#![allow(dead_code)]

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

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
    println!("cargo::rerun-if-changed=dictionaries");
    println!("cargo::rerun-if-env-changed=SOHOA_LM_PACKED");
    println!("cargo::rustc-env=SOHOA_DATA={}", digest_of_data());
    // Without restoration nobody asks for a model.
    if env::var_os("CARGO_FEATURE_RESTORE").is_some() {
        let path = env::var("SOHOA_LM_PACKED").unwrap_or(PACKED.to_owned());
        println!("cargo::rerun-if-changed={path}");
        let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        unpack(&path, &folder.join("lm.bin"), &folder.join("lm.stamp"));
    }
}

/// Unpacks the model, unless this very script has unpacked these very bytes before: it takes a while, and a dictionary is edited
/// more often than the model is trained.
fn unpack(path: &str, to: &Path, stamp: &Path) {
    let remedy = "check it out anew, or make it with `sohoa train lm --packed`";
    let packed = match fs::read(path) {
        Ok(packed) => packed,
        // As in a package that leaves it out.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            println!("cargo::warning={path} is not there: no language model is built in ({remedy})");
            Vec::new()
        }
        Err(error) => panic!("{path}: {error}: {remedy}"),
    };
    let script = env::current_exe().and_then(fs::read).expect("this script has a file");
    let made_from = hex(Sha256::new().chain_update(script).chain_update(&packed).finalize().as_slice());
    if to.is_file() && fs::read_to_string(stamp).is_ok_and(|before| before == made_from) {
        return;
    }
    let model = if packed.is_empty() { Some(Vec::new()) } else { lm::unpacked(&packed) };
    let model = model.unwrap_or_else(|| panic!("{path} is damaged, or no packed model: {remedy}"));
    fs::write(to, model).and_then(|()| fs::write(stamp, made_from)).expect("the build's folder can be written to");
}

/// SHA-256 of all that the program knows apart from the language model, which has one of its own: names and contents of the
/// files in `dictionaries/`, in the order of their names.
fn digest_of_data() -> String {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from("dictionaries")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder that can be listed").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.retain(|path| !matches!(path.to_str(), Some(PACKED | "dictionaries/MANIFEST.toml") | None));
    files.sort();
    let mut all = Sha256::new();
    for path in files {
        let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        all.update(path.to_string_lossy().as_bytes());
        all.update((bytes.len() as u64).to_le_bytes());
        all.update(bytes);
    }
    hex(all.finalize().as_slice())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
