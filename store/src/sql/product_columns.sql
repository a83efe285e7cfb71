p.product_id, p.platform, p.external_id, p.url, p.host, p.name, p.image_url, p.brand, p.gtin, p.mpn, p.seller, p.condition,
p.revision, p.created_at, p.price_minor, p.price_currency, p.previous_minor, p.previous_currency, p.list_minor, p.list_currency,
p.availability, p.run_from, p.run_checks, p.last_ok_at, p.last_attempt_at, p.last_outcome, p.last_detail, p.failures, p.suspect,
p.recent, p.trackers, p.next_check_at, p.etag, p.last_modified,
e.event_id, e.at, e.old_minor, e.old_currency, e.new_minor, e.new_currency, e.old_availability, e.new_availability
