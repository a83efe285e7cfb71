-- A person's alerts live with the person: the same rows as other notifications, but keyed by user_id.
INSERT INTO inbox (user_id, notification_id, product_id, tracking_id, event_id, alerted, status, attempts, next_attempt_at,
                   last_error, created_at, sent_at, read_at)
SELECT user_id, notification_id, product_id, tracking_id, event_id, alerted, status, attempts, next_attempt_at, last_error,
       created_at, sent_at, read_at
FROM told
ON CONFLICT DO NOTHING
