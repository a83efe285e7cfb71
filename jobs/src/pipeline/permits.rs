//! Permits for products of one shop, by the ways that are open.

use domain::time::MINUTE;
use domain::{Platform, ProductState, ProxyId};

use crate::context::JobContext;
use crate::limiter::{Grant, Permit};

/// When it is looked again whether there is a way, if none is known to open.
const NO_WAY: i64 = 5 * MINUTE;

/// Asks for `want` permits. `avoided` ways are taken last.
pub(super) async fn take_permits(
    ctx: &JobContext,
    platform: Platform,
    host: &str,
    want: usize,
    avoided: &[Option<ProxyId>],
) -> Grant {
    let now = ctx.clock.now();
    let ways = ctx.proxies.ways(now, avoided);
    let routes = ctx.routes.by(&ways, platform, host);
    if routes.is_empty() {
        let next_at = ways.opens_at.unwrap_or_else(|| now.plus_micros(NO_WAY));
        // As far apart as if one proxy did it all: whichever comes back first has to serve them.
        return Grant { permits: Vec::new(), next_at, spacing: ctx.routes.spacing(platform, host) };
    }
    ctx.limiter.take(&routes, want, now).await
}

/// The way that a product is not to be asked by if there is another: that of a reading that must be confirmed, or of a block.
pub(super) fn avoided_way(ctx: &JobContext, product: &ProductState) -> Option<Option<ProxyId>> {
    let was_blocked = product.last_outcome.as_deref() == Some(domain::FailureKind::Blocked.as_str());
    if product.suspect.is_some() || was_blocked { ctx.proxies.last_way(product.id) } else { None }
}

/// Gives each product a permit, one whose way it does not avoid where there is one. There are as many permits as products.
pub(super) fn assign(
    products: Vec<(ProductState, Option<Option<ProxyId>>)>,
    mut permits: Vec<Permit>,
) -> Vec<(ProductState, Permit)> {
    // Who avoids a way chooses first.
    let (choosy, others): (Vec<_>, Vec<_>) = products.into_iter().partition(|(_, avoided)| avoided.is_some());
    let mut assigned = Vec::with_capacity(permits.len());
    for (product, avoided) in choosy.into_iter().chain(others) {
        let fits = |permit: &Permit| avoided != Some(permit.route.proxy);
        let at = permits.iter().position(fits).unwrap_or(0);
        if at >= permits.len() {
            break;
        }
        assigned.push((product, permits.swap_remove(at)));
    }
    assigned
}
