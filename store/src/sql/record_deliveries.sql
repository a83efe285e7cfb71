-- What is sent or given up stays so.
UPDATE notifications SET
    status = ended.status,
    last_error = ended.error,
    next_attempt_at = coalesce(ended.retry_at, notifications.next_attempt_at),
    sent_at = coalesce(ended.sent_at, notifications.sent_at)
FROM ended
WHERE notifications.product_id = ended.product_id
  AND notifications.notification_id = ended.notification_id
  AND notifications.status = 'pending'
