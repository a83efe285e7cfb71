SELECT product_id, platform, host FROM products
WHERE trackers > 0 AND next_check_at <= $1
ORDER BY next_check_at
LIMIT $2
