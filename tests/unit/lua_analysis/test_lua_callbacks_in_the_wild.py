"""Whole callbacks in the style of real configs: parameters read, purity, and what a ledger would say."""

from __future__ import annotations

import pytest

from perilune.lua.analysis import classify
from unit.lua_analysis.lua_world import LuaWorld

HEAD = "local wezterm = require 'wezterm'\n"
SIGNATURE = "return function(tab, tabs, panes, config, hover, max_width)\n"

# name: (chunk, which of hover and max_width are read, verdict, reasons)
CALLBACKS: dict[str, tuple[str, set[str], str, list[str]]] = {
    "index and title": (
        SIGNATURE + "return string.format(' %d: %s ', tab.tab_index + 1, tab.active_pane.title) end",
        set(), "pure", []),
    "powerline edges": (
        HEAD + """
        local SOLID_LEFT = wezterm.nerdfonts.pl_right_hard_divider
        local function tab_title(info)
          local title = info.tab_title
          if title and #title > 0 then return title end
          return info.active_pane.title
        end
        """ + SIGNATURE + """
          local background, foreground = '#1b1032', '#808080'
          if tab.is_active then background, foreground = '#2b2042', '#c0c0c0'
          elseif hover then background = '#3b3052' end
          local title = wezterm.truncate_right(tab_title(tab), max_width - 2)
          return {
            { Background = { Color = background } }, { Foreground = { Color = foreground } },
            { Text = title }, { Text = SOLID_LEFT },
          }
        end""", {"hover", "max_width"}, "pure", []),
    "icons by process": (
        HEAD + """
        local icons = { bash = 'B', nvim = 'N', ['node.exe'] = 'J' }
        local function basename(s) return string.gsub(s or '', '(.*[/\\\\])(.*)', '%2') end
        """ + SIGNATURE + """
          local name = basename(tab.active_pane.foreground_process_name)
          local icon = icons[name] or icons[name:lower()] or '?'
          return { { Text = ' ' .. icon .. ' ' .. tab.active_pane.title .. ' ' } }
        end""", set(), "pure", []),
    "unseen output of any pane": (
        SIGNATURE + """
          local mark = ''
          for _, pane in ipairs(tab.panes) do
            if pane.has_unseen_output then mark = '*' break end
          end
          if tab.is_active then return ' ' .. tab.active_pane.title .. ' ' end
          return ' ' .. mark .. tab.active_pane.title .. ' '
        end""", set(), "pure", []),
    "directory of the pane": (
        SIGNATURE + """
          local cwd = tab.active_pane.current_working_dir
          local path = type(cwd) == 'userdata' and cwd.file_path or tostring(cwd or '')
          local home = os.getenv('HOME')
          if path == home then path = '~' end
          return ' ' .. (path:match('([^/]+)/?$') or path) .. ' '
        end""", set(), "pure", []),
    "user variables": (
        SIGNATURE + "return tab.active_pane.user_vars.title or ('[' .. tab.tab_index .. ']') end",
        set(), "pure", []),
    "colours from the config": (
        SIGNATURE + """
          local colors = config.resolved_palette.tab_bar
          local c = tab.is_active and colors.active_tab or hover and colors.inactive_tab_hover or colors.inactive_tab
          return { { Background = { Color = c.bg_color } }, { Text = tab.active_pane.title } }
        end""", {"hover"}, "pure", []),
    "the neighbour decides the edge": (
        SIGNATURE + """
          local following = tabs[tab.tab_index + 2]
          local edge = following and following.is_active and '#fff' or '#000'
          return { { Foreground = { Color = edge } }, { Text = wezterm and '' or tab.active_pane.title } }
        end""", set(), "pure", []),
    "elements made by a helper": (
        """
        local function push(list, fg, text)
          table.insert(list, { Foreground = { Color = fg } })
          list[#list + 1] = { Text = text }
        end
        """ + SIGNATURE + """
          local items = {}
          push(items, '#fff', tostring(tab.tab_index + 1))
          push(items, '#ccc', tab.active_pane.title:sub(1, max_width))
          return items
        end""", {"max_width"}, "pure", []),
    "a module's format function": (
        """
        local M = {}
        M.opts = { left = '<', right = '>' }
        function M.format(tab, hover) return M.opts.left .. tab.active_pane.title .. (hover and '!' or '') .. M.opts.right end
        """ + SIGNATURE + "return M.format(tab, hover) end", {"hover"}, "pure", []),
    "a class of cells": (
        """
        local Cells = {}
        Cells.__index = Cells
        function Cells:new() return setmetatable({ items = {} }, self) end
        function Cells:add(text) table.insert(self.items, { Text = text }) return self end
        """ + SIGNATURE + "local c = Cells:new() c:add('a'):add(tab.active_pane.title) return c.items end",
        set(), "pure", []),
    "a module required": (
        "local titles = require 'titles'\n" + SIGNATURE + "return titles.of(tab, max_width) end",
        {"max_width"}, "pure", []),
    "failures caught": (
        SIGNATURE + """
          local ok, text = pcall(function()
            return tab.active_pane.user_vars.name:gsub('%s+$', '')
          end)
          return ok and text or tab.active_pane.title
        end""", set(), "pure", []),
    "a spinner": (
        "local frames = { '|', '/', '-' }\nlocal frame = 0\n" + SIGNATURE + """
          frame = frame % #frames + 1
          return frames[frame] .. tab.active_pane.title
        end""", set(), "stateful", ["writes upvalue 'frame' at line 5 of wezterm.lua"]),
    "a memo table per tab": (
        "local cache = {}\n" + SIGNATURE + """
          local key = tab.tab_id .. tab.active_pane.title
          if cache[key] == nil then cache[key] = ' ' .. tab.active_pane.title .. ' ' end
          return cache[key]
        end""", set(), "stateful", ["writes cache[...] at line 5 of wezterm.lua"]),
    "a memo table in a global": (
        SIGNATURE + """
          titles = titles or {}
          titles[tab.tab_id] = tab.active_pane.title
          return titles[tab.tab_id]
        end""", set(), "stateful", ["assigns global 'titles' at line 3 of wezterm.lua"]),
    "a random icon per tab, kept": (
        "local icons, chosen = { 'a', 'b' }, {}\n" + SIGNATURE + """
          chosen[tab.tab_id] = chosen[tab.tab_id] or icons[math.random(#icons)]
          return chosen[tab.tab_id]
        end""", set(), "stateful",
        ["writes chosen[...] at line 4 of wezterm.lua", "calls math.random at line 4 of wezterm.lua"]),
    "a random icon": (
        "local icons = { 'a', 'b' }\n" + SIGNATURE + "return icons[math.random(#icons)] end",
        set(), "opaque", ["calls math.random at line 3 of wezterm.lua"]),
    "a probe of the file system": (
        """
        local function exists(path)
          local file = io.open(path, 'r')
          if file then file:close() end
          return file ~= nil
        end
        """ + SIGNATURE + "return exists(tab.active_pane.current_working_dir.file_path .. '/.git') and 'git' or '' end",
        set(), "opaque", ["calls io.open at line 3 of wezterm.lua", "calls close at line 4 of wezterm.lua"]),
    "a branch asked of git": (
        HEAD + SIGNATURE + """
          local ok, out = wezterm.run_child_process { 'git', 'branch' }
          return ok and out:gsub('\\n', '') or tab.active_pane.title
        end""", set(), "opaque", ["calls wezterm.run_child_process at line 4 of wezterm.lua"]),
    "a cycle by the clock": (
        "local frames = { '|', '/', '-' }\n" + SIGNATURE + "return frames[os.time() % #frames + 1] end",
        set(), "pure", []),
    "a bell that another handler notes": (
        "local bells = {}\non_bell = function(id) bells[id] = true end\n" + SIGNATURE + """
          if tab.is_active then bells[tab.tab_id] = nil end
          return (bells[tab.tab_id] and '!' or '') .. tab.active_pane.title
        end""", set(), "stateful", ["writes bells[...] at line 5 of wezterm.lua"]),
    "a bell that is only read": (
        "local bells = {}\non_bell = function(id) bells[id] = true end\n" + SIGNATURE + """
          return (bells[tab.tab_id] and '!' or '') .. tab.active_pane.title
        end""", set(), "pure", []),
    "all windows walked": (
        HEAD + SIGNATURE + """
          local n = 0
          for _, window in ipairs(wezterm.mux.all_windows()) do
            for _, t in ipairs(window:tabs()) do n = n + #t:panes() end
          end
          return tostring(n)
        end""", set(), "pure", []),
    "GLOBAL as the memory": (
        HEAD + SIGNATURE + """
          wezterm.GLOBAL.seen = (wezterm.GLOBAL.seen or 0) + 1
          return tostring(wezterm.GLOBAL.seen)
        end""", set(), "stateful", ["writes wezterm.GLOBAL at line 4 of wezterm.lua"]),
    "a log line": (
        HEAD + SIGNATURE + "wezterm.log_info('title of', tab.tab_id) return tab.active_pane.title end",
        set(), "pure", []),
    "a scratch variable of the module": (
        "local title\n" + SIGNATURE + "title = tab.active_pane.title return title end",
        set(), "stateful", ["writes upvalue 'title' at line 3 of wezterm.lua"]),
    "varargs handed to the module": (
        "local M = {} function M.f(tab, ...) return tab.active_pane.title end return function(...) return M.f(...) end",
        {"hover", "max_width"}, "pure", []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "read", "verdict", "reasons"), CALLBACKS.values(), ids=CALLBACKS.keys())
def test_a_title_callback(source: str, read: set[str], verdict: str, reasons: list[str]) -> None:
    lua = LuaWorld()
    lua.module("titles", "local M = {} function M.of(t, w) return t.active_pane.title:sub(1, w) end return M")
    function = lua.function(lua.run(source))
    indices = lua.analyzer.parameters_read(function.code, 6)
    assert {name for index, name in ((4, "hover"), (5, "max_width")) if index in indices} == read
    purity, found = classify(lua.analyzer.effects(function, lua))
    assert (purity.value, [str(reason) for reason in found]) == (verdict, reasons)


# A handler: (chunk, whether it may write Lua state)
HANDLERS: dict[str, tuple[str, bool]] = {
    "a clock in the status": (
        HEAD + "return function(window) window:set_right_status(wezterm.strftime '%H:%M') end", False),
    "a status from cells, battery and directory": (
        HEAD + """
        return function(window, pane)
          local cells = {}
          local cwd = pane:get_current_working_dir()
          if cwd then table.insert(cells, cwd.file_path) end
          for _, b in ipairs(wezterm.battery_info()) do
            table.insert(cells, string.format('%.0f%%', b.state_of_charge * 100))
          end
          local elements, count = {}, 0
          local function push(text, last)
            table.insert(elements, { Text = text })
            if not last then table.insert(elements, { Text = '|' }) end
            count = count + 1
          end
          while #cells > 0 do push(table.remove(cells, 1), #cells == 0) end
          window:set_right_status(wezterm.format(elements))
        end""", False),
    "overrides toggled": (
        """return function(window)
          local overrides = window:get_config_overrides() or {}
          overrides.window_background_opacity = not overrides.window_background_opacity and 0.5 or nil
          window:set_config_overrides(overrides)
        end""", False),
    "the key table shown": (
        "return function(window) local n = window:active_key_table() window:set_left_status(n or '') end", False),
    "a status kept from last time": (
        ("local last = '' return function(window) local s = window:active_workspace() "
        "if s ~= last then last = s window:set_right_status(s) end end"), True),
    "a counter": ("local M = { ticks = 0 } return function(window) M.ticks = M.ticks + 1 end", True),
    "a bell noted": ("local bells = {} return function(window, pane) bells[pane:pane_id()] = true end", True),
    "a timer started": (
        HEAD + "local n = 0 return function() wezterm.time.call_after(1, function() n = n + 1 end) end", False),
    "an event passed on": (HEAD + "return function(w, p) wezterm.emit('mine', w, p) end", True),
}  # fmt: skip


@pytest.mark.parametrize(("source", "writes"), HANDLERS.values(), ids=HANDLERS.keys())
def test_a_handler(source: str, writes: bool) -> None:
    effects = LuaWorld().effects(source)
    assert effects.may_write_lua_state is writes, effects.state_writes
