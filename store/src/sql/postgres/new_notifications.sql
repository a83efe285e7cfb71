WITH told AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                         $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[])
        AS told (product_id, notification_id, tracking_id, event_id, user_id, channel, alerted, status, attempts,
                 next_attempt_at, last_error, created_at, sent_at, read_at)
)
