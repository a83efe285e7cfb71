NOT EXISTS (SELECT 1 FROM unnest($9::text[]) AS asked (word) WHERE strpos(w.search_text, asked.word) = 0)
AND ($10::text IS NULL OR p.host = $10)
