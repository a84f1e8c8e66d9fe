//! For the archivist: `cargo run --release --example read_scan -- SCAN.pdf` prints the text, what was unsure in it, and the record.

use sohoa::{Error, ErrorKind, Reader, ReaderOptions, Result};

fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).ok_or_else(|| {
        Error::new(ErrorKind::Unreadable, "no file was given")
            .remedy("name a scan: read_scan fixtures/scans/suoi-ngan-2025q3-L1.pdf")
    })?;
    let reader = Reader::new(ReaderOptions::default())?;
    for remark in reader.remarks() {
        eprintln!("{}", remark.message);
    }
    let reading = reader.read_with(&file, &|page| eprintln!("page {page} is read"))?;
    println!("{}", reading.text());

    let document = &reading.report.extraction.document;
    println!("-- number {:?}, of {:?}, by {:?}", document.number, document.date, document.issuer);
    for page in &reading.pages {
        for edit in page.edits.iter().filter(|e| e.posterior < 0.9) {
            let (page, line) = (page.recognised.page, edit.line + 1);
            println!("-- page {page}, line {line}: `{}` may be `{}` ({:.2})", edit.before, edit.after, edit.posterior);
        }
    }
    for check in &reading.report.extraction.checks {
        println!("-- {:?}: {}", check.status, check.rule);
    }
    Ok(())
}
