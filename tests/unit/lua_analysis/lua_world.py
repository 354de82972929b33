"""A real Lua 5.4 whose functions are analysed: a `World` over its `debug` library, and a stand-in `wezterm`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import lupa.lua54

from perilune.lua.analysis import (
    GLOBALS,
    MODULE,
    Analyzer,
    Effects,
    HostObject,
    Immutable,
    LuaFunction,
    LuaTable,
    Reference,
    Target,
    Unknown,
    assignments,
    classify,
)

PRELUDE = rb"""
local debug, G = debug, _G
local ids, objects, host, metatables = {}, {}, {}, {}
local next_id = 0
local function id(value)
  if not ids[value] then
    next_id = next_id + 1
    ids[value], objects[next_id] = next_id, value
  end
  return ids[value]
end
local function name_host(object, name)
  if host[object] or object == package then return end
  host[object] = name
  if type(object) == "table" then
    for key, value in pairs(object) do
      if type(value) == "function" or (type(value) == "table" and value ~= G) then
        name_host(value, name == "" and key or name .. "." .. key)
      end
    end
  end
end
local raw_setmetatable = setmetatable
function setmetatable(object, meta)
  if meta then metatables[meta] = true end
  return raw_setmetatable(object, meta)
end
local function stub() return "" end
local wezterm = { mux = {}, time = {}, color = {}, action = {}, nerdfonts = {}, plugin = {}, GLOBAL = {} }
for name in ([[format log_info log_warn log_error strftime truncate_left truncate_right pad_left pad_right
    column_width json_parse json_encode run_child_process background_child_process glob battery_info emit on
    hostname action_callback]]):gmatch("%S+") do wezterm[name] = function(...) return ... end end
for name in ("all_windows get_active_workspace rename_workspace"):gmatch("%S+") do
  wezterm.mux[name] = function() return {} end
end
wezterm.time.now, wezterm.time.call_after, wezterm.color.parse =
  function() return 0 end, function() end, function() end
wezterm.action_callback = function(f) return { callback = f } end
wezterm.home_dir = "/home/user"
package.loaded.wezterm = wezterm
function host_everything()
  name_host(wezterm, "wezterm")
  name_host(G, "")
  host[G], host[package], host[package.loaded] = nil, nil, nil
end
local real_type = type

local function classify(value, single)
  local kind = real_type(value)
  if host[value] then return "host", host[value] end
  if kind == "function" then
    local ok, code = pcall(string.dump, value)
    if not ok then return "unknown" end
    return "function", id(value), code
  end
  if kind == "table" then
    local meta = debug.getmetatable(value)
    return "table", id(value), meta ~= nil
  end
  if kind == "string" then return "immutable", true end
  if kind == "nil" or kind == "number" or kind == "boolean" then return "immutable", false end
  return "unknown"
end

local function step(value, key, has_key)
  if real_type(value) ~= "table" then return false end
  local found = {}
  if not has_key then
    for k, v in next, value do
      found[#found + 1] = v
      if real_type(k) == "table" or real_type(k) == "function" then found[#found + 1] = k end
    end
    if debug.getmetatable(value) then return false end
    return found, #found
  end
  local now = value
  for _ = 1, 20 do
    local v = rawget(now, key)
    if v ~= nil then return { v }, 1 end
    local meta = debug.getmetatable(now)
    local index = meta and rawget(meta, "__index")
    if index == nil then return { nil }, 1 end
    if real_type(index) ~= "table" then return false end
    now = index
  end
  return false
end

function resolve(root, upvalue, name, path)
  local values, count = {}, 1
  if root == "globals" then values[1] = G
  elseif root == "module" then values[1] = package.loaded[name]
  else
    local _
    _, values[1] = debug.getupvalue(objects[root], upvalue + 1)
  end
  for i = 1, #path do
    local after, n = {}, 0
    for j = 1, count do
      local has_key = path[i] ~= false
      local found, found_count = step(values[j], path[i], has_key)
      if not found then return "unknown" end
      for k = 1, found_count do after[n + k] = found[k] end
      n = n + found_count
    end
    values, count = after, n
    if count > 1000 then return "unknown" end
  end
  if count == 1 then return classify(values[1]) end
  local strings, tables, meta = false, false, false
  for i = 1, count do
    local kind, a, b = classify(values[i])
    if kind == "immutable" then strings = strings or a
    elseif kind == "table" then tables = true; meta = meta or b
    else return "unknown" end
  end
  if tables then return "table", 0, meta end
  return "immutable", strings
end

function metamethod_list()
  local list = {}
  for meta in pairs(metatables) do
    for key, value in pairs(meta) do
      if type(value) == "function" and not host[value] and tostring(key):sub(1, 2) == "__" then
        list[#list + 1] = { id(value), string.dump(value) }
      end
    end
  end
  return list
end
identify = id
return wezterm
"""


class LuaWorld:
    """A Lua state with a config's chunk run in it."""

    def __init__(self) -> None:
        self.lua = lupa.lua54.LuaRuntime(encoding=None, unpack_returned_tuples=True)
        self.lua.execute(PRELUDE)
        names = ("resolve", "metamethod_list", "identify", "host_everything")
        self._resolve, self._metamethods, self._identify, host = (
            self.lua.globals()[n.encode()] for n in names
        )
        for name in names:
            self.lua.globals()[name.encode()] = None
        self.lua.globals()[b"python"] = None
        host()
        self._dump = self.lua.eval(b"string.dump")
        self._load = self.lua.eval(b"load")
        self._assigned: set[str] = set()
        self._fields: set[str] = set()
        self._computed = False
        self.analyzer = Analyzer()

    def run(self, source: str, name: str = "@wezterm.lua") -> Any:
        """Run a chunk; what it returns."""
        chunk = self._load(source.encode(), name.encode())
        assert not isinstance(chunk, tuple), chunk
        facts = assignments(self.analyzer.prototype(self._dump(chunk)), outermost=False)
        self._assigned |= facts.upvalues
        self._fields |= assignments(self.analyzer.prototype(self._dump(chunk))).fields
        return chunk()

    def module(self, name: str, source: str) -> None:
        self.lua.eval(b"function(n, v) package.loaded[n] = v end")(
            name.encode(), self.run(source, f"@{name}.lua")
        )

    def function(self, value: Any) -> LuaFunction:
        return LuaFunction(self._identify(value), self._dump(value))

    def code(self, source: str) -> bytes:
        """The dumped function that an expression gives."""
        return bytes(self._dump(self.run(f"return {source}")))

    def effects(self, source: str) -> Effects:
        """Of the function that a chunk returns."""
        return self.analyzer.effects(self.function(self.run(source)), self)

    def verdict(self, source: str) -> tuple[str, list[str]]:
        purity, reasons = classify(self.effects(source))
        return purity.value, [str(reason) for reason in reasons]

    # World

    def resolve(self, reference: Reference) -> Target:
        root: object = reference.function
        if reference.upvalue == GLOBALS:
            root = b"globals"
        elif reference.upvalue == MODULE:
            root = b"module"
        elif root is None:
            return Unknown()
        path = self.lua.table(
            *(
                False if key is None else key.encode() if isinstance(key, str) else key
                for key in reference.fields
            )
        )
        answer = self._resolve(root, reference.upvalue, reference.name.encode(), path)
        kind, *rest = answer if isinstance(answer, tuple) else (answer,)
        constant = not reference.fields and reference.name not in self._assigned
        if kind == b"function":
            return LuaFunction(rest[0], rest[1], constant)
        if kind == b"host":
            return HostObject(rest[0].decode())
        if kind == b"table":
            return LuaTable(rest[0], rest[1], constant)
        if kind == b"immutable":
            return Immutable(rest[0], constant)
        return Unknown()

    def metamethods(self) -> Iterable[LuaFunction]:
        return [LuaFunction(entry[1], entry[2]) for entry in self._metamethods().values()]

    def defines_method(self, name: str) -> bool:
        return name in self._fields
