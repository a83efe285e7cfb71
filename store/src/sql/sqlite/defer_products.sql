UPDATE products SET next_check_at = deferred.value ->> 1, leased_until = NULL
FROM json_each($1) AS deferred
WHERE products.product_id = unhex(deferred.value ->> 0, '-') AND products.leased_until IS NOT NULL
