-- One way to one person: an address, a subscription, a webhook.
CREATE TABLE user_channels (
    user_id         BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    channel_id      BLOB    NOT NULL CHECK (length(channel_id) = 16),
    channel         TEXT    NOT NULL,
    label           TEXT    NOT NULL,
    -- Sealed: whoever has this file alone cannot read them.
    settings        BLOB    NOT NULL,
    hint            TEXT    NOT NULL,
    enabled         INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    verified_at     INTEGER,
    last_error      TEXT,
    created_at      INTEGER NOT NULL,
    -- The hash of the code that was sent, while it counts.
    code_hash       BLOB CHECK (length(code_hash) = 32),
    code_expires_at INTEGER,
    code_tries_left INTEGER,
    PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_preferences (
    user_id     BLOB NOT NULL PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    preferences TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of a notification that goes several ways: which have it, while others do not.
CREATE TABLE partly_delivered (
    product_id      BLOB NOT NULL,
    notification_id BLOB NOT NULL,
    channel_id      BLOB NOT NULL,
    PRIMARY KEY (product_id, notification_id, channel_id),
    FOREIGN KEY (product_id, notification_id) REFERENCES notifications ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
