-- As price_runs.sql, for many products, from the later of the run in force at the window's start and the $3-th newest run.
SELECT wanted.position, r.run_from,
       CASE WHEN r.run_from = p.run_from THEN coalesce(p.last_ok_at, r.last_seen) ELSE r.last_seen END AS last_seen,
       CASE WHEN r.run_from = p.run_from THEN p.run_checks ELSE r.checks END AS checks,
       r.price_minor, r.price_currency, r.availability
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (product_id, position)
JOIN products p ON p.product_id = wanted.product_id
JOIN price_runs r ON r.product_id = wanted.product_id
WHERE r.run_from >= greatest(
    coalesce((SELECT max(f.run_from) FROM price_runs f WHERE f.product_id = p.product_id AND f.run_from <= $2), $2),
    (SELECT n.run_from FROM price_runs n WHERE n.product_id = p.product_id ORDER BY n.run_from DESC OFFSET $3 - 1 LIMIT 1)
)
ORDER BY wanted.position, r.run_from
