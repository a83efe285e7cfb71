INSERT INTO price_runs (product_id, run_from, last_seen, checks, price_minor, price_currency, availability)
SELECT unhex(value ->> 'product_id'), value ->> 'at', value ->> 'at', 1, value ->> 'minor', value ->> 'currency',
       value ->> 'availability'
FROM json_each($1)
