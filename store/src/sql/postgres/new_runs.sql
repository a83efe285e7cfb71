WITH runs AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
        AS runs (product_id, at, minor, currency, availability, recent)
)
