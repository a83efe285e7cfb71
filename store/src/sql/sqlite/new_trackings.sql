WITH news AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, unhex(value ->> 1, '-') AS tracking_id, unhex(value ->> 2, '-') AS user_id,
           value ->> 3 AS target_amount, value ->> 4 AS target_currency, value ->> 5 AS target_minor,
           value ->> 6 AS drop_basis_points, value ->> 7 AS channels, value ->> 8 AS active, value ->> 9 AS reference_minor,
           value ->> 10 AS reference_currency, value ->> 11 AS told_minor, value ->> 12 AS told_currency,
           value ->> 13 AS told_at, value ->> 14 AS revisit_at, value ->> 15 AS revision, value ->> 16 AS created_at,
           value ->> 17 AS updated_at, value ->> 18 AS watch_below, value ->> 19 AS watch_above, value ->> 20 AS watch_fall
    FROM json_each($1)
)
