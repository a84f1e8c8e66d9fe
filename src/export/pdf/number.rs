//! Numbers as a PDF's content writes them.

/// A number with two decimals at most, as PDF writes them: never with an exponent.
pub(super) struct Number(pub f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        trimmed(f, format!("{:.2}", self.0))
    }
}

/// The sine or cosine of a line's direction: five decimals are a tenth of a pixel at the end of the longest line.
pub(super) struct Fine(pub f64);

impl std::fmt::Display for Fine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        trimmed(f, format!("{:.5}", self.0))
    }
}

fn trimmed(f: &mut std::fmt::Formatter<'_>, number: String) -> std::fmt::Result {
    let number = number.trim_end_matches('0').trim_end_matches('.');
    f.write_str(if number.is_empty() || number == "-0" || number == "-" { "0" } else { number })
}
