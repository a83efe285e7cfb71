-- A notification that was removed meanwhile is left out.
INSERT INTO partly_delivered (product_id, notification_id, channel_id)
SELECT n.product_id, n.notification_id, unhex(done.value ->> 2)
FROM json_each($1) AS done CROSS JOIN notifications n
WHERE n.product_id = unhex(done.value ->> 0) AND n.notification_id = unhex(done.value ->> 1)
ON CONFLICT DO NOTHING
