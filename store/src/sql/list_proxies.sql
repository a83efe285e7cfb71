SELECT proxy_id, name, scheme, address, credentials, enabled, created_at FROM proxies ORDER BY created_at, proxy_id
