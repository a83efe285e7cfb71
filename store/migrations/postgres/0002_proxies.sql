CREATE TABLE proxies (
    proxy_id    uuid    NOT NULL PRIMARY KEY,
    name        text    NOT NULL,
    scheme      text    NOT NULL,
    address     text    NOT NULL UNIQUE,
    -- Sealed: whoever has this database alone cannot read them.
    credentials bytea,
    enabled     boolean NOT NULL,
    created_at  bigint  NOT NULL
);
