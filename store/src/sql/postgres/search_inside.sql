-- Every word stands somewhere. $1, the longest, is for the index of trigrams.
SELECT x.product_id, x.search_text FROM product_texts x
WHERE x.search_text LIKE $1 AND x.search_text LIKE ALL($2::text[]) AND ($3::text IS NULL OR x.platform = $3)
LIMIT $4
