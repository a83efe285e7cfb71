-- What is sent or given up stays so.
WITH ended AS MATERIALIZED (
    SELECT unhex(value ->> 0) AS product_id, unhex(value ->> 1) AS notification_id, value ->> 2 AS status,
           value ->> 3 AS error, value ->> 4 AS retry_at
    FROM json_each($1)
)
UPDATE notifications SET
    status = ended.status,
    last_error = ended.error,
    next_attempt_at = coalesce(ended.retry_at, next_attempt_at),
    sent_at = iif(ended.status = 'sent', $2, sent_at)
FROM ended
WHERE notifications.product_id = ended.product_id
  AND notifications.notification_id = ended.notification_id
  AND notifications.status = 'pending'
