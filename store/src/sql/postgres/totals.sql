SELECT (SELECT count(*) FROM price_events WHERE fan_out_cursor IS NOT NULL) AS pending_events,
       (SELECT count(*) FROM notifications WHERE status = 'pending') AS pending_notifications,
       (SELECT count(*) FROM products WHERE trackers > 0 AND next_check_at <= $1) AS due
