//! Measuring for the benchmarks: two ways to do one thing, taken in turns, so that a busy machine slows both.

use std::fmt;
use std::time::{Duration, Instant};

/// The best times of two ways to do one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Limbeck's.
    pub ours: Duration,
    /// The other's.
    pub theirs: Duration,
}

impl Pair {
    /// Takes both in turns, so often, and keeps the best of each: what is slower was disturbed.
    pub fn best(runs: usize, mut ours: impl FnMut() -> Duration, mut theirs: impl FnMut() -> Duration) -> Self {
        let mut best = Self { ours: Duration::MAX, theirs: Duration::MAX };
        for _ in 0..runs {
            best.ours = best.ours.min(ours());
            best.theirs = best.theirs.min(theirs());
        }
        best
    }

    /// How many times as long as the other's Limbeck's took.
    #[must_use]
    pub fn ratio(self) -> f64 {
        self.ours.as_secs_f64() / self.theirs.as_secs_f64()
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2?} against {:.2?}, ratio {:.2}", self.ours, self.theirs, self.ratio())
    }
}

/// How long something takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let done = work();
    (started.elapsed(), done)
}

/// The most memory that this process ever held, in KiB, where the system says so (Linux: `proc(5)`, `VmHWM`).
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_each_is_kept() {
        let mut ours = [30, 10, 20].map(Duration::from_millis).into_iter();
        let mut theirs = [40, 60, 50].map(Duration::from_millis).into_iter();
        let pair = Pair::best(3, || ours.next().unwrap_or_default(), || theirs.next().unwrap_or_default());
        assert_eq!(pair, Pair { ours: Duration::from_millis(10), theirs: Duration::from_millis(40) });
        assert_eq!(pair.to_string(), "10.00ms against 40.00ms, ratio 0.25");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_at_least_what_is_held() {
        let held = vec![1_u8; 32 << 20];
        assert!(peak_memory().is_some_and(|kib| kib >= 32 << 10), "{} bytes are held", held.len());
    }
}
