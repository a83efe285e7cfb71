INSERT INTO api_tokens (secret_hash, user_id, name, scope, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
