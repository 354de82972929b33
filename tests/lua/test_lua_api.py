"""Each function's contract: values, nil, arity, wrong types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lua_fakes import LuaDriver

from perilune.lua.api import file
from perilune.lua.host_api import SplitRequest
from perilune.lua.values import PaneRef, WindowRef

FONT = {
    "weight": "Regular",
    "style": "Normal",
    "stretch": "Normal",
    "is_fallback": False,
    "is_synthetic": False,
}
VALUES: list[tuple[str, Any]] = [
    ("wezterm == require 'perilune'", True),
    ("type(wezterm.target_triple)", "string"),
    ("type(wezterm.home_dir) .. type(wezterm.config_dir) .. type(wezterm.executable_dir)", "stringstringstring"),
    ("#wezterm.hostname() > 0", True),
    ("wezterm.version:find('perilune') ~= nil", True),
    # text
    ("wezterm.column_width('漢字e\\u{301}')", 5),
    ("wezterm.truncate_right('hello', 3)", "hel"),
    ("wezterm.truncate_right('漢字', 3)", "漢"),
    ("wezterm.truncate_left('漢字', 3)", "字"),
    ("wezterm.truncate_left('hello', 99)", "hello"),
    ("wezterm.truncate_right('hello', -1)", ""),
    ("wezterm.pad_left('o', 3) .. wezterm.pad_right('o', 3)", "  oo  "),
    ("wezterm.pad_left('漢', 1)", "漢"),
    ("wezterm.split_by_newlines('a\\r\\nb\\nc')", ["a", "b", "c"]),
    ("wezterm.shell_join_args {'a b', 'c'}", '"a b" c'),
    ("wezterm.shell_split(\"a 'b c'\")", ["a", "b c"]),
    ("wezterm.shell_quote_arg('a b')", '"a b"'),
    ("wezterm.shell_quote_arg('a$b')", "'a$b'"),
    ("wezterm.utf16_to_utf8('h\\0i\\0')", "hi"),
    ("wezterm.nerdfonts.md_folder", "\U000f024b"),
    ("wezterm.nerdfonts.pl_left_hard_divider", "\ue0b0"),
    ("wezterm.nerdfonts.ple_lower_left_triangle", "\ue0b8"),
    ("wezterm.nerdfonts.cod_terminal", "\uea85"),
    ("wezterm.nerdfonts.no_such_thing", None),
    ("wezterm.nerdfonts['x']", None),
    ("(function() for k, v in pairs(wezterm.nerdfonts) do return wezterm.nerdfonts[k] == v end end)()", True),
    # serde
    ("wezterm.json_parse('{\"a\": [1, 2.5, null, true]}').a[2]", 2.5),
    ("wezterm.json_encode({a = {1, 'x'}})", '{"a":[1,"x"]}'),
    ("wezterm.serde.json_decode(wezterm.serde.json_encode_pretty({1, 2}))", [1, 2]),
    ("wezterm.serde.toml_decode('a = 1\\n[b]\\nc = \"d\"').b.c", "d"),
    ("wezterm.serde.toml_decode(wezterm.serde.toml_encode({a = {b = {1, 2}}, c = 'x\"y'}))", {"a": {"b": [1, 2]}, "c": 'x"y'}),
    # colours
    ("tostring(wezterm.color.parse('#102030'))", "#102030"),
    ("tostring(wezterm.color.parse('red'):darken(0.5))", "#800000"),
    ("tostring(wezterm.color.parse('black'):lighten(0.5))", "#808080"),
    ("tostring(wezterm.color.parse('red'):complement())", "#00ffff"),
    ("tostring((wezterm.color.parse('red'):triad()))", "#00ff00"),
    ("select('#', wezterm.color.parse('red'):square())", 3),
    ("{wezterm.color.parse('#ff8000'):srgb_u8()}", [255, 128, 0, 255]),
    ("math.floor(wezterm.color.parse('white'):contrast_ratio(wezterm.color.parse('black')))", 21),
    ("{wezterm.color.parse('blue'):hsla()}", [240.0, 1.0, 0.5, 1.0]),
    ("wezterm.color.parse('#fff') == wezterm.color.parse('white')", True),
    ("tostring(wezterm.color.from_hsla(120, 1, 0.5, 1))", "#00ff00"),
    ("type(wezterm.color.parse('red'))", "userdata"),
    ("wezterm.color.gradient({colors = {'black', 'white'}}, 3)", ["#000000", "#808080", "#ffffff"]),
    ("wezterm.color.get_default_colors().ansi[1]", "#000000"),
    ("type(wezterm.color.get_builtin_schemes())", "table"),
    ("type(wezterm.get_builtin_color_schemes())", "table"),
    # time
    ("wezterm.strftime_utc('%Y-%m-%d %H:%M')", "2023-11-14 22:13"),
    ("wezterm.time.now():format_utc('%H')", "22"),
    ("wezterm.time.now():format_utc('%T%.f')", "22:13:20"),
    ("wezterm.time.parse_rfc3339('2024-03-05T07:08:09.25Z'):format_utc('%T%.f %f %3f')", "07:08:09.250 250000000 250"),
    ("wezterm.time.parse_rfc3339('2024-03-05T07:08:09Z'):format_utc('%j')", "065"),
    ("wezterm.time.parse('2024-03-05', '%Y-%m-%d'):format_utc('%d')", "05"),
    (
        "tostring(wezterm.time.parse('1983 Apr 13 12:09:14.274 +0000', '%Y %b %d %H:%M:%S%.3f %z'))",
        "Time(utc: 1983-04-13T12:09:14.274+00:00)",
    ),
    ("wezterm.time.parse('2024-03-05 7:08', '%F %k:%M'):format_utc('%T %-d %.3f')", "07:08:00 5 .000"),
    ("wezterm.time.parse('1700000000', '%s'):format_utc('%s')", "1700000000"),
    ("wezterm.time.parse_rfc3339('2024-03-05T07:08:09+02:00'):format_utc('%+')", "2024-03-05T05:08:09+00:00"),
    ("wezterm.time.parse('2024', '%Y') < wezterm.time.now()", False),
    ("wezterm.time.parse_rfc3339('2024-06-21T12:00:00Z'):sun_times(51.5, 0).up", True),
    ("wezterm.time.parse_rfc3339('2024-06-21T12:00:00Z'):sun_times(51.5, 0).rise:format_utc('%H')", "03"),
    ("os.time()", 1_700_000_000),
    ("os.date('!%Y')", "2023"),
    ("os.time({year = 2020, month = 1, day = 1, hour = 12}) > 0", True),
    # url
    ("wezterm.url.parse('https://u:p@example.org:80/a%20b?q#f').host", "example.org"),
    ("wezterm.url.parse('file://h/a%20b').file_path", "/a b"),
    ("tostring(wezterm.url.parse('file:///x'))", "file:///x"),
    ("tostring(wezterm.url.parse('HTTPS://Example.org'))", "https://example.org/"),
    ("tostring(wezterm.url.parse('file:///a b/é'))", "file:///a%20b/%C3%A9"),
    ("wezterm.url.parse('https://u:p@example.org:81/a%20b?q#f').port", 81),
    ("wezterm.url.parse('https://example.org/a%20b?q#f').port", None),
    ("wezterm.url.parse('https://example.org/a%20b?q#f').file_path", "/a b"),
    ("wezterm.url.parse('https://example.org/a%20b?q#f').path", "/a%20b"),
    ("wezterm.url.parse('https://example.org/a?q#f').query .. wezterm.url.parse('x:y#f').fragment", "qf"),
    ("wezterm.url.parse('mailto:a@b').file_path", None),
    ("wezterm.url.parse('file:///x').host", None),
    ("wezterm.url.parse('file:///x'):gsub('file://', '')", "/x"),
    ("type(wezterm.url.parse('file:///x'))", "userdata"),
    # actions
    ("wezterm.action.SpawnTab 'CurrentPaneDomain'", {"SpawnTab": "CurrentPaneDomain"}),
    ("wezterm.action.ActivateCopyMode", "ActivateCopyMode"),
    ("wezterm.action.SplitVertical {domain = 'CurrentPaneDomain'}", {"SplitVertical": {"domain": "CurrentPaneDomain"}}),
    ("wezterm.action {ActivateTab = 2}", {"ActivateTab": 2}),
    ("wezterm.action.Multiple {wezterm.action.Nop, wezterm.action.SendString 'x'}", {"Multiple": ["Nop", {"SendString": "x"}]}),
    ("wezterm.has_action('SpawnTab')", True),
    ("wezterm.has_action('Nothing')", False),
    ("type(wezterm.action.Nop)", "string"),
    ("type(wezterm.action.SpawnTab 'DefaultDomain')", "table"),
    ("wezterm.action.SpawnTab('DefaultDomain').SpawnTab", "DefaultDomain"),
    ("next(wezterm.action.SpawnTab 'DefaultDomain')", "SpawnTab"),
    ("wezterm.action_callback(print).EmitEvent", "user-defined-1"),
    ("wezterm.action.SplitVertical()", "SplitVertical"),
    ("wezterm.action.CopyTo", "CopyTo"),
    ("#wezterm.permute_any_mods {key = 'a', action = wezterm.action.Nop}", 15),
    ("wezterm.permute_any_or_no_mods({key = 'a'})[1].mods", "NONE"),
    ("wezterm.permute_any_mods({key = 'a'})[3].mods", "ALT|SUPER"),
    ("wezterm.permute_any_mods({key = 'a'})[15].mods", "SHIFT|ALT|CTRL|SUPER"),
    # fonts
    ("wezterm.font 'X'", {"font": [{"family": "X", **FONT}]}),
    ("wezterm.font('X', {weight = 'Bold'}).font[1].weight", "Bold"),
    ("wezterm.font {family = 'X', harfbuzz_features = {'calt=0'}}", {"font": [{"family": "X", "harfbuzz_features": ["calt=0"], **FONT}]}),
    ("#wezterm.font_with_fallback({'A', {family = 'B', scale = 1.2}}).font", 2),
    ("wezterm.font_with_fallback({'A', 'B'}).font[2].is_fallback", True),
    ("wezterm.font('X', {foreground = 'red', bold = true})", {"font": [{"family": "X", **FONT, "weight": "Bold"}], "foreground": "red"}),
    ("wezterm.font_with_fallback({'X'}, {foreground = 'red'}).foreground", "red"),
    ("wezterm.font({family = 'X', weight = 'Bold'}, {italic = true}).font[1]", {"family": "X", **FONT, "style": "Italic"}),
    ("wezterm.font({family = 'X', italic = true}).font[1].style", "Italic"),
    ("wezterm.font('Menlo').font[1].harfbuzz_features", ["kern", "clig", "liga=0"]),
    # mux and gui
    ("wezterm.gui.get_appearance()", "Dark"),
    ("#wezterm.gui.enumerate_gpus()", 0),
    ("wezterm.gui.screens().active.width > 0 and wezterm.gui.screens().by_name.unknown ~= nil", True),
    ("wezterm.gui.gui_windows()[1]:window_id()", 0),
    ("wezterm.gui.default_keys()[1].key", "t"),
    ("wezterm.mux.all_windows()[1]:get_title()", "main"),
    ("wezterm.mux.get_tab(1):get_title()", "work"),
    ("wezterm.mux.get_window(0):active_tab():tab_id()", 1),
    ("wezterm.mux.get_active_workspace()", "default"),
    ("wezterm.mux.get_workspace_names()", ["default"]),
    ("wezterm.mux.get_domain('local'):state()", "Attached"),
    ("wezterm.mux.get_domain(0):name()", "local"),
    ("select('#', wezterm.mux.spawn_window {args = {'top'}, cwd = '/'})", 3),
    ("wezterm.mux.get_pane(1):get_user_vars().role", "x"),
    ("wezterm.mux.get_pane(0):get_current_working_dir().file_path", "/home/me/my dir"),
    ("wezterm.mux.get_pane(1):get_current_working_dir()", None),
    ("wezterm.mux.get_pane(1):get_foreground_process_info().children[11].name", "vim"),
    ("wezterm.mux.get_pane(1):get_dimensions().viewport_rows", 24),
    ("wezterm.mux.get_pane(1):get_lines_as_text(5)", "5 False False"),
    ("wezterm.mux.get_pane(1):get_lines_as_text()", "None False False"),
    ("wezterm.mux.get_pane(1):get_logical_lines_as_text(2)", "2 True False"),
    ("wezterm.mux.get_pane(1):get_semantic_zones('Output')[1].end_y", 4),
    ("wezterm.mux.get_pane(1):get_semantic_zone_at(2, 1).semantic_type", "Prompt"),
    ("wezterm.mux.get_pane(1):tab():tab_id()", 1),
    ("wezterm.mux.get_pane(1):window():window_id()", 0),
    ("wezterm.mux.get_pane(1) == wezterm.mux.get_tab(1):active_pane()", True),
    ("wezterm.mux.get_pane(1):get_progress()", "None"),
    ("#wezterm.mux.get_tab(1):panes_with_info()", 2),
    ("wezterm.mux.get_tab(1):panes_with_info()[2].pane:pane_id()", 2),
    ("wezterm.mux.get_tab(1):get_pane_direction('Right'):pane_id()", 2),
    ("wezterm.mux.get_tab(1):get_pane_direction('Left')", None),
    ("wezterm.mux.get_tab(1):get_size().cols", 80),
    ("wezterm.mux.get_tab(1):set_zoomed(true)", False),
    ("wezterm.mux.get_window(0):tabs_with_info()[2].is_active", True),
    ("wezterm.mux.get_window(0):gui_window():active_key_table()", None),
    ("tostring(wezterm.mux.get_pane(1)):gsub('%d+%)', 'N)')", "MuxPane(pane_id:1, pid:N)"),
    ("tostring(wezterm.gui.gui_windows()[1]):match('%(.-,')", "(mux_window_id:0,"),
    ("wezterm.mux.get_pane(1).no_such_method", None),
    ("type(wezterm.mux.get_pane(1))", "userdata"),
    # system
    ("#wezterm.glob('/*') > 0", True),
    ("wezterm.glob('nothing-*', '/')", {}),
    ("type(wezterm.battery_info())", "table"),
    ("wezterm.procinfo.get_info_for_pid(wezterm.procinfo.pid()).pid == wezterm.procinfo.pid()", True),
    ("wezterm.procinfo.get_info_for_pid(99999999)", None),
    ("wezterm.default_wsl_domains()", {}),
    ("#wezterm.default_hyperlink_rules() > 3", True),
    ("wezterm.running_under_wsl()", False),
    ("wezterm.to_string {1, 2}", "[\n    1,\n    2,\n]"),
    ("wezterm.to_string {a = 1, b = 2}", '{\n    "a": 1,\n    "b": 2,\n}'),
    ("wezterm.to_string {}", "[]"),
    ("wezterm.to_string {{}, {x = true, [3] = 1.5}}", '[\n    [],\n    {\n        "x": true,\n        3: 1.5,\n    },\n]'),
    ("wezterm.to_string('a\"b\\n\\u{e9}')", '"a\\"b\\n\\u{e9}"'),
    ("wezterm.to_string('\\255\\0a')", 'b"\\xff\\x00a"'),
    ("wezterm.to_string(wezterm.action.SpawnTab 'DefaultDomain')", '{\n    "SpawnTab": "DefaultDomain",\n}'),
    ("wezterm.to_string {wezterm.color.parse 'red'}", "[\n    #ff0000,\n]"),
    ("(function() local t = {} t.t = t return wezterm.to_string(t):match 'table: 0x' end)()", "table: 0x"),
    ("(function() local t = {1} for _ = 1, 60 do t = {t, t} end return #wezterm.to_string(t) < 100000 end)()", True),
    ("(function() local t = {} for _ = 1, 500 do t = {t} end return #wezterm.to_string(t) > 500 end)()", True),
    ("wezterm.reload_configuration()", None),
    ("wezterm.log_info('a', 1, {2}, nil)", None),
    ("io.type(io.stdout)", "file"),
    ("string.format('%s', wezterm.mux.get_tab(1)):match('^.-,')", "MuxTab(tab_id:1,"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[value[0][:60] for value in VALUES])
def test_values(lua: LuaDriver, expression: str, expected: Any) -> None:
    found = lua.value(expression)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


ERRORS = [
    ("wezterm.column_width()", "wezterm.column_width: argument 1 (text): expected a string, got nil"),
    ("wezterm.column_width({})", "expected a string, got a table"),
    ("wezterm.truncate_right('a')", "argument 2 (width): expected an integer, got nil"),
    ("wezterm.truncate_right('a', 1.5)", "expected an integer, got a number"),
    ("wezterm.shell_join_args('a')", "expected a list, got a string"),
    ("wezterm.json_parse('{')", "json"),
    ("wezterm.json_encode({f = print})", "function"),
    ("wezterm.serde.toml_decode('=')", "toml"),
    ("wezterm.mux.get_tab(77)", "tab id 77 not found in mux"),
    ("wezterm.mux.get_pane(77)", "pane id 77 not found in mux"),
    ("wezterm.mux.get_window(77)", "window id 77 not found in mux"),
    ("wezterm.url.parse('https://')", "there is no host"),
    ("wezterm.color.parse('nope')", "'nope' is not a colour"),
    ("wezterm.url.parse('no url')", "not an absolute URL"),
    ("wezterm.time.parse_rfc3339('x')", "parse_rfc3339"),
    ("wezterm.time.call_after('x', print)", "expected a number of seconds, got a string"),
    ("wezterm.time.call_after(1)", "expected a function, got nil"),
    ("wezterm.on('x')", "expected a function for 'x', got nil"),
    ("wezterm.on(nil, print)", "expected the event's name, got nil"),
    ("wezterm.action.ActivateTab 'x'", "ActivateTab"),
    ("wezterm.action {}", "exactly one name"),
    ("wezterm.action {SpawnTab = 'a', Nop = 1}", "exactly one name"),
    ("wezterm.action(5)", "wezterm.action: expected"),
    ("wezterm.action_callback('x')", "expected a function, got a string"),
    ("wezterm.font()", "wezterm.font: expected a family name"),
    ("wezterm.font({weight = 'Bold'})", "expected family = 'name'"),
    ("wezterm.font_with_fallback('x')", "expected a list of families"),
    ("wezterm.format('x')", "wezterm.format: expected a list"),
    ("wezterm.read_dir('/nowhere')", "/nowhere"),
    ("wezterm.mux.spawn_window {args = 'top'}", "args: expected a list of strings"),
    ("wezterm.mux.spawn_window {domain = 5}", "domain: expected"),
    ("wezterm.mux.set_active_workspace('nope')", "no workspace 'nope'"),
    ("wezterm.mux.get_pane(1):split {direction = 'Sideways'}", "direction must be one of"),
    ("wezterm.mux.get_pane(1):split {size = 'big'}", "size must be"),
    ("wezterm.mux.get_pane(1):move_to_new_window()", "no window for that"),
    ("wezterm.mux.get_pane(1):send_text()", "pane:send_text: argument 1 (text): expected a string, got nil"),
    ("wezterm.mux.get_pane(1):get_lines_as_text(-1)", "cannot return -1 lines"),
    ("wezterm.gui.gui_windows()[1]:set_right_status()", "window:set_right_status: argument 1 (text)"),
    ("wezterm.gui.gui_windows()[1]:perform_action(5)", "expected a key assignment"),
    ("wezterm.gui.gui_windows()[1]:copy_to_clipboard('x', 'Y')", "no clipboard 'Y'"),
    (
        "(function() local p = wezterm.mux.get_pane(1) rawset(p, 'id', '1;s1:x') return p:get_title() end)()",
        "number expected",
    ),
    ("require 'no.such.module'", "module 'no.such.module' not found"),
    ("wezterm.run_child_process {}", "expected a list of strings"),
    ("wezterm.permute_any_mods {}", "expected a key"),
    ("(function() wezterm.action.X = 1 end)()", "cannot be changed"),
]


@pytest.mark.parametrize(("expression", "message"), ERRORS, ids=[error[0][:60] for error in ERRORS])
def test_errors_say_what_was_wrong_and_where(lua: LuaDriver, expression: str, message: str) -> None:
    error = lua.error(expression)
    assert message in error
    assert error.startswith("expression:1:"), error


def test_a_glob_that_never_ends_is_given_up(
    lua: LuaDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.lua").touch()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.lua").touch()
    assert lua.value(f"wezterm.glob('*.lua', '{tmp_path}')") == [f"{number}.lua" for number in range(5)]
    assert lua.value(f"wezterm.glob('{tmp_path}/**/x.*')") == [str(tmp_path / "deep/x.lua")]
    monkeypatch.setattr(file, "_MOST_PATHS", 3)
    assert "too many files" in lua.error(f"wezterm.glob('{tmp_path}/*')")


def test_a_stale_handle_says_so(lua: LuaDriver) -> None:
    lua.run("wezterm.on('keep', function(w, p) pane = p end)")
    lua.emit("keep", WindowRef(0), PaneRef(2))
    del lua.program.panes[2]
    _, error = lua.wait(lambda done: lua.host.evaluate("pane:get_title()", done))
    assert "pane 2 no longer exists" in str(error)
    value, _ = lua.wait(lambda done: lua.host.evaluate("pane:pane_id()", done))
    assert value == 2


def test_acting_reaches_the_program(lua: LuaDriver) -> None:
    result = lua.run(
        "wezterm.on('x', function(window, pane)\n"
        "  window:set_left_status 'L'; window:set_right_status(wezterm.format {{Text = 'R'}})\n"
        "  window:perform_action(act.SpawnTab 'CurrentPaneDomain', pane)\n"
        "  window:perform_action('Nop', pane)\n"
        "  window:perform_action(wezterm.action_callback(function() end), pane)\n"
        "  local o = window:get_config_overrides() or {}\n"
        "  o.font_size = 20; window:set_config_overrides(o)\n"
        "  window:toast_notification('t', 'm', nil, 4000)\n"
        "  window:copy_to_clipboard('c', 'Clipboard')\n"
        "  window:maximize(); window:set_inner_size(800, 600)\n"
        "  pane:send_text 'ls\\n'; pane:send_paste '\\255'; pane:inject_output 'x'; pane:activate()\n"
        "  pane:split {direction = 'Bottom', size = 0.25, args = {'top'}}\n"
        "  window:active_tab():set_title 'new'\n"
        "  wezterm.mux.rename_workspace('a', 'b')\n"
        "end)"
    )
    assert result.error is None
    assert lua.emit("x").error is None
    calls = lua.program.calls
    for expected in (
        ("set_status", 0, "left", "L"),
        ("set_status", 0, "right", "R"),
        ("perform_action", 0, 1, {"SpawnTab": "CurrentPaneDomain"}),
        ("perform_action", 0, 1, "Nop"),
        ("perform_action", 0, 1, {"EmitEvent": "user-defined-1"}),
        ("toast_notification", 0, "t", "m", None, 4000),
        ("copy_to_clipboard", 0, "c", "Clipboard"),
        ("window_command", 0, "maximize", ()),
        ("window_command", 0, "set_inner_size", (800, 600)),
        ("send_text", 1, b"ls\n", False),
        ("send_text", 1, b"\xff", True),
        ("inject_output", 1, b"x"),
        ("activate_pane", 1),
        ("rename_workspace", "a", "b"),
    ):
        assert expected in calls
    split = next(call[2] for call in calls if call[0] == "split_pane")
    assert isinstance(split, SplitRequest)
    assert (split.direction, split.size, split.spawn.args) == ("Bottom", 0.25, ("top",))
    assert lua.program.overrides[0] == {"font_size": 20}
    assert lua.program.tabs[1].title == "new"


def test_every_registered_function_has_a_documented_home(lua: LuaDriver) -> None:
    # Names are complete enough that a config finds what it calls: each is reachable from Lua.
    lua.run("")
    missing = lua.value(
        "(function() local bad = {} for name in ([[glob read_dir strftime json_parse hostname run_child_process "
        "background_child_process open_with sleep_ms battery_info nerdfonts color gui mux plugin procinfo serde time "
        "url format font on emit action action_callback config_builder truncate_left split_by_newlines GLOBAL "
        "enumerate_ssh_hosts default_ssh_domains gradient_colors has_action permute_any_mods]]):gmatch('%S+') do "
        "if wezterm[name] == nil then bad[#bad + 1] = name end end return table.concat(bad, ' ') end)()"
    )
    assert missing == ""


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("1 + 1, 'x'", "done", '2    "x"'),
        ("stays = {1, a = 'b'}", "done", ""),
        ("window:window_id() + pane:pane_id()", "done", "1"),
        ("for", "more", ""),
        ("error('no')", "error", "repl:1: no"),
        ("x = = 1", "error", "unexpected symbol"),
        ("while true do end", "error", "used up its budget"),
    ],
)
def test_a_line_of_the_debug_overlay(lua: LuaDriver, line: str, kind: str, text: str) -> None:
    lua.run("")
    found = lua.wait(lambda done: lua.host.repl(line, 0, 1, done))
    assert found[0] == kind
    assert text in found[1]


def test_globals_of_the_debug_overlay_stay(lua: LuaDriver) -> None:
    lua.run("")
    lua.wait(lambda done: lua.host.repl("stays = 'here'", 0, 1, done))
    assert lua.wait(lambda done: lua.host.repl("stays", 0, None, done)) == ("done", '"here"')
