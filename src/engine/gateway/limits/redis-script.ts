/**
 * What `pool-state.ts` does, as a script of Redis: every exchange is atomic and uses the clock of Redis. A test compares the
 * two answer by answer. KEYS: epoch, replicas, pools. ARGV: holder, asks as JSON, a name for a new epoch.
 */
export const EXCHANGE_SCRIPT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('SET', KEYS[1], ARGV[3], 'NX')
local epoch = redis.call('GET', KEYS[1])
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 15000)
redis.call('PEXPIRE', KEYS[2], 60000)
local replicas = math.max(1, redis.call('ZCARD', KEYS[2]))
local asks = cjson.decode(ARGV[2])

local function share(room) return math.floor(room / (2 * replicas)) end

local function window(state, ask)
  local taken = state.taken
  local slots = 120
  if ask.windowMs <= 1000 then slots = 40 end
  local slotMs = ask.windowMs / slots
  local reach = slots + 1
  local slot = math.floor(now / slotMs)
  if #taken > 0 then slot = math.max(slot, taken[#taken][1]) end
  local kept = {}
  for _, entry in ipairs(taken) do
    if entry[1] >= slot - reach then kept[#kept + 1] = entry end
  end
  taken = kept
  for _, back in ipairs(ask.back) do
    for _, entry in ipairs(taken) do
      if entry[1] == back[1] then entry[2] = math.max(0, entry[2] - back[2]) end
    end
  end
  local total = ask.charge
  for _, entry in ipairs(taken) do total = total + entry[2] end
  local room = math.max(0, ask.limit - total)
  local granted = 0
  if room >= ask.atLeast then granted = math.min(room, math.max(ask.atLeast, math.min(ask.take, share(room)))) end
  local added = granted + ask.charge
  if added > 0 then
    if #taken > 0 and taken[#taken][1] == slot then taken[#taken][2] = taken[#taken][2] + added
    else taken[#taken + 1] = {slot, added} end
  end
  local retry = 0
  if granted < ask.atLeast then
    local freed = room
    retry = ask.windowMs
    for _, entry in ipairs(taken) do
      freed = freed + entry[2]
      if freed >= ask.atLeast then
        retry = math.max(1, math.ceil((entry[1] + reach + 1) * slotMs - now))
        break
      end
    end
  end
  state.taken = taken
  return {granted, room - granted, retry, slot}, 2 * ask.windowMs
end

local function slots(state, ask)
  local others = 0
  for id, lease in pairs(state.leases) do
    if lease['until'] <= now then state.leases[id] = nil
    elseif id ~= ask.lease then others = others + lease.held end
  end
  local mine = state.leases[ask.lease]
  local room = math.max(0, ask.limit - others)
  local before = 0
  if mine then before = math.min(mine.held, room) end
  if mine and ask.sequence <= mine.sequence then return {before, room - before, 0, 0}, 2 * ask.ttlMs end
  local granted = math.min(ask.held, before)
  if ask.held > before and ask.atLeast <= room then
    granted = math.min(room, ask.held, math.max(ask.atLeast, before + share(room - before)))
  end
  state.leases[ask.lease] = {held = granted, sequence = ask.sequence, ['until'] = now + ask.ttlMs}
  local retry = 0
  if granted < ask.atLeast then retry = 100 end
  return {granted, room - granted, retry, 0}, 2 * ask.ttlMs
end

local function budget(state, ask)
  local leases = state.leases
  local many = 0
  for _ in pairs(leases) do many = many + 1 end
  if many >= 64 then
    for id, lease in pairs(leases) do
      if id ~= ask.lease and lease.seen <= now - 172800000 then
        state.spent = state.spent + lease.ceiling
        leases[id] = nil
      end
    end
  end
  local keep = nil
  if ask.endsAt ~= cjson.null then keep = ask.endsAt + 3456000000 - now end
  local others = state.spent
  local spentByOthers = state.spent
  for id, lease in pairs(leases) do
    if id ~= ask.lease then
      others = others + lease.ceiling
      spentByOthers = spentByOthers + lease.spent
    end
  end
  local mine = leases[ask.lease]
  local before = 0
  if mine then before = mine.ceiling end
  if mine and ask.sequence <= mine.sequence then return {before, math.max(0, ask.limit - others - before), 0, 0}, keep end
  if ask.close then
    leases[ask.lease] = nil
    state.spent = state.spent + ask.used
    return {0, math.max(0, ask.limit - others - ask.used), 0, 0}, keep
  end
  local room = ask.limit - others - before
  local ceiling = math.min(ask.ceiling, before)
  if ask.ceiling > before and room > 0 and before + room >= ask.atLeast then
    ceiling = math.min(ask.ceiling, before + room, math.max(ask.atLeast, before + share(room)))
  end
  ceiling = math.max(ceiling, ask.used)
  leases[ask.lease] = {ceiling = ceiling, spent = ask.spent, sequence = ask.sequence, seen = now}
  local retry = 0
  if ceiling < ask.atLeast then
    if ask.limit - spentByOthers - ask.used >= ask.atLeast - ask.used then retry = 1000
    else
      local ends = ask.endsAt
      if ends == cjson.null then ends = now + 86400000 end
      retry = math.max(1000, ends - now)
    end
  end
  return {ceiling, math.max(0, ask.limit - others - ceiling), retry, 0}, keep
end

local kinds = {window = window, slots = slots, budget = budget}
local grants = {}
for index, ask in ipairs(asks) do
  local key = KEYS[index + 2]
  local stored = redis.call('GET', key)
  local state
  if stored then state = cjson.decode(stored)
  elseif ask.kind == 'window' then state = {taken = {}}
  elseif ask.kind == 'slots' then state = {leases = {}}
  else state = {spent = 0, leases = {}} end
  local grant, keepMs = kinds[ask.kind](state, ask)
  grants[index] = grant
  local text = cjson.encode(state)
  if keepMs == nil then redis.call('SET', key, text)
  else redis.call('SET', key, text, 'PX', math.max(1, math.floor(keepMs))) end
end
return {epoch, replicas, now, cjson.encode(grants)}
`;
