CREATE TABLE proxies (
    proxy_id    BLOB    NOT NULL PRIMARY KEY CHECK (length(proxy_id) = 16),
    name        TEXT    NOT NULL,
    scheme      TEXT    NOT NULL,
    address     TEXT    NOT NULL UNIQUE,
    -- Sealed: whoever has this file alone cannot read them.
    credentials BLOB,
    enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
