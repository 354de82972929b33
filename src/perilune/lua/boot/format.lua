-- FormatItems to text with SGR sequences, for wezterm.format and for what title callbacks return.
-- Every attribute emits something, its default included: that is how Italic=false undoes italics (upstream
-- emits nothing then).
local sys = ...
local raise, call = sys.raise, sys.call
local type, tostring, getmeta, concat, find, gsub, tonumber =
  sys.rawtype, tostring, sys.getmeta, table.concat, string.find, string.gsub, tonumber
local next = next

local ANSI = {
  Black = 0, Maroon = 1, Green = 2, Olive = 3, Navy = 4, Purple = 5, Teal = 6, Silver = 7,
  Grey = 8, Red = 9, Lime = 10, Yellow = 11, Blue = 12, Fuchsia = 13, Aqua = 14, White = 15,
}
local ATTRIBUTES = {
  Intensity = { Normal = "22", Bold = "22;1", Half = "22;2" },
  Underline = { None = "24", Single = "4", Double = "4:2", Curly = "4:3", Dotted = "4:4", Dashed = "4:5" },
  Italic = { [true] = "3", [false] = "23" },
  Reverse = { [true] = "7", [false] = "27" },
  StrikeThrough = { [true] = "9", [false] = "29" },
  Strikethrough = { [true] = "9", [false] = "29" },
  Invisible = { [true] = "8", [false] = "28" },
  Overline = { [true] = "53", [false] = "55" },
  Blink = { None = "25", Slow = "5", Rapid = "6" },
}

local rgb_of = {} -- colour text -> "r;g;b" or "none"
local function rgb(text)
  local known = rgb_of[text]
  if known then return known end
  local _, _, r, g, b = find(text, "^#(%x%x)(%x%x)(%x%x)$")
  if r then
    known = tonumber(r, 16) .. ";" .. tonumber(g, 16) .. ";" .. tonumber(b, 16)
  else
    known = call("sys.rgb", text) -- unparseable: white
  end
  rgb_of[text] = known
  return known
end

local function color(value, base, item)
  if value == "Default" then return base == 38 and "39" or "49" end
  if type(value) == "table" then
    if value.AnsiColor ~= nil then
      local index = ANSI[value.AnsiColor]
      if not index then raise("unknown AnsiColor " .. tostring(value.AnsiColor) .. " in a FormatItem", 4) end
      if index < 8 then return tostring(base - 8 + index) end
      return tostring(base + 52 + index - 8)
    end
    local text = value.Color
    if type(text) == "table" then
      text = tostring(text) -- a colour object
    end
    if type(text) == "string" then
      local channels = rgb(text)
      -- Text in no colour would be no text; a transparent background shows what lies behind.
      if channels == "none" then return base == 48 and "48:1" or "38;2;0;0;0" end
      return base .. ";2;" .. channels
    end
  end
  raise(item .. " in a FormatItem: expected {Color='...'}, {AnsiColor='...'} or 'Default'", 4)
end

local LINK_END <const> = "\27]8;;\27\\"
local function attribute(value)
  if type(value) ~= "table" then raise("Attribute in a FormatItem: expected a table such as {Italic=true}", 4) end
  local name, setting = next(value)
  local known = ATTRIBUTES[name]
  if not known then
    if name == "Hyperlink" then
      if type(setting) ~= "string" then
        raise("Attribute Hyperlink in a FormatItem: expected a string, got " .. sys.kind(setting), 4)
      end
      return nil, "\27]8;;" .. gsub(setting, "%c", "") .. "\27\\"
    end
    raise("unknown Attribute " .. tostring(name) .. " in a FormatItem", 4)
  end
  local code = known[setting]
  if not code then
    raise("Attribute " .. name .. " in a FormatItem cannot be " .. tostring(setting), 4)
  end
  return code
end

-- The text, and whether anything was set.
local function render(items)
  local out, size, styled, linked = {}, 0, false, false
  for i = 1, #items do
    local item = items[i]
    local code, link
    if item == "ResetAttributes" then
      code = "0"
    elseif type(item) == "table" then
      local text = item.Text
      if text ~= nil then
        local kind = type(text)
        if kind == "number" then
          text = tostring(text)
        elseif kind == "table" and (getmeta(text) or text).__tostring then
          text = tostring(text) -- a Url, say, or what stands for a plugin that is not there
        elseif kind ~= "string" then
          raise("Text in a FormatItem: expected a string, got " .. sys.kind(text), 3)
        end
        size = size + 1
        out[size] = text
      elseif item.Foreground ~= nil then
        code = color(item.Foreground, 38, "Foreground")
      elseif item.Background ~= nil then
        code = color(item.Background, 48, "Background")
      elseif item.Attribute ~= nil then
        code, link = attribute(item.Attribute)
      elseif item.ResetAttributes ~= nil then
        code = "0"
      else
        raise("FormatItem " .. i .. " has none of Text, Foreground, Background, Attribute", 3)
      end
    elseif item == nil then
      break
    else
      raise("FormatItem " .. i .. ": expected a table or 'ResetAttributes', got "
        .. (type(item) == "string" and "'" .. item .. "'" or sys.kind(item)), 3)
    end
    if code then
      styled = code ~= "0"
      size = size + 1
      out[size] = "\27[" .. code .. "m"
      if code == "0" and linked then link = LINK_END end
    end
    if link then
      linked = link ~= LINK_END
      size = size + 1
      out[size] = link
    end
  end
  return concat(out, "", 1, size), styled, linked
end

function sys.format(items)
  if type(items) ~= "table" then raise("wezterm.format: expected a list of FormatItems, got " .. sys.kind(items)) end
  local text, styled, linked = render(items)
  if styled then text = text .. "\27[0m" end
  return linked and text .. LINK_END or text
end

-- What a title callback returned: the text, or nil for the built-in title.
local function title_text(value)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "nil" then return nil end
  if kind == "number" then return tostring(value) end
  if kind == "table" then
    local meta = getmeta(value)
    if meta and meta.__tostring and #value == 0 then return tostring(value) end
    return (render(value))
  end
  raise("a title must be a string or a list of FormatItems, got " .. sys.kind(value), 2)
end
sys.title_text = title_text
