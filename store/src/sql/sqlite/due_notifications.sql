notifications n JOIN users u ON u.user_id = n.user_id
WHERE n.status = 'pending' AND n.channel = $1 AND n.next_attempt_at <= $2
ORDER BY n.next_attempt_at
LIMIT $3
