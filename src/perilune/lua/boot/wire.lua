-- The format in which values cross the border to Python, both ways: one byte string per crossing, so that no
-- Python object is ever in Lua's hands and no Lua table in Python's. convert.py is the other half.
--
--   z nil   t true   f false   i<n>; integer   d<n>; float   s<len>:<bytes>
--   l<n>;<items> list   m<n>;<key><value>... table   o<kind><n>; handle   u<len>:<bytes> Url
local sys = ...
local rawtype, next, rawlen, rawget, getmetatable, setmetatable, tostring, tonumber =
  type, next, rawlen, rawget, sys.getmeta, setmetatable, tostring, tonumber
local math_type, format, byte, find, sub = math.type, string.format, string.byte, string.find, string.sub
local concat, unpack, select = table.concat, table.unpack, select
local count = collectgarbage
local raise = sys.raise

local MAX_DEPTH <const> = 100
local MAX_NODES <const> = 2000000

-- How objects of ours are written: metatable -> function(object) returning a wire string or a plain value.
local writers = setmetatable({}, { __mode = "k" })
sys.writers = writers

local function path_of(path, depth)
  local parts = {}
  for i = 1, depth do
    local key = path[i]
    if rawtype(key) == "number" then
      parts[#parts + 1] = "[" .. tostring(key) .. "]"
    else
      parts[#parts + 1] = (#parts > 0 and "." or "") .. tostring(key)
    end
  end
  return #parts == 0 and "the value" or concat(parts)
end

local out, size, nodes, path, on_path, on_function

local function is_list(value, length)
  local keys = 0
  for _ in next, value do
    keys = keys + 1
    if keys > length then return false end
  end
  if keys ~= length then return false end
  for i = 1, length do
    if rawget(value, i) == nil then return false end
  end
  return true
end

local function write(value, depth)
  nodes = nodes + 1
  local kind = rawtype(value)
  if kind == "string" then
    size = size + 1
    out[size] = "s" .. #value .. ":"
    size = size + 1
    out[size] = value
  elseif kind == "number" then
    size = size + 1
    if math_type(value) == "integer" then
      out[size] = "i" .. value .. ";"
    else
      out[size] = "d" .. format("%.17g", value) .. ";"
    end
  elseif kind == "boolean" then
    size = size + 1
    out[size] = value and "t" or "f"
  elseif kind == "nil" then
    size = size + 1
    out[size] = "z"
  elseif kind == "table" then
    local meta = getmetatable(value)
    local writer = meta and writers[meta]
    if writer then
      local plain, raw = writer(value)
      if raw then
        size = size + 1
        out[size] = raw
      else
        write(plain, depth + 1)
      end
      return
    end
    if depth > MAX_DEPTH then raise(path_of(path, 8) .. "...: nested deeper than " .. MAX_DEPTH .. " tables") end
    if nodes > MAX_NODES then raise("more than " .. MAX_NODES .. " values") end
    if on_path[value] then raise(path_of(path, depth) .. ": the table contains itself") end
    on_path[value] = true
    local length = rawlen(value)
    if length > 0 and is_list(value, length) then
      size = size + 1
      out[size] = "l" .. length .. ";"
      for i = 1, length do
        path[depth + 1] = i
        write(value[i], depth + 1)
      end
    else
      size = size + 1
      local head, pairs_written = size, 0
      for key, item in next, value do
        local key_kind = rawtype(key)
        path[depth + 1] = key
        if key_kind ~= "string" and key_kind ~= "number" and key_kind ~= "boolean" then
          raise(path_of(path, depth) .. ": a " .. key_kind .. " cannot be a key here")
        end
        write(key, depth + 1)
        write(item, depth + 1)
        pairs_written = pairs_written + 1
      end
      out[head] = "m" .. pairs_written .. ";"
    end
    on_path[value] = nil
  elseif kind == "function" and on_function then
    write(on_function(value), depth + 1)
  else
    raise(path_of(path, depth) .. ": a " .. kind .. " cannot be used here")
  end
end

-- n values as one string: "<n>;" and each value.
local function encode_with(functions, n, ...)
  -- Re-entrant: a writer may encode.
  local o, s, c, p, q, f = out, size, nodes, path, on_path, on_function
  out, size, nodes, path, on_path, on_function = { n .. ";" }, 1, 0, {}, {}, functions
  for i = 1, n do
    write((select(i, ...)), 0)
  end
  local text = concat(out, "", 1, size)
  out, size, nodes, path, on_path, on_function = o, s, c, p, q, f
  return text
end


local function encode(n, ...) return encode_with(nil, n, ...) end

-- Reading.
local handles = {} -- kind letter -> function(id) giving the object
local make_url = function(text) return text end
sys.handles = handles
function sys.set_url_maker(maker) make_url = maker end

local function read(text, at)
  local tag = byte(text, at)
  if tag == 115 then -- s
    local colon = find(text, ":", at, true)
    local length = tonumber(sub(text, at + 1, colon - 1))
    return sub(text, colon + 1, colon + length), colon + length + 1
  elseif tag == 105 or tag == 100 then -- i, d
    local stop = find(text, ";", at, true)
    local digits = sub(text, at + 1, stop - 1)
    local number = tonumber(digits)
    if number == nil then number = digits == "inf" and math.huge or digits == "-inf" and -math.huge or 0 / 0 end
    if tag == 100 then number = number + 0.0 end
    return number, stop + 1
  elseif tag == 109 then -- m
    local stop = find(text, ";", at, true)
    local n = tonumber(sub(text, at + 1, stop - 1))
    local value, key, item = {}, nil, nil
    at = stop + 1
    for _ = 1, n do
      key, at = read(text, at)
      item, at = read(text, at)
      value[key] = item
    end
    return value, at
  elseif tag == 108 then -- l
    local stop = find(text, ";", at, true)
    local n = tonumber(sub(text, at + 1, stop - 1))
    local value = {}
    at = stop + 1
    for i = 1, n do
      value[i], at = read(text, at)
    end
    return value, at
  elseif tag == 122 then -- z
    return nil, at + 1
  elseif tag == 116 then -- t
    return true, at + 1
  elseif tag == 102 then -- f
    return false, at + 1
  elseif tag == 111 then -- o
    local stop = find(text, ";", at, true)
    return handles[sub(text, at + 1, at + 1)](tonumber(sub(text, at + 2, stop - 1))), stop + 1
  else -- u
    local colon = find(text, ":", at, true)
    local length = tonumber(sub(text, at + 1, colon - 1))
    return make_url(sub(text, colon + 1, colon + length)), colon + length + 1
  end
end

-- The values and how many.
local function decode(text)
  local stop = find(text, ";", 1, true)
  local n = tonumber(sub(text, 1, stop - 1))
  local values, at = {}, stop + 1
  for i = 1, n do
    values[i], at = read(text, at)
  end
  return values, n
end

local function decoded(text)
  local values, n = decode(text)
  return unpack(values, 1, n)
end

-- Python functions: never raise, take and give one byte string. The margin of memory is checked on this side,
-- because an allocation that fails while lupa pushes a result would jump over Python's frames.
local soft_limit = sys.soft_memory_kib
local function check_memory()
  if count("count") > soft_limit then
    count("collect")
    if count("count") > soft_limit then raise("not enough memory", 3) end
  end
end

-- Where a function stands for the assignment that calls it.
local takes_functions = {
  ["window.perform_action"] = true, ["window.set_config_overrides"] = true,
  ["sys.check_assignment"] = true, ["sys.check_option"] = true,
}

local python, charge = sys.python, sys.charge
-- The arguments' and the answer's bytes: data, ok, answer.
local function raw_call(name, ...)
  check_memory()
  local data = encode_with(takes_functions[name] and sys.as_assignment, select("#", ...), ...)
  charge(20 + #data // 16) -- what Python does with it takes time, too
  return data, python(name, data)
end

local function call(name, ...)
  local _, ok, answer = raw_call(name, ...)
  if ok then return decoded(answer) end
  raise(answer)
end

sys.encode, sys.encode_with, sys.decode, sys.decoded = encode, encode_with, decode, decoded
sys.read_wire = read
sys.call, sys.raw_call, sys.check_memory = call, raw_call, check_memory
