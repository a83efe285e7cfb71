-- A person's trackings with what the filters ask about: one predicate each, for the list and for its count.
-- A price is fresh if no attempt was made later than $2 after it was read. $3 are the stock states in which nothing can be bought.
WITH seen AS (
    SELECT t.product_id, t.tracking_id, t.created_at, t.active, t.target_minor, t.target_currency,
           x.search_text, p.price_minor, p.price_currency, p.previous_minor, p.last_outcome,
           p.availability IN (SELECT value FROM json_each($3)) AS is_out_of_stock,
           p.price_minor IS NOT NULL AND coalesce(p.last_attempt_at - p.last_ok_at <= $2, false) AS is_fresh,
           CASE WHEN p.previous_currency = p.price_currency AND p.price_minor < p.previous_minor
               THEN (CAST(p.previous_minor AS REAL) - p.price_minor) / p.previous_minor END AS fell_by
    FROM trackings t
    JOIN products p ON p.product_id = t.product_id
    JOIN product_texts x ON x.product_id = t.product_id
    WHERE t.user_id = $1
),
