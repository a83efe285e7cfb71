INSERT INTO user_channels (user_id, channel_id, channel, label, settings, hint, enabled, verified_at, last_error, created_at,
                           code_hash, code_expires_at, code_tries_left)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (user_id, channel_id) DO UPDATE SET
    label = excluded.label,
    settings = excluded.settings,
    hint = excluded.hint,
    enabled = excluded.enabled,
    verified_at = excluded.verified_at,
    last_error = excluded.last_error,
    code_hash = excluded.code_hash,
    code_expires_at = excluded.code_expires_at,
    code_tries_left = excluded.code_tries_left
