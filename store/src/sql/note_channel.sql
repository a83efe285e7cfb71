UPDATE user_channels SET last_error = $3, enabled = coalesce($4, enabled) WHERE user_id = $1 AND channel_id = $2
