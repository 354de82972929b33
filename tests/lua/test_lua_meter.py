"""What a profiler learns of Lua: entries, collections, stacks, what reading a result takes; and that it costs
nobody anything who does not ask."""

from __future__ import annotations

import threading
from typing import Any

from lua_fakes import LuaDriver, make_tab

TITLE = """
wezterm.on('format-tab-title', function(tab)
  return { { Text = 'a' .. tab.active_pane.title } }
end)
"""
BUSY = """
local function inner(n) local t = 0; for i = 1, n do t = t + i end; return t end
wezterm.on('busy', function() for i = 1, 200 do inner(20000) end end)
wezterm.on('litter', function() for i = 1, 300000 do local t = { i } end end)
"""


class Observer:
    def __init__(self, sample_seconds: float = 0.0) -> None:
        self.sample_seconds = sample_seconds
        self.crossings: list[Any] = []
        self.stacks: list[str] = []
        self.threads: set[str] = set()

    def crossed(self, crossing: Any) -> None:
        self.threads.add(threading.current_thread().name)
        self.crossings.append(crossing)

    def sampled(self, stacks: str) -> None:
        self.stacks.append(stacks)


def rest(lua: LuaDriver) -> None:
    """Wait until the Lua thread has done all that it was given."""
    lua.wait(lambda done: lua.host.when_done(lambda: done(None)))


def test_every_entry_is_told_on_the_lua_thread(lua):
    lua.run(TITLE + BUSY)
    observer = Observer()
    lua.host.observe(observer)
    lua.titles([make_tab(0, active=True)])
    lua.emit("busy")
    rest(lua)
    entries = [(crossing.entry, crossing.label) for crossing in observer.crossings]
    assert ("titles", "format-tab-title") in entries
    assert ("emit", "a handler of busy") in entries
    assert observer.threads == {"lua"}
    for crossing in observer.crossings:
        assert crossing.begin_ns <= crossing.end_ns
        assert crossing.memory_before > 0
        assert not crossing.failed
    lua.host.observe(None)
    rest(lua)
    before = len(observer.crossings)
    lua.emit("busy")
    assert len(observer.crossings) == before


def test_a_title_says_what_reading_its_result_took_only_while_somebody_asks(lua):
    lua.run(TITLE)
    tabs = [make_tab(0, active=True)]
    assert lua.titles(tabs)[0].conversion_microseconds is None
    lua.host.observe(Observer())
    metered = lua.titles(tabs)[0]
    assert metered.text is not None
    assert "azsh" in metered.text
    assert metered.conversion_microseconds is not None
    assert 0 <= metered.conversion_microseconds <= metered.microseconds
    lua.host.observe(None)
    assert lua.titles(tabs)[0].conversion_microseconds is None


def test_a_callback_that_fails_is_metered_like_others(lua):
    lua.run("wezterm.on('format-tab-title', function() error('no') end)")
    lua.host.observe(Observer())
    tabs = [make_tab(0, active=True)]
    for _ in range(2):
        assert "no" in str(lua.titles(tabs)[0].error)


def test_collections_are_counted(lua):
    lua.run(BUSY)
    observer = Observer()
    lua.host.observe(observer)
    lua.emit("litter")
    rest(lua)
    lua.emit("litter")
    rest(lua)
    counts = [crossing.collections for crossing in observer.crossings]
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_stacks_name_functions_files_and_lines(lua):
    lua.run(BUSY)
    observer = Observer(sample_seconds=0.0001)
    lua.host.observe(observer)
    lua.emit("busy")
    lua.host.observe(None)  # what is left is told when the observer goes
    rest(lua)
    lines = "\n".join(observer.stacks).split("\n")
    inner = [line for line in lines if line.startswith("inner|config|")]
    assert inner
    assert float(inner[0].rpartition(";")[2]) > 0
    assert any(";" in line.rpartition(";")[0] for line in inner)  # its caller is there, too


def test_sampling_leaves_the_budget_as_it_was(lua):
    source = "wezterm.on('format-tab-title', function() while true do end end)"
    lua.run(source)
    lua.host.observe(Observer(sample_seconds=0.001))
    tabs = [make_tab(0, active=True)]
    assert lua.titles(tabs)[0].error_kind == "budget"
    lua.host.observe(None)
    assert lua.titles(tabs)[0].error_kind == "budget"
    assert lua.value("1 + 1") == 2


def test_a_coroutine_from_the_time_of_sampling_keeps_its_budget(lua):
    lua.run("""
    local function work()
      while true do
        local t = 0
        for i = 1, 1000000 do t = t + i end
        coroutine.yield(t)
      end
    end
    local co
    wezterm.on('go', function()
      co = co or coroutine.create(work)
      assert(coroutine.resume(co))
    end)
    """)
    lua.host.observe(Observer(sample_seconds=0.001))
    assert lua.emit("go").error is None
    lua.host.observe(None)
    for _ in range(3):
        assert lua.emit("go").error is None


def test_a_state_that_is_loaded_later_is_observed_too(lua):
    observer = Observer()
    lua.run(BUSY)
    lua.host.observe(observer)
    lua.run(TITLE)
    lua.titles([make_tab(0, active=True)])
    rest(lua)
    assert {"load_string", "titles"} <= {crossing.entry for crossing in observer.crossings}
