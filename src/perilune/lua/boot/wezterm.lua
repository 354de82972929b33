-- The `wezterm` module (also `perilune`): constants, what is better written in Lua, and lazy parts.
local sys = ...
local raise, call, wezterm = sys.raise, sys.call, sys.wezterm
local setmetatable, type, tostring, rawset, pairs, ipairs, next, error, getmeta =
  setmetatable, sys.rawtype, tostring, rawset, pairs, ipairs, next, error, sys.getmeta
local G = _G
sys.G_type = G.type

-- Values as text, as WezTerm writes them in its log: a table over several lines, a list in brackets, names in
-- quotes and in order, and each once; an object as what it holds, or as what `tostring` makes of it.
local DEEPEST <const> = 60
local ESCAPES = { ["\t"] = "\\t", ["\r"] = "\\r", ["\n"] = "\\n", ["'"] = "\\'", ['"'] = '\\"', ["\\"] = "\\\\" }
local gsub, format, find, byte, sort, concat, len, char =
  string.gsub, string.format, string.find, string.byte, table.sort, table.concat, utf8.len, utf8.codepoint
local utf8_pattern, math_type = utf8.charpattern, math.type

local function quoted(text)
  if len(text) == nil then
    return 'b"' .. gsub(text, "[^%w%p ]", function(c) return format("\\x%02x", byte(c)) end) .. '"'
  end
  text = gsub(text, "[%c'\"\\]", function(c) return ESCAPES[c] or format("\\u{%x}", byte(c)) end)
  if find(text, "[\x80-\xff]") then
    text = gsub(text, utf8_pattern, function(c)
      if byte(c) >= 0x80 then return format("\\u{%x}", char(c)) end
    end)
  end
  return '"' .. text .. '"'
end

local RANK = { boolean = 1, string = 2, table = 3, number = 4 }
local function before(a, b)
  local x, y = type(a), type(b)
  if x ~= y then return (RANK[x] or 5) < (RANK[y] or 5) end
  if x == "number" or x == "string" then return a < b end
  return tostring(a) < tostring(b)
end

local show
local function entries_of(value)
  local keys, count, is_list = {}, 0, true
  for key in pairs(value) do
    count = count + 1
    keys[count] = key
    if math_type(key) ~= "integer" or key < 1 then is_list = false end
  end
  sort(keys, before)
  return keys, count, is_list and (count == 0 or keys[count] == count)
end

function show(value, indent, seen)
  local kind = type(value)
  if kind == "string" then return quoted(value) end
  if kind ~= "table" then return tostring(value) end
  local meta = getmeta(value)
  local writer = meta and sys.writers[meta]
  if writer and not sys.plain_text[meta] then
    local plain, raw = writer(value)
    if not raw then return show(plain, indent, seen) end
  end
  if meta and (sys.plain_text[meta] or writer) then return tostring(value) end
  if seen[value] or #indent > 4 * DEEPEST then return format("table: %p", value) end
  seen[value] = true
  local keys, count, is_list = entries_of(value)
  local inner, lines = indent .. "    ", {}
  for i = 1, count do
    local text = show(value[keys[i]], inner, seen)
    lines[i] = inner .. (is_list and "" or show(keys[i], inner, seen) .. ": ") .. text .. ",\n"
  end
  if is_list then return count == 0 and "[]" or "[\n" .. concat(lines) .. indent .. "]" end
  return "{\n" .. concat(lines) .. indent .. "}"
end
wezterm.to_string = function(value) return show(value, "", {}) end

local function joined(...)
  local parts = table.pack(...)
  for i = 1, parts.n do
    local value = parts[i]
    parts[i] = type(value) == "string" and value or show(value, "", {})
  end
  return concat(parts, " ", 1, parts.n)
end
local function log(level)
  return function(...) call("sys.log", level, sys.where(3) .. joined(...)) end
end
function G.print(...) call("sys.log", "info", joined(...)) end
wezterm.log_info, wezterm.log_warn, wezterm.log_error = log("info"), log("warn"), log("error")
wezterm.on, wezterm.emit = sys.on, function(name, ...)
  if type(name) ~= "string" then raise("wezterm.emit: expected the event's name, got " .. sys.kind(name)) end
  return sys.emit(name, ...)
end
wezterm.action, wezterm.action_callback = sys.action, sys.action_callback
wezterm.config_builder = sys.config_builder
wezterm.format = sys.format
for name, value in pairs(call("sys.constants")) do wezterm[name] = value end

-- Fonts: tables in the form that the option `font` takes.
local function font_attributes(family, attributes, who, is_fallback)
  local result = {}
  if type(family) == "table" then
    for key, value in pairs(family) do result[key] = value end
    if type(result.family) ~= "string" then raise(who .. ": expected family = 'name' in the table", 3) end
  elseif type(family) == "string" then
    result.family = family
  else
    raise(who .. ": expected a family name or a table with one, got " .. sys.kind(family), 3)
  end
  local function settle(source) -- the older ways to say it
    if source.italic ~= nil then
      result.style = source.italic and "Italic" or "Normal"
      result.italic = nil
    end
    if source.bold ~= nil then
      result.weight = source.bold and "Bold" or "Regular"
      result.bold = nil
    end
  end
  settle(result)
  if attributes ~= nil then
    if type(attributes) ~= "table" then
      raise(who .. ": expected a table of attributes, got " .. sys.kind(attributes), 3)
    end
    result.weight, result.stretch, result.style = nil, nil, nil -- what is not among them is as usual again
    for key, value in pairs(attributes) do
      if key ~= "foreground" then result[key] = value end -- of the text, not of a face
    end
    settle(attributes)
  end
  result.style, result.weight = result.style or "Normal", result.weight or "Regular"
  result.stretch = result.stretch or "Normal"
  result.is_fallback, result.is_synthetic = is_fallback, false
  if (result.family == "Menlo" or result.family == "Monaco") and result.harfbuzz_features == nil then
    result.harfbuzz_features = { "kern", "clig", "liga=0" } -- as WezTerm: they have ligatures for `fi`
  end
  return result
end

function wezterm.font(family, attributes)
  local face = font_attributes(family, attributes, "wezterm.font", false)
  return { font = { face }, foreground = attributes and attributes.foreground }
end

function wezterm.font_with_fallback(families, attributes)
  if type(families) ~= "table" then
    raise("wezterm.font_with_fallback: expected a list of families, got " .. sys.kind(families))
  end
  local fonts = {}
  for i = 1, #families do
    local family = families[i]
    if type(family) == "table" and family.family == nil then
      call("sys.warn", sys.where(2) .. "wezterm.font_with_fallback: the table at " .. i
        .. " has no family; it is passed over")
    else
      fonts[#fonts + 1] = font_attributes(family, attributes, "wezterm.font_with_fallback", #fonts > 0)
    end
  end
  return { font = fonts, foreground = type(attributes) == "table" and attributes.foreground or nil }
end

-- A domain whose commands a function changes; it arrives in the options as an event.
function wezterm.exec_domain(name, fixup, label)
  if type(name) ~= "string" then raise("wezterm.exec_domain: expected a name, got " .. sys.kind(name)) end
  if not sys.callable(fixup) then raise("wezterm.exec_domain: expected a function, got " .. sys.kind(fixup)) end
  return { name = name, fixup_command = fixup, label = label }
end

-- Lazy: 10 thousand names and 1000 schemes are looked up only by those who ask.
wezterm.nerdfonts = setmetatable({}, {
  __index = function(names, name)
    if type(name) ~= "string" then return nil end
    local glyph = call("sys.nerdfont", name)
    if glyph then rawset(names, name, glyph) end
    return glyph
  end,
  __pairs = function()
    return next, call("sys.nerdfonts"), nil
  end,
})

wezterm.time = wezterm.time or {}
wezterm.time.call_after = sys.call_after
function wezterm.time.now() return sys.make_time(call("sys.now"), true) end
function wezterm.time.parse(text, pattern) return sys.make_time(call("sys.time_parse", text, pattern)) end
function wezterm.time.parse_rfc3339(text) return sys.make_time(call("sys.time_parse_rfc3339", text)) end

wezterm.url = {
  parse = function(text) return sys.make_url(call("sys.check_url", text)) end,
}
wezterm.url.Url = wezterm.url.parse

local color = wezterm.color or {}
wezterm.color = color
function color.parse(text)
  if sys.is_color(text) then return text end
  return sys.make_color(call("sys.color_parse", text))
end
function color.from_hsla(h, s, l, a) return sys.make_color(call("sys.color_from_hsla", h, s, l, a)) end
function color.gradient(gradient, count) return sys.colors(call("sys.color_gradient", gradient, count)) end
wezterm.gradient_colors = color.gradient
function color.extract_colors_from_image(...)
  return sys.colors(sys.wait_or_block("sys.color_extract", ...))
end
-- Most configs take one scheme out of the thousand, at every load: the rest is read when they are gone through.
local load_all_schemes = color.get_builtin_schemes
local schemes_meta = {
  __index = function(schemes, name)
    local scheme = type(name) == "string" and call("sys.scheme", name) or nil
    if scheme then rawset(schemes, name, scheme) end
    return scheme
  end,
  __pairs = function(schemes)
    setmetatable(schemes, nil)
    for name, scheme in next, load_all_schemes() do
      if schemes[name] == nil then rawset(schemes, name, scheme) end
    end
    return next, schemes, nil
  end,
}
function color.get_builtin_schemes() return setmetatable({}, schemes_meta) end
wezterm.get_builtin_color_schemes = color.get_builtin_schemes

-- What stands for a plugin that is not there: a table that answers anything with itself.
local placeholder_meta = {}
local touched = false -- whether a plugin that is not there was to act on the config
placeholder_meta.__index = function(self, key)
  if type(key) ~= "number" then return self end -- else ipairs would not end
end
placeholder_meta.__call = function(self, ...)
  for i = 1, select("#", ...) do
    local config = select(i, ...)
    if sys.config_meta(config) then sys.expect_options(config) end
  end
  return self
end
placeholder_meta.__newindex = function() end
placeholder_meta.__concat = function(a, b)
  return (type(a) == "table" and "" or tostring(a)) .. (type(b) == "table" and "" or tostring(b))
end
placeholder_meta.__tostring = function() return "" end
placeholder_meta.__len = function() return 0 end
placeholder_meta.__pairs = function() return next, {}, nil end
for _, name in next, { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot" } do
  placeholder_meta["__" .. name] = function() return 0 end
end
for _, name in next, { "lt", "le" } do
  placeholder_meta["__" .. name] = function() return false end
end
sys.writers[placeholder_meta] = function() return nil end

local function is_placeholder(value) return getmeta(value) == placeholder_meta end

local function holds(value, depth)
  if type(value) ~= "table" or depth > 20 then return false end
  if is_placeholder(value) then return true end
  for _, item in next, value do
    if holds(item, depth + 1) then return true end
  end
  return false
end
function sys.holds_placeholder(value) return touched and holds(value, 0) end

-- Take out of a list the items that hold one; a key that a missing plugin was to act on does nothing.
local function without_placeholders(list)
  local kept = 0
  for i = 1, #list do
    local item = list[i]
    if type(item) == "table" and not is_placeholder(item) and holds(item.action, 0) then item.action = "Nop" end
    list[i] = nil
    if not holds(item, 0) then
      kept = kept + 1
      list[kept] = item
    end
  end
end

-- Take out of a table the innermost tables that one lies in.
local function pruned(value)
  for name, item in next, value do
    if is_placeholder(item) then
      value[name] = nil
    elseif holds(item, 0) then
      local below = false
      for _, inner in next, item do below = below or (not is_placeholder(inner) and holds(inner, 0)) end
      if below and #item == 0 then pruned(item) else value[name] = nil end
    end
  end
end

-- A config without what missing plugins were to give: as an error that would hide that they are missing.
function sys.settle_placeholders(config)
  if not touched then return end
  for name, value in next, config do
    if holds(value, 0) and not is_placeholder(value) then
      if name == "colors" then
        pruned(value)
      elseif name == "key_tables" then
        for key, list in next, value do
          if is_placeholder(list) then value[key] = nil else without_placeholders(list) end
        end
      elseif type(value[1]) == "table" and name ~= "default_prog" then
        without_placeholders(value)
      else
        config[name] = nil
      end
    end
  end
end

-- A module that is not there is most likely the missing plugin's, if that is named after it.
local function of_missing_plugin(name)
  local first = string.match(name, "^[%w_-]+")
  for url, value in next, sys.plugins do
    if first and #first > 3 and is_placeholder(value) and string.find(url, first, 1, true) then
      call("sys.warn", sys.where(3) .. "the module " .. name .. " of the plugin " .. url
        .. " is not in the local cache; a placeholder stands for it")
      return function() return value end
    end
  end
  return "\n\tno plugin of that name"
end

local plugins = {}
sys.plugins = plugins
wezterm.plugin = wezterm.plugin or {}
function wezterm.plugin.require(url)
  if type(url) ~= "string" then raise("wezterm.plugin.require: expected a URL, got " .. sys.kind(url)) end
  if plugins[url] ~= nil then return plugins[url] end
  local where = sys.where(2)
  local path, folder = call("sys.plugin_path", url)
  if not path then path, folder = sys.wait_or_block("sys.plugin_fetch", url, where) end
  local value
  if path then
    G.package.path = folder .. "/plugin/?.lua;" .. folder .. "/plugin/?/init.lua;" .. G.package.path
    local chunk, reason = sys.load_file(path, G)
    if not chunk then error(reason, 0) end
    local name = string.match(folder, "([^/]+)/*$")
    value = chunk(name, path)
    if value ~= nil and G.package.loaded[name] == nil then G.package.loaded[name] = value end
  else
    value = setmetatable({}, placeholder_meta)
    if not touched then
      touched = true
      G.package.searchers[#G.package.searchers + 1] = of_missing_plugin
    end
  end
  plugins[url] = value
  return value
end

function wezterm.permute_any_mods(binding) return call("sys.permute", binding, false) end
function wezterm.permute_any_or_no_mods(binding) return call("sys.permute", binding, true) end
function wezterm.has_action(name)
  if type(name) ~= "string" then raise("wezterm.has_action: expected a name, got " .. sys.kind(name)) end
  return call("sys.has_action", name)
end

setmetatable(wezterm, {
  __index = function(_, key)
    if key == "GLOBAL" then return sys.global end
    return nil
  end,
  __newindex = function(self, key, value)
    if key == "GLOBAL" then
      sys.note_write("wezterm.GLOBAL = ...", 2)
      call("sys.global_assign", value)
      return
    end
    rawset(self, key, value)
  end,
})

G.package.loaded.wezterm = wezterm
G.package.loaded.perilune = wezterm
G.wezterm = nil
