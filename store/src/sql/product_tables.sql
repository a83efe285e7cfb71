products p LEFT JOIN price_events e ON e.product_id = p.product_id AND e.event_id = p.last_event_id
