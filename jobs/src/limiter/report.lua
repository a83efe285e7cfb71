-- How a request ended: the breaker of one route, as in breaker.rs.
-- KEYS[1]: the route. ARGV: time ('' for the server's own), signal, first and longest pause, how long the shop asked us to stay
-- away ('' if it did not), how many requests without an answer are an outage.
-- Returns how long the route is closed; 0 if it is open.
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local DAY = 86400000000
local kept = redis.call('HMGET', KEYS[1], 'closed_until', 'trips', 'unanswered', 'tat', 'free_slot')
local closed_until, trips, unanswered = tonumber(kept[1]), tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
local is_closed = closed_until and now < closed_until

if ARGV[2] == 'answered' then
    -- An answer to a request that was sent before the route was closed does not open it.
    if is_closed then
        return closed_until - now
    end
    if kept[1] or kept[2] or kept[3] then
        redis.call('HDEL', KEYS[1], 'closed_until', 'trips', 'unanswered', 'probe_until')
    end
    return 0
end

local trips_now = true
if ARGV[2] == 'no_answer' then
    unanswered = unanswered + 1
    trips_now = unanswered >= tonumber(ARGV[6]) or closed_until
end
if trips_now then
    local asked = tonumber(ARGV[5]) and now + tonumber(ARGV[5])
    if is_closed then
        -- Several requests that were under way together are one block.
        closed_until = math.max(closed_until, asked or 0)
    else
        local pause = math.min(tonumber(ARGV[3]) * 2 ^ math.min(trips, 20), tonumber(ARGV[4]))
        trips = trips + 1
        closed_until = asked or now + pause
        redis.call('HDEL', KEYS[1], 'probe_until')
    end
    redis.call('HSET', KEYS[1], 'closed_until', string.format('%.0f', closed_until))
end
redis.call('HSET', KEYS[1], 'trips', trips, 'unanswered', unanswered)
local latest = math.max(tonumber(kept[4]) or 0, tonumber(kept[5]) or 0, closed_until or 0)
redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(latest - now, 0) + DAY) / 1000))
return closed_until and math.max(closed_until - now, 0) or 0
