-- Those that were decided from what is there, and are newer than it.
SELECT p.product_id
FROM json_each($1) AS checked JOIN products p ON p.product_id = unhex(checked.value ->> 0, '-')
WHERE p.revision = checked.value ->> 1
  AND (p.last_attempt_at IS NULL OR p.last_attempt_at < checked.value ->> 2)
