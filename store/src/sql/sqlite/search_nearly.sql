-- Of every word one half.
SELECT x.product_id, x.search_text FROM product_texts x
WHERE ($2 IS NULL OR x.platform = $2)
  AND NOT EXISTS (
      SELECT 1 FROM json_each($1) AS word
      WHERE instr(x.search_text, word.value ->> 0) = 0 AND instr(x.search_text, word.value ->> 1) = 0
  )
