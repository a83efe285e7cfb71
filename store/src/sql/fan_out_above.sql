-- Most trackings watch for none: the index holds those below its end only, and is used where the statement says so too.
t.product_id = $1 AND (t.watch_above, t.tracking_id) > ($2, $3) AND t.watch_above <= $5 AND t.watch_above < 9223372036854775807
ORDER BY t.watch_above, t.tracking_id
LIMIT $4
