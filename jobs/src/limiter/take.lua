-- Permits for some routes to one site, in their order: GCRA, breaker and slots of the refused, as in in_process.rs.
-- KEYS: a hash a route. ARGV: time ('' for the server's own), how many, how long a probe may take, how many refused slip in,
-- then least spacing and burst of each route. Times are in microseconds: doubles hold them exactly until the year 2255.
-- Returns: how long until the refused may come back, how far apart, then the permits of each route.
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local want, probe, slip = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local DAY = 86400000000

local function write(route, ...)
    redis.call('HSET', route.key, ...)
    -- An open route whose budget is whole again is as if it had never been used; a breaker's trips are remembered.
    local latest = math.max(route.tat, route.free_slot, route.closed_until or 0)
    local rest = route.is_marked and DAY or 1000000
    redis.call('PEXPIRE', route.key, math.ceil((math.max(latest - now, 0) + rest) / 1000))
end

local function text(number)
    return string.format('%.0f', number)
end

local missing, granted, routes = want, {}, {}
for index, key in ipairs(KEYS) do
    local route = { key = key, spacing = tonumber(ARGV[3 + 2 * index]), burst = tonumber(ARGV[4 + 2 * index]) }
    local kept = redis.call('HMGET', key, 'tat', 'closed_until', 'probe_until', 'free_slot', 'trips', 'unanswered')
    -- It can never be further ahead than an empty bucket, whatever was done to the server's clock.
    route.tat = math.min(math.max(tonumber(kept[1]) or 0, now), now + route.burst * route.spacing)
    route.closed_until, route.free_slot = tonumber(kept[2]), tonumber(kept[4]) or 0
    route.is_marked = kept[2] or kept[5] or kept[6]

    local most, opens_at, probing = missing, now, false
    local probe_until = tonumber(kept[3])
    if route.closed_until then
        if now < route.closed_until then
            most, opens_at, route.is_closed = 0, route.closed_until, true
        elseif probe_until and now < probe_until then
            most, opens_at, route.is_closed = 0, probe_until, true
        else
            most, probing = math.min(missing, 1), true
        end
    end
    local given = math.max(math.min(most, math.floor(route.burst - (route.tat - now) / route.spacing)), 0)
    route.tat = route.tat + given * route.spacing
    if given == most then
        route.next_at = math.max(opens_at, now + route.spacing)
    else
        route.next_at = route.tat - (route.burst - 1) * route.spacing
    end
    if given > 0 and probing then
        write(route, 'tat', text(route.tat), 'probe_until', text(now + probe))
    elseif given > 0 then
        write(route, 'tat', text(route.tat))
    end
    granted[index], routes[index] = given, route
    missing = missing - given
end

local next_at, spacing = now, 0
if missing > 0 then
    local any_open = false
    for _, route in ipairs(routes) do
        any_open = any_open or not route.is_closed
    end
    local rate, free_slot = 0, 0
    next_at = math.huge
    for _, route in ipairs(routes) do
        route.counts = not (any_open and route.is_closed)
        next_at = math.min(next_at, route.next_at)
        if route.counts then
            rate, free_slot = rate + 1 / route.spacing, math.max(free_slot, route.free_slot)
        end
    end
    -- A hair more than a whole number is that number.
    spacing = math.max(math.ceil(1 / rate - 0.001), 1)
    -- A few slip in between, as somebody waits for them; a backlog queues up behind what was refused before.
    if missing > slip then
        next_at = math.max(next_at, free_slot)
        for _, route in ipairs(routes) do
            if route.counts then
                route.free_slot = next_at + missing * spacing
                write(route, 'free_slot', text(route.free_slot))
            end
        end
    end
end
local answer = { next_at - now, spacing }
for _, given in ipairs(granted) do
    answer[#answer + 1] = given
end
return answer
