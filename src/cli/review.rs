//! `sohoa review`: the checking page of one document as one file, and its corrections taken back.

use super::Exit;
use super::families::Families;
use crate::correct::CorrectionLog;
use crate::desk::{review_page, take_corrections};
use crate::resources::Resources;
use anyhow::{Context, bail};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Write the checking page of one document as one HTML file, to be sent to somebody; or take the corrections that came back.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Report of the document, read by `sohoa desk`.
    #[arg(value_name = "FILE.json")]
    report: PathBuf,
    /// Where to write the page [default: FILE.review.html].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Take the corrections of this file, which the page saved, into the log beside the report.
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    take: Option<PathBuf>,
    #[command(flatten)]
    families: Families,
}

/// Writes the page, or takes corrections.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let folder = args.report.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Some(file) = &args.take {
        let (taken, refused) = take_corrections(folder, &args.report, file)?;
        writeln!(
            io::stdout(),
            "{taken} corrections taken into {}, {} refused",
            folder.join(CorrectionLog::NAME).display(),
            refused.len()
        )?;
        for why in &refused {
            writeln!(io::stderr(), "sohoa: {}: {why}", file.display())?;
        }
        if taken > 0 {
            writeln!(io::stderr(), "sohoa: read the document again, or open the desk, to have them in its results")?;
        }
        return Ok(if refused.is_empty() { Exit::AllRead } else { Exit::Partly });
    }
    let resources = args.families.among(&Resources::embedded())?;
    let page = review_page(folder, &args.report, resources.extractor()?)?;
    let out = args.out.unwrap_or_else(|| args.report.with_extension("review.html"));
    if out == args.report {
        bail!("the page would be written over the report");
    }
    std::fs::write(&out, page).with_context(|| format!("writing {}", out.display()))?;
    writeln!(io::stdout(), "{}", out.display())?;
    Ok(Exit::AllRead)
}
