"""A config must neither hang nor crash the program, nor reach Python."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from lua_fakes import LuaDriver, make_tab

from perilune.lua.state import Budgets
from perilune.lua.values import PaneRef, WindowRef

SMALL = Budgets(load=5_000_000, event=5_000_000, title=1_000_000, memory=64 << 20)

ENDLESS = {
    "plain": "while true do end",
    "pcall around each turn": "while true do pcall(function() while true do end end) end",
    "pcall around nothing": "while true do pcall(error) end",
    "nested pcall": "function f() while true do pcall(f2) end end; function f2() pcall(f) end; f()",
    "xpcall with an endless handler": "xpcall(function() while true do end end, function() while true do end end)",
    "error in an endless handler": "xpcall(error, function() while true do end end)",
    "coroutine": "coroutine.wrap(function() while true do end end)()",
    "coroutines without end": "while true do coroutine.wrap(function() end)() end",
    "coroutines that catch": "while true do local c = coroutine.create(function() while true do end end); "
    "coroutine.resume(c) end",
    "coroutine that yields on": "local c = coroutine.wrap(function() while true do coroutine.yield() end end); "
    "while true do c() end",
    "goto": "::a:: goto a",
    "metamethod": "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}); "
    "while true do pcall(function() return t[1] end) end",
    "close variable": "while true do local x <close> = setmetatable({}, {__close = function() while true do end end}) end",
    "sort with an endless comparison": "table.sort({3, 2, 1}, function(a, b) while true do end end)",
    "gsub with an endless replacement": "string.gsub('a', 'a', function() while true do end end)",
    "recursion": "local function f() return 1 + f() end; while true do pcall(f) end",
    "load": "while true do load('return 1')() end",
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless_code_is_stopped_in_every_place(body: str) -> None:
    lua = LuaDriver(budgets=SMALL)
    try:
        loaded = lua.run(body)
        assert loaded.error is not None
        assert "instructions" in loaded.error or "overflow" in loaded.error, loaded.error
        result = lua.run(
            f"wezterm.on('update-status', function() {body} end)\n"
            f"wezterm.on('bell', function() calls = (calls or 0) + 1 end)"
        )
        assert result.error is None, result.error
        assert lua.emit("update-status").error is not None
        # The state goes on working.
        assert lua.emit("bell").error is None
        assert lua.wait(lambda done: lua.host.evaluate("calls", done)) == (1, None)
    finally:
        lua.close()


def test_an_endless_title_gives_way_to_the_next() -> None:
    lua = LuaDriver(budgets=SMALL)
    try:
        lua.run(
            "wezterm.on('format-tab-title', function(tab) while tab.tab_index == 1 do pcall(error) end "
            "return 't' .. tab.tab_index end)"
        )
        titles = lua.titles([make_tab(0), make_tab(1), make_tab(2)])
        assert [title.text for title in titles] == ["t0", None, "t2"]
        assert "instructions" in (titles[1].error or "")
        assert "config:4" in (titles[1].error or "")
    finally:
        lua.close()


BOMBS = {
    "table": "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
    "doubling": "local s = 'x' while true do s = s .. s end",
    "rep": "local s = ('x'):rep(1 << 40)",
    "caught rep": "for i = 1, 100 do pcall(string.rep, 'x', 1 << 30) end error 'survived'",
    "concat": "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1 << 20) end return table.concat(t)",
    "gsub": "string.gsub(('x'):rep(1 << 20), '.', ('y'):rep(1 << 12))",
    "caught table": "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(1 << 16) .. #t end) end",
    "to python": "local s = ('x'):rep(30 << 20); while true do pcall(wezterm.log_info, s) end",
    "from python": "local keep = {} while true do pcall(function() "
    "keep[#keep + 1] = wezterm.pad_right('', 1 << 20) .. #keep end) end",
    "into GLOBAL": "local t = {} for i = 1, 30 do t[i] = ('x'):rep(1 << 20) end "
    "while true do wezterm.GLOBAL.a = t error 'enough' end",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_memory_has_a_cap_and_the_state_survives(body: str) -> None:
    lua = LuaDriver(budgets=SMALL)
    try:
        result = lua.run(
            f"wezterm.on('x', function() {body} end)\nwezterm.on('bell', function() return false end)"
        )
        assert result.error is None, result.error
        assert lua.emit("x").error is not None
        assert lua.emit("bell").proceed is False
        assert lua.run("config.font_size = 9").error is None
    finally:
        lua.close()


@pytest.mark.parametrize(
    "expression",
    [
        "python",
        "package.loaded.python",
        "package.loadlib",
        "package.loaded.lupa",
        "debug.getupvalue",
        "debug.sethook",
        "debug.getregistry",
        "debug.setmetatable",
        "debug.getinfo",
        "require('debug').getinfo",
        "package.loaded.debug.getlocal",
        "package.searchers[3]",
    ],
)
def test_what_must_not_be_there_is_nil(lua: LuaDriver, expression: str) -> None:
    assert lua.value(expression) is None


def test_no_python_object_is_anywhere_in_reach(lua: LuaDriver) -> None:
    # Every value reachable from the globals and modules, by tables and metatables, is of Lua's own types.
    found = lua.value(
        """(function()
            local seen, bad = {}, {}
            local files = getmetatable(io.tmpfile())
            local function walk(value, path)
                local kind = rawtype and rawtype(value) or type(value)
                if kind == 'userdata' then
                    local meta = getmetatable(value)
                    if meta ~= files and type(value) == 'userdata' and type(meta) == 'table' then
                        bad[#bad + 1] = path
                    end
                    return
                end
                if type(value) ~= 'table' and type(value) ~= 'userdata' then return end
                if seen[value] then return end
                seen[value] = true
                for key, item in next, value do walk(item, path .. '.' .. tostring(key)) end
                local meta = getmetatable(value)
                if type(meta) == 'table' then walk(meta, path .. '<meta>') end
            end
            walk(_G, '_G')
            walk(require 'wezterm', 'wezterm')
            return table.concat(bad, ' ')
        end)()"""
    )
    assert found == ""


def test_errors_of_python_functions_are_text(lua: LuaDriver) -> None:
    assert (
        lua.value(
            "(function() local ok, e = pcall(wezterm.read_dir, '/nowhere') return math.type(e) or type(e) end)()"
        )
        == "string"
    )
    assert lua.value("(function() local ok, e = pcall(wezterm.glob) return type(e) end)()") == "string"


def test_finalizers_cannot_be_set(lua: LuaDriver) -> None:
    assert "__gc" in lua.error("setmetatable({}, {__gc = function() while true do end end})")


def test_binary_chunks_are_refused(lua: LuaDriver, tmp_path: Path) -> None:
    assert lua.value("(select(2, load(string.dump(function() return 1 end))))") is not None
    assert lua.value("load(string.dump(function() return 1 end))") is None
    assert lua.value("load(string.dump(function() return 1 end), 'x', 'b')") is None
    assert lua.value("load(string.dump(function() return 1 end), 'x', 'bt')") is None
    setup = (
        f"path = '{tmp_path}/chunk' local f = io.open(path, 'wb') "
        "f:write(string.dump(function() return 1 end)) f:close()"
    )
    assert lua.value("loadfile(path)", setup) is None
    assert "binary" in lua.error("dofile(path)", setup)


def test_load_reads_its_arguments_as_lua_does(lua: LuaDriver) -> None:
    assert lua.value("load('return ...')(7)") == 7
    assert lua.value("load('return x', 'n', 't', {x = 5})()") == 5
    assert (
        lua.value(
            "(function() local n = 0 return load(function() n = n + 1 return n == 1 and 'return 9' or nil end)() end)()"
        )
        == 9
    )
    assert lua.value("select(2, load('return +', '=here'))").startswith("here:1:")


def test_exit_is_an_error(lua: LuaDriver) -> None:
    assert "os.exit" in lua.error("os.exit(3)")


def test_traceback_stays(lua: LuaDriver) -> None:
    assert lua.value("debug.traceback('here')").startswith("here\nstack traceback:")
    assert lua.value("(select(2, xpcall(error, debug.traceback, 'boom')))").startswith("boom")


def test_locale_cannot_be_changed(lua: LuaDriver) -> None:
    assert lua.value("os.setlocale('C.UTF-8')") is None
    assert isinstance(lua.value("os.setlocale()"), str)


def test_changed_library_functions_do_not_confuse_the_boot_files(lua: LuaDriver) -> None:
    result = lua.run(
        "string.format = nil; string.find = nil; string.sub = nil; table.concat = nil; math.type = nil\n"
        "getmetatable('').__index = {}\n"
        "type = nil; pcall = nil; next = nil; tostring = nil; select = nil; error = nil; pairs = nil\n"
        "wezterm.on('format-tab-title', function(tab) return {{Text = 'x'}, {Foreground = {Color = '#102030'}}} end)\n"
        "config.keys = {{key = 'a', action = act.SpawnTab 'DefaultDomain'}}"
    )
    assert result.error is None, result.error
    assert lua.titles([make_tab(0)])[0].text == "x\x1b[38;2;16;32;48m"


SCREEN_PROGRAM = """
import sys, threading
from perilune.base.clock import SystemClock
from perilune.lua.host import LuaHost
from lua_fakes import FakeProgram
host = LuaHost(FakeProgram(), lambda call: call(), SystemClock(), config_directories=())
host.start()
done = threading.Event()
result = []
host.load_string(sys.argv[1], lambda r: (result.append(r), done.set()))
assert done.wait(20)
assert result[0].error is None, result[0].error
host.close()
"""


def test_nothing_reaches_the_screen_or_eats_input() -> None:
    source = textwrap.dedent(
        """
        print('loud') io.write('loud') io.stdout:write('loud\\n'):write('x') io.stderr:write('loud')
        io.output():write('loud') io.stdout:flush() io.close() io.stdout:close()
        os.execute('echo loud; echo loud >&2')
        local wezterm = require 'wezterm'
        wezterm.background_child_process { 'sh', '-c', 'echo loud; echo loud >&2' }
        assert(wezterm.run_child_process { 'sh', '-c', 'echo loud; echo loud >&2' })
        local p = io.popen('echo captured; echo loud >&2; cat')
        assert(p:read('a') == 'captured\\n')
        assert(p:close())
        io.popen('cat; echo loud >&2', 'w'):close()
        assert(io.read('l') == nil)
        assert(os.execute('exit 3') == nil)
        assert(os.execute('read x') == nil)
        return {}
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", SCREEN_PROGRAM, source],
        input=b"typed by the user\n",
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.path.dirname(__file__), "PERILUNE_LOG": "off"},  # noqa: PTH120
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"loud" not in done.stdout
    assert b"loud" not in done.stderr


def test_a_pane_handle_cannot_be_forged_into_something_else(lua: LuaDriver) -> None:
    setup = "wezterm.on('x', function(window, pane) p = pane; w = window end)"
    lua.run(setup)
    lua.emit("x", WindowRef(0), PaneRef(1))
    _, error = lua.wait(lambda done: lua.host.evaluate("p.get_title()", done))
    assert "pane:get_title must be called with a colon" in str(error)
    _, error = lua.wait(lambda done: lua.host.evaluate("p.get_title(w)", done))
    assert "Pane" in str(error)
    _, error = lua.wait(lambda done: lua.host.evaluate("(function() p.id = 3 end)()", done))
    assert error is None or "cannot be changed" in str(error)


def test_finalizers_cannot_be_replaced(lua: LuaDriver) -> None:
    # Hooks are off in finalizers: a loop in one would hang the thread for good.
    assert lua.value("getmetatable(io.stdin)") == "FILE*"
    assert lua.value("getmetatable(io.tmpfile())") == "FILE*"
    assert lua.value("type(getmetatable(io.popen 'true'))") == "string"
    for source in (
        "getmetatable(io.stdin).__gc = print",
        "setmetatable(io.stdin, {})",
        "setmetatable({}, {__gc = print})",
        "debug.setmetatable(io.stdin, {})",
        "rawset(getmetatable(wezterm.mux.get_pane(1)), '__gc', print)",
    ):
        assert lua.run(source).error is not None, source
    late = "local m = {} for i = 1, 9 do setmetatable({}, m) end m.__gc = function() ran = true end collectgarbage()"
    assert lua.value("ran == nil", late) is True
