//! `--family`: definitions of an office's own, beside those that come with the program.

use crate::digest;
use crate::extract::Definition;
use crate::resources::Resources;
use std::path::PathBuf;

/// Files that say which indicators further families of reports have.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Families {
    /// Find the indicators of this family of reports as well, as docs/indicators.md describes it; a family that comes with the program
    /// gives way to one of its name. May be given several times.
    #[arg(long = "family", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Families {
    /// `resources` with these families, if any were given.
    pub fn among(&self, resources: &Resources) -> anyhow::Result<Resources> {
        if self.files.is_empty() {
            return Ok(resources.clone());
        }
        let definitions = self.files.iter().map(|file| Definition::open(file)).collect::<crate::Result<_>>()?;
        Ok(resources.with_families(definitions)?)
    }

    /// What tells results with these families from those with others.
    pub fn recipe(&self) -> anyhow::Result<String> {
        let sums = self.files.iter().map(|file| digest::of_file(file)).collect::<crate::Result<Vec<_>>>()?;
        Ok(sums.iter().map(|sum| format!(" family {sum}")).collect())
    }
}
