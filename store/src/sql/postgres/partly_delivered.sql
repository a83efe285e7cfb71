SELECT d.product_id, d.notification_id, d.channel_id
FROM unnest($1::uuid[], $2::uuid[]) AS asked (product_id, notification_id)
JOIN partly_delivered d ON d.product_id = asked.product_id AND d.notification_id = asked.notification_id
