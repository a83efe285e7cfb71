WITH facts AS MATERIALIZED (
    SELECT unhex(value ->> 'product_id') AS product_id, value ->> 'name' AS name, value ->> 'name_lower' AS name_lower,
           value ->> 'image_url' AS image_url, value ->> 'brand' AS brand, value ->> 'gtin' AS gtin, value ->> 'mpn' AS mpn,
           value ->> 'seller' AS seller, value ->> 'condition' AS condition
    FROM json_each($1)
)
UPDATE products SET
    name = facts.name,
    image_url = facts.image_url,
    brand = facts.brand,
    gtin = facts.gtin,
    mpn = facts.mpn,
    seller = facts.seller,
    condition = facts.condition,
    search_text = facts.name_lower || lower(url)
FROM facts
WHERE products.product_id = facts.product_id
