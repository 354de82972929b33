-- Title callbacks: the store behind their mirrors, and the evaluation of a batch in one crossing.
-- The store keeps what was last told of each window. An update brings only the tabs and panes that changed; each
-- is a table of its own that is put in the place of the old one and never changed.
local sys = ...
local encode, decode, entries, handlers, slice, title_text =
  sys.encode, sys.decode, sys.entries, sys.handlers, sys.slice, sys.title_text
local xpcall, on_error, describe_error, is_exhausted = sys.raw_xpcall, sys.on_error, sys.describe_error, sys.is_exhausted
local mirror, root, note, fresh = sys.mirror, sys.path_root, sys.note, sys.fresh
local begin_run, end_run, begin_observing, observed_in_run =
  sys.begin_run, sys.end_run, sys.begin_observing, sys.observed_in_run
local ticks = sys.ticks
local next, sub, concat = next, string.sub, table.concat
local rawtype = sys.rawtype

local TAB, TABS, PANE, PANES, CONFIG, EPOCH =
  root("tab", "tab"), root("tabs", "tabs"), root("pane", "pane"), root("panes", "panes"),
  root("config", "config"), root("epoch")

local function pane_record(p)
  return {
    pane_id = p[1], pane_index = p[2], is_active = p[3], is_zoomed = p[4], has_unseen_output = p[5], left = p[6],
    top = p[7], width = p[8], height = p[9], pixel_width = p[10], pixel_height = p[11], title = p[12],
    user_vars = p[13], progress = p[14], foreground_process_name = p[15], domain_name = p[16], tty_name = p[17],
    current_working_dir = p[18],
  }
end

local function pane_records(list, n)
  local records = {}
  for i = 1, n do records[i] = pane_record(list[i]) end
  return records
end

-- t[7] is the active pane's place among the panes, or a pane of its own (an overlay), or nil.
local function tab_record(t)
  local panes = pane_records(t[8], #t[8])
  local active = t[7]
  if rawtype(active) == "number" then active = panes[active] elseif active then active = pane_record(active) end
  return {
    tab_id = t[1], tab_index = t[2], is_active = t[3], window_id = t[4], window_title = t[5], tab_title = t[6],
    active_pane = active, panes = panes,
  }
end

-- The store: window id -> { by tab id, list in order, panes of the active tab }.
local windows = {}
local configs = {} -- window id -> table; -1 is that of the load

local function window_of(id)
  local window = windows[id]
  if not window then
    window = { tabs = {}, list = {}, panes = {} }
    windows[id] = window
  end
  return window
end

-- changed: tabs that are new or differ; order: all tab ids, or nil; panes: or nil.
local function update(id, changed, order, panes)
  local window = window_of(id)
  local tabs = window.tabs
  if next(changed) ~= nil or order then
    for i = 1, #changed do tabs[changed[i][1]] = tab_record(changed[i]) end
    if order then
      local kept, ids = {}, {}
      for i = 1, #order do
        ids[i] = order[i]
        kept[order[i]] = tabs[order[i]]
      end
      window.tabs, window.order, tabs = kept, ids, kept
    end
    local list = {}
    for i = 1, #window.order do list[i] = tabs[window.order[i]] end
    window.list = list
  end
  if panes then window.panes = pane_records(panes, #panes) end
  return window
end

function entries.set_config(window, value)
  configs[window] = value
  return encode(0)
end
function entries.forget_window(window)
  windows[window], configs[window] = nil, nil
  return encode(0)
end

local function config_of(window)
  return configs[window] or configs[-1] or sys.base_config or {}
end

-- The paths that are new, and all descriptions.
local function finished(results)
  local paths = sys.take_new_paths()
  return encode(1, paths[1] ~= nil and paths) .. concat(results)
end

local function one_title(handler, ...)
  return title_text((handler(...)))
end

-- The same while a profiler asks what reading the result takes.
local converting
local function metered_title(handler, ...)
  local result = handler(...)
  converting = ticks()
  return title_text(result)
end

-- A title: the text, false for the built-in one, or {message, traceback, whether the budget is used up}.
local function answer_of(ok, text)
  if ok then
    if text == nil then return false end
    return text
  end
  local exhausted = is_exhausted()
  if rawtype(text) == "table" then return { text[1], text[2], exhausted } end
  return { describe_error(text), "", exhausted }
end

-- What Python is told of a call, in wire form: the answer, the reads, { values of host and clock reads, reasons
-- for opaque, for stateful } or false if there is none, and the time it took.
local function wire_text(text) return "s" .. #text .. ":" .. text end
local function described(answer, reads, values, opaque, writes, taken, conversion)
  local text = answer == false and "f" or rawtype(answer) == "string" and wire_text(answer)
    or sub(encode(1, answer), 3)
  local extra = "f"
  if values[1] ~= nil or opaque[1] ~= nil or writes[1] ~= nil then
    extra = sub(encode(1, { values, opaque, writes }), 3)
  end
  if conversion then return text .. wire_text(reads) .. extra .. "l2;i" .. taken .. ";i" .. conversion .. ";" end
  return text .. wire_text(reads) .. extra .. "i" .. taken .. ";"
end

-- The callback's outcome comes after when it began, for there is no other place to keep that in.
local function tracked_end(limit, label, start, ...)
  local answer = answer_of(...)
  local now = ticks()
  local taken, conversion = now - start, converting and now - converting
  converting = nil
  slice(limit, label)
  local reads = end_run()
  local values, opaque, writes = observed_in_run(taken)
  return described(answer, reads, values, opaque, writes, taken, conversion)
end
local function begin(limit, label, sees_state)
  slice(limit, label)
  begin_observing()
  begin_run()
  if sees_state then note(EPOCH) end
  return ticks()
end

-- requests: position, hover, max_width of each.
function entries.titles(limit, sees_state, id, changed, order, panes, requests)
  local window = update(id, changed, order, panes)
  local handler = (handlers["format-tab-title"] or {})[1]
  local config = config_of(id)
  local results, label, list, active = {}, "format-tab-title", window.list, window.panes
  local call = sys.is_metered and metered_title or one_title
  for i = 1, #requests // 3 do
    local start = begin(limit, label, sees_state)
    results[i] = tracked_end(limit, label, start, xpcall(call, on_error, handler,
      mirror(list[requests[3 * i - 2]], TAB), mirror(list, TABS), mirror(active, PANES), mirror(config, CONFIG),
      requests[3 * i - 1], requests[3 * i]))
  end
  return finished(results)
end

function entries.window_title(limit, sees_state, id, changed, order, panes, position)
  local window = update(id, changed, order, panes)
  local handler = (handlers["format-window-title"] or {})[1]
  local tab = window.list[position]
  local pane = tab and tab.active_pane
  local label = "format-window-title"
  local call = sys.is_metered and metered_title or one_title
  local start = begin(limit, label, sees_state)
  return finished({ tracked_end(limit, label, start, xpcall(call, on_error, handler, tab and mirror(tab, TAB),
    pane and mirror(pane, PANE), mirror(window.list, TABS), mirror(window.panes, PANES),
    mirror(config_of(id), CONFIG))) })
end

-- The reference: plain tables made for each call out of the whole snapshot, nothing noted.
local function fresh_arguments(data)
  local values = decode(data)
  local tabs, panes = {}, {}
  for i = 1, #values[1] do tabs[i] = fresh(tab_record(values[1][i])) end
  for i = 1, #values[2] do panes[i] = fresh(pane_record(values[2][i])) end
  return tabs, panes, values[1]
end

local function untracked(limit, label, call, handler)
  slice(limit, label)
  local start = ticks()
  local answer = answer_of(call(handler))
  local taken = ticks() - start
  slice(limit, label)
  return described(answer, "", {}, {}, {}, taken)
end

function entries.fresh_titles(limit, id, data, requests)
  local handler = (handlers["format-tab-title"] or {})[1]
  local results = {}
  for i = 1, #requests // 3 do
    results[i] = untracked(limit, "format-tab-title", function(body)
      local tabs, panes, wire = fresh_arguments(data)
      local tab = fresh(tab_record(wire[requests[3 * i - 2]]))
      return xpcall(one_title, on_error, body, tab, tabs, panes, fresh(config_of(id)), requests[3 * i - 1],
        requests[3 * i])
    end, handler)
  end
  return finished(results)
end

function entries.fresh_window_title(limit, id, data, position)
  local handler = (handlers["format-window-title"] or {})[1]
  local tabs, panes, wire = fresh_arguments(data)
  local tab = wire[position] and fresh(tab_record(wire[position]))
  local pane = tab and tab.active_pane and fresh(tab.active_pane)
  return finished({ untracked(limit, "format-window-title", function(body)
    return xpcall(one_title, on_error, body, tab, pane, tabs, panes, fresh(config_of(id)))
  end, handler) })
end

for _, name in ipairs({ "titles", "window_title", "fresh_titles", "fresh_window_title" }) do
  sys.exempt(entries[name])
end
for _, body in ipairs({ tracked_end, untracked, answer_of }) do sys.exempt(body) end
