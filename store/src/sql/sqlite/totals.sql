SELECT (SELECT count(*) FROM products) AS products,
       (SELECT count(*) FROM price_runs) AS price_runs,
       (SELECT count(*) FROM trackings) AS trackings,
       (SELECT count(*) FROM price_events) AS events,
       (SELECT count(*) FROM price_events WHERE fan_out_cursor IS NOT NULL) AS pending_events,
       (SELECT count(*) FROM notifications) AS notifications,
       (SELECT count(*) FROM notifications WHERE status = 'pending') AS pending_notifications,
       (SELECT count(*) FROM products WHERE trackers > 0 AND next_check_at <= $1) AS due
