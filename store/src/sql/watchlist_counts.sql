SELECT count(*) AS total, count(*) FILTER (WHERE at_target) AS at_target, count(*) FILTER (WHERE fell) AS fell,
       count(*) FILTER (WHERE out_of_stock) AS out_of_stock, count(*) FILTER (WHERE needs_me) AS needs_me,
       count(*) FILTER (WHERE paused) AS paused
FROM watchlist
