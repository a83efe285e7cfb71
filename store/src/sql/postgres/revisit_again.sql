-- They changed while they were decided: due at once.
UPDATE trackings SET revisit_at = 0
FROM unnest($1::uuid[], $2::uuid[]) AS changed (product_id, tracking_id)
WHERE trackings.product_id = changed.product_id AND trackings.tracking_id = changed.tracking_id
