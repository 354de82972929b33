-- What a profiler asks of a Lua state: how often garbage was collected, and where Lua is. Nothing of it is at
-- work before `meter` switches it on.
local sys = ...
local setmetatable, getinfo, pairs = setmetatable, sys.getinfo, pairs
local concat, format, gsub = table.concat, string.format, string.gsub
local INTERNAL <const> = sys.INTERNAL

local MOST_FRAMES <const> = 40
local MOST_STACKS <const> = 2000
local FINE <const> = 100 -- instructions between two looks while stacks are sampled

local is_on, collections = false, 0

-- An object that nobody holds: its finalizer runs once in each collection, and makes the next one.
local function await_collection()
  setmetatable({}, {
    __gc = function()
      collections = collections + 1
      if is_on then await_collection() end
    end,
  })
end

local stacks, distinct, pending, period = {}, 0, 0, 0

-- Called by the guard's hook with the processor time since its last look.
local function sample(elapsed)
  pending = pending + elapsed
  if pending < period then return end
  local parts, n = {}, 0
  for depth = 3, MOST_FRAMES + 3 do -- beyond this function and the hook
    local info = getinfo(depth, "Sln")
    if not info then break end
    if info.source ~= INTERNAL then
      local name = info.name
      if info.what == "main" then
        name = "main chunk"
      elseif not name then
        name = info.what == "C" and "[C]" or format("function <%d>", info.linedefined)
      end
      n = n + 1
      parts[n] = format("%s|%s|%d", (gsub(name, "[;|\r\n]", "_")), (gsub(info.short_src, "[;|\r\n]", "_")),
        info.currentline > 0 and info.currentline or 0)
    end
  end
  local key = concat(parts, ";")
  local before = stacks[key]
  if not before then
    if distinct >= MOST_STACKS then
      key = "[too many stacks]||0"
      before = stacks[key]
    end
    if not before then distinct = distinct + 1 end
  end
  stacks[key] = (before or 0) + pending
  pending = 0
end

-- on: whether collections are counted; seconds: sample a stack each so much processor time, 0: none.
function sys.meter(on, seconds)
  if on and not is_on then
    is_on = true
    await_collection()
  end
  is_on = on
  sys.is_metered = on
  period, pending = seconds, 0
  if on and seconds > 0 then
    sys.sample_with(sample, FINE)
  else
    sys.sample_with(nil, nil)
  end
end

-- How many collections there have been.
function sys.collections() return collections end

-- What was sampled since the last call, as lines: frames from the innermost, then microseconds.
function sys.take_stacks()
  local lines, n = {}, 0
  for key, seconds in pairs(stacks) do
    n = n + 1
    lines[n] = format("%s%s%.1f", key, key == "" and "" or ";", seconds * 1000000)
  end
  stacks, distinct = {}, 0
  return concat(lines, "\n")
end
