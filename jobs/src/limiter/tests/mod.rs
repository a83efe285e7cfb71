//! What every limiter must do: each case runs on both by name, on a clock that the test moves. What only one of them can do, or
//! the server's own clock, is in `shared`.

mod breaking;
mod budgets;
mod engines;
mod routes;
mod shared;

use domain::time::HOUR;
use domain::{ProxyId, Timestamp};

use super::{Limiter, Route};

/// A limiter and the clock it goes by.
pub(super) struct Bench<'a> {
    pub(super) limiter: &'a dyn Limiter,
    pub(super) clock: &'a crate::Clock,
}

impl Bench<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How many permits there are.
    async fn take(&self, route: &Route, want: usize) -> usize {
        self.limiter.take(std::slice::from_ref(route), want, self.now()).await.permits.len()
    }
}

fn route(per_hour: u32) -> Route {
    Route::new("shop.example", Some(per_hour), None)
}

/// Some routes to one site, each through a proxy of its own.
fn routes(per_hour: u32, count: u128) -> Vec<Route> {
    (1..=count).map(|n| Route::new("amazon", Some(per_hour), Some(ProxyId(uuid::Uuid::from_u128(n))))).collect()
}

/// Fails if any hour, wherever it begins, holds more than the budget.
fn assert_budget(sent: &[Timestamp], per_hour: u32) {
    for (first, at) in sent.iter().enumerate() {
        let within = sent[first..].iter().take_while(|later| later.micros_since(*at) < HOUR).count();
        assert!(within <= per_hour as usize, "{within} requests in the hour from {at}, {per_hour} are allowed");
    }
}

/// Runs every case on a limiter.
macro_rules! contract {
    ($name:ident, $engine:path) => {
        mod $name {
            cases! { $engine;
                budgets: a_thousand_items_due_at_a_restart_keep_the_budget_and_are_all_served,
                    the_refused_of_several_jobs_get_slots_of_their_own, a_person_who_adds_three_products_is_served_at_once,
                    no_window_of_an_hour_exceeds_the_budget_with_many_workers,
                    asking_with_a_time_that_was_set_back_gives_no_second_budget;
                routes: routes_are_emptied_in_their_order_and_each_permit_knows_its_route, a_closed_route_is_passed_by,
                    routes_together_serve_a_backlog_as_fast_as_their_sum, a_route_without_a_limit_gives_all_and_never_closes,
                    without_a_route_nothing_is_given, routes_of_other_sites_have_budgets_of_their_own;
                breaking: a_closed_route_lets_one_probe_through_and_opens_on_its_answer,
                    pauses_grow_and_one_good_answer_ends_them, an_outage_is_five_in_a_row_and_one_broken_page_is_none,
                    retry_after_is_followed_within_a_day, states_tell_what_a_route_went_through
            }
        }
    };
}

macro_rules! cases {
    ($engine:path; $($topic:ident: $($case:ident),+);+) => {
        $(mod $topic { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let clock = crate::Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
                let limiter = $engine(&clock).await;
                let bench = crate::limiter::tests::Bench { limiter: &*limiter, clock: &clock };
                crate::limiter::tests::$topic::$case(&bench).await;
            }
        )+ })+
    };
}

contract!(in_process, crate::limiter::tests::engines::in_process);
contract!(redis, crate::limiter::tests::engines::redis);
