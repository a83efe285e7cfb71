-- As for SQLite, but as arrays, one a column: to hand over 43,800 rows one by one is most of the time of reading them.
SELECT array_agg(run_from), array_agg(last_seen), array_agg(checks), array_agg(price_minor), array_agg(price_currency),
       array_agg(availability)
FROM (
    SELECT r.run_from,
           CASE WHEN r.run_from = p.run_from THEN coalesce(p.last_ok_at, r.last_seen) ELSE r.last_seen END AS last_seen,
           CASE WHEN r.run_from = p.run_from THEN p.run_checks ELSE r.checks END AS checks,
           r.price_minor, r.price_currency, r.availability
    FROM products p JOIN price_runs r ON r.product_id = p.product_id
    WHERE p.product_id = $1
      AND r.run_from >= coalesce((SELECT max(f.run_from) FROM price_runs f WHERE f.product_id = $1 AND f.run_from <= $2), $2)
      AND r.run_from <= $3
    ORDER BY r.run_from
) AS runs
