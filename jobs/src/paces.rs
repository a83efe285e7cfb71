//! How often products are checked: the operator's fixed intervals, else the plan that all workers share.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::next_check::Pace;
use domain::plan::{Budget, Plan, SAMPLE, Sampled, plan};
use domain::time::MINUTE;
use domain::{ProductId, ProductState, Timestamp};
use store::Store;

use crate::config::PaceConfig;
use crate::context::JobContext;
use crate::hosts::{HostPatternError, HostPatterns};
use crate::limiter::Routes;
use crate::proxies::Ways;

/// The setting of the database that holds the plan.
const SETTING: &str = "checks.plan";
/// A plan older than this is made afresh, by whoever sees it first.
const FRESH: i64 = 10 * MINUTE;
/// How often a worker looks for a plan.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The paces of all products.
#[derive(Clone, Debug)]
pub(crate) struct Paces {
    by_host: Arc<[(HostPatterns, Pace)]>,
    checks_a_day: Option<u64>,
    routes: Routes,
    plan: Arc<RwLock<Option<Plan>>>,
}

impl Paces {
    pub(crate) fn new(config: &PaceConfig, routes: Routes) -> Result<Self, HostPatternError> {
        let by_host =
            config.by_host.iter().map(|(host, pace)| Ok((HostPatterns::parse(&[host])?, *pace))).collect::<Result<_, _>>()?;
        Ok(Paces { by_host, checks_a_day: config.checks_a_day, routes, plan: Arc::default() })
    }

    /// The pace of a product.
    pub(crate) fn of(&self, product: &ProductState) -> Pace {
        if let Some(pace) = self.fixed(product) {
            return pace;
        }
        let plan = self.plan.read().unwrap_or_else(PoisonError::into_inner);
        plan.as_ref().map_or_else(Pace::default, |plan| plan.pace(&self.site(product)))
    }

    fn fixed(&self, product: &ProductState) -> Option<Pace> {
        self.by_host.iter().find(|(hosts, _)| hosts.matches_shop(&product.host)).map(|(_, pace)| *pace)
    }

    fn site(&self, product: &ProductState) -> String {
        self.routes.direct(product.platform, &product.host).site().to_owned()
    }

    fn follow(&self, plan: Plan) {
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Some(plan);
    }
}

/// Follows the plan until the stop, and makes it where it is missing or old. Where many workers do so at once, each makes the same.
pub(crate) async fn keep_plan(ctx: &JobContext) {
    while !ctx.stop.is_cancelled() {
        if let Err(error) = look(ctx).await {
            tracing::warn!(%error, "could not plan the checks; the last plan stays");
        }
        tokio::select! {
            () = ctx.stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Reads the plan, or makes it if it is not fresh.
pub(crate) async fn look(ctx: &JobContext) -> store::Result<()> {
    let now = ctx.clock.now();
    // A plan that cannot be read is an older program's, or none.
    let stored = ctx.store.find_setting(SETTING).await?.and_then(|text| serde_json::from_str::<Plan>(&text).ok());
    // Either way: a clock that was set back must not keep a plan for ever.
    if let Some(plan) = stored.filter(|plan| now.micros_since(plan.made_at).abs() < FRESH) {
        ctx.paces.follow(plan);
        return Ok(());
    }
    let Some(plan) = make(ctx, now).await? else { return Ok(()) };
    if let Ok(text) = serde_json::to_string(&plan) {
        ctx.store.put_setting(SETTING, Some(&text)).await?;
    }
    tracing::info!(
        checks.a_day = plan.checks_a_day,
        checks.stretch_percent = plan.usual.stretch_percent,
        checks.scarce_sites = plan.by_site.len(),
        "checks are planned"
    );
    ctx.paces.follow(plan);
    Ok(())
}

async fn make(ctx: &JobContext, now: Timestamp) -> store::Result<Option<Plan>> {
    let (sample, products) = sample(&*ctx.store, now).await?;
    // What has a fixed pace is not paid from the budget.
    let planned: Vec<(String, &ProductState)> = sample
        .iter()
        .filter(|product| ctx.paces.fixed(product).is_none())
        .map(|product| (ctx.paces.site(product), product))
        .collect();
    let ways = ctx.proxies.ways(now, &[]);
    let mut per_hour = BTreeMap::new();
    for (site, product) in &planned {
        if !per_hour.contains_key(site)
            && let Some(limit) = limit(&ctx.routes, &ways, product)
        {
            per_hour.insert(site.clone(), limit);
        }
    }
    let all = products * planned.len() as u64 / (sample.len() as u64).max(1);
    let planned: Vec<Sampled<'_>> = planned.iter().map(|(site, product)| Sampled { site, product }).collect();
    Ok(plan(&planned, all, &Budget { checks_a_day: ctx.paces.checks_a_day, per_hour }, now))
}

/// Requests an hour to a product's shop, over all ways that are open; `None` without a limit.
fn limit(routes: &Routes, ways: &Ways, product: &ProductState) -> Option<u64> {
    let open = routes.by(ways, product.platform, &product.host);
    if open.is_empty() {
        // It opens again: the plan goes on as if the direct way were open.
        return routes.direct(product.platform, &product.host).per_hour.map(u64::from);
    }
    open.iter().map(|route| route.per_hour.map(u64::from)).sum()
}

/// A stretch of the tracked products, all of them where they are few, and how many there are in all.
async fn sample(store: &dyn Store, now: Timestamp) -> store::Result<(Vec<ProductState>, u64)> {
    let from = somewhere(now);
    let mut sample = store.sample_products(from, SAMPLE).await?;
    if sample.len() < SAMPLE as usize {
        let room = SAMPLE - u32::try_from(sample.len()).unwrap_or(SAMPLE);
        let first = store.sample_products(ProductId(uuid::Uuid::nil()), room).await?;
        sample.extend(first.into_iter().take_while(|product| product.id < from));
    }
    let products = how_many(&sample);
    Ok((sample, products))
}

/// A place among the ids: another one each time, so that no stretch is asked for ever.
fn somewhere(now: Timestamp) -> ProductId {
    let spread = (now.as_micros() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ProductId(uuid::Uuid::from_u128(u128::from(spread) << 64))
}

/// How many products there are, by how far the ids of a whole sample are apart: ids are even in their first 48 bits. Counting a
/// hundred million rows would take longer than the plan is worth.
fn how_many(sample: &[ProductState]) -> u64 {
    let (Some(first), Some(last)) = (sample.first(), sample.last()) else { return 0 };
    if sample.len() < SAMPLE as usize {
        return sample.len() as u64;
    }
    let place = |product: &ProductState| (product.id.0.as_u128() >> 80) as u64;
    const ALL: u64 = 1 << 48;
    let width = place(last).wrapping_sub(place(first)) % ALL;
    let steps = sample.len() as u128 - 1;
    u64::try_from(steps * u128::from(ALL) / u128::from(width.max(1))).unwrap_or(u64::MAX).max(sample.len() as u64)
}
