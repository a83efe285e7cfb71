-- On Citus, as take_products.sql. What is given is as it is after the lease.
UPDATE notifications AS n SET attempts = n.attempts + 1, next_attempt_at = $4
FROM unnest($1::uuid[], $2::uuid[]) AS due (product_id, notification_id)
WHERE n.product_id = due.product_id AND n.notification_id = due.notification_id
  AND n.status = 'pending' AND n.next_attempt_at <= $3
RETURNING
