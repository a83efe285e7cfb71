//! Extraction: at once where it is quick, off the runtime's threads where it may take 20 ms and more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use domain::{Currency, FailureKind, ProductUrl, Reading};
use extract::{Page, Pin, extract};
use tokio::sync::Semaphore;

use super::observe::failed_reading;
use crate::fetch::{Body, FetchedPage};

/// Bodies up to this size are read at once: handing them to another thread and waiting for it costs as much.
const QUICK: usize = 32 * 1024;

/// Reads pages. The slow ones on the blocking threads, a few at a time: parsing is all processor, so more at once only cost memory.
#[derive(Clone, Debug)]
pub(crate) struct PageReader(Arc<Semaphore>);

impl PageReader {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        PageReader(Arc::new(Semaphore::new(cores + 1)))
    }

    pub(crate) async fn read(&self, page: FetchedPage, listing: &ProductUrl, currency: Option<Currency>) -> Reading {
        let host = &listing.host;
        match page.body {
            Body::Streamed { stream, was_enough: true } => in_place(host, || stream.finish()),
            Body::Streamed { stream, was_enough: false } => self.elsewhere(host, move || stream.finish()).await,
            Body::Whole(body) => {
                let listing = listing.clone();
                let is_quick = body.len() <= QUICK;
                let read = move || {
                    let head = Page {
                        url: page.url.as_str(),
                        status: page.status,
                        content_type: page.content_type.as_deref(),
                        body: &body,
                    };
                    extract(&head, &Pin::new(&listing, currency))
                };
                if is_quick { in_place(host, read) } else { self.elsewhere(host, read).await }
            }
        }
    }

    async fn elsewhere(&self, host: &str, read: impl FnOnce() -> Reading + Send + 'static) -> Reading {
        let turn = self.0.clone().acquire_owned().await.expect("this semaphore is never closed");
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            read()
        });
        read.await.unwrap_or_else(|_| unread(host))
    }
}

/// A page that makes the extractor panic is one that cannot be read, and no end of a worker.
fn in_place(host: &str, read: impl FnOnce() -> Reading) -> Reading {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| unread(host))
}

fn unread(host: &str) -> Reading {
    let detail = format!("the page of {host} could not be read; report it with its link");
    failed_reading(FailureKind::Unreadable, detail)
}
