-- A person's trackings with what the filters ask about: one predicate each, for the list and for its count.
-- A price is fresh if no attempt was made later than $2 after it was read. $3 are the stock states in which nothing can be bought.
WITH seen AS (
    SELECT t.product_id, t.tracking_id, t.created_at, t.active, t.target_minor, t.target_currency,
           p.search_text, p.price_minor, p.price_currency, p.previous_minor, p.last_outcome,
           p.availability IN (SELECT value FROM json_each($3)) AS is_out_of_stock,
           p.price_minor IS NOT NULL AND coalesce(p.last_attempt_at - p.last_ok_at <= $2, 0) AS is_fresh,
           iif(p.previous_currency = p.price_currency AND p.price_minor < p.previous_minor,
               CAST(p.previous_minor - p.price_minor AS REAL) / p.previous_minor, NULL) AS fell_by
    FROM trackings t JOIN products p ON p.product_id = t.product_id
    WHERE t.user_id = $1
),
watchlist AS (
    SELECT *,
           coalesce(is_fresh AND NOT is_out_of_stock AND target_currency = price_currency AND price_minor <= target_minor, 0)
               AS at_target,
           fell_by IS NOT NULL AND is_fresh AND NOT is_out_of_stock AS fell,
           is_out_of_stock AS out_of_stock,
           coalesce(last_outcome NOT IN ('offer', 'out_of_stock'), 0) AS needs_me,
           NOT active AS paused
    FROM seen
)
