user_id, channel_id, channel, label, settings, hint, enabled, verified_at, last_error, created_at, code_hash, code_expires_at,
code_tries_left
