t.product_id, t.tracking_id, t.user_id AS tracking_user_id, t.target_amount, t.target_currency, t.drop_basis_points, t.channels,
t.active, t.reference_minor, t.reference_currency, t.told_minor, t.told_currency, t.told_at, t.revisit_at,
t.revision AS tracking_revision, t.created_at AS tracking_created_at, t.updated_at
