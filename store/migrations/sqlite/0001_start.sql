-- Ids are 16 bytes, times are microseconds since 1970 in UTC, money is minor units with an ISO 4217 code.
-- Everything about a product is keyed by product_id first, so that it can be distributed by it.

CREATE TABLE users (
    user_id       BLOB    NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    email         TEXT    NOT NULL UNIQUE,
    role          TEXT    NOT NULL,
    locale        TEXT    NOT NULL,
    time_zone     TEXT    NOT NULL,
    password_hash TEXT,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    secret_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
    user_id     BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE api_tokens (
    secret_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
    user_id      BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_tokens_of_user ON api_tokens (user_id);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A wide row that every check rewrites: with a rowid, so that the tree above the leaves stays narrow.
CREATE TABLE products (
    product_id        BLOB    NOT NULL PRIMARY KEY CHECK (length(product_id) = 16),
    platform          TEXT    NOT NULL,
    external_id       TEXT    NOT NULL,
    url               TEXT    NOT NULL,
    host              TEXT    NOT NULL,
    name              TEXT,
    image_url         TEXT,
    brand             TEXT,
    gtin              TEXT,
    mpn               TEXT,
    seller            TEXT,
    condition         TEXT,
    -- Name and URL in lower case: what search looks in and lists are sorted by.
    search_text       TEXT    NOT NULL,
    revision          INTEGER NOT NULL DEFAULT 0,
    created_at        INTEGER NOT NULL,
    price_minor       INTEGER,
    price_currency    TEXT,
    previous_minor    INTEGER,
    previous_currency TEXT,
    list_minor        INTEGER,
    list_currency     TEXT,
    availability      TEXT    NOT NULL DEFAULT 'unknown',
    -- The open run: its last_seen is last_ok_at, its count of checks is run_checks.
    run_from          INTEGER,
    run_checks        INTEGER NOT NULL DEFAULT 0,
    last_ok_at        INTEGER,
    last_attempt_at   INTEGER,
    last_outcome      TEXT,
    last_detail       TEXT,
    failures          INTEGER NOT NULL DEFAULT 0,
    -- [minor, currency, since, last_seen_at, sightings]
    suspect           TEXT,
    -- [[from, minor], ...], newest first
    recent            TEXT    NOT NULL DEFAULT '[]',
    -- Active trackings.
    trackers          INTEGER NOT NULL DEFAULT 0 CHECK (trackers >= 0),
    next_check_at     INTEGER NOT NULL,
    leased_until      INTEGER,
    etag              TEXT,
    last_modified     TEXT,
    last_event_id     BLOB
) STRICT;
CREATE INDEX products_due ON products (next_check_at) WHERE trackers > 0;

CREATE TABLE price_runs (
    product_id     BLOB    NOT NULL REFERENCES products ON DELETE CASCADE,
    run_from       INTEGER NOT NULL,
    last_seen      INTEGER NOT NULL,
    checks         INTEGER NOT NULL,
    price_minor    INTEGER,
    price_currency TEXT,
    availability   TEXT    NOT NULL,
    PRIMARY KEY (product_id, run_from)
) STRICT, WITHOUT ROWID;

-- The last reading of each product that was worth keeping.
CREATE TABLE evidence (
    product_id BLOB    NOT NULL PRIMARY KEY REFERENCES products ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    outcome    TEXT    NOT NULL,
    evidence   TEXT    NOT NULL
) STRICT;

CREATE TABLE price_events (
    product_id       BLOB    NOT NULL REFERENCES products ON DELETE CASCADE,
    event_id         BLOB    NOT NULL CHECK (length(event_id) = 16),
    at               INTEGER NOT NULL,
    old_minor        INTEGER,
    old_currency     TEXT,
    new_minor        INTEGER,
    new_currency     TEXT,
    old_availability TEXT    NOT NULL,
    new_availability TEXT    NOT NULL,
    -- Where the fan-out goes on; NULL when it is done.
    fan_out_cursor   TEXT,
    PRIMARY KEY (product_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX price_events_pending ON price_events (at) WHERE fan_out_cursor IS NOT NULL;
-- An event waits for the earlier ones of its product.
CREATE INDEX price_events_waiting ON price_events (product_id, at) WHERE fan_out_cursor IS NOT NULL;

CREATE TABLE trackings (
    product_id         BLOB    NOT NULL REFERENCES products ON DELETE CASCADE,
    tracking_id        BLOB    NOT NULL CHECK (length(tracking_id) = 16),
    user_id            BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    -- The target as it was typed; target_minor is the same in minor units, once the currency is known.
    target_amount      TEXT,
    target_currency    TEXT,
    target_minor       INTEGER,
    drop_basis_points  INTEGER,
    channels           TEXT    NOT NULL,
    active             INTEGER NOT NULL CHECK (active IN (0, 1)),
    reference_minor    INTEGER,
    reference_currency TEXT,
    -- The price that was told; NULL while armed.
    told_minor         INTEGER,
    told_currency      TEXT,
    told_at            INTEGER,
    revisit_at         INTEGER,
    revision           INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    -- Written by domain::decide::keys: at which prices the tracking is a candidate.
    watch_below        INTEGER NOT NULL,
    watch_above        INTEGER NOT NULL,
    watch_fall         INTEGER NOT NULL,
    PRIMARY KEY (product_id, tracking_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trackings_below ON trackings (product_id, watch_below, tracking_id);
CREATE INDEX trackings_above ON trackings (product_id, watch_above, tracking_id);
CREATE INDEX trackings_fall ON trackings (product_id, watch_fall, tracking_id);
CREATE INDEX trackings_revisit ON trackings (revisit_at) WHERE revisit_at IS NOT NULL;
CREATE INDEX trackings_of_user ON trackings (user_id, created_at);
CREATE INDEX trackings_by_id ON trackings (tracking_id);

CREATE TABLE notifications (
    product_id      BLOB    NOT NULL,
    notification_id BLOB    NOT NULL CHECK (length(notification_id) = 16),
    tracking_id     BLOB    NOT NULL,
    event_id        BLOB    NOT NULL,
    user_id         BLOB    NOT NULL,
    channel         TEXT    NOT NULL,
    alerted         TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    last_error      TEXT,
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    read_at         INTEGER,
    PRIMARY KEY (product_id, notification_id),
    -- The message about one event for one tracking on one channel: there is never a second one.
    UNIQUE (product_id, tracking_id, event_id, channel),
    FOREIGN KEY (product_id, tracking_id) REFERENCES trackings ON DELETE CASCADE
) STRICT;
CREATE INDEX notifications_due ON notifications (channel, next_attempt_at) WHERE status = 'pending';
CREATE INDEX notifications_inbox ON notifications (user_id, created_at) WHERE channel = 'inbox';
CREATE INDEX notifications_unread ON notifications (user_id) WHERE channel = 'inbox' AND read_at IS NULL;
