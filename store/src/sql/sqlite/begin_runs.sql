UPDATE products SET
    -- The price before is that of the last run with another price: a change of stock alone does not move it.
    previous_minor = iif(price_minor IS NULL OR (price_minor IS runs.minor AND price_currency IS runs.currency),
                         previous_minor, price_minor),
    previous_currency = iif(price_minor IS NULL OR (price_minor IS runs.minor AND price_currency IS runs.currency),
                            previous_currency, price_currency),
    price_minor = runs.minor,
    price_currency = runs.currency,
    availability = runs.availability,
    recent = runs.recent,
    run_from = runs.at,
    -- The check itself is counted with all the others.
    run_checks = 0
FROM runs
WHERE products.product_id = runs.product_id
