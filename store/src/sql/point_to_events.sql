UPDATE products SET last_event_id = unhex(news.value ->> 'event_id')
FROM json_each($1) AS news
WHERE products.product_id = unhex(news.value ->> 'product_id')
