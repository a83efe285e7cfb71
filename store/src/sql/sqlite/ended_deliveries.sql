WITH ended AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, unhex(value ->> 1, '-') AS notification_id, value ->> 2 AS status,
           value ->> 3 AS error, value ->> 4 AS retry_at, value ->> 5 AS sent_at
    FROM json_each($1)
)
