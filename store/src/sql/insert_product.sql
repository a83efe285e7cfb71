INSERT INTO products (product_id, platform, external_id, url, host, created_at, next_check_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT DO NOTHING
