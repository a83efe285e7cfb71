//! Several routes to one site.

use domain::time::{HOUR, MINUTE};

use super::super::{Route, Signal};
use super::{Bench, routes};

pub(super) async fn routes_are_emptied_in_their_order_and_each_permit_knows_its_route(bench: &Bench<'_>) {
    let routes = routes(100, 3);
    let turned = [routes[2].clone(), routes[0].clone(), routes[1].clone()];
    let grant = bench.limiter.take(&turned, 10, bench.now()).await;
    let keys: Vec<_> = grant.permits.iter().map(|permit| permit.route.proxy).collect();
    let expect = [(&turned[0], 4), (&turned[1], 4), (&turned[2], 2)];
    assert_eq!(keys, expect.iter().flat_map(|(route, count)| vec![route.proxy; *count]).collect::<Vec<_>>());
    assert_eq!((grant.next_at, bench.take(&routes[1], 64).await), (bench.now(), 2), "two are left on the last");
}

pub(super) async fn a_closed_route_is_passed_by(bench: &Bench<'_>) {
    let routes = routes(100, 2);
    bench.limiter.take(&routes, 1, bench.now()).await;
    let until = bench.limiter.report(&routes[0], Signal::Blocked, bench.now()).await.unwrap();
    let grant = bench.limiter.take(&routes, 64, bench.now()).await;
    assert!(grant.permits.len() == 4 && grant.permits.iter().all(|permit| permit.route == routes[1]));
    assert!(grant.next_at < until, "the open one is back sooner");
    bench.limiter.report(&routes[1], Signal::Blocked, bench.now()).await;
    let grant = bench.limiter.take(&routes, 1, bench.now()).await;
    assert_eq!((grant.permits.len(), grant.next_at), (0, until), "both are closed");
}

pub(super) async fn routes_together_serve_a_backlog_as_fast_as_their_sum(bench: &Bench<'_>) {
    let routes = routes(100, 4);
    let alone = bench.limiter.take(&routes[..1], 64, bench.now()).await;
    let together = bench.limiter.take(&routes, 64, bench.now()).await;
    assert_eq!((alone.permits.len(), together.permits.len()), (4, 12));
    assert_eq!(together.spacing, (alone.spacing + 3) / 4);
    // What was refused before has its slots already.
    assert!(together.next_at >= alone.next_at.plus_micros(60 * alone.spacing));
    let next = bench.limiter.take(&routes, 64, bench.now()).await;
    assert_eq!(next.next_at, together.next_at.plus_micros(52 * together.spacing));
}

pub(super) async fn a_route_without_a_limit_gives_all_and_never_closes(bench: &Bench<'_>) {
    let own = Route::new("shop.lan", None, None);
    assert_eq!(bench.limiter.report(&own, Signal::Blocked, bench.now()).await, None);
    let grant = bench.limiter.take(std::slice::from_ref(&own), 1_000, bench.now()).await;
    assert_eq!((grant.permits.len(), grant.next_at), (1_000, bench.now()));
}

pub(super) async fn without_a_route_nothing_is_given(bench: &Bench<'_>) {
    let grant = bench.limiter.take(&[], 10, bench.now()).await;
    assert!(grant.permits.is_empty() && grant.next_at >= bench.now().plus_micros(MINUTE));
}

pub(super) async fn routes_of_other_sites_have_budgets_of_their_own(bench: &Bench<'_>) {
    let one = Route::new("one.example", Some(100), None);
    let two = Route::new("two.example", Some(100), None);
    assert_eq!((bench.take(&one, 64).await, bench.take(&two, 64).await, bench.take(&one, 64).await), (4, 4, 0));
    bench.clock.advance(HOUR);
    assert_eq!((bench.take(&one, 64).await, bench.take(&two, 2).await), (4, 2));
}
