-- Every word begins a word, by the index of words. $1 is for that index, $2 says it exactly.
SELECT x.product_id, x.search_text FROM product_texts x
WHERE x.search_vector @@ to_tsquery('simple', $1) AND x.search_text LIKE ALL($2::text[]) AND ($3::text IS NULL OR x.platform = $3)
LIMIT $4
