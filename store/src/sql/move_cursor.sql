UPDATE price_events SET fan_out_cursor = $4 WHERE product_id = $1 AND event_id = $2 AND fan_out_cursor = $3
