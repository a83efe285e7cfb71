WITH facts AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, value ->> 1 AS name, value ->> 2 AS name_text, value ->> 3 AS image_url,
           value ->> 4 AS brand, value ->> 5 AS gtin, value ->> 6 AS mpn, value ->> 7 AS seller, value ->> 8 AS condition
    FROM json_each($1)
)
