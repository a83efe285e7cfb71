-- Those that are still as they were read; the revision says so.
WITH news AS MATERIALIZED (
    SELECT unhex(value ->> 'product_id') AS product_id, unhex(value ->> 'tracking_id') AS tracking_id, value
    FROM json_each($1)
)
UPDATE trackings SET
    target_amount = news.value ->> 'target_amount',
    target_currency = news.value ->> 'target_currency',
    target_minor = news.value ->> 'target_minor',
    drop_basis_points = news.value ->> 'drop_basis_points',
    channels = news.value ->> 'channels',
    active = news.value ->> 'active',
    reference_minor = news.value ->> 'reference_minor',
    reference_currency = news.value ->> 'reference_currency',
    told_minor = news.value ->> 'told_minor',
    told_currency = news.value ->> 'told_currency',
    told_at = news.value ->> 'told_at',
    revisit_at = news.value ->> 'revisit_at',
    revision = revision + 1,
    updated_at = news.value ->> 'updated_at',
    watch_below = news.value ->> 'watch_below',
    watch_above = news.value ->> 'watch_above',
    watch_fall = news.value ->> 'watch_fall'
FROM news
WHERE trackings.product_id = news.product_id
  AND trackings.tracking_id = news.tracking_id
  AND trackings.revision = news.value ->> 'revision'
RETURNING trackings.tracking_id
