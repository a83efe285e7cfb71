INSERT INTO evidence (product_id, at, outcome, evidence)
SELECT unhex(value ->> 'product_id'), value ->> 'at', value ->> 'outcome', value ->> 'evidence'
FROM json_each($1)
WHERE true
ON CONFLICT (product_id) DO UPDATE SET at = excluded.at, outcome = excluded.outcome, evidence = excluded.evidence
