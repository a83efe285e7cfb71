-- The right code is used up (no tries are left to count), a wrong one costs a try.
UPDATE user_channels SET
    verified_at = CASE WHEN code_hash = $3 THEN $4 ELSE verified_at END,
    enabled = CASE WHEN code_hash = $3 THEN TRUE ELSE enabled END,
    last_error = CASE WHEN code_hash = $3 THEN NULL ELSE last_error END,
    code_tries_left = CASE WHEN code_hash = $3 THEN NULL ELSE code_tries_left - 1 END,
    code_expires_at = CASE WHEN code_hash = $3 THEN NULL ELSE code_expires_at END,
    code_hash = CASE WHEN code_hash = $3 THEN NULL ELSE code_hash END
WHERE user_id = $1 AND channel_id = $2 AND code_expires_at > $4 AND code_tries_left > 0
RETURNING code_tries_left
