//! The network's file and what is told beside it: its letters.

use super::LineNetwork;
use super::detector;
use super::matrix::Steps;
use super::strip::{HEIGHT, LineBox, Strip};
use crate::error::{Error, ErrorKind, Result};
use image::GrayImage;
use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names of the graph's inputs, and of the node that holds the logarithms of the letters' probabilities.
const INPUTS: [&str; 2] = ["x", "widths"];
const LOG_PROBABILITIES: &str = "/LogSoftmax_output_0";

/// A line recogniser in ONNX with its letters; shared by all threads.
pub struct CtcModel {
    detector: Model,
    model: Model,
    inputs: [NodeId; 2],
    output: NodeId,
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
        let open = |path: &Path| Model::load_file(path).map_err(|e| wrong(path, "the network is damaged").source(e));
        let detector = open(&folder.join("det.onnx"))?;
        let path = folder.join("rec.onnx");
        let model = open(&path)?;
        let node = |name: &str| {
            model.find_node(name).ok_or_else(|| wrong(&path, &format!("the network has no node `{name}`")))
        };
        let (inputs, output) = ([node(INPUTS[0])?, node(INPUTS[1])?], node(LOG_PROBABILITIES)?);
        let threads = Arc::new(ThreadPool::with_num_threads(1));
        Ok(CtcModel { detector, inputs, output, letters, name: meta.name, threads, model })
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
            let ink = NdTensorView::from_data([1, 1, height, width], ink);
            let (Some(&input), Some(&output)) = (self.detector.input_ids().first(), self.detector.output_ids().first())
            else {
                return Err(Error::new(ErrorKind::Model, "the line detector has no input or no output"));
            };
            let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
            let [planes] = self
                .detector
                .run_n(vec![(input, ink.into())], [output], Some(options))
                .map_err(|e| failed(e.into()))?;
            let planes: NdTensor<f32, 4> = planes.try_into().map_err(|e: rten::TryFromValueError| failed(e.into()))?;
            if planes.shape() != [1, 3, height / 2, width / 2] {
                return Err(Error::new(
                    ErrorKind::Model,
                    "the line detector's output is not of the shape it should have",
                ));
            }
            Ok(planes.to_vec())
        })
    }

    fn read(&self, strip: &Strip) -> Result<Steps> {
        let ink = NdTensorView::from_data([1, 1, HEIGHT, strip.stride], strip.ink.as_slice());
        let widths = NdTensor::from_data([1], vec![strip.width as i32]);
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let inputs = vec![(self.inputs[0], ink.into()), (self.inputs[1], widths.into())];
        let [output] = self.model.run_n(inputs, [self.output], Some(options)).map_err(|e| failed(e.into()))?;
        let values: NdTensor<f32, 3> = output.try_into().map_err(|e: rten::TryFromValueError| failed(e.into()))?;
        let classes = values.size(2);
        // Beyond the strip's own columns the network reads the white that was put there.
        let steps = strip.steps().min(values.size(1));
        let mut values = values.to_vec();
        values.truncate(steps * classes);
        if classes != self.letters.len() + 1 {
            return Err(Error::new(
                ErrorKind::Model,
                "the network and its description have different numbers of letters",
            ));
        }
        Ok(Steps::new(values, classes))
    }
}

fn failed(cause: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::new(ErrorKind::EngineFailed, "the second recogniser gave up").source(cause)
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}
