-- Those that are still as they were read; the revision says so.
UPDATE trackings SET
    target_amount = news.target_amount,
    target_currency = news.target_currency,
    target_minor = news.target_minor,
    drop_basis_points = news.drop_basis_points,
    channels = news.channels,
    active = news.active,
    reference_minor = news.reference_minor,
    reference_currency = news.reference_currency,
    told_minor = news.told_minor,
    told_currency = news.told_currency,
    told_at = news.told_at,
    revisit_at = news.revisit_at,
    revision = trackings.revision + 1,
    updated_at = news.updated_at,
    watch_below = news.watch_below,
    watch_above = news.watch_above,
    watch_fall = news.watch_fall
FROM news
WHERE trackings.product_id = news.product_id
  AND trackings.tracking_id = news.tracking_id
  AND trackings.revision = news.revision
RETURNING trackings.tracking_id
