-- Run by `migrate` where the extension `citus` is present; what is distributed already is left as it is. The foreign keys to
-- products are made again behind it: a table that is not yet distributed cannot have one to a table that is.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE price_runs DROP CONSTRAINT price_runs_product_id_fkey;
ALTER TABLE evidence DROP CONSTRAINT evidence_product_id_fkey;
ALTER TABLE price_events DROP CONSTRAINT price_events_product_id_fkey;
ALTER TABLE trackings DROP CONSTRAINT trackings_product_id_fkey;
ALTER TABLE product_texts DROP CONSTRAINT product_texts_product_id_fkey;
ALTER TABLE partly_delivered DROP CONSTRAINT partly_delivered_product_id_notification_id_fkey;
SELECT create_distributed_table('products', 'product_id', colocate_with => 'none');
SELECT create_distributed_table('price_runs', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('evidence', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('price_events', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('trackings', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('notifications', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('product_texts', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('shares', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('users', 'user_id', colocate_with => 'none');
SELECT create_distributed_table('user_trackings', 'user_id', colocate_with => 'users');
SELECT create_distributed_table('inbox', 'user_id', colocate_with => 'users');
SELECT create_distributed_table('partly_delivered', 'product_id', colocate_with => 'products');
SELECT create_distributed_table('user_channels', 'user_id', colocate_with => 'users');
SELECT create_distributed_table('user_preferences', 'user_id', colocate_with => 'users');
SELECT create_distributed_table('user_emails', 'email', colocate_with => 'none');
SELECT create_distributed_table('sessions', 'secret_hash', colocate_with => 'none');
SELECT create_distributed_table('api_tokens', 'secret_hash', colocate_with => 'sessions');
SELECT create_reference_table('settings');
SELECT create_reference_table('proxies');
ALTER TABLE price_runs ADD CONSTRAINT price_runs_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (product_id) ON DELETE CASCADE;
ALTER TABLE evidence ADD CONSTRAINT evidence_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (product_id) ON DELETE CASCADE;
ALTER TABLE price_events ADD CONSTRAINT price_events_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (product_id) ON DELETE CASCADE;
ALTER TABLE trackings ADD CONSTRAINT trackings_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (product_id) ON DELETE CASCADE;
ALTER TABLE product_texts ADD CONSTRAINT product_texts_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (product_id) ON DELETE CASCADE;
ALTER TABLE partly_delivered ADD CONSTRAINT partly_delivered_product_id_notification_id_fkey
    FOREIGN KEY (product_id, notification_id) REFERENCES notifications (product_id, notification_id) ON DELETE CASCADE;
