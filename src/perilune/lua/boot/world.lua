-- What the analysis of bytecode asks of the running state (`traits.py`): the functions behind events, their code,
-- and what stands at a place such as an upvalue's field. Nothing here runs code of the config's.
local sys = ...
local entries, encode, handlers, timers, chunks, metatables =
  sys.entries, sys.encode, sys.handlers, sys.timers, sys.chunks, sys.metatables
local rawtype, rawget, next, getmeta, pairs, ipairs = sys.rawtype, rawget, next, sys.getmeta, pairs, ipairs
local getinfo, getupvalue, dump = sys.getinfo, sys.getupvalue, string.dump
local sub = string.sub
local G, INTERNAL = _G, sys.INTERNAL

local MOST_VALUES <const> = 2000 -- elements looked at, before nothing is said of them

-- The names of what is ours.
local names = {}
local function name_all(object, prefix)
  names[object] = prefix
  for key, value in next, object do
    local kind = rawtype(value)
    if rawtype(key) == "string" and names[value] == nil then
      if kind == "function" then
        names[value] = prefix .. "." .. key
      elseif kind == "table" and (getmeta(value) == nil or prefix == "wezterm") then
        name_all(value, prefix .. "." .. key)
      end
    end
  end
end
for _, library in ipairs({ "string", "table", "math", "os", "io", "utf8", "coroutine", "debug" }) do
  name_all(G[library], library)
end
name_all(sys.wezterm, "wezterm")
for key, value in next, G do
  if rawtype(value) == "function" then names[value] = key end
end

local HANDLES = {
  Window = "window", MuxWindow = "mux_window", MuxTab = "tab", Pane = "pane", MuxDomain = "domain", Color = "color",
  Time = "time", Url = "url",
}

local numbers, functions = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "v" })
local count = 0
local function number_of(object)
  local number = numbers[object]
  if not number then
    count = count + 1
    number = count
    numbers[object], functions[number] = number, object
  end
  return number
end

local function is_users(body)
  local info = getinfo(body, "S")
  return info.what ~= "C" and info.source ~= INTERNAL
end

local function numbers_of(list)
  local found = {}
  for i = 1, #list do
    found[i] = names[list[i]] and 0 or is_users(list[i]) and number_of(list[i]) or 0
  end
  return found
end

-- The functions that an emission runs, as numbers; 0 for one that is not the config's.
function entries.event_functions(name)
  return encode(1, numbers_of(handlers[name] or {}))
end
function entries.timer_function(number)
  return encode(1, numbers_of({ timers[number] }))
end
function entries.function_code(number)
  local body = functions[number]
  return encode(1, body and dump(body) or false)
end
-- All chunks after the first so many.
function entries.chunk_codes(known)
  local codes = {}
  for i = known + 1, #chunks do codes[#codes + 1] = dump(chunks[i]) end
  return encode(1, codes)
end

-- The config's functions in metatables.
function entries.metamethods()
  local found = {}
  for meta in next, metatables do
    for key, value in next, meta do
      if rawtype(key) == "string" and sub(key, 1, 2) == "__" and rawtype(value) == "function" and is_users(value) then
        found[#found + 1] = number_of(value)
      end
    end
  end
  return encode(1, found)
end

-- One field of a table, through __index while that is a table; nothing is known beyond.
local function field(object, key)
  for _ = 1, 20 do
    local value = rawget(object, key)
    if value ~= nil then return value, true end
    local meta = getmeta(object)
    if meta == nil then return nil, true end
    if rawtype(meta) ~= "table" then return nil, false end
    local index = rawget(meta, "__index")
    if index == nil then return nil, true end
    if rawtype(index) ~= "table" then return nil, false end
    object = index
  end
  return nil, false
end

local UNKNOWN <const> = "u"

-- "h:name", "f:number", "i" (nil, a number, a boolean), "s" (or strings), "t:number", "m:number" (with a
-- metatable of the config's), or "u".
local function describe(value)
  local kind = rawtype(value)
  if kind == "string" then return "s" end
  if kind == "number" or kind == "boolean" or kind == "nil" then return "i" end
  if kind == "function" then
    if names[value] then return "h:" .. names[value] end
    return is_users(value) and "f:" .. number_of(value) or UNKNOWN
  end
  if kind == "table" then
    if names[value] then return "h:" .. names[value] end
    if value == sys.global then return "h:wezterm.GLOBAL" end
    local meta = getmeta(value)
    if meta == nil or meta == sys.ordered_meta or meta == sys.config_meta(value) then
      return "t:" .. number_of(value)
    end
    if rawtype(meta) ~= "table" then return UNKNOWN end
    local handle = sys.userdata[meta] and HANDLES[rawget(meta, "__name")]
    if handle then return "h:" .. handle end
    if metatables[meta] then
      for key, method in next, meta do
        if rawtype(method) == "function" and rawtype(key) == "string" and sub(key, 1, 2) == "__" then
          return "m:" .. number_of(value)
        end
      end
      return "t:" .. number_of(value)
    end
    return UNKNOWN
  end
  if kind == "userdata" then return "h:file" end
  return UNKNOWN
end

local function all_of(values)
  if #values == 1 then return describe(values[1].value) end
  local result
  for i = 1, #values do
    local found = describe(values[i].value)
    local letter = sub(found, 1, 1)
    if letter == "t" or letter == "m" then found = letter .. ":0" end
    if result == nil or result == found then
      result = found
    elseif found ~= "i" and result ~= "i" and found ~= "s" and result ~= "s" then
      if (letter == "t" or letter == "m") and (result == "t:0" or result == "m:0") then
        result = "m:0"
      else
        return UNKNOWN
      end
    elseif letter == "t" or letter == "m" then
      result = found -- tables, or immutable
    elseif letter == "f" or letter == "h" or letter == "u" then
      return UNKNOWN
    elseif result == "i" then
      result = found
    elseif sub(result, 1, 1) == "f" or sub(result, 1, 1) == "h" then
      return UNKNOWN
    end
  end
  return result or "i"
end

local function root_of(number, upvalue, name)
  if upvalue == -1 then return G, true end
  if upvalue == -2 then return G.package.loaded[name], true end
  if upvalue == -3 then return sys.plugins[name], true end
  local body = functions[number]
  if not body then return nil, false end
  local found, value = getupvalue(body, upvalue + 1)
  return value, found ~= nil
end

local function resolve(number, upvalue, name, fields)
  local value, known = root_of(number, upvalue, name)
  if not known then return UNKNOWN end
  local values = { { value = value } }
  for i = 1, #fields do
    local key, following = fields[i], {}
    for j = 1, #values do
      local object = values[j].value
      if rawtype(object) == "table" then
        if key == false then
          if sys.is_mirror(object) or names[object] then return UNKNOWN end
          local meta = getmeta(object)
          if meta ~= nil and rawtype(meta) == "table" and rawget(meta, "__index") ~= nil
            and meta ~= sys.config_meta(object) then return UNKNOWN end
          for item_key, item in next, object do
            if rawtype(item_key) ~= "string" and rawtype(item_key) ~= "number" then
              following[#following + 1] = { value = item_key }
            elseif rawtype(item_key) == "string" then
              following[#following + 1] = { value = item_key }
            end
            following[#following + 1] = { value = item }
            if #following > MOST_VALUES then return UNKNOWN end
          end
        else
          local found, sure = field(object, key)
          if not sure then
            if object == sys.wezterm and key == "GLOBAL" then
              found = sys.global
            elseif found == nil then
              return UNKNOWN
            end
          elseif found == nil and names[object] and object ~= G then
            return UNKNOWN
          end
          following[#following + 1] = { value = found }
        end
      elseif rawtype(object) == "string" and key ~= false then
        following[#following + 1] = { value = G.string[key] }
      elseif rawtype(object) == "userdata" then
        return UNKNOWN
      elseif key ~= false and #values == 1 and object ~= nil then
        return UNKNOWN
      end
    end
    values = following
    if #values == 0 then return "i" end
  end
  return all_of(values)
end

-- refs: number, upvalue, name, fields (false for any element) of each.
function entries.resolve(refs)
  local found = {}
  for i = 1, #refs // 4 do
    found[i] = resolve(refs[4 * i - 3], refs[4 * i - 2], refs[4 * i - 1], refs[4 * i])
  end
  return encode(1, table.concat(found, "\n"))
end
