-- One statement where SQLite has four (recordable_checks, begin_runs, point_to_events and this), because every UPDATE is a new row
-- version here. The WHERE is what refuses a stale record: a second recorder waits for the first one's row, looks at it again,
-- and finds another revision.
WITH checked AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::boolean[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                         $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[])
        AS checked (product_id, revision, at, ok, outcome, detail, failures, suspect, list_minor, list_currency, etag,
                    last_modified, next_check_at)
),
runs AS MATERIALIZED (
    SELECT * FROM unnest($14::uuid[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::text[])
        AS runs (product_id, at, minor, currency, availability, recent)
),
told AS MATERIALIZED (
    SELECT * FROM unnest($20::uuid[], $21::uuid[]) AS told (product_id, event_id)
)
UPDATE products SET
    revision = products.revision + 1,
    last_attempt_at = checked.at,
    last_outcome = checked.outcome,
    last_detail = checked.detail,
    failures = checked.failures,
    suspect = checked.suspect,
    last_ok_at = CASE WHEN checked.ok THEN checked.at ELSE products.last_ok_at END,
    run_checks = CASE WHEN runs.product_id IS NULL THEN products.run_checks ELSE 0 END + CASE WHEN checked.ok THEN 1 ELSE 0 END,
    list_minor = CASE WHEN checked.ok THEN checked.list_minor ELSE products.list_minor END,
    list_currency = CASE WHEN checked.ok THEN checked.list_currency ELSE products.list_currency END,
    etag = checked.etag,
    last_modified = checked.last_modified,
    next_check_at = checked.next_check_at,
    leased_until = NULL,
    -- The price before is that of the last run with another price: a change of stock alone does not move it.
    previous_minor = CASE
        WHEN runs.product_id IS NULL OR products.price_minor IS NULL
            OR (products.price_minor IS NOT DISTINCT FROM runs.minor AND products.price_currency IS NOT DISTINCT FROM runs.currency)
            THEN products.previous_minor
        ELSE products.price_minor
    END,
    previous_currency = CASE
        WHEN runs.product_id IS NULL OR products.price_minor IS NULL
            OR (products.price_minor IS NOT DISTINCT FROM runs.minor AND products.price_currency IS NOT DISTINCT FROM runs.currency)
            THEN products.previous_currency
        ELSE products.price_currency
    END,
    price_minor = CASE WHEN runs.product_id IS NULL THEN products.price_minor ELSE runs.minor END,
    price_currency = CASE WHEN runs.product_id IS NULL THEN products.price_currency ELSE runs.currency END,
    availability = coalesce(runs.availability, products.availability),
    recent = coalesce(runs.recent, products.recent),
    run_from = coalesce(runs.at, products.run_from),
    last_event_id = coalesce(told.event_id, products.last_event_id)
FROM checked
LEFT JOIN runs ON runs.product_id = checked.product_id
LEFT JOIN told ON told.product_id = checked.product_id
WHERE products.product_id = checked.product_id
  AND products.revision = checked.revision
  AND (products.last_attempt_at IS NULL OR products.last_attempt_at < checked.at)
RETURNING products.product_id
