WITH kept AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, value ->> 1 AS at, value ->> 2 AS outcome, value ->> 3 AS evidence
    FROM json_each($1)
)
