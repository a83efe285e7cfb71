-- For open pages (what changed of late) and for the page of falls.
CREATE INDEX price_events_recent ON price_events (at);
-- The same thing in several shops.
CREATE INDEX products_by_gtin ON products (gtin) WHERE gtin IS NOT NULL;
-- What fails now. A product that is read well is not in it, so a usual check does not touch it.
CREATE INDEX products_failing ON products (last_attempt_at) WHERE failures > 0;

-- Links by which anybody may look at a product's history. Their keys begin with the product, as everything about it.
CREATE TABLE shares (
    product_id uuid   NOT NULL,
    user_id    uuid   NOT NULL,
    token      text   NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (product_id, user_id)
);
