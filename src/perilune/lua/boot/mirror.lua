-- Mirrors: what title callbacks get as `tab`, `tabs`, `panes`, `pane` and `config`. A mirror looks like the plain
-- table behind it and notes what is read of it, as paths from the argument. Writing to one changes the mirror
-- alone, which lives for one call; the tables behind are never changed, only replaced, so that a mirror which
-- somebody kept goes on showing what it showed.
--
-- A path is a node of a tree that lives as long as the state: { number, run that noted it last, children, kind }.
-- Numbers cross the border in place of paths; what they mean is told once (`new_paths`). Kinds:
--   tab, pane       records; a field that holds a table is noted as being there, then what is read inside
--   tabs, panes     lists; "#" is the length
--   map             user_vars, progress; "*" is all keys and values at once
--   config          everything below counts as one
-- "*" of a record is the set of its fields. Order of iteration: 1, 2, ..., then names sorted.
local sys = ...
local getmeta, setmetatable, rawtype, next, rawget, rawset, rawlen, select, error =
  sys.getmeta, setmetatable, sys.rawtype, next, rawget, rawset, rawlen, select, error
local math_type, tointeger, sort, concat = math.type, math.tointeger, table.sort, table.concat
local real_setmetatable = sys.real_setmetatable or setmetatable

local RAW, PATH, OVER = {}, {}, {} -- private keys of a mirror
local NIL = {} -- stands in OVER for a field that was set to nil
local MOST_PATHS <const> = 20000 -- a callback that makes up keys must not fill the memory

local KINDS = {
  tab = { active_pane = "pane", panes = "panes" },
  pane = { user_vars = "map", progress = "map" },
}
local ELEMENTS = { tabs = "tab", panes = "pane" }

-- The tree of paths, and the run that is being noted.
local count, new_paths, roots = 0, {}, {}
local run, log, size = 0, {}, 0

local function new_node(parent, key, kind)
  count = count + 1
  local n = #new_paths
  new_paths[n + 1], new_paths[n + 2], new_paths[n + 3] = count, parent, key
  return { count, 0, {}, kind }
end

local function root(name, kind)
  local node = roots[name]
  if not node then
    node = new_node(0, name, kind)
    roots[name] = node
  end
  return node
end

-- The child that is missing; nil for a key that no table of the host can have. When a callback has made up too
-- many names, a new one counts as all of the table.
local function grow(node, key, raw)
  local kind = node[4]
  if kind == "config" then return node end
  if rawtype(key) == "number" then
    key = tointeger(key)
    if not key then return nil end
    if node[3][key] then return node[3][key] end
  elseif rawtype(key) ~= "string" then
    return nil
  end
  local fields = KINDS[kind]
  if count >= MOST_PATHS and key ~= "*" and key ~= "#" and (raw == nil or raw[key] == nil or kind == "map") then
    return node[3]["*"] or grow(node, "*")
  end
  local kid = new_node(node[1], key, key ~= "*" and key ~= "#" and (ELEMENTS[kind] or fields and fields[key]) or nil)
  node[3][key] = kid
  return kid
end

-- Whether it is the first time in this run.
local function note(node)
  if node[2] ~= run then
    node[2] = run
    size = size + 1
    log[size] = node[1]
    return true
  end
  return false
end

local function note_at(node, key)
  local kid = node[3][key] or grow(node, key)
  if kid then note(kid) end
end

local Mirror = {}

local function mirror(raw, node)
  return real_setmetatable({ [RAW] = raw, [PATH] = node, [OVER] = false }, Mirror)
end

-- What is behind a value that was read: a table becomes a mirror, of which the owner keeps the only one.
local function wrapped(self, key, value, kid)
  local inner = mirror(value, kid)
  local over = self[OVER]
  if not over then
    over = {}
    self[OVER] = over
  end
  over[key] = inner
  return inner
end

Mirror.__index = function(self, key)
  local over = self[OVER]
  if over then
    local value = over[key]
    if value ~= nil then
      if value == NIL then return nil end
      return value
    end
  end
  local node = self[PATH]
  local kid = node[3][key]
  if not kid then
    kid = grow(node, key, self[RAW])
    if not kid then return nil end
  end
  if kid[2] ~= run then
    kid[2] = run
    size = size + 1
    log[size] = kid[1]
  end
  local value = self[RAW][key]
  if rawtype(value) == "table" and getmeta(value) == nil then return wrapped(self, key, value, kid) end
  return value
end

Mirror.__newindex = function(self, key, value)
  local over = self[OVER]
  if not over then
    over = {}
    self[OVER] = over
  end
  if value == nil then value = NIL end
  over[key] = value
end

Mirror.__len = function(self)
  local node, length = self[PATH], 0
  local kind = node[4]
  if ELEMENTS[kind] then
    note_at(node, "#")
    length = #self[RAW]
  elseif kind == "config" then
    note(node)
    length = #self[RAW]
  end
  local over = self[OVER]
  if over then
    while length > 0 and over[length] == NIL do length = length - 1 end
    local following = over[length + 1]
    while following ~= nil and following ~= NIL do
      length = length + 1
      following = over[length + 1]
    end
  end
  return length
end

-- Iteration.
local function before(a, b)
  local x, y = rawtype(a), rawtype(b)
  if x ~= y then return x == "number" or (y ~= "number" and x < y) end
  if x == "number" or x == "string" then return a < b end
  return false
end

local sorted = real_setmetatable({}, { __mode = "k" }) -- plain table of the host -> its keys
local function keys_of(raw)
  local keys, n = {}, 0
  for key in next, raw do
    n = n + 1
    keys[n] = key
  end
  sort(keys, before)
  return keys
end

local function mirror_keys(self)
  local node, raw, over = self[PATH], self[RAW], self[OVER]
  local kind = node[4]
  if kind == "config" then
    note(node)
  else
    note_at(node, ELEMENTS[kind] and "#" or "*")
  end
  local keys = sorted[raw]
  if not keys then
    keys = keys_of(raw)
    sorted[raw] = keys
  end
  if not over then return keys end
  local own, n = {}, 0
  for i = 1, #keys do
    if over[keys[i]] ~= NIL then
      n = n + 1
      own[n] = keys[i]
    end
  end
  for key, value in next, over do
    if raw[key] == nil and value ~= NIL then
      n = n + 1
      own[n] = key
    end
  end
  sort(own, before)
  return own
end

-- A value that an iteration hands out; of a map it is noted already.
local function visited(self, key)
  if self[PATH][4] == "map" then
    local over, value = self[OVER], nil
    if over then value = over[key] end
    if value == NIL then return nil end
    if value == nil then return self[RAW][key] end
    return value
  end
  return self[key]
end

Mirror.__pairs = function(self)
  local keys, at = mirror_keys(self), 0
  return function()
    while true do
      at = at + 1
      local key = keys[at]
      if key == nil then return nil end
      local value = visited(self, key)
      if value ~= nil then return key, value end
    end
  end, self, nil
end

-- Fresh plain tables iterate in the same order; this is all that they have of ours.
local Ordered = {}
Ordered.__pairs = function(self)
  local keys, at = keys_of(self), 0
  return function()
    while true do
      at = at + 1
      local key = keys[at]
      if key == nil then return nil end
      local value = rawget(self, key)
      if value ~= nil then return key, value end
    end
  end, self, nil
end

local walks = real_setmetatable({}, { __mode = "k" }) -- table -> its keys and their positions, for `next`
local function ordered_next(self, meta, key)
  local walk = walks[self]
  local at = 0
  if key == nil or not walk or not walk.at[key] then
    local keys = meta == Mirror and mirror_keys(self) or keys_of(self)
    walk = { keys = keys, at = {} }
    for i = 1, #keys do walk.at[keys[i]] = i end
    walks[self] = walk
    if key ~= nil and not walk.at[key] then error("invalid key to 'next'", 3) end
  end
  if key ~= nil then at = walk.at[key] end
  while true do
    at = at + 1
    local following = walk.keys[at]
    if following == nil then return nil end
    local value
    if meta == Mirror then value = visited(self, following) else value = rawget(self, following) end
    if value ~= nil then return following, value end
  end
end

-- Everything below a mirror as plain tables, all of it noted as read.
local function plain(self)
  local copy = {}
  local keys = mirror_keys(self)
  for i = 1, #keys do
    local value = visited(self, keys[i])
    if rawtype(value) == "table" and getmeta(value) == Mirror then value = plain(value) end
    copy[keys[i]] = value
  end
  return copy
end
sys.writers[Mirror] = plain
sys.writers[Ordered] = function(self)
  local copy = {}
  for key, value in next, self do copy[key] = value end
  return copy
end

-- What of the standard library looks at a table past its metatable.
local G = _G
local function is_mirror(value)
  return rawtype(value) == "table" and getmeta(value) == Mirror
end

function G.next(object, key)
  if rawtype(object) == "table" then
    local meta = getmeta(object)
    if meta == Mirror or meta == Ordered then return ordered_next(object, meta, key) end
  end
  return next(object, key)
end
function G.rawget(object, key)
  if is_mirror(object) then return object[key] end
  return rawget(object, key)
end
function G.rawset(object, key, value)
  if is_mirror(object) then
    object[key] = value
    return object
  end
  return rawset(object, key, value)
end
function G.rawlen(object)
  if is_mirror(object) then return #object end
  return rawlen(object)
end

local get_metatable, set_metatable = G.getmetatable, G.setmetatable
function G.getmetatable(...)
  local object = ...
  if rawtype(object) == "table" then
    local meta = getmeta(object)
    if meta == Mirror or meta == Ordered then return nil end
  end
  return get_metatable(...)
end
-- A mirror with a metatable of the config's becomes a plain table of its own.
function G.setmetatable(object, ...)
  if is_mirror(object) then
    local content = plain(object)
    real_setmetatable(object, nil)
    object[RAW], object[PATH], object[OVER] = nil, nil, nil
    for key, value in next, content do object[key] = value end
  end
  return set_metatable(object, ...)
end

-- Deep copies for calls that are not tracked.
local function fresh(value)
  if rawtype(value) ~= "table" or getmeta(value) ~= nil then return value end
  local copy = {}
  for key, item in next, value do copy[key] = fresh(item) end
  if rawlen(copy) == 0 then real_setmetatable(copy, Ordered) end
  return copy
end
sys.fresh = fresh

sys.mirror, sys.is_mirror, sys.path_root, sys.note = mirror, is_mirror, root, note
sys.ordered_meta, sys.mirror_meta = Ordered, Mirror

-- The path of a call of the host or the clock; nil when a callback has made up too many.
function sys.call_path(kind, name, data)
  local node = root(kind)
  local named = node[3][name] or grow(node, name)
  local found = named[3][data]
  if not found and count < MOST_PATHS then
    found = new_node(named[1], data)
    named[3][data] = found
  end
  return found
end
-- One step further below such a path; likewise.
function sys.path_below(node, key)
  local found = node[3][key]
  if not found and count < MOST_PATHS then
    found = new_node(node[1], key)
    node[3][key] = found
  end
  return found
end

-- A run: what was read between `begin_run` and `end_run` as numbers joined by commas.
local runs = 0
local is_tracking = false
function sys.begin_run()
  runs = runs + 1
  run, size, is_tracking = runs, 0, true
end
function sys.end_run()
  is_tracking = false
  local reads = concat(log, ",", 1, size)
  run, size = 0, 0
  return reads
end
function sys.is_tracking() return is_tracking end

-- The meaning of numbers given out since the last call: number, parent, key, ...
function sys.take_new_paths()
  local taken = new_paths
  new_paths = {}
  return taken
end
