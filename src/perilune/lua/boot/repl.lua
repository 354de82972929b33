-- The prompt of the debug overlay: an expression's values or a statement, with `wezterm`, `window` and `pane`.
-- What is assigned stays in a table of the prompt's own, so that trying something out breaks no handler.
local sys = ...
local load, tostring, setmetatable, select, type = load, tostring, setmetatable, select, type
local concat, pack, find, encode = table.concat, table.pack, string.find, sys.encode
local G, wezterm = _G, sys.wezterm
local scope

local function results(...)
  local values = pack(...)
  for i = 1, values.n do
    values[i] = wezterm.to_string(values[i])
  end
  return concat(values, "    ", 1, values.n)
end

-- "more" for the beginning of a statement, else "done" and the values as text. Errors are errors.
function sys.entries.repl(source, window, pane)
  scope = scope or setmetatable({}, { __index = G })
  scope.wezterm, scope.window, scope.pane = wezterm, window, pane
  local chunk = load("return " .. source, "=repl", "t", scope)
  local is_expression = chunk ~= nil
  if not chunk then
    local reason
    chunk, reason = load(source, "=repl", "t", scope)
    if not chunk then
      if find(reason, "<eof>", 1, true) then return encode(2, "more", reason) end
      error(reason, 0)
    end
  end
  sys.noted_chunk(chunk)
  local function text(...)
    if is_expression and select("#", ...) == 0 then return "" end
    return results(...)
  end
  return encode(2, "done", text(chunk()))
end
