-- Most trackings watch for none: the index holds those below its end only, and is used where the statement says so too.
t.product_id = $1 AND (t.watch_fall, t.tracking_id) > ($2, $3) AND t.watch_fall <= $5 AND t.watch_fall < 4294967295
ORDER BY t.watch_fall, t.tracking_id
LIMIT $4
