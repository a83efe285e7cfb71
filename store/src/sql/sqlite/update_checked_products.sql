WITH checked AS MATERIALIZED (
    SELECT unhex(value ->> 0, '-') AS product_id, value ->> 2 AS at, value ->> 3 AS ok, value ->> 4 AS outcome,
           value ->> 5 AS detail, value ->> 6 AS failures, value ->> 7 AS suspect, value ->> 8 AS list_minor,
           value ->> 9 AS list_currency, value ->> 10 AS etag, value ->> 11 AS last_modified, value ->> 12 AS next_check_at
    FROM json_each($1)
)
UPDATE products SET
    revision = revision + 1,
    last_attempt_at = checked.at,
    last_outcome = checked.outcome,
    last_detail = checked.detail,
    failures = checked.failures,
    suspect = checked.suspect,
    last_ok_at = iif(checked.ok, checked.at, last_ok_at),
    run_checks = run_checks + checked.ok,
    list_minor = iif(checked.ok, checked.list_minor, products.list_minor),
    list_currency = iif(checked.ok, checked.list_currency, products.list_currency),
    etag = checked.etag,
    last_modified = checked.last_modified,
    next_check_at = checked.next_check_at,
    leased_until = NULL
FROM checked
WHERE products.product_id = checked.product_id
