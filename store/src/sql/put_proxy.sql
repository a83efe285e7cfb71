INSERT INTO proxies (proxy_id, name, scheme, address, credentials, enabled, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (proxy_id) DO UPDATE SET
    name = excluded.name,
    scheme = excluded.scheme,
    address = excluded.address,
    credentials = excluded.credentials,
    enabled = excluded.enabled
