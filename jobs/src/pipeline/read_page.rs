//! Extraction, off the runtime's threads: a large page takes 20 ms and more.

use std::sync::Arc;

use domain::{Currency, FailureKind, ProductUrl, Reading};
use extract::{Page, Pin, extract};
use tokio::sync::Semaphore;

use super::observe::failed_reading;
use crate::fetch::FetchedPage;

/// Reads pages on the blocking threads, a few at a time: parsing is all processor, so more at once only cost memory.
#[derive(Clone, Debug)]
pub(crate) struct PageReader(Arc<Semaphore>);

impl PageReader {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        PageReader(Arc::new(Semaphore::new(cores + 1)))
    }

    pub(crate) async fn read(&self, page: FetchedPage, listing: ProductUrl, currency: Option<Currency>) -> Reading {
        let turn = self.0.clone().acquire_owned().await.expect("this semaphore is never closed");
        let host = listing.host.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let url = page.url.as_str();
            let page = Page { url, status: page.status, content_type: page.content_type.as_deref(), body: &page.body };
            extract(&page, &Pin { product: &listing, currency })
        });
        read.await.unwrap_or_else(|_| {
            let detail = format!("the page of {host} could not be read; report it with its link");
            failed_reading(FailureKind::Unreadable, detail)
        })
    }
}
