-- Removes what apalis keeps of finished jobs, a few hundred at a time, and what is more than a queue may hold.
-- KEYS: done, dead, scheduled, data, prefix of what is known about a job. ARGV: how many at once, how many may be scheduled.
-- Returns how many were removed.
local most, bound = tonumber(ARGV[1]), tonumber(ARGV[2])
local ids = redis.call('SPOP', KEYS[1], most)
for _, id in ipairs(redis.call('SPOP', KEYS[2], most)) do
    ids[#ids + 1] = id
end
local too_many = math.min(redis.call('ZCARD', KEYS[3]) - bound, most)
if too_many > 0 then
    local newest = redis.call('ZRANGE', KEYS[3], -too_many, -1)
    redis.call('ZREMRANGEBYRANK', KEYS[3], -too_many, -1)
    for _, id in ipairs(newest) do
        ids[#ids + 1] = id
    end
end
for _, id in ipairs(ids) do
    redis.call('HDEL', KEYS[4], id)
    redis.call('DEL', KEYS[5] .. ':' .. id)
end
return #ids
