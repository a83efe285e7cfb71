WITH kept AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS kept (product_id, at, outcome, evidence)
)
