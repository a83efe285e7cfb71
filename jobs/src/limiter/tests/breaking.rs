//! Breakers, through the limiter.

use domain::Timestamp;
use domain::time::{DAY, MINUTE, SECOND};

use super::super::{RouteState, Signal};
use super::{Bench, route};

/// After how many seconds the route opens, if it is closed.
async fn report(bench: &Bench<'_>, signal: Signal) -> Option<i64> {
    let until = bench.limiter.report(&route(200), signal, bench.now()).await?;
    Some(until.micros_since(bench.now()) / SECOND)
}

pub(super) async fn a_closed_route_lets_one_probe_through_and_opens_on_its_answer(bench: &Bench<'_>) {
    let route = route(200);
    bench.take(&route, 1).await;
    let until = bench.limiter.report(&route, Signal::Blocked, bench.now()).await.unwrap();
    let grant = bench.limiter.take(std::slice::from_ref(&route), 10, bench.now()).await;
    assert!(grant.permits.is_empty() && grant.next_at >= until);
    bench.clock.advance(until.micros_since(bench.now()));
    assert_eq!(bench.take(&route, 10).await, 1, "the probe");
    assert_eq!(bench.take(&route, 10).await, 0);
    assert_eq!(report(bench, Signal::Answered).await, None);
    bench.clock.advance(MINUTE);
    assert_eq!(bench.take(&route, 3).await, 3);
}

pub(super) async fn pauses_grow_and_one_good_answer_ends_them(bench: &Bench<'_>) {
    assert_eq!(report(bench, Signal::Blocked).await, Some(600));
    bench.clock.advance(SECOND);
    assert_eq!(report(bench, Signal::Blocked).await, Some(599), "under way together");
    assert_eq!(report(bench, Signal::Answered).await, Some(599), "sent before it was closed");
    bench.clock.advance(599 * SECOND);
    assert_eq!(bench.take(&route(200), 9).await, 1, "a probe");
    assert_eq!(report(bench, Signal::Blocked).await, Some(1_200));
    bench.clock.advance(1_200 * SECOND);
    assert_eq!(report(bench, Signal::Answered).await, None);
    assert_eq!(report(bench, Signal::Blocked).await, Some(600), "begins anew");
    for _ in 0..12 {
        bench.clock.advance(DAY);
        report(bench, Signal::Blocked).await;
    }
    bench.clock.advance(DAY);
    assert_eq!(report(bench, Signal::Blocked).await, Some(6 * 3_600), "no longer than that");
}

pub(super) async fn an_outage_is_five_in_a_row_and_one_broken_page_is_none(bench: &Bench<'_>) {
    for _ in 0..4 {
        assert_eq!(report(bench, Signal::NoAnswer).await, None);
    }
    report(bench, Signal::Answered).await;
    for _ in 0..4 {
        assert_eq!(report(bench, Signal::NoAnswer).await, None);
    }
    assert_eq!(report(bench, Signal::NoAnswer).await, Some(30));
    bench.clock.advance(31 * SECOND);
    assert_eq!(report(bench, Signal::NoAnswer).await, Some(60), "the probe failed");
}

pub(super) async fn retry_after_is_followed_within_a_day(bench: &Bench<'_>) {
    let after = |seconds: i64| -> Option<Timestamp> { Some(bench.now().plus_micros(seconds * SECOND)) };
    assert_eq!(report(bench, Signal::RateLimited(after(90))).await, Some(90));
    assert_eq!(report(bench, Signal::RateLimited(after(9_000_000))).await, Some(86_400), "the later of two counts");
    bench.clock.advance(DAY);
    assert_eq!(report(bench, Signal::Answered).await, None);
    assert_eq!(report(bench, Signal::RateLimited(None)).await, Some(60));
}

pub(super) async fn states_tell_what_a_route_went_through(bench: &Bench<'_>) {
    let (used, unknown) = (route(200), super::Route::new("other.example", Some(9), None));
    let both = [used.clone(), unknown.clone()];
    let fresh = RouteState::fresh(unknown.key.clone());
    assert_eq!(bench.limiter.states(&both, bench.now()).await, [RouteState::fresh(used.key.clone()), fresh.clone()]);
    report(bench, Signal::NoAnswer).await;
    let until = bench.limiter.report(&used, Signal::Blocked, bench.now()).await;
    let closed = RouteState { key: used.key.clone(), closed_until: until, trips: 1, unanswered: 1 };
    assert_eq!(bench.limiter.states(&both, bench.now()).await, [closed.clone(), fresh.clone()]);
    bench.clock.advance(DAY / 2);
    assert_eq!(bench.limiter.states(&both, bench.now()).await, [closed, fresh], "it waits for its probe");
}
