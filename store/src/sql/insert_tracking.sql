INSERT INTO trackings (product_id, tracking_id, user_id, target_amount, target_currency, target_minor, drop_basis_points,
                       channels, active, reference_minor, reference_currency, told_minor, told_currency, told_at, revisit_at,
                       revision, created_at, updated_at, watch_below, watch_above, watch_fall)
SELECT unhex(value ->> 'product_id'), unhex(value ->> 'tracking_id'), unhex(value ->> 'user_id'), value ->> 'target_amount',
       value ->> 'target_currency', value ->> 'target_minor', value ->> 'drop_basis_points', value ->> 'channels',
       value ->> 'active', value ->> 'reference_minor', value ->> 'reference_currency', value ->> 'told_minor',
       value ->> 'told_currency', value ->> 'told_at', value ->> 'revisit_at', value ->> 'revision', value ->> 'created_at',
       value ->> 'updated_at', value ->> 'watch_below', value ->> 'watch_above', value ->> 'watch_fall'
FROM json_each($1)
