INSERT INTO price_runs (product_id, run_from, last_seen, checks, price_minor, price_currency, availability)
SELECT product_id, at, at, 1, minor, currency, availability FROM runs
