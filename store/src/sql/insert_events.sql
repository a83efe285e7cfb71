INSERT INTO price_events (product_id, event_id, at, old_minor, old_currency, new_minor, new_currency, old_availability,
                          new_availability, fan_out_cursor)
SELECT product_id, event_id, at, old_minor, old_currency, new_minor, new_currency, old_availability, new_availability,
       fan_out_cursor
FROM events
WHERE true
ON CONFLICT DO NOTHING
