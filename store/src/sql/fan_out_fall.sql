t.product_id = $1 AND (t.watch_fall, t.tracking_id) > ($2, $3) AND t.watch_fall <= $5
ORDER BY t.watch_fall, t.tracking_id
LIMIT $4
