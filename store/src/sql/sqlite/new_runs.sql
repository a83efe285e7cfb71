WITH runs AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, value ->> 1 AS at, value ->> 2 AS minor, value ->> 3 AS currency,
           value ->> 4 AS availability, value ->> 5 AS recent
    FROM json_each($1)
)
