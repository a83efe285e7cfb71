-- Rows that another claimer is taking are passed over, not waited for. The due time moves with the lease: otherwise every claim
-- would walk over the leased ones again.
WITH due AS MATERIALIZED (
    SELECT product_id, platform, host, next_check_at FROM products
    WHERE trackers > 0 AND next_check_at <= $1
    ORDER BY next_check_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
),
leased AS (
    UPDATE products SET next_check_at = $3, leased_until = $3
    WHERE product_id = ANY(ARRAY(SELECT product_id FROM due))
)
SELECT product_id, platform, host FROM due ORDER BY next_check_at
