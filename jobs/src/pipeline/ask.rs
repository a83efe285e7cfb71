//! Asking a shop once, whatever proxies fail on the way to it.

use domain::{Currency, Platform, ProductId, ProductUrl, Timestamp};

use super::observe::{Observed, observe};
use super::permits::take_permits;
use crate::context::JobContext;
use crate::fetch::Validators;
use crate::limiter::{Permit, Route, Signal};

/// Proxies that are tried for one request: the shop has seen nothing of it when its proxy fails.
const MAX_WAYS: u32 = 3;

/// What came of asking.
pub(super) struct Asked {
    pub(super) observed: Observed,
    /// When the request began that the shop answered, or did not.
    pub(super) started_at: Timestamp,
    /// The shop is not to be asked before then.
    pub(super) not_before: Option<Timestamp>,
}

/// Asks by the permit's route, and by others while it is the proxy that fails.
pub(super) async fn ask(
    ctx: &JobContext,
    id: ProductId,
    listing: &ProductUrl,
    currency: Option<Currency>,
    known: &Validators,
    mut permit: Permit,
) -> Asked {
    for tried in 1.. {
        let route = permit.route.clone();
        let slot = ctx.slots.enter(&route).await;
        let started_at = ctx.clock.now();
        let observed = observe(&ctx.fetcher, &ctx.reader, listing, currency, known, permit, started_at).await;
        drop(slot);
        let now = ctx.clock.now();
        let Some((fault, proxy)) = observed.proxy_fault.zip(route.proxy) else {
            ctx.proxies.remember_way(id, route.proxy);
            let not_before = report(ctx, listing, &route, &observed, now).await;
            return Asked { observed, started_at, not_before };
        };
        ctx.proxies.failed(proxy, fault, now);
        if tried < MAX_WAYS
            && let Some(next) = take_permits(ctx, listing.platform, &listing.host, 1, &[Some(proxy)]).await.permits.pop()
        {
            permit = next;
            continue;
        }
        let ways = ctx.proxies.ways(now, &[]);
        let not_before = ways.opens_at.filter(|_| ways.open.is_empty());
        return Asked { observed, started_at, not_before };
    }
    unreachable!("the last try returns")
}

/// Tells limiter and pool how it ended. Until when the shop is not to be asked: where other ways are open, the product need not wait for
/// this one.
async fn report(ctx: &JobContext, listing: &ProductUrl, route: &Route, observed: &Observed, now: Timestamp) -> Option<Timestamp> {
    let signal = observed.signal();
    if let Some(proxy) = route.proxy.filter(|_| signal != Signal::NoAnswer) {
        ctx.proxies.worked(proxy);
    }
    let closed_until = ctx.limiter.report(route, signal, now).await?;
    // A shop that asks for fewer requests means us, not a route.
    if route.proxy.is_some() && listing.platform == Platform::GENERIC {
        ctx.proxies.note_trouble(&listing.host);
    }
    if ctx.proxies.is_empty() || matches!(signal, Signal::RateLimited(_)) {
        return Some(closed_until);
    }
    let ways = ctx.proxies.ways(now, &[]);
    let others = ctx.routes.by(&ways, listing.platform, &listing.host);
    let states = ctx.limiter.states(&others, now).await;
    let opens = states.iter().map(|state| state.closed_until.filter(|until| *until > now));
    opens.chain([Some(closed_until)]).min().flatten()
}
