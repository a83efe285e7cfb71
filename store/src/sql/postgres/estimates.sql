-- What the last ANALYZE saw: to count many millions takes minutes.
SELECT relname::text AS name, greatest(reltuples, 0)::bigint AS rows FROM pg_class
WHERE relkind = 'r' AND relname = ANY(ARRAY['products', 'price_runs', 'trackings', 'price_events', 'notifications', 'inbox'])
  AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
