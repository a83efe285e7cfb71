api_tokens k JOIN users u ON u.user_id = k.user_id
WHERE k.secret_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > $2)
