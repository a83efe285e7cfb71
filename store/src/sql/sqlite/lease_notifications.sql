UPDATE notifications SET attempts = attempts + 1, next_attempt_at = $2
FROM json_each($1) AS claimed
WHERE notifications.product_id = unhex(claimed.value ->> 0, '-') AND notifications.notification_id = unhex(claimed.value ->> 1, '-')
