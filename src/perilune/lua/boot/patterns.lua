-- Library functions whose one call in C could go on for ever, where no hook can stop it: pattern matching, and
-- loops over as many elements as a number or __len says.
--
-- A pattern is compiled once, and with it how long a subject may be that C surely deals with in about 20 million
-- steps: repetitions that can give back what they took multiply. Longer subjects go through a matcher in Lua,
-- with the same outcome, whose instructions are counted like the caller's own. Loops are charged to the budget
-- before they begin; where the result would be longer than 128 MiB there is an error.
local sys = ...
local charge, raise = sys.charge, sys.raise
local type, tostring, select, error, rawlen = type, tostring, select, error, rawlen
local byte, sub, rep, find, match, gmatch, gsub, char =
  string.byte, string.sub, string.rep, string.find, string.match, string.gmatch, string.gsub, string.char
local concat, insert, remove, move, sort, unpack, pack =
  table.concat, table.insert, table.remove, table.move, table.sort, table.unpack, table.pack
local tointeger, floor, huge = math.tointeger, math.floor, math.huge

local BIG <const> = 1 << 20
local STEPS <const> = 20000000 -- what one call in C may take
local LONGEST <const> = 128 << 20
local CAPTURES <const> = 32

-- Compiling. Sets are tables from byte to true.

local CLASS = {}
for letter, pattern in next, {
  a = "%a", c = "%c", d = "%d", g = "%g", l = "%l", p = "%p", s = "%s", u = "%u", w = "%w", x = "%x",
} do
  local members, others = {}, {}
  for code = 0, 255 do
    if find(char(code), pattern) then members[code] = true else others[code] = true end
  end
  CLASS[byte(letter)], CLASS[byte(letter) - 32] = members, others
end
local ANY = {}
for code = 0, 255 do ANY[code] = true end

local function class(code)
  local known = CLASS[code]
  if known then return known end
  return { [code] = true }
end

-- A set from "[" on: it, and where it ends.
local function read_set(pattern, at)
  local set, negated = {}, false
  at = at + 1
  if byte(pattern, at) == 94 then -- ^
    negated = true
    at = at + 1
  end
  local first = true
  while true do
    local code = byte(pattern, at)
    if not code then raise("malformed pattern (missing ']')", 5) end
    if code == 93 and not first then break end
    first = false
    if code == 37 then -- %
      local following = byte(pattern, at + 1)
      if not following then raise("malformed pattern (missing ']')", 5) end
      for member in next, class(following) do set[member] = true end
      at = at + 2
    else
      local last = byte(pattern, at + 2)
      if byte(pattern, at + 1) == 45 and last and last ~= 93 then
        for member = code, last do set[member] = true end
        at = at + 3
      else
        set[code] = true
        at = at + 1
      end
    end
  end
  if negated then
    local others = {}
    for code = 0, 255 do if not set[code] then others[code] = true end end
    set = others
  end
  return set, at + 1
end

local QUANTIFIERS = { [42] = "*", [43] = "+", [45] = "-", [63] = "?" }

local function items_of(pattern, at)
  local items, size, open, captures = {}, 0, {}, 0
  local length = #pattern
  local function add(item)
    size = size + 1
    items[size] = item
  end
  while at <= length do
    local code = byte(pattern, at)
    local following = byte(pattern, at + 1)
    local set
    if code == 40 then -- (
      captures = captures + 1
      if captures > CAPTURES then raise("too many captures", 4) end
      if following == 41 then
        add({ op = "pos", n = captures })
        at = at + 2
      else
        open[#open + 1] = captures
        add({ op = "open", n = captures })
        at = at + 1
      end
    elseif code == 41 then -- )
      local number = open[#open]
      if not number then raise("invalid pattern capture", 4) end
      open[#open] = nil
      add({ op = "close", n = number })
      at = at + 1
    elseif code == 36 and at == length then -- $
      add({ op = "end" })
      at = at + 1
    elseif code == 37 then -- %
      if not following then raise("malformed pattern (ends with '%')", 4) end
      if following == 98 then -- b
        local one, other = byte(pattern, at + 2, at + 3)
        if not other then raise("malformed pattern (missing arguments to '%b')", 4) end
        add({ op = "balance", one = one, other = other })
        at = at + 4
      elseif following == 102 then -- f
        if byte(pattern, at + 2) ~= 91 then raise("missing '[' after '%f' in pattern", 4) end
        local frontier
        frontier, at = read_set(pattern, at + 2)
        add({ op = "frontier", set = frontier })
      elseif following >= 48 and following <= 57 then
        local number = following - 48
        local is_open = number == 0 or number > captures
        for i = 1, #open do is_open = is_open or open[i] == number end
        if is_open then raise("invalid capture index %" .. number .. " in pattern", 4) end
        add({ op = "back", n = number })
        at = at + 2
      else
        set, at = class(following), at + 2
      end
    elseif code == 46 then -- .
      set, at = ANY, at + 1
    elseif code == 91 then -- [
      set, at = read_set(pattern, at)
    else
      set, at = { [code] = true }, at + 1
    end
    if set then
      local quantifier = QUANTIFIERS[byte(pattern, at)]
      if quantifier then at = at + 1 end
      add({ op = "set", set = set, quantifier = quantifier, literal = code })
    end
  end
  if #open > 0 then raise("unfinished capture", 4) end
  items.captures = captures
  return items
end

-- How long a subject may be, and the text that every match begins with.

local function overlaps(one, other)
  for code in next, one do if other[code] then return true end end
  return false
end

local function next_real(items, at)
  for i = at + 1, #items do
    local op = items[i].op
    if op ~= "open" and op ~= "close" and op ~= "pos" then return items[i] end
  end
  return nil
end

local function can_fail(item)
  return item.op ~= "open" and item.op ~= "close" and item.op ~= "pos"
    and not (item.op == "set" and item.quantifier and item.quantifier ~= "+")
end

local function measure(items, anchored)
  local power, linear, twos = 0, false, 0
  local fails = false
  for i = #items, 1, -1 do
    local item = items[i]
    local quantifier = item.quantifier
    if fails and quantifier then
      local following = next_real(items, i)
      if quantifier == "?" then
        twos = twos + 1
      elseif following.op == "end"
        or following.op == "set" and (not following.quantifier or following.quantifier == "+")
          and not overlaps(item.set, following.set) then
        linear = true -- only what it took first can be followed
      else
        power = power + 1
      end
    elseif item.op == "balance" or item.op == "back" then
      power = power + 1
    end
    fails = fails or can_fail(item)
  end
  if linear then power = power + 1 end
  local literal = {}
  if not anchored then
    power = power + 1
    for i = 1, #items do
      local item = items[i]
      if item.op ~= "set" or item.quantifier or next(item.set, (next(item.set))) then break end
      literal[#literal + 1] = char((next(item.set)))
    end
  end
  local steps = STEPS / 2 ^ twos
  local limit = power == 0 and (steps >= 1 and huge or 0) or floor(steps ^ (1 / power))
  return limit, concat(literal), power, steps
end

local known, known_count = { [true] = {}, [false] = {} }, 0
local function compiled(pattern, is_gmatch)
  local found = known[is_gmatch][pattern]
  if found then return found end
  charge(20 * #pattern)
  local anchored = not is_gmatch and byte(pattern) == 94
  local items = items_of(pattern, anchored and 2 or 1)
  local limit, literal, power, steps = measure(items, anchored)
  found = { items = items, anchored = anchored, limit = limit, literal = literal, power = power, steps = steps }
  if known_count > 500 then known, known_count = { [true] = {}, [false] = {} }, 0 end
  known[is_gmatch][pattern] = found
  known_count = known_count + 1
  return found
end

-- Long subjects in which few matches can begin are no danger either.
local function is_harmless(program, subject)
  local literal = program.literal
  if literal == "" then return false end
  local length, starts, at = #subject, 1, 1
  local most = program.steps / length ^ (program.power - 1)
  while true do
    at = find(subject, literal, at, true)
    if not at then return true end
    starts = starts + 1
    if starts > most or starts > 10000 then return false end
    at = at + 1
  end
end

local safe = {} -- pattern -> the longest harmless subject: what most calls look at
local safe_count = 0
local function may_call(subject, pattern)
  local limit = safe[pattern]
  local length = #subject
  if limit and length <= limit then return true end
  if length < 8 and #pattern < 20 then return true end
  -- What C would complain about it complains about itself.
  local ok, program = sys.raw_pcall(compiled, pattern, false)
  if not ok then
    if sys.is_exhausted() then error(program, 0) end
    return length <= 64 and #pattern <= 64
  end
  if not limit then
    if safe_count > 500 then safe, safe_count = {}, 0 end
    safe[pattern] = program.limit
    safe_count = safe_count + 1
  end
  return length <= program.limit or is_harmless(program, subject)
end

-- Matching. Positions are those of bytes; captures are pairs of start and length, -1 for a position.

local starts, lengths = {}, {}

local run

-- byte() of what is past the end is nothing at all, which cannot index a table.
local function code_at(subject, at)
  return byte(subject, at) or -1
end

local function greedy(subject, at, items, number, set, least)
  local stop = at
  while set[code_at(subject, stop)] do stop = stop + 1 end
  for last = stop, at + least, -1 do
    local found = run(subject, last, items, number + 1)
    if found then return found end
  end
  return nil
end

local function lazy(subject, at, items, number, set)
  while true do
    local found = run(subject, at, items, number + 1)
    if found then return found end
    if not set[code_at(subject, at)] then return nil end
    at = at + 1
  end
end

local function balanced(subject, at, one, other)
  if byte(subject, at) ~= one then return nil end
  local depth = 1
  for i = at + 1, #subject do
    local code = byte(subject, i)
    if code == other then
      depth = depth - 1
      if depth == 0 then return i + 1 end
    elseif code == one then
      depth = depth + 1
    end
  end
  return nil
end

-- Where a match from `at` ends (after it), from item `number` on.
function run(subject, at, items, number)
  while true do
    local item = items[number]
    if not item then return at end
    local op = item.op
    if op == "set" then
      local set, quantifier = item.set, item.quantifier
      if not quantifier then
        if not set[code_at(subject, at)] then return nil end
        at = at + 1
      elseif quantifier == "*" then
        return greedy(subject, at, items, number, set, 0)
      elseif quantifier == "+" then
        return greedy(subject, at, items, number, set, 1)
      elseif quantifier == "-" then
        return lazy(subject, at, items, number, set)
      else
        if set[code_at(subject, at)] then
          local found = run(subject, at + 1, items, number + 1)
          if found then return found end
        end
      end
    elseif op == "open" then
      local before = starts[item.n]
      starts[item.n] = at
      local found = run(subject, at, items, number + 1)
      if not found then starts[item.n] = before end
      return found
    elseif op == "close" then
      local before = lengths[item.n]
      lengths[item.n] = at - starts[item.n]
      local found = run(subject, at, items, number + 1)
      if not found then lengths[item.n] = before end
      return found
    elseif op == "pos" then
      starts[item.n], lengths[item.n] = at, -1
    elseif op == "end" then
      if at ~= #subject + 1 then return nil end
    elseif op == "balance" then
      at = balanced(subject, at, item.one, item.other)
      if not at then return nil end
    elseif op == "frontier" then
      local before = at > 1 and byte(subject, at - 1) or 0
      if item.set[before] or not item.set[byte(subject, at) or 0] then return nil end
    else -- back
      local length = lengths[item.n]
      if length < 0 then return nil end
      local text = sub(subject, starts[item.n], starts[item.n] + length - 1)
      charge(length // 16)
      if sub(subject, at, at + length - 1) ~= text then return nil end
      at = at + length
    end
    number = number + 1
  end
end

local function capture(subject, number)
  if lengths[number] == -1 then return starts[number] end
  return sub(subject, starts[number], starts[number] + lengths[number] - 1)
end

local function captures(subject, count, from, to)
  if count == 0 then return from and sub(subject, from, to) or nil end
  local found = {}
  for i = 1, count do found[i] = capture(subject, i) end
  return unpack(found, 1, count)
end

local function begin(init, length)
  init = init or 1
  if init < 0 then init = length + init + 1 end
  return init < 1 and 1 or init
end

-- The first match at or after `init`: its beginning and end (after it).
local function search(subject, program, init)
  for at = init, program.anchored and init or #subject + 1 do
    local stop = run(subject, at, program.items, 1)
    if stop then return at, stop end
  end
  return nil
end

local function slow_find(subject, pattern, init, wants_places)
  local program = compiled(pattern, false)
  init = begin(init, #subject)
  if init > #subject + 1 then return nil end
  local at, stop = search(subject, program, init)
  if not at then return nil end
  local count = program.items.captures
  if not wants_places then return captures(subject, count, at, stop - 1) end
  if count == 0 then return at, stop - 1 end
  return at, stop - 1, captures(subject, count)
end

local function slow_gmatch(subject, pattern, init)
  local program = compiled(pattern, true)
  local at, last = begin(init, #subject), nil
  return function()
    while at <= #subject + 1 do
      local from, stop = at, run(subject, at, program.items, 1)
      if stop and stop ~= last then
        at, last = stop, stop
        return captures(subject, program.items.captures, from, stop - 1)
      end
      at = at + 1
    end
    return nil
  end
end

local function replacement_text(subject, replacement, count, from, stop)
  return (gsub(replacement, "%%(.?)", function(letter)
    if letter == "%" then return "%" end
    local number = tointeger(tonumber(letter))
    if not number then raise("invalid use of '%' in replacement string", 6) end
    if number == 0 then return sub(subject, from, stop - 1) end
    if number == 1 and count == 0 then return sub(subject, from, stop - 1) end
    if number > count then raise("invalid capture index %" .. number .. " in replacement string", 6) end
    return tostring(capture(subject, number))
  end))
end

local function slow_gsub(subject, pattern, replacement, most)
  local kind = type(replacement)
  if kind == "number" then
    replacement, kind = tostring(replacement), "string"
  elseif kind ~= "string" and kind ~= "table" and kind ~= "function" then
    raise("bad argument #3 to 'gsub' (string/function/table expected, got " .. kind .. ")", 3)
  end
  local program = compiled(pattern, false)
  local items, count = program.items, program.items.captures
  local out, size, at, last, done = {}, 0, 1, nil, 0
  while done < (most or huge) do
    local stop = run(subject, at, items, 1)
    if stop and stop ~= last then
      done = done + 1
      local value
      if kind == "string" then
        value = replacement_text(subject, replacement, count, at, stop)
      elseif kind == "table" then
        value = replacement[count == 0 and sub(subject, at, stop - 1) or capture(subject, 1)]
      else
        value = replacement(captures(subject, count, at, stop - 1))
      end
      if not value then
        value = sub(subject, at, stop - 1)
      elseif type(value) ~= "string" and type(value) ~= "number" then
        raise("invalid replacement value (a " .. type(value) .. ")", 3)
      end
      size = size + 1
      out[size] = value
      at, last = stop, stop
    elseif at <= #subject then
      size = size + 1
      out[size] = sub(subject, at, at)
      at = at + 1
    else
      break
    end
    if program.anchored then break end
  end
  out[size + 1] = sub(subject, at)
  return concat(out), done
end

sys.slow_patterns = { find = slow_find, gmatch = slow_gmatch, gsub = slow_gsub }

-- The functions that configs see. Wrong arguments are left to the C functions, which know what to say.

local function is_text(value)
  local kind = type(value)
  return kind == "string" or kind == "number"
end

-- Whether a call has texts to look at; numbers are left to C, what is neither is an error here.
local function texts(name, subject, pattern)
  if type(subject) == "string" and type(pattern) == "string" then return true end
  if not is_text(subject) then
    raise("bad argument #1 to '" .. name .. "' (string expected, got " .. type(subject) .. ")", 3)
  elseif not is_text(pattern) then
    raise("bad argument #2 to '" .. name .. "' (string expected, got " .. type(pattern) .. ")", 3)
  end
  return false
end

local function check_list(name, list)
  if type(list) ~= "table" then
    raise("bad argument #1 to '" .. name .. "' (table expected, got " .. type(list) .. ")", 3)
  end
end

local originals = {}
for _, name in next, { "string", "table" } do
  local copy = {}
  for key, body in next, _G[name] do copy[key] = body end
  originals[name] = copy
end
-- Where C looks for a function's name when it complains.
package.loaded.string, package.loaded.table = originals.string, originals.table

function string.find(subject, pattern, init, plain, ...)
  if texts("find", subject, pattern) then
    if plain then
      if #pattern > 64 then charge(#subject * #pattern >> 8) end
    elseif not may_call(subject, pattern) then
      return slow_find(subject, pattern, tointeger(init), true)
    end
  end
  return find(subject, pattern, init, plain, ...)
end

function string.match(subject, pattern, init, ...)
  if texts("match", subject, pattern) and not may_call(subject, pattern) then
    return slow_find(subject, pattern, tointeger(init), false)
  end
  return match(subject, pattern, init, ...)
end

function string.gmatch(subject, pattern, init, ...)
  if texts("gmatch", subject, pattern) and not may_call(subject, pattern) then
    return slow_gmatch(subject, pattern, tointeger(init))
  end
  return gmatch(subject, pattern, init, ...)
end

function string.gsub(subject, pattern, replacement, most, ...)
  if texts("gsub", subject, pattern) and not may_call(subject, pattern) then
    return slow_gsub(subject, pattern, replacement, most)
  end
  return gsub(subject, pattern, replacement, most, ...)
end

function string.rep(text, count, separator, ...)
  local times = tointeger(count)
  if times and times > 0 and (type(text) == "string" or type(text) == "number") then
    local size = #tostring(text) + (type(separator) == "string" and #separator or 0)
    if size == 0 then return "" end
    if times > LONGEST // size then raise("resulting string too large") end
    charge(size * times >> 6)
    if size * times > BIG then sys.grow_wary() end
  end
  return rep(text, count, separator, ...)
end

local string_pack = string.pack
function string.pack(layout, ...)
  if type(layout) == "string" and find(layout, "%d%d%d%d%d%d") then sys.grow_wary() end
  local packed = string_pack(layout, ...)
  return packed
end

local function length_of(list)
  local length = #list
  return type(length) == "number" and length or 0
end

-- So many elements are gone through.
local function charge_for(from, to)
  if type(from) == "number" and type(to) == "number" and to > from then charge(to * 1.0 - from) end
end

function table.concat(list, separator, from, to, ...)
  check_list("concat", list)
  charge_for(from or 1, to or length_of(list))
  return concat(list, separator, from, to, ...)
end

function table.insert(list, ...)
  check_list("insert", list)
  if select("#", ...) > 1 then charge_for((...), length_of(list)) end
  return insert(list, ...)
end

function table.remove(list, ...)
  check_list("remove", list)
  if select("#", ...) > 0 then charge_for((...), length_of(list)) end
  return remove(list, ...)
end

function table.move(list, from, to, ...)
  charge_for(from, to)
  return move(list, from, to, ...)
end

function table.unpack(list, from, to, ...)
  if to == nil and type(list) == "table" then to = length_of(list) end
  charge_for(from or 1, to)
  return unpack(list, from, to, ...)
end

function table.sort(list, ...)
  check_list("sort", list)
  charge_for(0, 8 * length_of(list))
  return sort(list, ...)
end
