SELECT product_id, notification_id FROM notifications
WHERE status = 'pending' AND channel = $1 AND next_attempt_at <= $2
ORDER BY next_attempt_at
LIMIT $3
