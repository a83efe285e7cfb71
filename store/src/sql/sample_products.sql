p.trackers > 0 AND p.product_id >= $1
ORDER BY p.product_id
LIMIT $2
