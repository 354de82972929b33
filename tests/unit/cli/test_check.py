"""`perilune check` from the outside: what it prints where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOOD = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover)
  return tab.tab_index .. ' ' .. tab.active_pane.title .. (hover and '*' or '')
end)
return config
"""


def check(
    path: Path | str, *options: str, home: Path | None = None, timeout: float = 100
) -> subprocess.CompletedProcess[str]:
    home = home or Path("/nonexistent")
    return subprocess.run(
        [sys.executable, "-m", "perilune", "check", *options, str(path)]
        if path
        else [sys.executable, "-m", "perilune", "check", *options],
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "wezterm.lua"
    path.write_text(text)
    return path


def test_a_good_config_is_ok_and_its_callback_is_told_of(tmp_path: Path) -> None:
    done = check(write(tmp_path, GOOD), "--json")
    found = report(done)
    assert (done.returncode, found["ok"], found["errors"], found["warnings"]) == (0, True, [], [])
    (callback,) = found["callbacks"]
    assert callback["event"] == "format-tab-title"
    assert callback["kind"] == "pure"
    assert callback["line"] == 4
    assert set(callback["us_per_call"]) == {"1", "20", "100"}
    assert {"tab.tab_index", "tab.active_pane.title", "hover"} <= set(callback["reads"])
    assert callback["reads_per_call"]["100"] == callback["reads_per_call"]["1"]
    assert found["events"] == [{"name": "format-tab-title", "custom": False}]


def test_nothing_but_the_object_reaches_standard_output(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "local wezterm = require 'wezterm'\n"
        "print 'said by print'\nio.write('said by io.write\\n')\nio.stdout:write('said by stdout\\n')\n"
        "wezterm.log_error 'said by log'\n"
        "os.execute 'echo said by execute; echo direct >&1'\n"
        "wezterm.background_child_process { 'sh', '-c', 'echo background' }\n"
        "io.popen('cat', 'w'):close()\nreturn {}\n",
    )
    done = check(path, "--json")
    assert report(done)["ok"] is True
    for said in ("said by print", "said by io.write", "said by stdout", "said by log"):
        assert said in done.stderr


def test_wrong_types_are_errors_and_misspelt_names_warnings_with_places(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "return {\n  font_sise = 12,\n  scrollback_lines = 'many',\n  keys = {\n    { key = 'x', action = 'Nope' },\n  },\n}\n",
    )
    done = check(path, "--json")
    found = report(done)
    assert (done.returncode, found["ok"]) == (1, False)
    places = {(item["file"], item["line"]) for item in found["errors"]}
    assert places == {(str(path), 3), (str(path), 5)}
    assert any(
        "scrollback_lines" in item["message"] and "'many'" in item["message"] for item in found["errors"]
    )
    (warning,) = found["warnings"]
    assert (warning["line"], "font_size" in warning["message"]) == (2, True)


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("local x = \n\nreturn {", 3, "unexpected symbol"),
        ("local t = {}\nt.a.b = 1\nreturn t", 2, "index a nil value"),
        ("return 5", None, "must return a table"),
        ("while true do end", 1, "budget"),
        ("\nerror({})", 2, "an error that is a table"),
        ("error(nil)", 1, "error(nil)"),
    ],
)
def test_what_does_not_load_is_an_error(tmp_path: Path, source: str, line: int | None, said: str) -> None:
    path = write(tmp_path, source)
    done = check(path, "--json")
    found = report(done)
    assert done.returncode == 1
    (error,) = found["errors"]
    assert error["line"] == line
    assert said in error["message"]
    assert error["file"] == str(path)


def test_a_module_that_cannot_be_read_is_told_with_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "options.lua").write_text("return {\n  font_size = = 12,\n}")
    done = check(write(tmp_path, "return require 'options'"), "--json")
    (error,) = report(done)["errors"]
    assert (error["file"], error["line"]) == (str(tmp_path / "options.lua"), 2)
    assert error["message"].startswith("error loading module 'options': unexpected symbol")


def test_an_error_of_the_program_in_a_tail_call_has_the_place_of_the_callback(tmp_path: Path) -> None:
    source = "local w = require 'wezterm'\nw.on('format-tab-title', function()\n  return w.format {{}}\nend)\nreturn {}"
    (warning,) = report(check(write(tmp_path, source), "--json"))["warnings"]
    assert (warning["file"], warning["line"]) == (str(tmp_path / "wezterm.lua"), 2)


@pytest.mark.parametrize(
    ("closed", "printed"), [("2>&-", True), ("<&- 2>&-", True), (">&-", False), ("<&- >&- 2>&-", False)]
)
def test_closed_descriptors_do_no_harm(tmp_path: Path, closed: str, printed: bool) -> None:
    path = write(tmp_path, "print 'x'\nos.execute 'echo y'\nio.popen('echo z'):close()\nreturn {}")
    command = f'"$0" -m perilune check --json "$1" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(path)],
        capture_output=True,
        text=True,
        timeout=100,
        env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert report(done)["ok"] is True if printed else not done.stdout


def test_a_config_that_hangs_in_a_child_is_an_error_and_the_child_is_ended(tmp_path: Path) -> None:
    mark = f"{tmp_path.name}-4711"
    path = write(tmp_path, f"io.popen('exec sleep 1000 # {mark}'):read('a')\nreturn {{}}")
    done = check(path, "--json", "--timeout", "3")
    found = report(done)
    assert done.returncode == 1
    assert "io.popen" in found["errors"][0]["message"]
    running = [entry for entry in Path("/proc").glob("[0-9]*/cmdline") if mark.encode() in _bytes(entry)]
    assert running == []


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_nothing_that_the_config_would_start_is_started(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    path = write(
        tmp_path,
        f"""
local wezterm = require 'wezterm'
local mux = wezterm.mux
local function touch(how) return {{ 'touch', '{mark}-' .. how }} end
wezterm.background_child_process(touch 'background')
mux.spawn_window {{ args = touch 'load' }}
wezterm.on('gui-startup', function(cmd) mux.spawn_window {{ args = touch 'startup' }}; os.execute('touch {mark}-x') end)
wezterm.on('mux-startup', function() os.execute('touch {mark}-mux') end)
wezterm.on('my-event', function() os.execute('touch {mark}-own') end)
wezterm.on('update-status', function(window, pane)
  wezterm.run_child_process(touch 'status')
  window:perform_action(wezterm.action.SpawnCommandInNewTab {{ args = touch 'action' }}, pane)
  pane:split {{ args = touch 'split' }}
  wezterm.open_with('https://example.com')
end)
wezterm.on('format-tab-title', function() os.execute('touch {mark}-title'); return 'x' end)
wezterm.time.call_after(0, function() os.execute('touch {mark}-timer') end)
return {{}}
""",
    )
    done = check(path, "--json")
    found = report(done)
    assert done.returncode == 0, found["errors"]
    assert list(tmp_path.glob("started*")) == []
    by_event = {item["event"]: item for item in found["callbacks"]}
    assert by_event["gui-startup"]["run"] is False
    assert {"perform_action", "split", "open_uri"} <= set(by_event["update-status"]["does"])
    assert any("run_child_process" in item for item in by_event["update-status"]["blocking"])
    assert by_event["format-tab-title"]["kind"] == "stateful"
    assert any("os.execute" in item for item in by_event["format-tab-title"]["blocking"])
    assert any("background_child_process" in item["message"] for item in found["warnings"])


def test_programs_that_use_the_network_are_not_run_while_loading(tmp_path: Path) -> None:
    path = write(
        tmp_path, "local f = io.popen('curl -s https://example.invalid/x')\nprint(f:read('a'))\nreturn {}\n"
    )
    found = report(check(path, "--json"))
    assert found["ok"]
    assert any("curl" in item["message"] for item in found["warnings"])


def test_a_callback_that_raises_is_a_warning_with_its_place(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "local wezterm = require 'wezterm'\nlocal icons = { 1, 2, 3 }\n"
        "wezterm.on('format-tab-title', function(tab)\n  return icons[tab.tab_index + 1] .. 'x'\nend)\nreturn {}",
    )
    done = check(path, "--json")
    found = report(done)
    assert (done.returncode, found["ok"]) == (0, True)
    (warning,) = found["warnings"]
    assert (warning["file"], warning["line"]) == (str(path), 4)
    assert "nil" in found["callbacks"][0]["error"]


def test_growth_with_tabs_and_kinds_are_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab, tabs)
  local n = 0
  for _, other in ipairs(tabs) do if other.is_active then n = n + 1 end end
  return tab.tab_title .. n
end)
wezterm.on('format-window-title', function(tab) return tab.active_pane.title .. math.random(9) end)
local calls = 0
wezterm.on('update-status', function(window, pane) calls = calls + 1; window:set_left_status(pane:get_title()) end)
wezterm.on('augment-command-palette', function() return { { brief = 'x', action = wezterm.action.Nop } } end)
return {}
""",
    )
    found = {item["event"]: item for item in report(check(path, "--json"))["callbacks"]}
    title = found["format-tab-title"]
    assert (title["growth"], title["kind"]) == ("linear", "pure")
    assert "tabs[*].is_active" in title["reads"]
    assert found["format-window-title"]["kind"] == "opaque"
    assert any("math.random" in reason for reason in found["format-window-title"]["reasons"])
    assert found["update-status"]["kind"] == "stateful"
    assert "set_left_status" in found["update-status"]["does"]
    assert "get_title" in found["update-status"]["reads"]
    assert found["augment-command-palette"]["run"] is True


def test_events_and_key_tables_that_are_misspelt(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
local wezterm = require 'wezterm'
wezterm.on('format-tab-titel', function() end)
wezterm.on('my-own', function() end)
return {
  keys = {
    { key = 'a', mods = 'LEADER', action = 'Nop' },
    { key = 'b', mods = 'ALT', action = wezterm.action.ActivateKeyTable { name = 'resise' } },
  },
  key_tables = { resize = {} },
}
""",
    )
    messages = {item["line"]: item["message"] for item in report(check(path, "--json"))["warnings"]}
    assert "'format-tab-title'" in messages[3]
    assert "'resize'" in messages[8]
    assert "LEADER" in messages[7]
    assert len(messages) == 3


def test_bad_usage_is_2(tmp_path: Path) -> None:
    gone = check(tmp_path / "gone.lua", "--json")
    assert gone.returncode == 2
    assert report(gone)["ok"] is False
    assert check(tmp_path, "--json").returncode == 2
    assert check(write(tmp_path, "return {}"), "--no-such-option").returncode == 2
    assert check(write(tmp_path, "return {}"), "--config-file", "x.lua").returncode == 2


def test_without_a_path_the_one_of_start_is_checked(tmp_path: Path) -> None:
    (tmp_path / ".config/wezterm").mkdir(parents=True)
    (tmp_path / ".config/wezterm/wezterm.lua").write_text("return { scrollback_lines = {} }")
    done = check("", "--json", home=tmp_path)
    assert done.returncode == 1
    assert report(done)["file"] == str(tmp_path / ".config/wezterm/wezterm.lua")
    assert check("", home=tmp_path / "nobody").returncode == 0


def test_overrides_of_the_command_line_are_checked_too(tmp_path: Path) -> None:
    done = check(write(tmp_path, "return {}"), "--json", "--config", "scrollback_lines='x'")
    assert done.returncode == 1
    assert "scrollback_lines" in report(done)["errors"][0]["message"]


def test_text_names_what_matters_and_has_no_colour_in_a_pipe(tmp_path: Path) -> None:
    done = check(
        write(
            tmp_path,
            GOOD.replace(
                "return config",
                "config.font_sise = 1\nconfig.keys = { { key = 'a', action = wezterm.action.ToggleFullScreen } }\nreturn config",
            ),
        )
    )
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    for part in (
        "font_sise",
        "format-tab-title",
        "pure",
        "us a call",
        "ToggleFullScreen",
        "wezterm.lua:7",
        "ok: 0 errors, 1 warning",
    ):
        assert part in done.stdout


def test_a_handler_that_does_not_end_is_given_up_and_the_rest_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "local wezterm = require 'wezterm'\n"
        "wezterm.on('bell', function() while true do pcall(wezterm.sleep_ms, 10) end end)\n"
        "wezterm.on('update-status', function() end)\n"
        "wezterm.on('format-tab-title', function(tab) return tab.tab_title end)\nreturn {}",
    )
    done = check(path, "--json", "--timeout", "3")
    found = report(done)
    assert done.returncode == 0
    by_event = {item["event"]: item for item in found["callbacks"]}
    assert by_event["format-tab-title"]["kind"] == "pure"
    assert by_event["update-status"]["run"] is False
    assert [item["line"] for item in found["warnings"]] == [2]


def test_a_c_function_that_does_not_come_back_is_given_up(tmp_path: Path) -> None:
    path = write(tmp_path, "return { x = ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40)) }")
    done = check(path, "--json", "--timeout", "0.5")
    assert done.returncode == 1
    assert "0.5 seconds" in report(done)["errors"][0]["message"]
