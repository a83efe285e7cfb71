-- A worker stops: what it holds goes back to the queue, and it is forgotten.
-- KEYS: what it holds, the queue, all workers, what is known about it. ARGV[1]: its name. Returns how many jobs went back.
local held = redis.call('SMEMBERS', KEYS[1])
for _, id in ipairs(held) do
    redis.call('RPUSH', KEYS[2], id)
end
redis.call('DEL', KEYS[1], KEYS[4])
redis.call('ZREM', KEYS[3], ARGV[1])
return #held
