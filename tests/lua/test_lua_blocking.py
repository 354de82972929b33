"""What takes time where Lua cannot wait: it is done here and now, within bounds, and the log names it."""

from __future__ import annotations

import threading

import pytest
from lua_fakes import LuaDriver

from perilune.lua.functions import ApiError
from perilune.lua.work import Sleep, Work, block_on


def test_work_that_is_never_done_is_given_up() -> None:
    never = threading.Event()
    assert block_on(Work(lambda: (never.wait(60),)), 0.01) is None
    never.set()


def test_answers_and_errors_come_back() -> None:
    def fail() -> tuple[object, ...]:
        raise ApiError("no")

    assert block_on(Work(lambda: (1, "x"))) == (1, "x")
    assert block_on(Sleep(0.0)) == ()
    with pytest.raises(ApiError, match="no"):
        block_on(Work(fail))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("io.popen('echo x'):read('a')", "io.popen"),
        ("os.execute('true')", "os.execute"),
        ("wezterm.run_child_process {'true'}", "wezterm.run_child_process"),
        ("wezterm.sleep_ms(0)", "wezterm.sleep_ms"),
    ],
)
def test_the_log_names_what_holds_up_others(
    lua: LuaDriver, call: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    lua.run(
        "wezterm.on('x', function()\n"
        f"  table.sort({{2, 1}}, function(a, b) {'local _ = ' + call} done = true return a < b end)\n"
        f"  table.sort({{2, 1}}, function(a, b) {'local _ = ' + call} return a < b end)\n"
        "end)"
    )
    with caplog.at_level("WARNING"):
        assert lua.emit("x").error is None
    assert caplog.text.count(f"{name} is called where Lua cannot wait") == 1
    assert lua.wait(lambda done: lua.host.evaluate("done", done)) == (True, None)


def test_in_a_handler_it_is_waited_for_without_a_word(
    lua: LuaDriver, caplog: pytest.LogCaptureFixture
) -> None:
    lua.run("wezterm.on('x', function() found = io.popen('echo x'):read('l') os.execute('true') end)")
    with caplog.at_level("WARNING"):
        assert lua.emit("x").error is None
    assert "cannot wait" not in caplog.text
    assert lua.wait(lambda done: lua.host.evaluate("found", done)) == ("x", None)
