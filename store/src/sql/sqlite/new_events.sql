WITH events AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, unhex(value ->> 1, '-') AS event_id, value ->> 2 AS at,
           value ->> 3 AS old_minor, value ->> 4 AS old_currency, value ->> 5 AS new_minor, value ->> 6 AS new_currency,
           value ->> 7 AS old_availability, value ->> 8 AS new_availability, value ->> 9 AS fan_out_cursor
    FROM json_each($1)
)
