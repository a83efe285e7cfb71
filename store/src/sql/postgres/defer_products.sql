UPDATE products SET next_check_at = deferred.at, leased_until = NULL
FROM unnest($1::uuid[], $2::bigint[]) AS deferred (product_id, at)
WHERE products.product_id = deferred.product_id AND products.leased_until IS NOT NULL
