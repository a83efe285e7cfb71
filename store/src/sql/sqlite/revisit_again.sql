-- They changed while they were decided: due at once.
UPDATE trackings SET revisit_at = 0
FROM json_each($1) AS changed
WHERE trackings.product_id = unhex(changed.value ->> 0, '-') AND trackings.tracking_id = unhex(changed.value ->> 1, '-')
