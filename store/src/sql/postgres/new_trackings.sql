WITH news AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[],
                         $9::boolean[], $10::bigint[], $11::text[], $12::bigint[], $13::text[], $14::bigint[], $15::bigint[],
                         $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])
        AS news (product_id, tracking_id, user_id, target_amount, target_currency, target_minor, drop_basis_points, channels,
                 active, reference_minor, reference_currency, told_minor, told_currency, told_at, revisit_at, revision,
                 created_at, updated_at, watch_below, watch_above, watch_fall)
)
