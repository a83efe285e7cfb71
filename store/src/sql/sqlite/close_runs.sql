-- The open run lives in the product's row; only now that it ends does its own row learn how long it was seen.
UPDATE price_runs SET last_seen = coalesce(p.last_ok_at, price_runs.last_seen), checks = p.run_checks
FROM runs JOIN products p ON p.product_id = runs.product_id
WHERE price_runs.product_id = p.product_id AND price_runs.run_from = p.run_from
