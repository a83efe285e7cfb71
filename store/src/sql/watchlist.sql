watchlist AS (
    SELECT *,
           coalesce(is_fresh AND NOT is_out_of_stock AND target_currency = price_currency AND price_minor <= target_minor, false)
               AS at_target,
           fell_by IS NOT NULL AND is_fresh AND NOT is_out_of_stock AS fell,
           is_out_of_stock AS out_of_stock,
           coalesce(last_outcome NOT IN ('offer', 'out_of_stock'), false) AS needs_me,
           NOT active AS paused
    FROM seen
)
