WITH facts AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
        AS facts (product_id, name, name_text, image_url, brand, gtin, mpn, seller, condition)
)
