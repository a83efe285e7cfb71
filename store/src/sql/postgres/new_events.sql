WITH events AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[],
                         $9::text[], $10::text[])
        AS events (product_id, event_id, at, old_minor, old_currency, new_minor, new_currency, old_availability,
                   new_availability, fan_out_cursor)
)
