-- Times are microseconds since 1970 in UTC, money is minor units with an ISO 4217 code, as on SQLite.
--
-- Everything about a product is keyed by product_id first, everything about a person by user_id, so that either can be
-- distributed by it (src/sql/postgres/distribute.sql). Hence three differences from SQLite: an e-mail address is unique in a
-- table of its own; a person's list and inbox are tables of their own, written with what they mirror; and no foreign key
-- leads from one to the other: what belongs to somebody who leaves is deleted by statement.

CREATE TABLE users (
    user_id       uuid   NOT NULL PRIMARY KEY,
    email         text   NOT NULL,
    role          text   NOT NULL,
    locale        text   NOT NULL,
    time_zone     text   NOT NULL,
    password_hash text,
    created_at    bigint NOT NULL
);

CREATE TABLE user_emails (
    email   text NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL
);

CREATE TABLE sessions (
    secret_hash bytea  NOT NULL PRIMARY KEY,
    user_id     uuid   NOT NULL,
    created_at  bigint NOT NULL,
    expires_at  bigint NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE api_tokens (
    secret_hash  bytea  NOT NULL PRIMARY KEY,
    user_id      uuid   NOT NULL,
    name         text   NOT NULL,
    scope        text   NOT NULL,
    created_at   bigint NOT NULL,
    expires_at   bigint,
    last_used_at bigint
);
CREATE INDEX api_tokens_of_user ON api_tokens (user_id);

CREATE TABLE settings (
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Every check writes a new version of the row: room for it on the same page, and a vacuum that keeps up.
CREATE TABLE products (
    product_id        uuid   NOT NULL PRIMARY KEY,
    platform          text   NOT NULL,
    external_id       text   NOT NULL,
    url               text   NOT NULL,
    host              text   NOT NULL,
    name              text,
    image_url         text,
    brand             text,
    gtin              text,
    mpn               text,
    seller            text,
    condition         text,
    revision          bigint NOT NULL DEFAULT 0,
    created_at        bigint NOT NULL,
    price_minor       bigint,
    price_currency    text,
    previous_minor    bigint,
    previous_currency text,
    list_minor        bigint,
    list_currency     text,
    availability      text   NOT NULL DEFAULT 'unknown',
    -- The open run: its last_seen is last_ok_at, its count of checks is run_checks.
    run_from          bigint,
    run_checks        bigint NOT NULL DEFAULT 0,
    last_ok_at        bigint,
    last_attempt_at   bigint,
    last_outcome      text,
    last_detail       text,
    failures          bigint NOT NULL DEFAULT 0,
    -- [minor, currency, since, last_seen_at, sightings]
    suspect           text,
    -- [[from, minor], ...], newest first
    recent            text   NOT NULL DEFAULT '[]',
    -- Active trackings.
    trackers          bigint NOT NULL DEFAULT 0 CHECK (trackers >= 0),
    next_check_at     bigint NOT NULL,
    leased_until      bigint,
    etag              text,
    last_modified     text,
    last_event_id     uuid
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX products_due ON products (next_check_at) WHERE trackers > 0;

CREATE TABLE price_runs (
    product_id     uuid   NOT NULL REFERENCES products (product_id) ON DELETE CASCADE,
    run_from       bigint NOT NULL,
    last_seen      bigint NOT NULL,
    checks         bigint NOT NULL,
    price_minor    bigint,
    price_currency text,
    availability   text   NOT NULL,
    PRIMARY KEY (product_id, run_from)
);

-- The last reading of each product that was worth keeping.
CREATE TABLE evidence (
    product_id uuid   NOT NULL PRIMARY KEY REFERENCES products (product_id) ON DELETE CASCADE,
    at         bigint NOT NULL,
    outcome    text   NOT NULL,
    evidence   text   NOT NULL
);

CREATE TABLE price_events (
    product_id       uuid   NOT NULL REFERENCES products (product_id) ON DELETE CASCADE,
    event_id         uuid   NOT NULL,
    at               bigint NOT NULL,
    old_minor        bigint,
    old_currency     text,
    new_minor        bigint,
    new_currency     text,
    old_availability text   NOT NULL,
    new_availability text   NOT NULL,
    -- Where the fan-out goes on; NULL when it is done.
    fan_out_cursor   text,
    PRIMARY KEY (product_id, event_id)
);
CREATE INDEX price_events_pending ON price_events (at) WHERE fan_out_cursor IS NOT NULL;
-- An event waits for the earlier ones of its product.
CREATE INDEX price_events_waiting ON price_events (product_id, at) WHERE fan_out_cursor IS NOT NULL;

CREATE TABLE trackings (
    product_id         uuid    NOT NULL REFERENCES products (product_id) ON DELETE CASCADE,
    tracking_id        uuid    NOT NULL,
    user_id            uuid    NOT NULL,
    -- The target as it was typed; target_minor is the same in minor units, once the currency is known.
    target_amount      text,
    target_currency    text,
    target_minor       bigint,
    drop_basis_points  bigint,
    channels           text    NOT NULL,
    active             boolean NOT NULL,
    reference_minor    bigint,
    reference_currency text,
    -- The price that was told; NULL while armed.
    told_minor         bigint,
    told_currency      text,
    told_at            bigint,
    revisit_at         bigint,
    revision           bigint  NOT NULL,
    created_at         bigint  NOT NULL,
    updated_at         bigint  NOT NULL,
    -- Written by domain::decide::keys: at which prices the tracking is a candidate.
    watch_below        bigint  NOT NULL,
    watch_above        bigint  NOT NULL,
    watch_fall         bigint  NOT NULL,
    PRIMARY KEY (product_id, tracking_id)
) WITH (fillfactor = 90);
CREATE INDEX trackings_below ON trackings (product_id, watch_below, tracking_id);
-- Most trackings watch for no rise and for no fall: these hold the others.
CREATE INDEX trackings_above ON trackings (product_id, watch_above, tracking_id) WHERE watch_above < 9223372036854775807;
CREATE INDEX trackings_fall ON trackings (product_id, watch_fall, tracking_id) WHERE watch_fall < 4294967295;
CREATE INDEX trackings_revisit ON trackings (revisit_at) WHERE revisit_at IS NOT NULL;

-- Which trackings a person has: written and removed with them.
CREATE TABLE user_trackings (
    user_id     uuid NOT NULL,
    tracking_id uuid NOT NULL,
    product_id  uuid NOT NULL,
    PRIMARY KEY (user_id, tracking_id)
);
CREATE INDEX user_trackings_by_id ON user_trackings (tracking_id);

-- The outbox. The primary key holds the message about one event for one tracking on one channel to a single one: that is what
-- the id is derived from.
CREATE TABLE notifications (
    product_id      uuid   NOT NULL,
    notification_id uuid   NOT NULL,
    tracking_id     uuid   NOT NULL,
    event_id        uuid   NOT NULL,
    user_id         uuid   NOT NULL,
    channel         text   NOT NULL,
    alerted         text   NOT NULL,
    status          text   NOT NULL,
    attempts        bigint NOT NULL,
    next_attempt_at bigint NOT NULL,
    last_error      text,
    created_at      bigint NOT NULL,
    sent_at         bigint,
    read_at         bigint,
    PRIMARY KEY (product_id, notification_id)
);
CREATE INDEX notifications_of_tracking ON notifications (product_id, tracking_id);
CREATE INDEX notifications_due ON notifications (channel, next_attempt_at) WHERE status = 'pending';

-- A person's alerts: notifications whose channel is the inbox.
CREATE TABLE inbox (
    user_id         uuid   NOT NULL,
    notification_id uuid   NOT NULL,
    product_id      uuid   NOT NULL,
    tracking_id     uuid   NOT NULL,
    event_id        uuid   NOT NULL,
    alerted         text   NOT NULL,
    status          text   NOT NULL,
    attempts        bigint NOT NULL,
    next_attempt_at bigint NOT NULL,
    last_error      text,
    created_at      bigint NOT NULL,
    sent_at         bigint,
    read_at         bigint,
    PRIMARY KEY (user_id, notification_id)
);
CREATE INDEX inbox_of_user ON inbox (user_id, created_at, notification_id) INCLUDE (read_at);
