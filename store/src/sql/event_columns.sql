e.product_id, e.event_id, e.at, e.old_minor, e.old_currency, e.new_minor, e.new_currency, e.old_availability, e.new_availability
