-- What search looks in and lists are sorted by: ' ', the name in lower case and ' \n', then the URL in lower case. Not in the
-- product's row: that is written by every check.
CREATE TABLE product_texts (
    text_id     INTEGER NOT NULL PRIMARY KEY,
    product_id  BLOB    NOT NULL UNIQUE REFERENCES products ON DELETE CASCADE,
    platform    TEXT    NOT NULL,
    search_text TEXT    NOT NULL
) STRICT;
INSERT INTO product_texts (product_id, platform, search_text)
SELECT product_id, platform, ' ' || replace(search_text, char(10), ' ' || char(10)) FROM products;
ALTER TABLE products DROP COLUMN search_text;
CREATE INDEX product_texts_order ON product_texts (substr(search_text, 1, 200), product_id);

-- Three letters at a time, so that it finds what stands inside of words too. `detail = none`: which rows have a trigram is all
-- that is asked of it.
CREATE VIRTUAL TABLE product_search USING fts5 (
    search_text, content = 'product_texts', content_rowid = 'text_id', tokenize = 'trigram', detail = none
);
INSERT INTO product_search (product_search) VALUES ('rebuild');
CREATE TRIGGER product_texts_added AFTER INSERT ON product_texts BEGIN
    INSERT INTO product_search (rowid, search_text) VALUES (new.text_id, new.search_text);
END;
CREATE TRIGGER product_texts_changed AFTER UPDATE OF search_text ON product_texts BEGIN
    INSERT INTO product_search (product_search, rowid, search_text) VALUES ('delete', old.text_id, old.search_text);
    INSERT INTO product_search (rowid, search_text) VALUES (new.text_id, new.search_text);
END;
CREATE TRIGGER product_texts_removed AFTER DELETE ON product_texts BEGIN
    INSERT INTO product_search (product_search, rowid, search_text) VALUES ('delete', old.text_id, old.search_text);
END;

-- Most trackings watch for no rise and for no fall: these hold the others.
DROP INDEX trackings_above;
DROP INDEX trackings_fall;
CREATE INDEX trackings_above ON trackings (product_id, watch_above, tracking_id) WHERE watch_above < 9223372036854775807;
CREATE INDEX trackings_fall ON trackings (product_id, watch_fall, tracking_id) WHERE watch_fall < 4294967295;
