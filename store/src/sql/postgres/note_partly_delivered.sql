-- A notification that was removed meanwhile is left out.
INSERT INTO partly_delivered (product_id, notification_id, channel_id)
SELECT n.product_id, n.notification_id, done.channel_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS done (product_id, notification_id, channel_id)
JOIN notifications n ON n.product_id = done.product_id AND n.notification_id = done.notification_id
ON CONFLICT DO NOTHING
