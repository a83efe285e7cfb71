UPDATE notifications SET attempts = greatest(notifications.attempts - 1, 0), next_attempt_at = held.until, last_error = held.reason
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) AS held (product_id, notification_id, until, reason)
WHERE notifications.product_id = held.product_id
  AND notifications.notification_id = held.notification_id
  AND notifications.status = 'pending'
