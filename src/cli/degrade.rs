//! `sohoa degrade`: controlled damage to clean text and clean pages, each sample with the manifest that makes it again.

use super::Exit;
use crate::degrade::{PageRecipe, TextRecipe};
use crate::error::{Error, ErrorKind};
use crate::whole_file::write_whole;
use anyhow::Context;
use serde_json::json;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Damage clean text or a clean page image as scanners and recognisers do, reproducibly.
///
/// A `.png`, `.jpg` or `.jpeg` input is a page, everything else is text. A sample is decided by the input, the recipe and
/// the seed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Clean text or page; `-` for text on stdin.
    input: PathBuf,
    /// Name of a recipe, or a JSON object of its fields.
    ///
    /// Text: stripped, half, dropped, english, worn. Pages: L0, L1, L2, L3, fax. Fields of text: strip, drop, confuse, channel,
    /// join, specks. Of pages: seal, bleed_through, skew, dpi, blur, shade, fade, noise, speckle, grey, jpeg, bilevel.
    #[arg(long, value_name = "NAME|JSON")]
    recipe: String,
    /// Seed of everything that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The page on the reverse, which bleeds through.
    #[arg(long, value_name = "IMAGE")]
    back: Option<PathBuf>,
    /// Resolution of the page image in dots per inch.
    #[arg(long, default_value_t = 300)]
    dpi: u32,
    /// Where the sample goes; stdout for text where it is left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the input's name, the full recipe and the seed to this file.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

/// Makes one sample.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let extension = args.input.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    let recipe = if matches!(extension.as_str(), "png" | "jpg" | "jpeg") {
        serde_json::to_value(page(&args)?)?
    } else {
        serde_json::to_value(text(&args)?)?
    };
    if let Some(manifest) = &args.manifest {
        let back = args.back.as_ref().and_then(|b| b.file_name()).map(|b| b.to_string_lossy());
        let input = args.input.file_name().map(|f| f.to_string_lossy());
        let made = json!({ "input": input, "back": back, "dpi": args.dpi, "seed": args.seed, "recipe": recipe });
        write_whole(manifest, (serde_json::to_string_pretty(&made)? + "\n").as_bytes())?;
    }
    Ok(Exit::AllRead)
}

fn page(args: &Args) -> anyhow::Result<PageRecipe> {
    let recipe = chosen(&args.recipe, PageRecipe::named)?;
    let out = args.out.as_ref().ok_or_else(|| wrong("a page needs --out", "name a .png file"))?;
    let open = |path: &Path| {
        image::open(path).map(|i| i.to_rgb8()).map_err(|e| Error::new(ErrorKind::Damaged, e.to_string()).file(path))
    };
    let back = args.back.as_deref().map(open).transpose()?;
    let damaged = recipe.apply(&open(&args.input)?, args.dpi, back.as_ref(), args.seed)?;
    damaged.save(out).map_err(|e| Error::new(ErrorKind::Unwritable, e.to_string()).file(out))?;
    Ok(recipe)
}

fn text(args: &Args) -> anyhow::Result<TextRecipe> {
    let recipe = chosen(&args.recipe, TextRecipe::named)?;
    let mut text = String::new();
    if args.input.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("stdin is not UTF-8 text")?;
    } else {
        text = std::fs::read_to_string(&args.input).map_err(|e| Error::io(&args.input, e))?;
    }
    let damaged = recipe.apply(&text, args.seed);
    match &args.out {
        Some(out) => write_whole(out, damaged.as_bytes())?,
        None => std::io::stdout().write_all(damaged.as_bytes())?,
    }
    Ok(recipe)
}

/// A recipe by its name, or from JSON.
fn chosen<R: serde::de::DeserializeOwned>(given: &str, named: impl Fn(&str) -> Option<R>) -> Result<R, Error> {
    if given.trim_start().starts_with('{') {
        return serde_json::from_str(given).map_err(|e| wrong(format!("the recipe is not right: {e}"), "see --help"));
    }
    named(given).ok_or_else(|| wrong(format!("no recipe is called `{given}`"), "see --help for the names"))
}

fn wrong(message: impl Into<String>, remedy: &str) -> Error {
    Error::new(ErrorKind::Definition, message).remedy(remedy)
}
