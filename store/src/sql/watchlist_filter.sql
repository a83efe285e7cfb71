CASE $4
    WHEN 'all' THEN true
    WHEN 'at_target' THEN w.at_target
    WHEN 'fell' THEN w.fell
    WHEN 'out_of_stock' THEN w.out_of_stock
    WHEN 'needs_me' THEN w.needs_me
    WHEN 'paused' THEN w.paused
END
