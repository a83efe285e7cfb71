WITH news AS MATERIALIZED (
    SELECT unhex(value ->> 'product_id') AS product_id, value ->> 'at' AS at, value ->> 'minor' AS minor,
           value ->> 'currency' AS currency, value ->> 'availability' AS availability, value ->> 'recent' AS recent
    FROM json_each($1)
)
UPDATE products SET
    -- The price before is that of the last run with another price: a change of stock alone does not move it.
    previous_minor = iif(price_minor IS NULL OR (price_minor IS news.minor AND price_currency IS news.currency),
                         previous_minor, price_minor),
    previous_currency = iif(price_minor IS NULL OR (price_minor IS news.minor AND price_currency IS news.currency),
                            previous_currency, price_currency),
    price_minor = news.minor,
    price_currency = news.currency,
    availability = news.availability,
    recent = news.recent,
    run_from = news.at,
    -- The check itself is counted with all the others.
    run_checks = 0
FROM news
WHERE products.product_id = news.product_id
