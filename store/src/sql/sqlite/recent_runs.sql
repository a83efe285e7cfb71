-- As price_runs.sql, for many products, from the later of the run in force at the window's start and the $3-th newest run.
SELECT wanted.key, r.run_from,
       iif(r.run_from = p.run_from, coalesce(p.last_ok_at, r.last_seen), r.last_seen) AS last_seen,
       iif(r.run_from = p.run_from, p.run_checks, r.checks) AS checks,
       r.price_minor, r.price_currency, r.availability
FROM json_each($1) AS wanted
CROSS JOIN products p ON p.product_id = unhex(wanted.value, '-')
CROSS JOIN price_runs r ON r.product_id = p.product_id
WHERE r.run_from >= max(
    coalesce((SELECT max(run_from) FROM price_runs WHERE product_id = p.product_id AND run_from <= $2), $2),
    coalesce((SELECT run_from FROM price_runs WHERE product_id = p.product_id ORDER BY run_from DESC LIMIT 1 OFFSET $3 - 1), -9223372036854775807)
)
ORDER BY wanted.key, r.run_from
