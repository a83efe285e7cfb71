-- The word of a product: who has it may put what it reads from now on.
-- KEYS[1]: the product. ARGV: a word if there is none yet, how long it lasts in milliseconds.
if redis.call('HSETNX', KEYS[1], 'word', ARGV[1]) == 1 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return ARGV[1]
end
return redis.call('HGET', KEYS[1], 'word')
