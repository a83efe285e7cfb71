e.product_id = $1 AND e.event_id = $2
-- Events of a product are looked at in their order: an old price must not be told after a newer one was looked at.
AND NOT EXISTS (
    SELECT 1 FROM price_events earlier
    WHERE earlier.product_id = $1 AND earlier.fan_out_cursor IS NOT NULL AND earlier.at < e.at
)
