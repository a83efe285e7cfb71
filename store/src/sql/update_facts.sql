UPDATE products SET
    name = facts.name,
    image_url = facts.image_url,
    brand = facts.brand,
    gtin = facts.gtin,
    mpn = facts.mpn,
    seller = facts.seller,
    condition = facts.condition
FROM facts
WHERE products.product_id = facts.product_id
