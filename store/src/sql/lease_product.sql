UPDATE products SET next_check_at = $3, leased_until = $3
WHERE product_id = $1 AND (leased_until IS NULL OR leased_until <= $2)
