WITH ended AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
        AS ended (product_id, notification_id, status, error, retry_at, sent_at)
)
