//! Channels that are being delivered: one sender each in a process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Channel;
use tokio::sync::Notify;

/// Channels that are being delivered.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(Mutex<HashMap<Channel, Arc<Bell>>>);

/// Whether a channel was rung for while it is delivered.
#[derive(Debug, Default)]
struct Bell {
    again: AtomicBool,
    wake: Notify,
}

/// The right to send on a channel. It ends even if the sender is aborted.
pub(super) struct Turn<'a> {
    deliveries: &'a Deliveries,
    channel: Channel,
    bell: Arc<Bell>,
    ended: bool,
}

impl Deliveries {
    fn lock(&self) -> MutexGuard<'_, HashMap<Channel, Arc<Bell>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if the channel has a sender already, which will look once more.
    pub(super) fn begin(&self, channel: Channel) -> Option<Turn<'_>> {
        let mut running = self.lock();
        if let Some(bell) = running.get(&channel) {
            bell.again.store(true, Ordering::SeqCst);
            bell.wake.notify_one();
            return None;
        }
        let bell = Arc::new(Bell::default());
        running.insert(channel, bell.clone());
        Some(Turn { deliveries: self, channel, bell, ended: false })
    }
}

impl Turn<'_> {
    /// Waits until the channel is rung for.
    pub(super) async fn rung(&mut self) {
        self.bell.wake.notified().await;
        self.bell.again.store(false, Ordering::SeqCst);
    }

    /// True if the channel was rung for meanwhile; otherwise the turn is over, and the next bell begins a new one.
    pub(super) fn goes_on(&mut self) -> bool {
        let mut running = self.deliveries.lock();
        if self.bell.again.swap(false, Ordering::SeqCst) {
            return true;
        }
        running.remove(&self.channel);
        self.ended = true;
        false
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.deliveries.lock().remove(&self.channel);
        }
    }
}
