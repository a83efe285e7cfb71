-- As claim_products.sql. What is given is as it was before the lease.
WITH due AS MATERIALIZED (
    SELECT * FROM notifications
    WHERE status = 'pending' AND channel = $1 AND next_attempt_at <= $2
    ORDER BY next_attempt_at
    LIMIT $3
    FOR UPDATE SKIP LOCKED
),
leased AS (
    UPDATE notifications SET attempts = notifications.attempts + 1, next_attempt_at = $4
    FROM due
    WHERE notifications.product_id = due.product_id AND notifications.notification_id = due.notification_id
)
