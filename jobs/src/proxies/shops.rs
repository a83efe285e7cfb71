//! How shops like each proxy: the breakers of its routes.

use domain::{Platform, ProxyId, Timestamp};

use crate::context::JobContext;

/// How a shop likes a proxy, where not all is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopHealth {
    /// The platform, or the host where it has a budget of its own.
    pub site: String,
    /// Until when the proxy is not used for it.
    pub paused_until: Option<Timestamp>,
    /// Pauses in a row, each longer.
    pub pauses: u32,
    /// Requests in a row that it did not answer.
    pub unanswered: u32,
}

/// The shops that trouble a proxy: among the platforms, and the hosts that troubled this process.
pub(crate) async fn shops(ctx: &JobContext) -> Vec<(ProxyId, ShopHealth)> {
    let now = ctx.clock.now();
    let mut routes = Vec::new();
    for proxy in ctx.proxies.all().iter() {
        let platforms = Platform::all().filter(|platform| *platform != Platform::GENERIC);
        routes.extend(platforms.map(|platform| ctx.routes.through(platform, platform.as_str(), proxy.id)));
        routes
            .extend(ctx.proxies.troubled_hosts().into_iter().map(|host| ctx.routes.through(Platform::GENERIC, &host, proxy.id)));
    }
    let states = ctx.limiter.states(&routes, now).await;
    let troubled = routes.iter().zip(states).filter(|(_, state)| state.trips > 0 || state.unanswered > 0);
    let shown = troubled.filter_map(|(route, state)| {
        let health = ShopHealth {
            site: route.site().to_owned(),
            paused_until: state.closed_until.filter(|until| *until > now),
            pauses: state.trips,
            unanswered: state.unanswered,
        };
        Some((route.proxy?, health))
    });
    shown.collect()
}
