"""The part of `bench frame` that opens windows: the storm of resizes, start-up, memory, other terminals.

On the display that there is, else on an Xvfb of its own.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perilune.app.application import Application
    from perilune.gui.front_end import GuiFrontEnd
    from perilune.gui.loop import QtEventLoop

__all__ = ["measure"]

TABS = 5
_STEP = 1 / 60
_STEADY_FRAMES = 60
_PATIENCE = 60.0
_CAT_MEGABYTES = 20
_RASTER_STAGES = {"draw", "present"}
_FIRST_FRAME = re.compile(r"first frame (\d+) ms .*, (\d+) ms of them")

# A title that reads what titles read: the tab's number, its pane's title, whether it is active.
_CONFIG = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab)
  local title = tab.active_pane.title
  return { { Text = ' ' .. (tab.tab_index + 1) .. ': ' .. title .. (tab.is_active and '*' or '') .. ' ' } }
end)
wezterm.on('gui-startup', function()
  local _, _, window = wezterm.mux.spawn_window {}
  for _ = 2, %d do window:spawn_tab {} end
end)
return { default_prog = { %s }, initial_cols = 120, initial_rows = 40 }
"""

# Notes every size that the pty gets.
_NOTING = """
import os, signal, sys
out = open(sys.argv[1] + os.environ["WEZTERM_PANE"], "a", buffering=1)
def note(*_):
    size = os.get_terminal_size(0)
    print(size.lines, size.columns, file=out)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])
note()
while True:
    signal.sigwait([signal.SIGWINCH])
    note()
"""


def measure(seconds: float, *, with_peers: bool) -> dict[str, Any]:
    """Everything that needs a display.

    Returns:
        `storm`, `first_frame` and `terminals`; or `window`: why not.
    """
    with _display() as problem:
        if problem:
            return {"window": problem}
        result: dict[str, Any] = {}
        if seconds > 0:
            result["storm"] = _in_a_process_of_its_own(seconds)
        with tempfile.TemporaryDirectory() as folder:
            result["first_frame"] = first_frame(Path(folder))
            result["terminals"] = [
                _terminal(name, command, Path(folder)) for name, command in _terminals(with_peers=with_peers)
            ]
        return result


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """A display in the environment; why there is none, else ""."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield ""
        return
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        yield "no display and no Xvfb: the window is not measured"
        return
    read_fd, write_fd = os.pipe()
    with subprocess.Popen(
        [xvfb, "-displayfd", str(write_fd), "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(write_fd,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        os.close(write_fd)
        with os.fdopen(read_fd) as pipe:
            number = pipe.readline().strip()
        os.environ["DISPLAY"] = f":{number}"
        try:
            yield "" if number else "Xvfb does not start: the window is not measured"
        finally:
            del os.environ["DISPLAY"]
            server.terminate()


# The storm.


def _in_a_process_of_its_own(seconds: float) -> dict[str, Any]:
    """The storm beside an OpenGL context without a window would be refused one with a window."""
    source = f"from perilune.cli.bench_frame_window import storm; storm({seconds!r})"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"problem": done.stderr.strip().rpartition("\n")[2]}
    found: dict[str, Any] = json.loads(done.stdout.rpartition("\n\n")[2])
    return found


def storm(seconds: float) -> None:
    """Measure, and print JSON after an empty line."""
    print("\n\n" + json.dumps(_storm(seconds)))


class _Storm:
    """Resizes the window and moves the mouse, lets it rest, then asks for frames in which nothing changed."""

    def __init__(
        self, application: Application, front_end: GuiFrontEnd, loop: QtEventLoop, seconds: float
    ) -> None:
        self._application = application
        self._front_end = front_end
        self._loop = loop
        self._seconds = seconds
        self._start = 0.0
        self.steps = 0
        self.lua_calls = self.steady_lua_calls = self.steady_frames = 0
        self.report: list[Any] = []
        self.frames = self.over_budget = 0
        self.final = (0, 0)
        loop.call_later(1.0, self._begin)

    def _lua(self) -> int:
        return self._application.probes["titles_evaluated"]

    def _begin(self) -> None:
        if len(self._front_end.windows) < 1 or self._application.probes["frames"] < 2:
            self._loop.call_later(0.2, self._begin)
            return
        self._front_end.accounting.reset()
        self._lua_before = self._lua()
        self._start = time.monotonic()
        self._step()

    def _step(self) -> None:
        from perilune.base.input import Modifiers, MouseButton, MouseKind  # noqa: PLC0415

        elapsed = time.monotonic() - self._start
        window = self._front_end.windows[0]
        if elapsed >= self._seconds:
            self._loop.call_later(0.5, self._rest)
            return
        self.steps += 1
        width = 1100 + int(400 * math.sin(elapsed * 3))
        height = 760 + int(240 * math.sin(elapsed * 4.1))
        window.control("set_inner_size", (width, height))
        window.on_mouse(self.steps * 13 % width, 8, MouseButton.NONE, MouseKind.MOVE, Modifiers.NONE)
        self._loop.call_later(_STEP, self._step)

    def _rest(self) -> None:
        accounting = self._front_end.accounting
        self.frames, self.over_budget = accounting.frames, accounting.over_budget
        self.report = accounting.report()
        self.lua_calls = self._lua() - self._lua_before
        window = self._front_end.windows[0]
        view = self._application.services.views.get(window.window_id)
        if view is not None and view.size[:2] == window.size[:2]:
            self.final = view.pane_size(view.size)[:2]
        self._lua_before, self._frames_before = self._lua(), self._application.probes["frames"]
        self._steady()

    def _steady(self) -> None:
        if self.steady_frames >= _STEADY_FRAMES:
            self.steady_lua_calls = self._lua() - self._lua_before
            self._application.quit()
            return
        self.steady_frames += 1
        self._application.on_redraw(self._front_end.windows[0].window_id)
        self._loop.call_later(_STEP, self._steady)


def _storm(seconds: float) -> dict[str, Any]:
    from perilune.app.assemble import build_application  # noqa: PLC0415 - heavy, and only needed here
    from perilune.app.start_options import StartOptions  # noqa: PLC0415
    from perilune.gui.accounting import FrameAccounting, reader_cpu  # noqa: PLC0415
    from perilune.gui.availability import check_window, open_application  # noqa: PLC0415
    from perilune.gui.front_end import GuiFrontEnd  # noqa: PLC0415
    from perilune.gui.loop import QtEventLoop  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "noting.py").write_text(_NOTING, encoding="utf-8")
        program = (sys.executable, str(folder / "noting.py"), str(folder / "size-"))
        config = folder / "config.lua"
        config.write_text(_CONFIG % (TABS, ", ".join(f"[[{word}]]" for word in program)), encoding="utf-8")
        options = StartOptions(config_file=config, env=dict(os.environ))
        qt = open_application(check_window(os.environ))
        loop = QtEventLoop()
        # The thread's own time: what other programs of a busy machine take is no frame's fault.
        accounting = FrameAccounting(time.thread_time, reader_cpu)
        front_end = GuiFrontEnd(qt, loop, accounting)
        application = build_application(front_end, loop, options)
        storm = _Storm(application, front_end, loop, seconds)
        application.run()
        loop.close()
        qt.shutdown()
        cols, rows = storm.final
        sizes = {
            path.name: [
                tuple(map(int, line.split())) for line in path.read_text(encoding="utf-8").splitlines()
            ]
            for path in folder.glob("size-*")
        }
    lost = sum(found[-1] != (rows, cols) for found in sizes.values()) + TABS - len(sizes)
    late = sum(stage.over for stage in storm.report if stage.name not in _RASTER_STAGES | {"total"})
    return {
        "seconds": seconds,
        "device": front_end.device,
        "steps": storm.steps,
        "frames": storm.frames,
        "over_budget": storm.over_budget,
        "over_budget_not_by_raster": late,
        "lost_final_sizes": lost,
        "pty_sizes": {name: len(found) - 1 for name, found in sorted(sizes.items())},
        "lua_calls": storm.lua_calls,
        "steady_frames": storm.steady_frames,
        "steady_lua_calls": storm.steady_lua_calls,
        "stages": [
            {
                "name": stage.name, "p50": round(stage.p50, 3), "p95": round(stage.p95, 3),
                "p99": round(stage.p99, 3), "max": round(stage.max, 3), "over": stage.over,
            }
            for stage in storm.report
        ],
    }  # fmt: skip


# Start-up, throughput and memory, the same way for every terminal.


def _terminals(*, with_peers: bool) -> Iterator[tuple[str, Sequence[str]]]:
    yield "perilune", (sys.executable, "-m", "perilune", "-n", "start", "--front-end", "window", "--")
    if with_peers:
        if shutil.which("kitty"):
            yield "kitty", ("kitty", "--config", "NONE", "-o", "confirm_os_window_close=0")
        if shutil.which("alacritty"):
            yield "alacritty", ("alacritty", "--config-file", os.devnull, "-e")


def first_frame(folder: Path, times: int = 5) -> dict[str, Any]:
    """How long a window of ours takes from the start of its process to its first frame, in milliseconds.

    Returns:
        `wall_ms` and `cpu_ms` at the median; or `problem`.
    """
    found = []
    for number in range(times):
        log = folder / f"first-frame-{number}.log"
        command = (
            sys.executable, "-m", "perilune", "--log-file", str(log), "--skip-config", "start",
            "--front-end", "window", "--", sys.executable, "-c", "import time; time.sleep(600)",
        )  # fmt: skip
        process = subprocess.Popen(
            command, env={**os.environ, "PERILUNE_LOG": "info"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + _PATIENCE
            while (numbers := _FIRST_FRAME.search(_text_of(log))) is None:
                if process.poll() is not None:
                    return {"problem": f"it ended with {process.returncode}"}
                if time.monotonic() > deadline:
                    return {"problem": "it did not draw in time"}
                time.sleep(0.02)
            found.append((int(numbers[1]), int(numbers[2])))
        finally:
            _end(process)
    walls, processors = (sorted(values) for values in zip(*found, strict=True))
    return {"wall_ms": walls[times // 2], "cpu_ms": processors[times // 2]}


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()


# Run by the terminal: when it began, how long `cat` took, and then it waits to be looked at.
_CHILD = """
import os, subprocess, sys, time
began = time.time()
folder = sys.argv[1]
start = time.perf_counter()
subprocess.run(["cat", folder + "/text"])
sys.stdout.write("\\033[c")  # the answer comes when all of it has been read
sys.stdout.flush()
import termios, tty
tty.setcbreak(0)
seen = b""
while not seen.endswith(b"c"):
    seen += os.read(0, 1)
took = time.perf_counter() - start
with open(folder + "/result.new", "w") as file:
    file.write(f"{began} {took}")
os.rename(folder + "/result.new", folder + "/result")
time.sleep(600)
"""


def _terminal(name: str, command: Sequence[str], folder: Path) -> dict[str, Any]:
    """Run one terminal."""
    text = folder / "text"
    if not text.exists():
        line = (
            b"\x1b[32mThe quick brown fox\x1b[0m jumps over the lazy dog, again and again and again. 0123\n"
        )
        text.write_bytes(line * (_CAT_MEGABYTES * 1_000_000 // len(line)))
        (folder / "child.py").write_text(_CHILD, encoding="utf-8")
    result = folder / "result"
    result.unlink(missing_ok=True)
    began = time.time()
    process = subprocess.Popen(
        [*command, sys.executable, str(folder / "child.py"), str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _PATIENCE
        while not result.exists():
            if process.poll() is not None:
                return {"name": name, "problem": f"it ended with {process.returncode}"}
            if time.monotonic() > deadline:
                return {"name": name, "problem": "it did not finish in time"}
            time.sleep(0.05)
        started, took = map(float, result.read_text(encoding="utf-8").split())
        return {
            "name": name,
            "program_started_ms": round((started - began) * 1000),
            "cat_mb_per_s": round(_CAT_MEGABYTES / took, 1),
            "resident_mb": _resident_mb(process.pid),
        }
    finally:
        _end(process)


def _resident_mb(pid: int) -> float | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return None
