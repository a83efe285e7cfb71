UPDATE products SET last_event_id = events.event_id
FROM events
WHERE products.product_id = events.product_id
