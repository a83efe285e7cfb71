($2 IS NULL OR p.platform = $2)
AND NOT EXISTS (SELECT 1 FROM json_each($1) AS word WHERE instr(p.search_text, word.value) = 0)
