-- The first active tracking makes the product due; while it is leased a worker has it already.
UPDATE products SET
    trackers = trackers + $2,
    next_check_at = CASE
        WHEN trackers = 0 AND $2 > 0 AND (leased_until IS NULL OR leased_until <= $3) AND next_check_at > $3 THEN $3
        ELSE next_check_at
    END
WHERE product_id = $1
