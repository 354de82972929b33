"""Measure how long a configuration takes to load: a modular one of a thousand lines, made from a seed.

Each measurement is the first load of a fresh process after its imports: a Lua state is made, the files are
read and run, options are checked. The median must be below 60 ms. `--profile` prints where the time goes.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

__all__ = ["SUMMARY", "add_arguments", "load_once", "run", "write_config"]

SUMMARY = "how long a configuration of a thousand lines takes to load"
_LIMIT_MS = 60.0
_LINES = 1000


def _keys(rng: random.Random, lines: int) -> list[str]:
    actions = (
        "act.ActivatePaneDirection 'Left'",
        "act.ActivateTab(3)",
        "act.SplitHorizontal { domain = 'CurrentPaneDomain' }",
        "act.AdjustPaneSize { 'Right', 5 }",
        "act.SendString '\\x1b[1;5D'",
        "act.ActivateKeyTable { name = 'resize', one_shot = false, timeout_milliseconds = 1500 }",
        "act.Multiple { act.ClearSelection, act.CopyMode 'Close' }",
        "wezterm.action_callback(function(w, p) w:perform_action(act.SpawnTab 'DefaultDomain', p) end)",
        "act.PromptInputLine { description = 'x', action = wezterm.action_callback(function() end) }",
        "act.ScrollByPage(-0.5)",
    )
    head = ["local wezterm = require 'wezterm'", "local act = wezterm.action", "local M = {}", "M.keys = {"]
    names = "abcdefghijklmnopqrstuvwxyz0123456789"
    mods = ("CTRL", "CTRL|SHIFT", "ALT", "LEADER", "CMD|OPT")
    body = [
        f"  {{ key = '{rng.choice(names)}', mods = '{rng.choice(mods)}', action = {rng.choice(actions)} }},"
        for _ in range(lines)
    ]
    return [
        *head,
        *body,
        "}",
        "M.tables = { resize = { { key = 'Escape', action = 'PopKeyTable' } } }",
        "return M",
    ]


def _looks(rng: random.Random, lines: int) -> list[str]:
    head = ["local wezterm = require 'wezterm'", "local M = {}", "local palette = {"]
    names = [f"color_{number}" for number in range(lines)]
    body = [f"  {name} = '#{rng.getrandbits(24):06x}'," for name in names]
    tail = [
        "}",
        "M.colors = { foreground = palette.color_0, background = palette.color_1, tab_bar = {",
        "  background = palette.color_2,",
        "  active_tab = { bg_color = palette.color_3, fg_color = palette.color_4, intensity = 'Bold' },",
        "  inactive_tab = { bg_color = palette.color_5, fg_color = palette.color_6 } } }",
        "M.font = wezterm.font_with_fallback { 'JetBrains Mono', { family = 'Noto Sans', weight = 'Bold' } }",
        "return M",
    ]
    return [*head, *body, *tail]


def _tabs(rng: random.Random, lines: int) -> list[str]:
    programs = [f"  ['program{number}'] = '{rng.choice('abcdef')}'," for number in range(lines)]
    return [
        "local wezterm = require 'wezterm'",
        "local icons = {",
        *programs,
        "}",
        "local function basename(path) return (path:gsub('(.*[/\\\\])(.*)', '%2')) end",
        "wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover, max_width)",
        "  local name = basename(tab.active_pane.foreground_process_name)",
        "  return { { Text = ' ' .. (icons[name] or wezterm.nerdfonts.md_console) .. ' ' .. name .. ' ' } }",
        "end)",
        "wezterm.on('update-status', function(window, pane)",
        "  window:set_right_status(wezterm.format { { Attribute = { Intensity = 'Bold' } },",
        "    { Text = wezterm.strftime '%H:%M' } })",
        "end)",
        "return { apply = function(config) config.tab_max_width = 30; config.use_fancy_tab_bar = false end }",
    ]


def _domains(rng: random.Random, lines: int) -> list[str]:
    body = [
        f"  {{ name = 'host{number}', remote_address = '10.0.0.{rng.randrange(256)}', username = 'me' }},"
        for number in range(lines)
    ]
    return ["local M = {}", "M.ssh = {", *body, "}", "return M"]


def _main(rng: random.Random) -> list[str]:
    del rng
    return [
        "local wezterm = require 'wezterm'",
        "local config = wezterm.config_builder()",
        "local keys = require 'keys.init'",
        "local looks = require 'looks'",
        "require('ui.tabs').apply(config)",
        "config.keys = keys.keys",
        "config.key_tables = keys.tables",
        "config.colors = looks.colors",
        "config.font = looks.font",
        "config.ssh_domains = require('domains').ssh",
        "config.color_scheme = 'Catppuccin Mocha'",
        "config.leader = { key = 'a', mods = 'CTRL', timeout_milliseconds = 1000 }",
        "config.window_padding = { left = '1cell', right = 4, top = '5%', bottom = 0 }",
        "config.scrollback_lines = 10000",
        "config.hyperlink_rules = wezterm.default_hyperlink_rules()",
        "table.insert(config.hyperlink_rules, {regex = [[\\bT-(\\d+)\\b]], format = 'https://a/$1' })",
        "config.launch_menu = { { label = 'top', args = { 'top' } } }",
        "return config",
    ]


def write_config(folder: Path, seed: int) -> Path:
    """Write the files; the main one's path. The lines of all are a thousand together."""
    rng = random.Random(seed)  # noqa: S311 - a workload, no secret
    files: dict[str, Callable[[], list[str]]] = {
        "wezterm.lua": lambda: _main(rng),
        "keys/init.lua": lambda: _keys(rng, 280),
        "looks.lua": lambda: _looks(rng, 300),
        "ui/tabs.lua": lambda: _tabs(rng, 200),
    }
    written = 0
    for name, make in files.items():
        text = make()
        written += len(text)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
    text = _domains(rng, _LINES - written - 4)
    (folder / "domains.lua").write_text("\n".join(text) + "\n", encoding="utf-8")
    return folder / "wezterm.lua"


def load_once(path: Path) -> float:
    """Milliseconds of the first load of this process, imports aside: those a load of nothing has made.

    Raises:
        RuntimeError: it does not load as it should.
    """
    from perilune.app.headless import load_headless  # noqa: PLC0415 - what is measured
    from perilune.config.discovery import ConfigSource  # noqa: PLC0415

    load_headless(None, [("scrollback_lines", "1")])
    start = time.perf_counter()
    result = load_headless(ConfigSource(path), ())
    taken = (time.perf_counter() - start) * 1e3
    problems = [problem.message for problem in result.problems]
    if result.config is None or problems:
        raise RuntimeError(result.error or problems[0])
    return taken


def _in_fresh_process(path: Path) -> float:
    code = "import sys; from pathlib import Path; from perilune.cli.bench_config import load_once\n"
    code += "print(load_once(Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _profile(path: Path) -> str:
    import cProfile  # noqa: PLC0415 - only when it is asked for
    import io  # noqa: PLC0415
    import pstats  # noqa: PLC0415
    import threading  # noqa: PLC0415

    profiles: list[cProfile.Profile] = []
    before = threading.Thread.run

    def profiled(self: threading.Thread) -> None:
        profile = cProfile.Profile()
        profiles.append(profile)
        profile.runcall(before, self)

    load_once(path)
    threading.Thread.run = profiled  # type: ignore[method-assign]
    try:
        load_once(path)
    finally:
        threading.Thread.run = before  # type: ignore[method-assign]
    out = io.StringIO()
    pstats.Stats(profiles[-1], stream=out).sort_stats("tottime").print_stats(30)
    return out.getvalue()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--runs", type=int, default=9, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true", help="print where the time of one load goes")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print.

    Returns:
        The exit status: 0; 1 when it takes too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = write_config(Path(folder), arguments.seed)
        if arguments.profile:
            print(_profile(path))
            return 0
        times = [_in_fresh_process(path) for _ in range(max(arguments.runs, 1))]
        lines = sum(len(file.read_text().splitlines()) for file in Path(folder).rglob("*.lua"))
    result = {
        "lines": lines,
        "median_ms": round(median(times), 1),
        "best_ms": round(min(times), 1),
        "worst_ms": round(max(times), 1),
        "limit_ms": _LIMIT_MS,
        "missed": ["median_ms"] if median(times) > _LIMIT_MS else [],
    }
    if arguments.json:
        print(json.dumps(result, indent=1))
    else:
        for name, value in result.items():
            print(f"{name:12}{value!s:>10}")
    return 1 if result["missed"] else 0
