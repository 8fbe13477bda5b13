//! Who migrates, and waiting for others.

use std::time::{Duration, Instant};

use super::history::History;
use super::run::Executor;
use super::{Event, MigrateError};
use crate::dialect::{Backend, DatabaseError, Work};

/// How long something that is held by others may still be waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    since: Instant,
    limit: Duration,
    asked: u32,
}

impl Patience {
    /// From now on.
    pub(super) fn new(limit: Duration) -> Self {
        Self { since: Instant::now(), limit, asked: 0 }
    }

    /// Waits a little; no, when the time is over. Those who start at once do not ask at the same moments, and ask less
    /// often the longer it takes.
    pub(super) async fn again(&mut self) -> bool {
        if self.since.elapsed() >= self.limit {
            return false;
        }
        let step = 25 << self.asked.min(4);
        self.asked += 1;
        // The clock's last digits differ between processes; that is all that is needed.
        let jitter = u64::from(Instant::now().duration_since(self.since).subsec_nanos() ^ std::process::id()) % step;
        tokio::time::sleep(Duration::from_millis(step + jitter)).await;
        true
    }
}

impl Executor<'_> {
    /// Becomes the one who migrates, or waits for the one who does.
    pub(super) async fn lock(&mut self) -> Result<(), MigrateError> {
        let key = self.settings.history.key();
        let mut patience = Patience::new(self.settings.lock_wait);
        let mut told = false;
        while !self.backend.try_lock(&key).await? {
            let holder = self.backend.lock_holder(&key).await?;
            if !told {
                self.progress.event(Event::Waiting { holder: holder.as_deref() });
                told = true;
            }
            if !patience.again().await {
                return Err(MigrateError::Locked { holder, waited: self.settings.lock_wait });
            }
        }
        Ok(())
    }

    /// Lets others migrate.
    pub(super) async fn unlock(&mut self) -> Result<(), DatabaseError> {
        let key = self.settings.history.key();
        self.backend.unlock(&key).await
    }

    /// Does something that changes nothing, again and again while others are in the way.
    pub(super) async fn patiently<T: Send>(
        &mut self,
        mut act: impl for<'b> FnMut(&'b mut dyn Backend, &'b History) -> Work<'b, T> + Send,
    ) -> Result<T, DatabaseError> {
        let mut patience = Patience::new(self.settings.lock_wait);
        loop {
            match act(self.backend, &self.settings.history).await {
                Err(error) if error.is_busy() && patience.again().await => {}
                done => return done,
            }
        }
    }
}
