UPDATE users SET
    role = coalesce($2, role),
    password_hash = coalesce($3, password_hash),
    locale = coalesce($4, locale),
    time_zone = coalesce($5, time_zone)
WHERE user_id = $1
