//! The network's file and what is told beside it: its letters.

use super::LineNetwork;
use super::detector;
use super::detector_layers::DetectorLayers;
use super::line_layers::LineLayers;
use super::matrix::Steps;
use super::strip::{LineBox, Strip};
use crate::error::{Error, ErrorKind, Result};
use image::GrayImage;
use rten::{Model, ModelOptions, RunOptions, ThreadPool};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A line recogniser in ONNX with its letters; shared by all threads.
pub struct CtcModel {
    detector: DetectorLayers,
    layers: LineLayers,
    letters: Vec<char>,
    name: String,
    /// One thread: pages are read in parallel, lines are not.
    threads: Arc<ThreadPool>,
}

/// What `meta.json` beside the network tells.
#[derive(Deserialize)]
struct Meta {
    name: String,
    charset: Vec<String>,
}

impl CtcModel {
    /// Loads `rec.onnx`, `det.onnx` and `meta.json` from `folder`.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where a file is not there, is damaged, or is not the network that this program knows.
    pub fn load(folder: &Path) -> Result<CtcModel> {
        let wrong = |file: &Path, what: &str| {
            Error::new(ErrorKind::Model, what)
                .file(file)
                .remedy("run `make recogniser` again, or read without it: `--engine tesseract`")
        };
        let path = folder.join("meta.json");
        let meta = std::fs::read(&path).map_err(|e| wrong(&path, "the second recogniser cannot be read").source(e))?;
        let meta: Meta = serde_json::from_slice(&meta)
            .map_err(|e| wrong(&path, "the second recogniser's description is damaged").source(e))?;
        let letters: Option<Vec<char>> = meta.charset.iter().map(|s| single(s)).collect();
        let letters = letters.ok_or_else(|| wrong(&path, "the second recogniser has letters of several characters"))?;
        let threads = Arc::new(ThreadPool::with_num_threads(1));
        let graph = |path: &Path| {
            // As it is, since the layers are looked up by the names that they have in the file.
            let mut options = ModelOptions::with_all_ops();
            let graph = options.enable_optimization(false).load_file(path);
            graph.map_err(|e| wrong(path, "the network is damaged").source(e))
        };
        let unknown = |path: &Path, what: String| wrong(path, &format!("the network is another one: {what}"));
        let path = folder.join("det.onnx");
        let found = graph(&path)?;
        let detector = DetectorLayers::load(&|name, shape| tensor(&found, &threads, name, shape));
        let detector = detector.map_err(|what| unknown(&path, what))?;
        let path = folder.join("rec.onnx");
        let found = graph(&path)?;
        let layers = LineLayers::load(&|name, shape| tensor(&found, &threads, name, shape), letters.len());
        let layers = layers.map_err(|what| unknown(&path, what))?;
        Ok(CtcModel { detector, layers, letters, name: meta.name, threads })
    }

    /// Where the network lies: the folder given, else `SOHOA_CTC_MODEL`, else `sohoa/recogniser` in the user's data folder,
    /// else `.cache/recogniser` beside the program or above it, as `make recogniser` leaves it in a checkout. None where
    /// none of these holds one; a folder that is given but holds none is returned all the same, so that loading tells why.
    pub fn find(given: Option<&Path>) -> Option<PathBuf> {
        if let Some(folder) = given {
            return Some(folder.to_owned());
        }
        if let Some(folder) = std::env::var_os("SOHOA_CTC_MODEL").filter(|v| !v.is_empty()) {
            return Some(folder.into());
        }
        let data = std::env::var_os("XDG_DATA_HOME")
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
            .or_else(|| std::env::home_dir().map(|h| h.join(".local/share")));
        let installed = data.map(|d| d.join("sohoa/recogniser"));
        let program = std::env::current_exe().ok();
        let beside = program.iter().flat_map(|p| p.ancestors().skip(1)).map(|a| a.join(".cache/recogniser"));
        installed.into_iter().chain(beside).find(|f| f.join("rec.onnx").is_file())
    }
}

impl LineNetwork for CtcModel {
    fn name(&self) -> &str {
        &self.name
    }

    fn letters(&self) -> &[char] {
        &self.letters
    }

    fn lines(&self, page: &GrayImage) -> Result<Vec<LineBox>> {
        detector::lines(page, |ink, width, height| {
            self.threads.run(|| self.detector.run(ink, width, height)).map_err(failed)
        })
    }

    fn read(&self, strip: &Strip) -> Result<Steps> {
        let values = self.threads.run(|| self.layers.run(strip)).map_err(failed)?;
        Ok(Steps::new(values, self.letters.len() + 1))
    }
}

/// The numbers of this name in the graph, if they are of this shape.
fn tensor(
    graph: &Model,
    threads: &Arc<ThreadPool>,
    name: &str,
    shape: &[usize],
) -> std::result::Result<Vec<f32>, String> {
    let node = graph.find_node(name).ok_or_else(|| format!("it has no `{name}`"))?;
    let options = RunOptions::default().with_thread_pool(Some(threads.clone()));
    let [found] = graph.run_n(Vec::new(), [node], Some(options)).map_err(|e| e.to_string())?;
    let found: Tensor<f32> = found.try_into().map_err(|_| format!("its `{name}` are no numbers"))?;
    match found.shape() == shape {
        true => Ok(found.to_vec()),
        false => Err(format!("its `{name}` are {:?}, not {shape:?}", found.shape())),
    }
}

fn failed(cause: String) -> Error {
    Error::new(ErrorKind::EngineFailed, format!("the second recogniser gave up: {cause}"))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use rten::Value;
    use rten_tensor::NdTensor;

    /// What rten itself makes of the graph.
    fn by_graph(path: &Path, inputs: Vec<(&str, Value)>, output: &str) -> Vec<f32> {
        let graph = Model::load_file(path).unwrap();
        let node = |name: &str| graph.find_node(name).unwrap();
        let inputs = inputs.into_iter().map(|(name, value)| (node(name), value.into())).collect();
        let [found] = graph.run_n(inputs, [node(output)], None).unwrap();
        let found: Tensor<f32> = found.try_into().unwrap();
        found.to_vec()
    }

    #[test]
    #[expect(clippy::print_stdout, reason = "what is left out is said")]
    fn the_layers_give_what_the_graphs_give() {
        let Some(folder) = CtcModel::find(None) else {
            println!("left out: the second recogniser is not here; `make recogniser` fetches it");
            return;
        };
        let model = CtcModel::load(&folder).unwrap();
        let scan = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scans/suoi-ngan-2025q3-L0-page01.png");
        let scan = image::open(scan).unwrap().crop_imm(300, 300, 1568, 1120).to_luma8();
        let (wide, high) = (448, 320);
        let page = image::imageops::thumbnail(&scan, wide, high);
        for width in [170.0, 173.0] {
            let line = LineBox { rect: Rect::new(20.0, 100.0, 20.0 + width, 112.0), slope: 0.01 };
            let strip = Strip::cut(&page, &line).unwrap();
            let shown = NdTensor::from_data([1, 1, super::super::strip::HEIGHT, strip.stride], strip.ink.clone());
            let widths = NdTensor::from_data([1], vec![strip.width as i32]);
            let inputs = vec![("x", shown.into()), ("widths", widths.into())];
            let graph = by_graph(&folder.join("rec.onnx"), inputs, "/LogSoftmax_output_0");
            let own = model.layers.run(&strip).unwrap();
            assert_eq!(own.len(), strip.steps() * (model.letters.len() + 1));
            assert!(own.iter().zip(&graph).all(|(own, graph)| (own - graph).abs() < 1e-3));
        }
        let ink: Vec<f32> = page.as_raw().iter().map(|&v| (255.0 - f32::from(v)) / 255.0).collect();
        let (wide, high) = (wide as usize, high as usize);
        let shown = NdTensor::from_data([1, 1, high, wide], ink.clone());
        let graph = by_graph(&folder.join("det.onnx"), vec![("x", shown.into())], "out");
        let own = model.detector.run(&ink, wide, high).unwrap();
        let size = wide * high / 4;
        assert_eq!(own.len(), 3 * size);
        assert!(own[..size].iter().any(|&core| core > 0.0), "lines must be seen for their reach to be compared");
        for at in (0..3 * size).filter(|&at| at < size || graph[at % size] > 1e-3) {
            assert!((own[at] - graph[at]).abs() < 1e-3, "{at}: {} and {}", own[at], graph[at]);
        }
    }
}
