SELECT product_id, event_id FROM price_events
WHERE fan_out_cursor IS NOT NULL
ORDER BY at, product_id, event_id
LIMIT $1
