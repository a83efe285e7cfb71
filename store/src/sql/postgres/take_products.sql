-- On Citus, where a scan of all shards cannot lock: of those found due, the ones that nobody took meanwhile.
UPDATE products SET next_check_at = $3, leased_until = $3
WHERE product_id = ANY($1) AND trackers > 0 AND next_check_at <= $2
RETURNING product_id
