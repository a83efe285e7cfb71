UPDATE notifications SET read_at = $2
WHERE user_id = $1 AND channel = 'inbox' AND read_at IS NULL
  AND ($3 IS NULL OR notification_id IN (SELECT unhex(value, '-') FROM json_each($3)))
