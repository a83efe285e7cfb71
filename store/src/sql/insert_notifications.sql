INSERT INTO notifications (product_id, notification_id, tracking_id, event_id, user_id, channel, alerted, status, attempts,
                           next_attempt_at, last_error, created_at, sent_at, read_at)
SELECT product_id, notification_id, tracking_id, event_id, user_id, channel, alerted, status, attempts, next_attempt_at,
       last_error, created_at, sent_at, read_at
FROM told
WHERE true
ON CONFLICT DO NOTHING
