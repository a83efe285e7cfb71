//! The port of both engines: each method is handed to the function of its name in the module of its topic.

/// Implements [`crate::Store`] for an engine, within whose module it stands. `unit` runs one unit of work: it may run it again.
macro_rules! engine {
    ($engine:ty; $($topic:ident: $($method:ident($($name:ident: $type:ty),*) -> $out:ty),+);+ $(;)?) => {
        #[async_trait::async_trait]
        impl crate::port::Store for $engine {
            $($(
                async fn $method(&self, $($name: $type),*) -> crate::error::Result<$out> {
                    self.unit(|| $topic::$method(self, $($name),*)).await
                }
            )+)+

            async fn close(&self) {
                self.shut().await;
            }
        }
    };
}
pub(crate) use engine;

/// The methods of the port by topic, for [`engine!`].
macro_rules! port_of {
    ($engine:ty) => {
        $crate::engine::engine! { $engine;
            checking:
                claim_due(now: Timestamp, lease: Duration, limit: u32) -> Vec<DueProduct>,
                defer(products: &[(ProductId, Timestamp)]) -> (),
                claim_now(product: ProductId, now: Timestamp, lease: Duration) -> bool,
                leased_products(products: &[ProductId], now: Timestamp) -> Vec<ProductState>,
                sample_products(from: ProductId, limit: u32) -> Vec<ProductState>,
                record_checks(records: &[CheckRecord]) -> Vec<ProductId>;
            products:
                find_product(product: ProductId) -> Option<ProductState>,
                price_runs(product: ProductId, from: Timestamp, to: Timestamp) -> Vec<PriceRun>,
                recent_runs(products: &[ProductId], from: Timestamp, most: u32) -> Vec<RecentRuns>,
                find_evidence(product: ProductId) -> Option<KeptEvidence>;
            searching:
                search_products(query: &str, platform: Option<Platform>, window: Window) -> Page<ProductState>;
            trackings:
                track(wish: &NewTracking, now: Timestamp) -> Tracked,
                update_tracking(which: Owned, change: &TrackingChange, now: Timestamp) -> Option<TrackedProduct>,
                remove_tracking(which: Owned) -> bool,
                find_tracking(which: Owned) -> Option<TrackedProduct>,
                find_tracking_owner(tracking: TrackingId) -> Option<UserId>,
                find_tracking_of(user: UserId, product: ProductId) -> Option<TrackedProduct>;
            watchlist:
                list_trackings(user: UserId, filter: TrackingFilter, sort: TrackingSort, window: Window) -> Page<TrackedProduct>,
                count_trackings(user: UserId) -> TrackingCounts;
            fan_out:
                pending_events(limit: u32) -> Vec<PendingEvent>,
                fan_out_page(event: PendingEvent, size: u32) -> Option<FanOutPage>,
                record_fan_out(page: &FanOutPage, decided: &[DecidedTracking]) -> ();
            revisits:
                due_revisits(now: Timestamp, limit: u32) -> Vec<Revisit>,
                record_revisits(decided: &[DecidedTracking]) -> ();
            delivery:
                claim_notifications(channel: Channel, now: Timestamp, lease: Duration, limit: u32) -> Vec<DueNotification>,
                record_deliveries(deliveries: &[Delivery], now: Timestamp) -> ();
            inbox:
                list_inbox(user: UserId, window: Window) -> Page<InboxEntry>,
                count_unread(user: UserId) -> u64,
                mark_read(user: UserId, which: Option<&[NotificationId]>, now: Timestamp) -> ();
            people:
                create_user(user: &NewUser) -> (),
                create_first_user(user: &NewUser) -> bool,
                has_users() -> bool,
                find_user(user: UserId) -> Option<User>,
                find_credentials(email: &str) -> Option<Credentials>,
                update_user(user: UserId, change: &UserChange) -> bool,
                create_session(session: &NewSession) -> (),
                find_session(secret_hash: &[u8; 32], now: Timestamp) -> Option<User>,
                end_session(secret_hash: &[u8; 32]) -> (),
                create_token(token: &NewToken) -> (),
                find_token(secret_hash: &[u8; 32], now: Timestamp) -> Option<TokenHolder>;
            proxies:
                list_proxies() -> Vec<StoredProxy>,
                put_proxy(proxy: &StoredProxy) -> (),
                remove_proxy(proxy: ProxyId) -> bool;
            instance:
                find_setting(name: &str) -> Option<String>,
                put_setting(name: &str, value: Option<&str>) -> (),
                totals(now: Timestamp) -> Totals,
                ping() -> ();
        }
    };
}
pub(crate) use port_of;
