-- Only where the name is another one: the search index behind it is the dearest part of a check.
UPDATE product_texts SET search_text = facts.name_text || lower(p.url)
FROM facts, products p
WHERE p.product_id = facts.product_id
  AND product_texts.product_id = facts.product_id
  AND product_texts.search_text <> facts.name_text || lower(p.url)
