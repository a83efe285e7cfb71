n.product_id, n.notification_id, n.tracking_id, n.event_id, n.user_id, 'inbox' AS channel, n.alerted, n.status, n.attempts,
n.next_attempt_at, n.last_error, n.created_at AS notification_created_at, n.sent_at, n.read_at
