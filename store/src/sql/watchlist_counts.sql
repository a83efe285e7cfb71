SELECT count(*) AS total, sum(at_target) AS at_target, sum(fell) AS fell, sum(out_of_stock) AS out_of_stock,
       sum(needs_me) AS needs_me, sum(paused) AS paused
FROM watchlist
