-- What search looks in and lists are sorted by: ' ', the name in lower case and ' \n', then the URL in lower case. Not in the
-- product's row: that is written anew by every check, and with it would be these indexes.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE product_texts (
    product_id    uuid NOT NULL PRIMARY KEY REFERENCES products (product_id) ON DELETE CASCADE,
    platform      text NOT NULL,
    -- Compared byte by byte, as on SQLite.
    search_text   text COLLATE "C" NOT NULL,
    search_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED
);
CREATE INDEX product_texts_words ON product_texts USING gin (search_vector);
CREATE INDEX product_texts_inside ON product_texts USING gin (search_text gin_trgm_ops);
-- Its beginning: an index entry has an end.
CREATE INDEX product_texts_order ON product_texts (left(search_text, 200), product_id);
