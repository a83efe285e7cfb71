t.product_id = $1 AND (t.watch_below, t.tracking_id) > ($2, $3)
ORDER BY t.watch_below, t.tracking_id
LIMIT $4
