SELECT (SELECT count(*) FROM products) AS products,
       (SELECT count(*) FROM price_runs) AS price_runs,
       (SELECT count(*) FROM trackings) AS trackings,
       (SELECT count(*) FROM price_events) AS events,
       (SELECT count(*) FROM notifications) + (SELECT count(*) FROM inbox) AS notifications
