INSERT INTO trackings (product_id, tracking_id, user_id, target_amount, target_currency, target_minor, drop_basis_points,
                       channels, active, reference_minor, reference_currency, told_minor, told_currency, told_at, revisit_at,
                       revision, created_at, updated_at, watch_below, watch_above, watch_fall)
SELECT product_id, tracking_id, user_id, target_amount, target_currency, target_minor, drop_basis_points, channels, active,
       reference_minor, reference_currency, told_minor, told_currency, told_at, revisit_at, revision, created_at, updated_at,
       watch_below, watch_above, watch_fall
FROM news
