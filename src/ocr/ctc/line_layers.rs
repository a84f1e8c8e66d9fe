//! The line network: log probabilities of its letters at each step of a strip.
//!
//! The middle third of the strip, four columns a step, is read by itself; what stands above and below is looked at in patches of four by
//! four, of which each step takes what it heeds. Ten blocks follow, each of which looks four steps to either side and weighs its
//! channels by their means over the line (Hu and others, squeeze and excitation, CVPR 2018).

use super::layers::{Dense, Depthwise, Map, Tensors, by_inputs, hard_swish};
use super::strip::{HEIGHT, STEP, Strip};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::{LogSoftmax, Softmax};

/// Channels of a step, and within a block.
const CHANNELS: usize = 128;
const INNER: usize = 256;
/// Channels that a block's channels are weighed by.
const FEW: usize = 64;
const BLOCKS: usize = 10;
/// Steps that a block looks at.
const REACH: usize = 9;
/// Sides of a patch of the surroundings, and how many stand above each other.
const PATCH: usize = 4;
const BANDS: usize = HEIGHT / PATCH;
/// Channels of a patch, before and after what is around it is known, and how many ways there are to heed one.
const THIN: usize = 32;
const DEEP: usize = 64;
const HEADS: usize = 4;
/// What batch normalisation adds to a variance.
const EPSILON: f32 = 1e-5;

/// The network's layers, ready to run.
pub(super) struct LineLayers {
    stem: Dense,
    patch: Dense,
    around: Depthwise,
    deepen: Dense,
    heed: Heed,
    surroundings: Dense,
    /// Of each channel what a step's sum is multiplied by, and what is added.
    scale: Vec<f32>,
    shift: Vec<f32>,
    blocks: Vec<Block>,
    head: Dense,
}

struct Block {
    beside: Depthwise,
    expand: Dense,
    gate: Gate,
    project: Dense,
}

impl LineLayers {
    /// Reads the layers of a network of this many letters.
    pub fn load(tensors: &Tensors, letters: usize) -> Result<LineLayers, String> {
        let of = |name: &str| tensors(&format!("rec.stem_bn.{name}"), &[CHANNELS]);
        let (weight, bias, mean, variance) = (of("weight")?, of("bias")?, of("running_mean")?, of("running_var")?);
        let scale: Vec<f32> = weight.iter().zip(&variance).map(|(w, v)| w / (v + EPSILON).sqrt()).collect();
        let shift = (0..CHANNELS).map(|c| bias[c] - mean[c] * scale[c]).collect();
        let dense = |name: &str, shape: &[usize]| {
            Dense::load(tensors, &format!("rec.{name}.weight"), &format!("rec.{name}.bias"), shape)
        };
        Ok(LineLayers {
            stem: dense("stem", &[CHANNELS, 1, HEIGHT / 3, STEP])?,
            patch: Dense::load(tensors, "onnx::Conv_504", "onnx::Conv_505", &[THIN, 1, PATCH, PATCH])?,
            around: Depthwise::load(tensors, "rec.context.dw.weight", None, THIN, (3, 3), 1)?,
            deepen: Dense::load(tensors, "onnx::Conv_507", "onnx::Conv_508", &[DEEP, THIN, 1, 1])?,
            heed: Heed {
                weights: tensors("rec.context.score.weight", &[HEADS, DEEP, 1, 1])?,
                bands: tensors("rec.context.row_prior", &[1, HEADS, BANDS, 1])?,
            },
            surroundings: dense("context.proj", &[CHANNELS, DEEP, 1])?,
            scale,
            shift,
            blocks: (0..BLOCKS).map(|number| Block::load(tensors, number)).collect::<Result<_, _>>()?,
            head: dense("head", &[letters + 1, CHANNELS, 1])?,
        })
    }

    /// Log probabilities, steps by letters, of which the first is none.
    pub fn run(&self, strip: &Strip) -> Result<Vec<f32>, String> {
        let steps = strip.steps();
        let mut line = self.stem.run(&columns(strip, steps))?;
        let seen = self.surroundings.run(&self.heed(strip, steps)?)?;
        Enter { line: &mut line.values, seen: &seen.values, scale: &self.scale, shift: &self.shift }.dispatch();
        for block in &self.blocks {
            let mut inner = block.expand.run(&block.beside.run(&line))?;
            Weigh { inner: &mut inner.values, gate: &block.gate }.dispatch();
            line.add(&block.project.run(&inner)?);
        }
        let mut letters = self.head.run(&line)?;
        for step in letters.values.chunks_exact_mut(letters.channels) {
            LogSoftmax::new_mut(step).dispatch();
        }
        Ok(letters.values)
    }

    /// What each step heeds of what stands above and below it.
    fn heed(&self, strip: &Strip, steps: usize) -> Result<Map, String> {
        let patches = self.patch.run(&patches(strip, steps))?.hard_swish();
        let patches = self.deepen.run(&self.around.run(&patches))?.hard_swish();
        Ok(Heeding { heed: &self.heed, patches: &patches, steps }.dispatch())
    }
}

impl Block {
    fn load(tensors: &Tensors, number: usize) -> Result<Block, String> {
        let name = |part: &str| format!("rec.blocks.{number}.{part}");
        let dense = |part: &str, shape: &[usize]| {
            Dense::load(tensors, &name(&format!("{part}.weight")), &name(&format!("{part}.bias")), shape)
        };
        // What the exporter called the weights that it had folded a normalisation into.
        let folded = |at: usize| format!("onnx::Conv_{}", 510 + 3 * number + at);
        Ok(Block {
            beside: Depthwise::load(tensors, &folded(0), Some(&folded(1)), CHANNELS, (1, REACH), 1)?,
            expand: dense("expand", &[INNER, CHANNELS, 1])?,
            gate: Gate {
                squeeze: by_inputs(&tensors(&name("se.fc1.weight"), &[FEW, INNER, 1])?, FEW),
                squeezed: tensors(&name("se.fc1.bias"), &[FEW])?,
                excite: by_inputs(&tensors(&name("se.fc2.weight"), &[INNER, FEW, 1])?, INNER),
                excited: tensors(&name("se.fc2.bias"), &[INNER])?,
            },
            project: dense("project", &[CHANNELS, INNER, 1])?,
        })
    }
}

/// The middle third, a step's columns together.
fn columns(strip: &Strip, steps: usize) -> Map {
    let rows = HEIGHT / 3;
    let mut map = Map::new(1, steps, rows * STEP);
    for (step, values) in map.values.chunks_exact_mut(rows * STEP).enumerate() {
        for (row, values) in values.chunks_exact_mut(STEP).enumerate() {
            values.copy_from_slice(&strip.ink[(rows + row) * strip.stride + step * STEP..][..STEP]);
        }
    }
    map
}

/// All of the strip in patches, one more to the right than there are steps, where the strip has white for it: what is around the last is
/// looked at, too.
fn patches(strip: &Strip, steps: usize) -> Map {
    let wide = (steps + 1).min(strip.stride / PATCH);
    let mut map = Map::new(BANDS, wide, PATCH * PATCH);
    for (at, values) in map.values.chunks_exact_mut(PATCH * PATCH).enumerate() {
        let (y, x) = (at / wide * PATCH, at % wide * PATCH);
        for (row, values) in values.chunks_exact_mut(PATCH).enumerate() {
            values.copy_from_slice(&strip.ink[(y + row) * strip.stride + x..][..PATCH]);
        }
    }
    map
}

/// How much a patch is heeded, by what it is like and by how far up it stands; what is added to all of them alike makes no difference.
struct Heed {
    weights: Vec<f32>,
    bands: Vec<f32>,
}

struct Heeding<'a> {
    heed: &'a Heed,
    patches: &'a Map,
    steps: usize,
}

impl SimdOp for Heeding<'_> {
    type Output = Map;

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) -> Map {
        const OWN: usize = DEEP / HEADS;
        let Heeding { heed, patches, steps } = self;
        let mut map = Map::new(1, steps, DEEP);
        for (step, out) in map.values.chunks_exact_mut(DEEP).enumerate() {
            for (head, out) in out.chunks_exact_mut(OWN).enumerate() {
                let mut shares = [0.0f32; BANDS];
                for (band, share) in shares.iter_mut().enumerate() {
                    // In sixteen sums, which the compiler keeps beside each other.
                    let mut sums = [0.0f32; OWN];
                    let weights = heed.weights[head * DEEP..][..DEEP].chunks_exact(OWN);
                    for (weights, seen) in weights.zip(patches.at(band, step).chunks_exact(OWN)) {
                        (0..OWN).for_each(|c| sums[c] += weights[c] * seen[c]);
                    }
                    *share = sums.iter().sum::<f32>() + heed.bands[head * BANDS + band];
                }
                Softmax::new_mut(&mut shares).dispatch();
                for (band, share) in shares.iter().enumerate() {
                    let seen = &patches.at(band, step)[head * OWN..][..OWN];
                    (0..OWN).for_each(|c| out[c] += share * seen[c]);
                }
            }
        }
        map
    }
}

/// Both looks at a step as what the blocks begin with.
struct Enter<'a> {
    line: &'a mut [f32],
    seen: &'a [f32],
    scale: &'a [f32],
    shift: &'a [f32],
}

impl SimdOp for Enter<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let (scale, shift) = (&self.scale[..CHANNELS], &self.shift[..CHANNELS]);
        for (line, seen) in self.line.chunks_exact_mut(CHANNELS).zip(self.seen.chunks_exact(CHANNELS)) {
            (0..CHANNELS).for_each(|c| line[c] = hard_swish((line[c] + seen[c]) * scale[c] + shift[c]));
        }
    }
}

/// What a block's channels are multiplied by, from their means over the line.
struct Gate {
    squeeze: Vec<f32>,
    squeezed: Vec<f32>,
    excite: Vec<f32>,
    excited: Vec<f32>,
}

struct Weigh<'a> {
    inner: &'a mut [f32],
    gate: &'a Gate,
}

impl SimdOp for Weigh<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let Weigh { inner, gate } = self;
        let mut means = [0.0f32; INNER];
        for step in inner.chunks_exact_mut(INNER) {
            for c in 0..INNER {
                step[c] = hard_swish(step[c]);
                means[c] += step[c];
            }
        }
        let steps = (inner.len() / INNER) as f32;
        let mut few = [0.0f32; FEW];
        few.copy_from_slice(&gate.squeezed);
        for (weights, mean) in gate.squeeze.chunks_exact(FEW).zip(means) {
            (0..FEW).for_each(|c| few[c] += weights[c] * (mean / steps));
        }
        let mut share = [0.0f32; INNER];
        share.copy_from_slice(&gate.excited);
        for (weights, few) in gate.excite.chunks_exact(INNER).zip(few) {
            let few = few.max(0.0);
            (0..INNER).for_each(|c| share[c] += weights[c] * few);
        }
        share.iter_mut().for_each(|x| *x = 1.0 / (1.0 + (-*x).exp()));
        for step in inner.chunks_exact_mut(INNER) {
            (0..INNER).for_each(|c| step[c] *= share[c]);
        }
    }
}
