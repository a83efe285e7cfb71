CASE $5 WHEN 'name' THEN w.search_text END,
-- Amounts of different currencies have no order: each currency by itself. Those without a price come last.
CASE WHEN $5 = 'price' THEN w.price_minor IS NULL END,
CASE WHEN $5 = 'price' THEN w.price_currency END,
CASE WHEN $5 = 'price' THEN w.price_minor END,
CASE WHEN $5 = 'drop' THEN coalesce(w.fell_by, 0) END DESC,
w.created_at DESC, w.tracking_id
