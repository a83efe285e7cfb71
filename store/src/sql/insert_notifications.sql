INSERT INTO notifications (product_id, notification_id, tracking_id, event_id, user_id, channel, alerted, status, attempts,
                           next_attempt_at, last_error, created_at, sent_at, read_at)
SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3), unhex(value ->> 4), value ->> 5,
       value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13
FROM json_each($1)
WHERE true
ON CONFLICT DO NOTHING
