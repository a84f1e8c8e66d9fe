//! Real numbers in one byte: 256 values that split what there is into parts of equal size.

/// Numbers and the codes that stand for them.
#[derive(Debug)]
pub(super) struct Codes {
    /// The first code in use.
    first: usize,
    /// The smallest logarithm of each code in use, ascending.
    bounds: Vec<f32>,
    book: [f32; 256],
}

impl Codes {
    /// Codes from `first` up for these positive numbers; each code stands for the geometric mean of its numbers.
    pub fn new(values: &[f32], first: usize) -> Self {
        let mut logs: Vec<f32> = values.iter().map(|v| v.max(1e-30).ln()).collect();
        logs.sort_unstable_by(f32::total_cmp);
        let bins = 256 - first;
        let mut bounds = Vec::new();
        let mut book = [0.0; 256];
        let mut start = 0;
        while start < logs.len() && bounds.len() < bins {
            let left = bins - bounds.len();
            let mut end = (start + (logs.len() - start).div_ceil(left)).min(logs.len());
            // Equal numbers have one code.
            while end < logs.len() && logs[end] == logs[end - 1] {
                end += 1;
            }
            let part = &logs[start..end];
            let mean = part.iter().map(|&v| f64::from(v)).sum::<f64>() / part.len() as f64;
            book[first + bounds.len()] = mean.exp() as f32;
            bounds.push(part[0]);
            start = end;
        }
        Codes { first, bounds, book }
    }

    /// The code of a number.
    pub fn code(&self, value: f32) -> u8 {
        let log = value.max(1e-30).ln();
        let place = self.bounds.partition_point(|&b| b <= log);
        (self.first + place.saturating_sub(1)) as u8
    }

    /// What each code stands for.
    pub fn book(&self) -> &[f32; 256] {
        &self.book
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_for_numbers_nearby() {
        let values: Vec<f32> = (1..5000).map(|n| (n as f32 / 5000.0).powi(3)).collect();
        let codes = Codes::new(&values, 1);
        for &v in &values[500..] {
            let code = codes.code(v);
            assert!(code >= 1);
            assert!((codes.book()[usize::from(code)] / v).ln().abs() < 0.2, "{v}");
        }
    }

    #[test]
    fn a_single_number_is_exact() {
        let codes = Codes::new(&[1.0; 10], 0);
        assert_eq!(codes.book()[usize::from(codes.code(1.0))], 1.0);
    }
}
