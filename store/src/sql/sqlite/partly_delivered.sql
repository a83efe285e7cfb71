SELECT d.product_id, d.notification_id, d.channel_id
FROM json_each($1) AS asked CROSS JOIN partly_delivered d
WHERE d.product_id = unhex(asked.value ->> 0) AND d.notification_id = unhex(asked.value ->> 1)
