-- Keeps a value, if the product was not written since its word was given.
-- KEYS[1]: the product. ARGV: the word, the entry, its value, how long the product lasts in milliseconds.
if redis.call('HGET', KEYS[1], 'word') ~= ARGV[1] then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
