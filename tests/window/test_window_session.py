"""The real program in a real window: keys, paste, tabs, splits, resizes, closing, and its picture."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from window.x_display import Window, XDisplay, need_window_programs, wait_for

pytestmark = pytest.mark.slow

# What each pane runs: notes its size at every change, and each line that is typed into it. In Python, because
# bash loses a signal that comes while its trap runs.
NOTING = """
import os, select, signal, sys, termios, tty
home, pane = os.environ["HOME"], os.environ["WEZTERM_PANE"]

def note(name, text):
    with open(f"{home}/{name}", "a") as file:
        file.write(text + "\\n")

read_fd, write_fd = os.pipe()
os.set_blocking(write_fd, False)
signal.set_wakeup_fd(write_fd)
signal.signal(signal.SIGWINCH, lambda *_: None)
modes = termios.tcgetattr(0)
modes[3] &= ~termios.ECHO
termios.tcsetattr(0, termios.TCSANOW, modes)

def note_size():
    size = os.get_terminal_size(0)
    note(f"size-{pane}", f"{size.lines} {size.columns}")

note(f"pid-{pane}", str(os.getpid()))
note_size()
print(f"pane {pane} is ready", flush=True)
note("ready", pane)
while True:
    ready, _, _ = select.select([0, read_fd], [], [])
    if read_fd in ready:
        os.read(read_fd, 4096)
        note_size()
    if 0 in ready:
        data = os.read(0, 4096)
        if not data:
            break
        text = data.decode(errors="replace").rstrip("\\n")
        note(f"typed-{pane}", text)
        if text.startswith("copy "):
            import base64
            print("\\033]52;c;" + base64.b64encode(text[5:].encode()).decode() + "\\007", end="", flush=True)
        print(text, flush=True)
"""

CONFIG = """
local wezterm = require 'wezterm'
local act = wezterm.action
local config = wezterm.config_builder()
config.default_prog = { os.getenv 'NOTING_PYTHON', 'noting.py' }
config.keys = {
  { key = 'F1', action = act.SplitHorizontal { domain = 'CurrentPaneDomain' } },
  { key = 'F2', action = act.PasteFrom 'Clipboard' },
  { key = 'F3', action = act.SpawnTab 'CurrentPaneDomain' },
  { key = 'F4', action = act.SpawnWindow },
}
config.window_padding = { left = 0, right = 0, top = 0, bottom = 0 }
config.use_fancy_tab_bar = false
config.window_close_confirmation = 'NeverPrompt'
return config
"""


@pytest.fixture
def noting(open_window):
    """A window whose panes run `NOTING`."""

    def begin(lua: str = CONFIG, **env: str) -> Window:
        window = open_window(lua=lua, files={"noting.py": NOTING}, NOTING_PYTHON=sys.executable, **env)
        ready(window, 0)
        return window

    return begin


def ready(window: Window, pane: int) -> None:
    window.wait_file("ready", lambda text: f"{pane}\n" in text, f"pane {pane}")


def sizes(window: Window, pane: int) -> list[tuple[int, int]]:
    """Rows and columns that a pane has had, in turn."""
    lines = (window.home / f"size-{pane}").read_text().splitlines()
    return [(int(rows), int(cols)) for rows, cols in map(str.split, lines)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not reaped by whoever inherits it does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_size(window: Window, pane: int, check, what: str) -> tuple[int, int]:
    wait_for(lambda: check(*sizes(window, pane)[-1]), what)
    return sizes(window, pane)[-1]


def cell_of(window: Window) -> tuple[float, float]:
    """Width and height of a cell: the window opens with 80 x 24 of them and a row for the tab bar."""
    _, _, width, height = window.geometry()
    rows, cols = sizes(window, 0)[0]
    return width / cols, height / (rows + 1)


def typed(window: Window, pane: int, text: str) -> None:
    window.wait_file(f"typed-{pane}", lambda found: f"{text}\n" in found, f"{text!r} in pane {pane}")


def test_typing_reaches_the_program_and_the_picture_changes(noting):
    window = noting()
    wait_for(lambda: window.display.xdotool("getwindowname", window.id).strip(), "a title")
    before = window.picture()
    window.type("Hello, World! {x} #5 @~")
    window.key("Return")
    typed(window, 0, "Hello, World! {x} #5 @~")
    width, height = cell_of(window)
    second = (0, int(2 * height), int(30 * width), int(3 * height))
    window.wait_picture(
        lambda picture: picture.crop(second).tobytes() != before.crop(second).tobytes(), "the echo drawn"
    )


def test_clipboard_round_trip(noting):
    """A program copies, the user pastes; and a selection by mouse is pasted by the middle button."""
    window = noting()
    window.type("copy pasted words")
    window.key("Return")
    typed(window, 0, "copy pasted words")
    window.key("F2")
    window.key("Return")
    typed(window, 0, "pasted words")
    # "pane 0 is ready" stands in the first row of the pane; a double click takes a word.
    width, height = cell_of(window)
    window.move_to(9.5 * width, 1.5 * height)
    window.display.xdotool("click", "--repeat", 2, "--delay", 30, 1)
    window.click(5 * width, 6.5 * height, 2)
    window.key("Return")
    typed(window, 0, "ready")


def test_tabs_are_clicked_and_typed_into(noting):
    window = noting()
    window.key("F3")
    ready(window, 1)
    window.type("second")
    window.key("Return")
    typed(window, 1, "second")
    width, height = cell_of(window)
    window.click(2 * width, 0.5 * height)
    window.type("first")
    window.key("Return")
    typed(window, 0, "first")


def test_a_split_is_dragged(noting):
    window = noting()
    window.key("F1")
    ready(window, 1)
    _, left = wait_size(window, 0, lambda _rows, cols: cols < 60, "the left pane to be smaller")
    width, height = cell_of(window)
    x = (left + 0.5) * width
    window.drag((x, 8 * height), (x - 20 * width, 8 * height))
    wait_size(window, 0, lambda _rows, cols: cols == left - 20, "the split to have moved")
    wait_size(window, 1, lambda _rows, cols: cols == 80 - 1 - (left - 20), "the other pane to have grown")


def test_a_storm_of_resizes_ends_in_the_last_size_and_skips_most(noting):
    window = noting()
    width, height = cell_of(window)
    words: list[object] = []
    for step in range(60):
        w, h = 400 + step * 9, 700 - step * 7
        words += ["windowsize", window.id, w, h]
    window.display.xdotool(*words)
    _, _, last_width, last_height = window.geometry()
    wanted = (int(last_height // height) - 1, int(last_width // width))
    wait_size(window, 0, lambda rows, cols: (rows, cols) == wanted, f"the last size {wanted}")
    seen = sizes(window, 0)
    assert all(one != other for one, other in pairwise(seen)), "a size was sent twice"


def test_a_second_window_opens_and_each_gets_its_keys(noting):
    window = noting()
    window.key("F4")
    ready(window, 1)

    def others() -> list[str]:
        found = window.display.xdotool("search", "--onlyvisible", "--pid", window.process.pid).split()
        return [name for name in found if name != window.id]

    wait_for(others, "the second window")
    (second,) = others()
    window.display.xdotool("windowfocus", "--sync", second)
    window.type("to the second")
    window.key("Return")
    typed(window, 1, "to the second")
    window.focus()
    window.type("to the first")
    window.key("Return")
    typed(window, 0, "to the first")


def test_a_blinking_cursor_blinks_and_the_program_ends_with_its_last_pane(noting):
    window = noting(
        CONFIG.replace(
            "return config",
            "config.default_cursor_style = 'BlinkingBlock'\n"
            "config.cursor_blink_rate = 100\nconfig.animation_fps = 1\nreturn config",
        )
    )
    pictures = set()

    def seen(picture) -> bool:
        pictures.add(picture.tobytes())
        return len(pictures) > 1

    window.wait_picture(seen, "the cursor to blink")
    window.key("ctrl+d")
    wait_for(lambda: window.process.poll() is not None, "the end")
    assert window.process.returncode == 0, window.said()


def test_the_same_cells_look_the_same_after_a_resize_there_and_back(noting):
    # Without the bar, whose title changes when the name of the program is found out.
    window = noting(lua=CONFIG.replace("return config", "config.enable_tab_bar = false\nreturn config"))
    window.type("some text to be drawn")
    window.key("Return")
    typed(window, 0, "some text to be drawn")
    _, _, width, height = window.geometry()
    rows, cols = sizes(window, 0)[-1]
    cell_width, cell_height = width // cols, height // rows

    def has_all(picture: Image.Image) -> bool:
        def is_drawn(row: int, col: int, end: int) -> bool:
            box = (col * cell_width, row * cell_height, end * cell_width, (row + 1) * cell_height)
            return len(picture.crop(box).getcolors(1 << 24) or []) > 1

        # The program notes what is typed before it prints it, and printing comes before drawing.
        cursor = picture.getpixel((cell_width // 2, 2 * cell_height + cell_height // 2))
        return is_drawn(1, 16, 21) and cursor != picture.getpixel((width - 1, height - 1))

    before = window.wait_picture(has_all, "text and cursor")
    window.resize(width + 60, height + 80)
    wait_size(window, 0, lambda _rows, cols: cols > 80, "the larger size")
    window.resize(width, height)
    wait_size(window, 0, lambda _rows, cols: cols == 80, "the old size")
    window.wait_picture(lambda picture: picture.tobytes() == before.tobytes(), "the same picture again")


def test_a_display_that_dies_ends_the_program_and_what_runs_in_it(tmp_path):
    need_window_programs()
    display = XDisplay()
    try:
        home = tmp_path / "home"
        home.mkdir()
        (home / "noting.py").write_text(NOTING, encoding="utf-8")
        with Window(display, home, lua=CONFIG, env={"NOTING_PYTHON": sys.executable}) as window:
            ready(window, 0)
            pid = int(window.wait_file("pid-0", lambda text: text.endswith("\n"), "the program's number"))
            display.process.kill()
            wait_for(lambda: window.process.poll() is not None, "the end")
            # Whether Qt notices first, or Xlib, which ends the process by itself.
            assert window.process.returncode == 1, window.said()
            wait_for(lambda: not is_alive(pid), "the end of the program in the pane")
    finally:
        display.close()
