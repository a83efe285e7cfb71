WITH held AS MATERIALIZED (
    SELECT unhex(value ->> 0) AS product_id, unhex(value ->> 1) AS notification_id, value ->> 2 AS until, value ->> 3 AS reason
    FROM json_each($1)
)
UPDATE notifications SET attempts = max(attempts - 1, 0), next_attempt_at = held.until, last_error = held.reason
FROM held
WHERE notifications.product_id = held.product_id
  AND notifications.notification_id = held.notification_id
  AND notifications.status = 'pending'
