-- One way to one person: an address, a subscription, a webhook.
CREATE TABLE user_channels (
    user_id         uuid    NOT NULL,
    channel_id      uuid    NOT NULL,
    channel         text    NOT NULL,
    label           text    NOT NULL,
    -- Sealed: whoever has this database alone cannot read them.
    settings        bytea   NOT NULL,
    hint            text    NOT NULL,
    enabled         boolean NOT NULL,
    verified_at     bigint,
    last_error      text,
    created_at      bigint  NOT NULL,
    -- The hash of the code that was sent, while it counts.
    code_hash       bytea,
    code_expires_at bigint,
    code_tries_left bigint,
    PRIMARY KEY (user_id, channel_id)
);

CREATE TABLE user_preferences (
    user_id     uuid NOT NULL PRIMARY KEY,
    preferences text NOT NULL
);

-- Of a notification that goes several ways: which have it, while others do not.
CREATE TABLE partly_delivered (
    product_id      uuid NOT NULL,
    notification_id uuid NOT NULL,
    channel_id      uuid NOT NULL,
    PRIMARY KEY (product_id, notification_id, channel_id),
    FOREIGN KEY (product_id, notification_id) REFERENCES notifications (product_id, notification_id) ON DELETE CASCADE
);
