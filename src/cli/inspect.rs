//! `sohoa inspect`: one page as it is after a step, and what the step found.

use super::{Exit, marks};
use crate::clean::{CleanOptions, Cleaner, CleaningStep, Findings};
use crate::document::PageNo;
use crate::geometry::Rect;
use crate::ocr::{Engine, EngineOptions};
use crate::pipeline::{Reader, ReaderOptions};
use crate::raster::{Document, PageImage};
use crate::resources::Resources;
use crate::whole_file::write_whole;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Show one page as it is after a step, and what the step found on it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File to look into.
    file: PathBuf,
    /// Page to look at, the first being 1.
    #[arg(long, default_value_t = 1)]
    page: PageNo,
    /// The last step that is done.
    #[arg(long, value_enum, default_value_t = Step::Clean)]
    after: Step,
    /// Where the page goes, as PNG.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Read the whole document and draw the page's figures on it as scanned, each with its name; tell them one a line.
    #[arg(long, conflicts_with_all = ["after", "without"])]
    figures: bool,
    /// Read the whole document and draw the cells of the page's tables on it as scanned; tell them one a line.
    #[arg(long, conflicts_with_all = ["after", "without", "figures"])]
    tables: bool,
    /// Leave a cleaning step out; may be given several times.
    #[arg(long, value_enum, value_name = "STEP")]
    without: Vec<CleaningStep>,
}

/// The steps after which a page can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// As scanned.
    Render,
    /// Made fit for recognition.
    Clean,
}

/// Renders the page, cleans it if asked, writes it and tells what was found.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let mut remarks = Vec::new();
    let document = Document::open(&args.file)?.drain_into(&mut remarks);
    let mut rendered = document.render(args.page)?.drain_into(&mut remarks);
    let mut told = Vec::new();
    let page = match args.after {
        _ if args.figures || args.tables => {
            // Sums and names run over pages, so all of them are read.
            let reader = Reader::new(ReaderOptions::default())?;
            remarks.extend_from_slice(reader.remarks());
            let reading = reader.read(&args.file)?;
            let mut image = rendered.pixels.to_rgb8();
            told = if args.tables {
                marks::draw_tables(&mut image, args.page, &reading.report.tables)
            } else {
                marks::draw(&mut image, args.page, &reading.report.extraction)
            };
            remarks.extend(reading.report.diagnostics);
            rendered.pixels = image.into();
            rendered
        }
        Step::Render => rendered,
        Step::Clean => {
            let resources = Resources::embedded();
            let engine = Engine::open(EngineOptions::default(), resources.dictionaries(), resources.model()?)?;
            let engine = engine.drain_into(&mut remarks);
            let cleaner = Cleaner::new(CleanOptions::without(&args.without));
            let cleaner = match engine.legibility()? {
                Some(reader) => cleaner.with_reader(reader),
                None => cleaner,
            };
            let (page, found) = cleaner.examine(rendered);
            told = tell(&found);
            page
        }
    };
    if let Some(out) = &args.out {
        write_png(&page, out)?;
    }
    let mut stdout = io::stdout().lock();
    let (width, height) = (page.pixels.width(), page.pixels.height());
    writeln!(stdout, "page {}: {width} x {height} pixels, {:.0} dpi", page.page, page.dpi)?;
    for line in told {
        writeln!(stdout, "{line}")?;
    }
    for remark in remarks {
        writeln!(stdout, "remark: {}", remark.message)?;
    }
    Ok(Exit::AllRead)
}

/// What was found, one line a step, in the order of the steps.
fn tell(found: &Findings) -> Vec<String> {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let boxes = |name: &str, rects: &[Rect]| {
        let of = |r: &Rect| format!("{name}: {:.0} {:.0} {:.0} {:.0}", r.x0, r.y0, r.x1, r.y1);
        rects.iter().map(of).collect::<Vec<_>>()
    };
    let mut lines = boxes("seal", &found.inks.seals);
    lines.extend(boxes("blue ink", &found.inks.blue));
    lines.push(format!("inverted: {}", yes(found.inverted)));
    lines.push(format!("bilevel: {}", yes(found.bilevel)));
    lines.push(format!("paper whitened: {}", yes(found.lifted)));
    lines.extend(boxes("black edge", &found.edges));
    lines.extend(boxes("punch hole", &found.holes));
    lines.push(format!("dust: {} pieces, {} streaks", found.specks.dust, found.specks.streaks));
    let [none, quarter, half, three] = found.ways;
    let evidence = format!("evidence {none:.1}, 90: {quarter:.1}, 180: {half:.1}, 270: {three:.1}");
    lines.push(format!("turned: {} degrees ({evidence})", found.turn.degrees()));
    lines.push(match found.skew {
        Some(skew) => format!("skew: {:.2} degrees, straightened by {:.2}", -skew, found.straightened),
        None => "skew: no lines found".to_owned(),
    });
    lines.push(format!("scaled: {:.2} times", found.scale));
    lines.push(format!("ink: {:.2} % of the page", found.ink * 100.0));
    lines.push(format!("blank: {}", yes(found.blank)));
    lines
}

/// Writes the page with its resolution, which `image`'s own encoder leaves out.
fn write_png(page: &PageImage, out: &Path) -> anyhow::Result<()> {
    let pixels = &page.pixels;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(if pixels.color().has_color() { png::ColorType::Rgb } else { png::ColorType::Grayscale });
    let per_metre = (page.dpi / 0.0254).round() as u32;
    let unit = png::Unit::Meter;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.as_bytes())?;
    writer.finish()?;
    Ok(write_whole(out, &bytes)?)
}
