WITH told AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, unhex(value ->> 1, '-') AS notification_id,
           unhex(value ->> 2, '-') AS tracking_id, unhex(value ->> 3, '-') AS event_id, unhex(value ->> 4, '-') AS user_id,
           value ->> 5 AS channel, value ->> 6 AS alerted, value ->> 7 AS status, value ->> 8 AS attempts,
           value ->> 9 AS next_attempt_at, value ->> 10 AS last_error, value ->> 11 AS created_at, value ->> 12 AS sent_at,
           value ->> 13 AS read_at
    FROM json_each($1)
)
