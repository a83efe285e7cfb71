-- The due time moves with the lease: otherwise every claim would walk over the leased ones again.
UPDATE products SET next_check_at = $2, leased_until = $2
FROM json_each($1) AS claimed
WHERE products.product_id = unhex(claimed.value, '-')
