//! Every statement of this engine, with how it finds its rows where tables are spread over servers.
//!
//! Tables of products are spread by `product_id`, tables of people by `user_id`, sessions and tokens by their secret, addresses
//! by themselves (`distribute.sql`). A test reads each statement as a server would and fails if it is not as it says.

/// How a statement finds its rows.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// By the key that its tables are spread by.
    ByKey,
    /// On every server; why it has to.
    Everywhere(&'static str),
    /// On every server, with locks: only where there is one. What is run elsewhere instead.
    OneServer(&'static str),
}

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident: $route:expr => $sql:expr;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $sql;)+

        /// All of them.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Route, &str)] = &[$((stringify!($name), $route, $name)),+];
    };
}

macro_rules! shared {
    ($file:literal) => {
        include_str!(concat!("../sql/", $file))
    };
}

macro_rules! own {
    ($file:literal) => {
        include_str!(concat!("../sql/postgres/", $file))
    };
}

macro_rules! select_product {
    ($rest:literal) => {
        concat!("SELECT ", shared!("product_columns.sql"), " FROM ", shared!("product_tables.sql"), $rest)
    };
}

macro_rules! select_tracked {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            shared!("product_columns.sql"),
            ", ",
            shared!("tracking_columns.sql"),
            " FROM trackings t, ",
            shared!("product_tables.sql"),
            " WHERE p.product_id = t.product_id AND ",
            $rest
        )
    };
}

macro_rules! select_candidates {
    ($key:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            shared!("tracking_columns.sql"),
            ", ",
            $key,
            " AS watch_key FROM trackings t WHERE ",
            shared!($condition)
        )
    };
}

#[cfg(test)]
use Route::{ByKey, Everywhere, OneServer};

statements! {
    // --- Checking -------------------------------------------------------------------------------------------------------
    CLAIM_PRODUCTS: OneServer("DUE_PRODUCTS, then TAKE_PRODUCTS") => own!("claim_products.sql");
    DUE_PRODUCTS: Everywhere("what is due is due on every server; each answers by its index") => shared!("due_products.sql");
    TAKE_PRODUCTS: ByKey => own!("take_products.sql");
    DEFER_PRODUCTS: ByKey => own!("defer_products.sql");
    LEASE_PRODUCT: ByKey => shared!("lease_product.sql");
    LEASED: ByKey => concat!(
        "SELECT ", shared!("product_columns.sql"), ", ", shared!("nearest_target.sql"),
        " FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (product_id, position), ", shared!("product_tables.sql"),
        " WHERE p.product_id = wanted.product_id AND p.leased_until > $2 ORDER BY wanted.position"
    );
    SAMPLE_PRODUCTS: Everywhere("a sample is of all products; each server answers by its index") => concat!(
        "SELECT ", shared!("product_columns.sql"), ", ", shared!("nearest_target.sql"), " FROM ", shared!("product_tables.sql"),
        " WHERE ", shared!("sample_products.sql")
    );
    CLOSE_RUNS: ByKey => own!("close_runs.sql");
    UPDATE_CHECKED: ByKey => own!("update_checked_products.sql");
    INSERT_RUNS: ByKey => concat!(own!("new_runs.sql"), shared!("insert_runs.sql"));
    INSERT_EVENTS: ByKey => concat!(own!("new_events.sql"), shared!("insert_events.sql"));
    UPDATE_FACTS: ByKey => concat!(own!("new_facts.sql"), shared!("update_facts.sql"));
    UPDATE_TEXTS: ByKey => concat!(own!("new_facts.sql"), shared!("update_texts.sql"));
    KEEP_EVIDENCE: ByKey => concat!(own!("kept_evidence.sql"), shared!("keep_evidence.sql"));

    // --- Products -------------------------------------------------------------------------------------------------------
    FIND_PRODUCT: ByKey => select_product!(" WHERE p.product_id = $1");
    FIND_PRODUCTS: ByKey => select_product!(" WHERE p.product_id = ANY($1)");
    PRICE_RUNS: ByKey => own!("price_runs.sql");
    RECENT_RUNS: ByKey => own!("recent_runs.sql");
    FIND_EVIDENCE: ByKey => "SELECT at, outcome, evidence FROM evidence WHERE product_id = $1";
    LIST_PRODUCTS: Everywhere("a list of all products") =>
        "SELECT x.product_id FROM product_texts x WHERE ($1::text IS NULL OR x.platform = $1)
         ORDER BY left(x.search_text, 200), x.product_id LIMIT $2 OFFSET $3";
    COUNT_PRODUCTS: Everywhere("the length of that list") =>
        "SELECT count(*) FROM product_texts x WHERE ($1::text IS NULL OR x.platform = $1)";
    SEARCH_BEGINNINGS: Everywhere("any product may be meant; each server looks into its index") => own!("search_beginnings.sql");
    SEARCH_INSIDE: Everywhere("any product may be meant; each server looks into its index") => own!("search_inside.sql");
    SEARCH_NEARLY: Everywhere("any product may be meant; each server looks into its index") => own!("search_nearly.sql");

    // --- Trackings ------------------------------------------------------------------------------------------------------
    INSERT_PRODUCT: ByKey => shared!("insert_product.sql");
    INSERT_TEXT: ByKey => shared!("insert_text.sql");
    LOCK_PRODUCT: ByKey => "SELECT product_id FROM products WHERE product_id = $1 FOR NO KEY UPDATE";
    FIND_TRACKED: ByKey => select_tracked!("t.product_id = $1 AND t.tracking_id = $2");
    LOCK_TRACKED: ByKey => select_tracked!("t.product_id = $1 AND t.tracking_id = $2 FOR UPDATE OF t");
    INSERT_TRACKING: ByKey => concat!(own!("new_trackings.sql"), shared!("insert_tracking.sql"));
    UPDATE_TRACKINGS: ByKey => concat!(own!("new_trackings.sql"), shared!("update_trackings.sql"));
    COUNT_TRACKERS: ByKey => shared!("count_trackers.sql");
    DELETE_TRACKING: ByKey => "DELETE FROM trackings WHERE product_id = $1 AND tracking_id = $2";
    DELETE_NOTIFICATIONS: ByKey => "DELETE FROM notifications WHERE product_id = $1 AND tracking_id = $2";
    DELETE_INBOX: ByKey => "DELETE FROM inbox WHERE user_id = $1 AND tracking_id = $2";
    ADD_TO_USER: ByKey =>
        "INSERT INTO user_trackings (user_id, tracking_id, product_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    REMOVE_FROM_USER: ByKey => "DELETE FROM user_trackings WHERE user_id = $1 AND tracking_id = $2";
    PRODUCT_OF_TRACKING: ByKey => "SELECT product_id FROM user_trackings WHERE user_id = $1 AND tracking_id = $2";
    TRACKINGS_OF_USER: ByKey => "SELECT product_id, tracking_id FROM user_trackings WHERE user_id = $1";
    OWNER_OF_TRACKING: Everywhere("an admin has the tracking's id alone; each server looks into its index") =>
        "SELECT user_id FROM user_trackings WHERE tracking_id = $1";

    // --- Watchlist ------------------------------------------------------------------------------------------------------
    WATCHLIST: ByKey => concat!(
        own!("seen.sql"), shared!("watchlist.sql"),
        "SELECT ", shared!("product_columns.sql"), ", ", shared!("tracking_columns.sql"),
        " FROM watchlist w JOIN trackings t ON t.product_id = w.product_id AND t.tracking_id = w.tracking_id, ",
        shared!("product_tables.sql"), " WHERE p.product_id = w.product_id AND ", shared!("watchlist_filter.sql"),
        " ORDER BY ", shared!("watchlist_order.sql"), " LIMIT $6 OFFSET $7"
    );
    WATCHLIST_COUNTS: ByKey => concat!(own!("seen.sql"), shared!("watchlist.sql"), shared!("watchlist_counts.sql"));

    COUNT_TRACKINGS_WITH: ByKey => concat!(
        own!("seen.sql"), shared!("watchlist.sql"),
        "SELECT count(*) FROM watchlist w JOIN products p ON p.product_id = w.product_id WHERE ", shared!("watchlist_filter.sql"),
        " AND ", own!("words_and_host.sql")
    );
    TRACKINGS_WITH: ByKey => concat!(
        own!("seen.sql"), shared!("watchlist.sql"),
        "SELECT ", shared!("product_columns.sql"), ", ", shared!("tracking_columns.sql"),
        " FROM watchlist w JOIN trackings t ON t.product_id = w.product_id AND t.tracking_id = w.tracking_id, ",
        shared!("product_tables.sql"), " WHERE p.product_id = w.product_id AND ", shared!("watchlist_filter.sql"),
        " AND ", own!("words_and_host.sql"), " ORDER BY ", shared!("watchlist_order.sql"), " LIMIT $6 OFFSET $7"
    );
    PRODUCTS_OF_USER: ByKey => "SELECT product_id FROM user_trackings WHERE user_id = $1";
    HOSTS_OF: ByKey =>
        "SELECT host, count(*) AS products FROM products WHERE product_id = ANY($1)
         GROUP BY host ORDER BY products DESC, host LIMIT $2";

    // --- Lists of the pages -----------------------------------------------------------------------------------------------
    RECENT_CHANGES: Everywhere("of all products; each server answers by its index") =>
        "SELECT product_id, event_id, at FROM price_events WHERE at > $1 ORDER BY at DESC LIMIT $2";
    RECENT_FALLS: Everywhere("of all products; each server answers by its index") => concat!(
        "SELECT fall.at AS fall_at, fall.old_minor AS fall_minor, fall.old_currency AS fall_currency, ",
        shared!("product_columns.sql"), " FROM price_events fall, ", shared!("product_tables.sql"),
        " WHERE fall.product_id = p.product_id AND fall.at > $1 AND fall.new_currency = fall.old_currency",
        " AND fall.new_minor < fall.old_minor AND p.price_currency = fall.old_currency AND p.price_minor < fall.old_minor",
        " ORDER BY (CAST(fall.old_minor AS double precision) - p.price_minor) / fall.old_minor DESC, p.product_id LIMIT $2"
    );
    PRODUCTS_OF_GTIN: Everywhere("any product may have it; each server looks into its index") =>
        select_product!(" WHERE p.gtin = $1 ORDER BY p.price_currency, p.price_minor, p.product_id LIMIT $2");
    FAILING_PRODUCTS: Everywhere("for the operator, by index") =>
        select_product!(" WHERE p.failures > 0 ORDER BY p.last_attempt_at DESC, p.product_id LIMIT $1 OFFSET $2");
    COUNT_FAILING: Everywhere("for the operator, by index") => "SELECT count(*) FROM products WHERE failures > 0";
    ALERTS_OF: ByKey => concat!(
        "SELECT ", own!("inbox_columns.sql"), " FROM inbox n WHERE n.user_id = $2 AND n.product_id = $1",
        " ORDER BY n.created_at DESC, n.notification_id LIMIT $3"
    );
    PUT_SHARE: ByKey =>
        "INSERT INTO shares (product_id, user_id, token, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (product_id, user_id) DO NOTHING";
    SHARE_OF: ByKey => "SELECT * FROM shares WHERE product_id = $1 AND user_id = $2";
    FIND_SHARE: ByKey => "SELECT * FROM shares WHERE product_id = $1 AND token = $2";
    DELETE_SHARE: ByKey => "DELETE FROM shares WHERE product_id = $1 AND user_id = $2";
    TOKENS_OF_USER: Everywhere("tokens are keyed by their secrets; a person looks at theirs now and then") =>
        "SELECT * FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, secret_hash";
    DELETE_TOKEN: ByKey => "DELETE FROM api_tokens WHERE secret_hash = $1 AND user_id = $2";
    COUNT_USERS: Everywhere("for the operator") => "SELECT count(*) FROM users";
    LIST_ACCOUNTS: Everywhere("for the operator") => concat!(
        "SELECT ", shared!("user_columns.sql"),
        ", (SELECT count(*) FROM user_trackings t WHERE t.user_id = u.user_id) AS trackings",
        " FROM users u ORDER BY u.email LIMIT $1 OFFSET $2"
    );
    // By themselves: they are spread by their secrets, not with their people.
    SIGNED_IN: Everywhere("for the accounts of one page") =>
        "SELECT user_id, max(created_at) AS at FROM sessions WHERE user_id = ANY($1) GROUP BY user_id";

    // --- Fan-out --------------------------------------------------------------------------------------------------------
    PENDING_EVENTS: Everywhere("what waits may wait on every server; each answers by its index") => shared!("pending_events.sql");
    NEXT_EVENT: ByKey => concat!(
        "SELECT ", shared!("event_columns.sql"), ", e.fan_out_cursor FROM price_events e WHERE ", shared!("next_event.sql")
    );
    BELOW: ByKey => select_candidates!("t.watch_below", "fan_out_below.sql");
    ABOVE: ByKey => select_candidates!("t.watch_above", "fan_out_above.sql");
    FALL: ByKey => select_candidates!("t.watch_fall", "fan_out_fall.sql");
    MOVE_CURSOR: ByKey => shared!("move_cursor.sql");
    REVISIT_AGAIN: ByKey => own!("revisit_again.sql");
    INSERT_NOTIFICATIONS: ByKey => concat!(own!("new_notifications.sql"), shared!("insert_notifications.sql"));
    INSERT_INBOX: ByKey => concat!(own!("new_notifications.sql"), own!("insert_inbox.sql"));
    DUE_REVISITS: Everywhere("what is due is due on every server; each answers by its index") =>
        select_tracked!("t.revisit_at <= $1 ORDER BY t.revisit_at, t.tracking_id LIMIT $2");

    // --- Delivery -------------------------------------------------------------------------------------------------------
    CLAIM_NOTIFICATIONS: OneServer("DUE_NOTIFICATIONS, then TAKE_NOTIFICATIONS") => concat!(
        own!("claim_notifications.sql"), "SELECT ", shared!("notification_columns.sql"), " FROM due n ORDER BY n.next_attempt_at"
    );
    DUE_NOTIFICATIONS: Everywhere("what is due is due on every server; each answers by its index") => own!("due_notifications.sql");
    TAKE_NOTIFICATIONS: ByKey => concat!(own!("take_notifications.sql"), shared!("notification_columns.sql"));
    RECORD_DELIVERIES: ByKey => concat!(own!("ended_deliveries.sql"), shared!("record_deliveries.sql"));
    LIST_INBOX: ByKey => concat!(
        "SELECT ", own!("inbox_columns.sql"), " FROM inbox n WHERE n.user_id = $1",
        " ORDER BY n.created_at DESC, n.notification_id LIMIT $2 OFFSET $3"
    );
    COUNT_INBOX: ByKey => "SELECT count(*) FROM inbox WHERE user_id = $1";
    COUNT_UNREAD: ByKey => "SELECT count(*) FROM inbox WHERE user_id = $1 AND read_at IS NULL";
    MARK_READ: ByKey =>
        "UPDATE inbox SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL AND ($3::uuid[] IS NULL OR notification_id = ANY($3))";
    DELIVERIES: ByKey => concat!(
        "SELECT ", shared!("notification_columns.sql"),
        " FROM unnest($1::uuid[], $2::uuid[]) AS wanted (product_id, notification_id) JOIN notifications n",
        " ON n.product_id = wanted.product_id AND n.notification_id = wanted.notification_id ORDER BY n.channel"
    );

    // --- People ---------------------------------------------------------------------------------------------------------
    TAKE_EMAIL: ByKey => "INSERT INTO user_emails (email, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    INSERT_USER: ByKey =>
        "INSERT INTO users (user_id, email, role, locale, time_zone, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    HAS_USERS: Everywhere("whether there is any at all") => "SELECT EXISTS (SELECT 1 FROM users)";
    FIND_USER: ByKey => concat!("SELECT ", shared!("user_columns.sql"), ", u.password_hash FROM users u WHERE u.user_id = $1");
    FIND_USERS: ByKey => concat!("SELECT ", shared!("user_columns.sql"), " FROM users u WHERE u.user_id = ANY($1)");
    USER_OF_EMAIL: ByKey => "SELECT user_id FROM user_emails WHERE email = $1";
    UPDATE_USER: ByKey => shared!("update_user.sql");
    INSERT_SESSION: ByKey => shared!("insert_session.sql");
    USER_OF_SESSION: ByKey => "SELECT user_id FROM sessions WHERE secret_hash = $1 AND expires_at > $2";
    DELETE_SESSION: ByKey => "DELETE FROM sessions WHERE secret_hash = $1";
    DELETE_SESSIONS_OF: Everywhere("a new password ends them all, and is rare") => "DELETE FROM sessions WHERE user_id = $1";
    DELETE_ENDED_SESSIONS: Everywhere("sweeping, once a minute") => "DELETE FROM sessions WHERE expires_at <= $1";
    INSERT_TOKEN: ByKey => shared!("insert_token.sql");
    FIND_TOKEN: ByKey =>
        "SELECT user_id, scope, last_used_at FROM api_tokens WHERE secret_hash = $1 AND (expires_at IS NULL OR expires_at > $2)";
    NOTE_USE: ByKey => "UPDATE api_tokens SET last_used_at = $2 WHERE secret_hash = $1";

    // --- Channels -------------------------------------------------------------------------------------------------------
    CHANNELS_OF_USER: ByKey => concat!(
        "SELECT ", shared!("channel_columns.sql"), " FROM user_channels WHERE user_id = $1 ORDER BY created_at, channel_id"
    );
    CHANNELS_OF_USERS: ByKey => concat!(
        "SELECT ", shared!("channel_columns.sql"),
        " FROM user_channels WHERE user_id = ANY($1) AND channel = $2 ORDER BY created_at, channel_id"
    );
    PUT_CHANNEL: ByKey => shared!("put_channel.sql");
    DELETE_CHANNEL: ByKey => "DELETE FROM user_channels WHERE user_id = $1 AND channel_id = $2";
    NOTE_CHANNEL: ByKey => shared!("note_channel.sql");
    TRY_CHANNEL_CODE: ByKey => shared!("try_channel_code.sql");
    FIND_PREFERENCES: ByKey => "SELECT user_id, preferences FROM user_preferences WHERE user_id = ANY($1)";
    PUT_PREFERENCES: ByKey => shared!("put_preferences.sql");
    HOLD_NOTIFICATIONS: ByKey => own!("hold_notifications.sql");
    PARTLY_DELIVERED: ByKey => own!("partly_delivered.sql");
    NOTE_PARTLY_DELIVERED: ByKey => own!("note_partly_delivered.sql");
    KEEP_SETTING: ByKey => shared!("keep_setting.sql");

    // --- The instance ---------------------------------------------------------------------------------------------------
    FIND_SETTING: ByKey => "SELECT value FROM settings WHERE name = $1";
    PUT_SETTING: ByKey => shared!("put_setting.sql");
    DELETE_SETTING: ByKey => "DELETE FROM settings WHERE name = $1";
    LIST_PROXIES: ByKey => shared!("list_proxies.sql");
    PUT_PROXY: ByKey => shared!("put_proxy.sql");
    DELETE_PROXY: ByKey => "DELETE FROM proxies WHERE proxy_id = $1";
    WAITING: Everywhere("counts for the operator, by index") => own!("totals.sql");
    COUNT_ALL: Everywhere("counts for the operator") => own!("count_all.sql");
    ESTIMATES: ByKey => own!("estimates.sql");
    PING: ByKey => "SELECT count(*) FROM settings";
}
