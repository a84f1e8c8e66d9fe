//! For who has text without its marks: `cargo run --release --no-default-features --features restore --example restore_text < TEXT` writes it
//! restored, and each word that was changed with how likely it is. Neither Tesseract nor the line network is built for it.

use sohoa::{Restorer, Result};
use std::io::Read;

fn main() -> Result<()> {
    let mut seen = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut seen) {
        eprintln!("standard input cannot be read as UTF-8: {error}");
    }
    let restored = Restorer::embedded()?.restore_text(&seen);
    print!("{}", restored.text);
    for token in restored.tokens.iter().filter(|t| t.before != t.after) {
        eprintln!("line {}: {} -> {} ({:.3})", token.line + 1, token.before, token.after, token.posterior);
    }
    Ok(())
}
