//! Two ways to do the same, measured in turns.

use std::array;
use std::convert::Infallible;

/// What two sides cost.
pub(crate) struct Comparison {
    /// The median cost of ours.
    pub(crate) ours: f64,
    /// The median cost of the baseline.
    pub(crate) baseline: f64,
    /// The median of what ours cost as a multiple of the baseline in the same round.
    pub(crate) cost: f64,
}

impl Comparison {
    /// Ours as a multiple of the baseline, in things done in the same time.
    pub(crate) fn rate(&self) -> f64 {
        self.cost.recip()
    }
}

/// Measures both once a round; in every other round ours comes second. One round before them is not counted: it fills
/// caches and lets memory be mapped.
pub(crate) fn compare(rounds: usize, mut ours: impl FnMut() -> f64, mut baseline: impl FnMut() -> f64) -> Comparison {
    let compared = compare_all(rounds, || Ok::<_, Infallible>([ours()]), || Ok([baseline()]));
    match compared {
        Ok([compared]) => compared,
    }
}

/// As [`compare`], for several costs that one run shows, and runs that may fail.
pub(crate) fn compare_all<const COSTS: usize, E>(
    rounds: usize,
    mut ours: impl FnMut() -> Result<[f64; COSTS], E>,
    mut baseline: impl FnMut() -> Result<[f64; COSTS], E>,
) -> Result<[Comparison; COSTS], E> {
    baseline()?;
    ours()?;
    let mut pairs = Vec::new();
    for round in 0..rounds.max(1) {
        pairs.push(if round % 2 == 0 {
            let first = ours()?;
            (first, baseline()?)
        } else {
            let first = baseline()?;
            (ours()?, first)
        });
    }
    Ok(array::from_fn(|cost| Comparison {
        ours: median(pairs.iter().map(|(ours, _)| ours[cost])),
        baseline: median(pairs.iter().map(|(_, baseline)| baseline[cost])),
        cost: median(pairs.iter().map(|(ours, baseline)| ours[cost] / baseline[cost])),
    }))
}

/// The middle one, or the mean of the two in the middle; NaN of nothing.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().saturating_sub(1) / 2;
    match (values.get(lower), values.get(upper)) {
        (Some(lower), Some(upper)) => (lower + upper) / 2.0,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert!(median(std::iter::empty()).is_nan());
    }

    #[test]
    fn both_sides_are_measured_as_often_and_take_turns() {
        let order = std::cell::RefCell::new(String::new());
        let side = |name: char, cost: f64| {
            order.borrow_mut().push(name);
            cost
        };
        let compared = compare(3, || side('o', 4.0), || side('b', 2.0));
        assert_eq!(*order.borrow(), "boobboob");
        assert_eq!((compared.ours, compared.baseline), (4.0, 2.0));
        assert_eq!((compared.cost, compared.rate()), (2.0, 0.5));
    }
}
