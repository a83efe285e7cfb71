u.user_id, u.email, u.role, u.locale, u.time_zone, u.created_at
