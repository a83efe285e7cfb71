INSERT INTO product_texts (product_id, platform, search_text)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
