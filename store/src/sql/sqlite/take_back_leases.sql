-- What was leased is due since its last attempt: before everything that was not begun.
UPDATE products SET next_check_at = coalesce(last_attempt_at, created_at), leased_until = NULL
WHERE leased_until IS NOT NULL
