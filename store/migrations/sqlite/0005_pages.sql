-- For open pages (what changed of late) and for the page of falls.
CREATE INDEX price_events_recent ON price_events (at);
-- The same thing in several shops.
CREATE INDEX products_by_gtin ON products (gtin) WHERE gtin IS NOT NULL;
-- What fails now. A product that is read well is not in it, so a usual check does not touch it.
CREATE INDEX products_failing ON products (last_attempt_at) WHERE failures > 0;

-- Links by which anybody may look at a product's history.
CREATE TABLE shares (
    product_id BLOB    NOT NULL REFERENCES products ON DELETE CASCADE,
    user_id    BLOB    NOT NULL REFERENCES users ON DELETE CASCADE,
    token      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (product_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_of_user ON shares (user_id);
