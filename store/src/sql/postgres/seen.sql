-- As for SQLite, but the person's trackings were looked up before, in what is keyed by the person: $1 and $8.
WITH seen AS (
    SELECT t.product_id, t.tracking_id, t.created_at, t.active, t.target_minor, t.target_currency,
           x.search_text, p.price_minor, p.price_currency, p.previous_minor, p.last_outcome,
           p.availability = ANY($3::text[]) AS is_out_of_stock,
           p.price_minor IS NOT NULL AND coalesce(p.last_attempt_at - p.last_ok_at <= $2, false) AS is_fresh,
           CASE WHEN p.previous_currency = p.price_currency AND p.price_minor < p.previous_minor
               THEN (CAST(p.previous_minor AS double precision) - p.price_minor) / p.previous_minor END AS fell_by
    FROM unnest($1::uuid[], $8::uuid[]) AS wanted (product_id, tracking_id)
    JOIN trackings t ON t.product_id = wanted.product_id AND t.tracking_id = wanted.tracking_id
    JOIN products p ON p.product_id = wanted.product_id
    JOIN product_texts x ON x.product_id = wanted.product_id
),
