(SELECT x.watch_below FROM trackings x WHERE x.product_id = p.product_id AND x.watch_below < p.price_minor
 ORDER BY x.watch_below DESC LIMIT 1) AS nearest_target
