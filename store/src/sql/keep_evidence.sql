INSERT INTO evidence (product_id, at, outcome, evidence)
SELECT product_id, at, outcome, evidence FROM kept
WHERE true
ON CONFLICT (product_id) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, evidence = excluded.evidence
