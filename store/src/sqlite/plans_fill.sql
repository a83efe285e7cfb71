-- A mixture large enough for statistics: 2,000 products, one of them tracked by everybody.
INSERT INTO users (user_id, email, role, locale, time_zone, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT randomblob(16), i || '@example.org', 'user', 'en', 'UTC', i FROM n;
INSERT INTO products (product_id, platform, external_id, url, host, created_at, next_check_at, trackers, run_from)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
SELECT randomblob(16), 'generic', i, 'https://shop.example/' || i, 'shop.example', 0, i, i % 2, 5 FROM n;
INSERT INTO product_texts (product_id, platform, search_text) SELECT product_id, platform, external_id FROM products;
INSERT INTO price_runs
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
SELECT product_id, i, i, 1, 100 * i, 'EUR', 'in_stock' FROM products, n;
INSERT INTO price_events
SELECT product_id, randomblob(16), run_from, NULL, NULL, price_minor, 'EUR', 'unknown', 'in_stock',
       iif(run_from = 5 AND random() % 20 = 0, 'below:1:', NULL)
FROM price_runs;
UPDATE products SET last_event_id = (SELECT event_id FROM price_events e WHERE e.product_id = products.product_id LIMIT 1);
INSERT INTO trackings
SELECT p.product_id, randomblob(16), u.user_id, '1', 'EUR', 100, NULL, 'email', 1, NULL, NULL, NULL, NULL, NULL,
       iif(random() % 50 = 0, 7, NULL), 0, 0, 0, abs(random() % 1000), 9223372036854775807, 4294967295
FROM products p, users u WHERE p.rowid = 1 OR random() % 200 = 0;
INSERT INTO notifications
SELECT t.product_id, randomblob(16), t.tracking_id, randomblob(16), t.user_id, iif(random() % 2, 'email', 'inbox'), '{}',
       iif(random() % 30, 'sent', 'pending'), 0, abs(random() % 1000), NULL, 0, NULL, NULL
FROM trackings t;
