-- Of every word one half; those of the longest, $1 and $2, are for the index of trigrams.
SELECT x.product_id, x.search_text FROM product_texts x
WHERE (x.search_text LIKE $1 OR x.search_text LIKE $2)
  AND NOT EXISTS (
      SELECT 1 FROM unnest($3::text[], $4::text[]) AS halves (one, other)
      WHERE x.search_text NOT LIKE halves.one AND x.search_text NOT LIKE halves.other
  )
  AND ($5::text IS NULL OR x.platform = $5)
LIMIT $6
