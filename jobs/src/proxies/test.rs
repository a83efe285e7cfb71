//! Trying a proxy: one page through it, by the straight path, with the guard and within the shop's limit.

use std::time::{Duration, Instant};

use domain::check::Found;
use domain::{ProductUrl, ProxyId, Reading, Timestamp};

use crate::context::JobContext;
use crate::pipeline::observe_once;

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyTest {
    /// The shop answered.
    Answered {
        /// What was read from its page: `offer`, `no_price`, `blocked`, …
        outcome: &'static str,
        /// About a page that gave no price.
        detail: Option<String>,
        /// How long it took.
        took: Duration,
    },
    /// There was no answer.
    Failed {
        /// Why, and what to do.
        detail: String,
        /// How long it took.
        took: Duration,
    },
    /// The shop's limit through this proxy allows no request before then.
    NotBefore(Timestamp),
}

/// Opens a page through a proxy. Its health is what comes of it.
pub(crate) async fn test(ctx: &JobContext, proxy: ProxyId, page: &ProductUrl) -> ProxyTest {
    let route = ctx.routes.through(page.platform, &page.host, proxy);
    let mut grant = ctx.limiter.take(std::slice::from_ref(&route), 1, ctx.clock.now()).await;
    let Some(permit) = grant.permits.pop() else { return ProxyTest::NotBefore(grant.next_at) };
    let begun = Instant::now();
    let observed = observe_once(ctx, page, permit).await;
    let now = ctx.clock.now();
    let took = begun.elapsed();
    if let Some(fault) = observed.proxy_fault {
        ctx.proxies.failed(proxy, fault, now);
        return ProxyTest::Failed { detail: format!("the proxy: {fault}"), took };
    }
    ctx.limiter.report(&route, observed.signal(), now).await;
    match observed.found {
        Found::Reading(Reading::Failed { kind, detail, .. }) if observed_nothing(kind) => ProxyTest::Failed { detail, took },
        found => {
            ctx.proxies.worked(proxy);
            let (outcome, detail) = match found {
                Found::Unchanged => ("unchanged", None),
                Found::Reading(reading) => {
                    let outcome = reading.outcome();
                    let detail = if let Reading::Failed { detail, .. } = reading { Some(detail) } else { None };
                    (outcome, detail)
                }
            };
            ProxyTest::Answered { outcome, detail, took }
        }
    }
}

/// Whether this failure means that no answer came.
fn observed_nothing(kind: domain::FailureKind) -> bool {
    use domain::FailureKind as Kind;
    match kind {
        Kind::Unreachable | Kind::Timeout | Kind::NotAllowed | Kind::Refused => true,
        Kind::Blocked
        | Kind::RateLimited
        | Kind::Empty
        | Kind::NoPrice
        | Kind::Ambiguous
        | Kind::WrongRegion
        | Kind::Moved
        | Kind::Gone
        | Kind::Unreadable => false,
    }
}
