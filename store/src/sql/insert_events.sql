INSERT INTO price_events (product_id, event_id, at, old_minor, old_currency, new_minor, new_currency, old_availability,
                          new_availability, fan_out_cursor)
SELECT unhex(value ->> 'product_id'), unhex(value ->> 'event_id'), value ->> 'at', value ->> 'old_minor',
       value ->> 'old_currency', value ->> 'new_minor', value ->> 'new_currency', value ->> 'old_availability',
       value ->> 'new_availability', value ->> 'cursor'
FROM json_each($1)
WHERE true
ON CONFLICT DO NOTHING
