-- Before the product's row is locked. Should somebody record the product in between, what this wrote was true of an open run,
-- whose row nobody reads, and the other's values are the greater ones: a run's time and count only grow.
UPDATE price_runs SET last_seen = greatest(price_runs.last_seen, p.last_ok_at), checks = greatest(price_runs.checks, p.run_checks)
FROM unnest($1::uuid[], $2::bigint[]) AS ended (product_id, revision)
JOIN products p ON p.product_id = ended.product_id AND p.revision = ended.revision
WHERE price_runs.product_id = p.product_id AND price_runs.run_from = p.run_from
