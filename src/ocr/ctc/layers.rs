//! The kinds of layer that the line network and the line detector are made of.
//!
//! A map keeps all channels of a place together, so that every layer works on whole registers of them; matrices go through rten's kernels.
//! rten's own run of the same graphs keeps each channel apart, and its convolutions of one channel at a time multiply one number at a
//! time: a line took it 2.8 times as long, docs/speed.md.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::{Isa, SimdOp};
use rten_tensor::NdTensorView;
use std::ops::Range;

/// The numbers of a network by name, where they have the shape that is asked for; else what is wrong with them.
pub(super) type Tensors<'a> = dyn Fn(&str, &[usize]) -> Result<Vec<f32>, String> + 'a;

/// A picture: rows of places, each with its channels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Map {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    /// `height * width * channels` values.
    pub values: Vec<f32>,
}

impl Map {
    pub fn new(height: usize, width: usize, channels: usize) -> Map {
        Map { height, width, channels, values: vec![0.0; height * width * channels] }
    }

    /// The channels of a place.
    pub fn at(&self, y: usize, x: usize) -> &[f32] {
        &self.values[(y * self.width + x) * self.channels..][..self.channels]
    }

    /// `x * relu6(x + 3) / 6` of every value.
    pub fn hard_swish(mut self) -> Map {
        HardSwish(&mut self.values).dispatch();
        self
    }

    pub fn add(&mut self, other: &Map) {
        Add { sums: &mut self.values, other: &other.values }.dispatch();
    }
}

#[inline(always)]
pub(super) fn hard_swish(x: f32) -> f32 {
    x * (x * (1.0 / 6.0) + 0.5).clamp(0.0, 1.0)
}

struct HardSwish<'a>(&'a mut [f32]);

impl SimdOp for HardSwish<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        self.0.iter_mut().for_each(|x| *x = hard_swish(*x));
    }
}

struct Add<'a> {
    sums: &'a mut [f32],
    other: &'a [f32],
}

impl SimdOp for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        self.sums.iter_mut().zip(self.other).for_each(|(sum, x)| *sum += x);
    }
}

/// Every place's channels as weighted sums of its channels before: a convolution of one place.
pub(super) struct Dense {
    /// As the kernels for this processor want them.
    weights: PackedBMatrix<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Dense {
    /// Reads weights of this shape, of which the first is the number of outputs and the product of the others that of inputs.
    pub fn load(tensors: &Tensors, weights: &str, bias: &str, shape: &[usize]) -> Result<Dense, String> {
        let (outputs, inputs) = (shape[0], shape[1..].iter().product());
        let values = tensors(weights, shape)?;
        let bias = tensors(bias, &[outputs])?;
        let values = NdTensorView::from_data([outputs, inputs], values.as_slice());
        Ok(Dense { weights: kernels().prepack_b(values.transposed()), bias, inputs })
    }

    pub fn run(&self, input: &Map) -> Result<Map, String> {
        let mut output = Map::new(input.height, input.width, self.bias.len());
        let places = NdTensorView::from_data([input.height * input.width, self.inputs], input.values.as_slice());
        kernels()
            .gemm(
                &mut output.values,
                GemmInputA::Unpacked(places),
                GemmInputB::Packed(&self.weights),
                GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..GemmOptions::default() },
            )
            .map_err(|e| e.to_string())?;
        Ok(output)
    }
}

/// The kernels for this processor; they are no data, and cannot be shared between threads.
fn kernels() -> GemmExecutor {
    GemmExecutor::new()
}

/// Channels that are looked at together.
const LANES: usize = 8;

/// Each channel as the weighted sum of the places around in the same channel; beyond the map are noughts.
pub(super) struct Depthwise {
    /// Of each of `size.0 * size.1` places around, row by row, the weight of each channel.
    taps: Vec<f32>,
    bias: Vec<f32>,
    size: (usize, usize),
    stride: usize,
}

impl Depthwise {
    /// Reads weights of the shape `[channels, 1, size.0, size.1]`, without `size.0` where that is 1; no bias where it has no name.
    pub fn load(
        tensors: &Tensors,
        weights: &str,
        bias: Option<&str>,
        channels: usize,
        size: (usize, usize),
        stride: usize,
    ) -> Result<Depthwise, String> {
        let shape = if size.0 == 1 { vec![channels, 1, size.1] } else { vec![channels, 1, size.0, size.1] };
        let values = tensors(weights, &shape)?;
        let bias = bias.map_or(Ok(vec![0.0; channels]), |bias| tensors(bias, &[channels]))?;
        Ok(Depthwise { taps: by_inputs(&values, channels), bias, size, stride })
    }

    pub fn run(&self, input: &Map) -> Map {
        let (height, width) = (input.height.div_ceil(self.stride), input.width.div_ceil(self.stride));
        let mut output = Map::new(height, width, input.channels);
        Sweep { layer: self, input, output: &mut output }.dispatch();
        output
    }
}

/// Weights `[outputs, inputs]` as `[inputs, outputs]`.
pub(super) fn by_inputs(values: &[f32], outputs: usize) -> Vec<f32> {
    let inputs = values.len() / outputs;
    (0..values.len()).map(|at| values[at % outputs * inputs + at / outputs]).collect()
}

struct Sweep<'a> {
    layer: &'a Depthwise,
    input: &'a Map,
    output: &'a mut Map,
}

impl SimdOp for Sweep<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let Sweep { layer: Depthwise { taps, bias, size, stride }, input, output } = self;
        let (wide, channels) = (output.width, input.channels);
        // Which of the places around there are.
        let around = |at: usize, size: usize, length: usize| -> Range<usize> {
            let first = (at * stride) as isize - (size / 2) as isize;
            let (least, most) = ((-first).max(0) as usize, (length as isize - first).min(size as isize) as usize);
            least..most
        };
        for (place, out) in output.values.chunks_exact_mut(channels).enumerate() {
            let (y, x) = (place / wide, place % wide);
            let (rows, columns) = (around(y, size.0, input.height), around(x, size.1, input.width));
            for (c, out) in out.chunks_exact_mut(LANES).enumerate() {
                let c = c * LANES;
                let mut sums = [0.0f32; LANES];
                sums.copy_from_slice(&bias[c..c + LANES]);
                for row in rows.clone() {
                    let from = ((y * stride + row - size.0 / 2) * input.width + x * stride + columns.start
                        - size.1 / 2)
                        * channels
                        + c;
                    let first = (row * size.1 + columns.start) * channels + c;
                    for column in 0..columns.len() {
                        let weights = &taps[first + column * channels..][..LANES];
                        let seen = &input.values[from + column * channels..][..LANES];
                        for lane in 0..LANES {
                            sums[lane] += weights[lane] * seen[lane];
                        }
                    }
                }
                out.copy_from_slice(&sums);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::random::SplitMix64;

    /// Numbers between -1 and 1 for every name, the same for the same name.
    pub fn made_up(name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let seed = name.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut random = SplitMix64::new(seed);
        Ok((0..shape.iter().product()).map(|_| random.unit() as f32 * 2.0 - 1.0).collect())
    }

    fn map(height: usize, width: usize, channels: usize) -> Map {
        Map { values: made_up("map", &[height, width, channels]).unwrap(), ..Map::new(height, width, channels) }
    }

    #[test]
    fn a_dense_layer_sums_the_channels_of_a_place() {
        let layer = Dense::load(&made_up, "weights", "bias", &[24, 40, 1, 1]).unwrap();
        let input = map(3, 5, 40);
        let output = layer.run(&input).unwrap();
        let (weights, bias) = (made_up("weights", &[24, 40]).unwrap(), made_up("bias", &[24]).unwrap());
        for (y, x, out) in [(0, 0, 0), (2, 4, 23), (1, 3, 7)] {
            let sum: f32 = input.at(y, x).iter().zip(&weights[out * 40..]).map(|(x, w)| x * w).sum();
            assert!((output.at(y, x)[out] - sum - bias[out]).abs() < 1e-4);
        }
        assert_eq!((output.height, output.width, output.channels), (3, 5, 24));
    }

    #[test]
    fn a_depthwise_layer_looks_around_in_its_channel_and_sees_noughts_beyond_the_map() {
        for (size, stride, (height, width)) in
            [((3, 3), 1, (4, 5)), ((5, 5), 2, (8, 6)), ((1, 9), 1, (1, 3)), ((3, 3), 2, (2, 2))]
        {
            let channels = 16;
            let layer = Depthwise::load(&made_up, "taps", Some("bias"), channels, size, stride).unwrap();
            let input = map(height, width, channels);
            let output = layer.run(&input);
            let (taps, bias) =
                (made_up("taps", &[channels, size.0, size.1]).unwrap(), made_up("bias", &[channels]).unwrap());
            assert_eq!((output.height, output.width), (height.div_ceil(stride), width.div_ceil(stride)));
            for (at, values) in output.values.chunks_exact(channels).enumerate() {
                for (c, value) in values.iter().enumerate() {
                    let mut sum = bias[c];
                    for tap in 0..size.0 * size.1 {
                        let y = (at / output.width * stride + tap / size.1).checked_sub(size.0 / 2);
                        let x = (at % output.width * stride + tap % size.1).checked_sub(size.1 / 2);
                        if let (Some(y), Some(x)) = (y.filter(|&y| y < height), x.filter(|&x| x < width)) {
                            sum += taps[c * size.0 * size.1 + tap] * input.at(y, x)[c];
                        }
                    }
                    assert!((value - sum).abs() < 1e-4, "{size:?} at {at} in {c}: {value} and {sum}");
                }
            }
        }
    }

    #[test]
    fn a_hard_swish_is_nought_below_minus_three_and_itself_above_three() {
        let values = Map { values: vec![-4.0, -3.0, 0.0, 3.0, 5.0, 1.5], ..Map::new(1, 1, 6) }.hard_swish().values;
        assert_eq!(values, [0.0, 0.0, 0.0, 3.0, 5.0, 1.125]);
    }
}
