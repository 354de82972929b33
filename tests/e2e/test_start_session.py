"""`perilune start` as its user meets it: a shell, tabs, splits, mouse, resize, the way out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.session import PERILUNE, Session, plain_env
from perilune.base.input import Modifiers, MouseButton, MouseKind

CTRL_SHIFT = Modifiers.CTRL | Modifiers.SHIFT


def bar(session) -> str:
    return session.rows[0]


def test_a_shell_and_a_bar(start):
    session = start()
    assert bar(session).startswith(" 1: ")
    assert bar(session).endswith(" +")
    session.send("echo he''llo $TERM_PROGRAM $COLORTERM $PERILUNE_PANE=$WEZTERM_PANE\r")
    session.wait_text("hello Perilune truecolor 0=0")


def test_exit_ends_the_program_with_status_0_and_a_clean_terminal(start):
    session = start()
    before = session.tty_before
    session.send("exit\r")
    assert session.wait_exit() == 0
    assert session.tty_now() == before
    modes = session.terminal.modes
    assert not modes.alt_screen
    assert not modes.bracketed_paste
    assert not modes.focus_events
    assert session.terminal.cursor.visible


def test_the_screen_from_before_is_back(home):
    command = [
        "/bin/sh",
        "-c",
        f"echo before; {sys.executable} -m perilune -n start -- /bin/sh -c 'echo inside; sleep 0.2'; echo after",
    ]
    with Session(command, env=plain_env(home), cwd=home) as session:
        session.wait_text("after")
        session.wait_exit()
        assert session.rows[:2] == ["before", "after"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_it_and_restores_the_terminal(start, number):
    session = start()
    session.signal(number)
    assert session.wait_exit() == 128 + number
    assert session.tty_now() == session.tty_before
    assert not session.terminal.modes.alt_screen
    assert session.terminal.cursor.visible


def test_suspend_and_resume_under_a_shell_with_job_control(home, need):
    bash = need("bash")
    with Session([bash, "--norc", "--noprofile", "-i"], env=plain_env(home), cwd=home) as session:
        session.wait_text("$")
        session.send(" ".join(PERILUNE) + " -n\r")
        session.wait_text(" 1: ")
        session.send("echo mark''er\r")
        session.wait_text("marker")
        children = (
            Path(f"/proc/{session.process.pid}/task/{session.process.pid}/children").read_text().split()
        )
        os.kill(int(children[0]), signal.SIGTSTP)
        session.wait_text("Stopped")
        assert not session.terminal.modes.alt_screen
        session.send("fg\r")
        session.wait_text("marker")
        session.wait_for(lambda: session.terminal.modes.alt_screen, "the screen to be taken again")
        session.send("echo aga''in\r")
        session.wait_text("again")


def test_tabs_by_key_and_by_mouse(start):
    session = start()
    session.send("echo fir''st\r")
    session.wait_text("first")
    session.key("t", CTRL_SHIFT)
    session.wait_text(" 2: ")
    session.wait_gone("first")
    session.wait_text("$")
    row, col = session.find(" 1: ")
    session.click(row, col + 1)
    session.wait_text("first")
    row, col = session.find(" +")
    session.click(row, col + 1)
    session.wait_text(" 3: ")
    session.mouse(0, 2, MouseButton.WHEEL_UP)
    session.wait_gone("first")
    session.mouse(0, 2, MouseButton.WHEEL_UP)
    session.wait_text("first")
    session.key("Tab", Modifiers.CTRL)
    session.wait_gone("first")


def test_splits_tile_and_the_focus_moves(start):
    session = start(
        lua="""
        local wezterm = require 'wezterm'
        local act = wezterm.action
        return { keys = {
          { key = 'r', mods = 'ALT', action = act.SplitHorizontal { domain = 'CurrentPaneDomain' } },
          { key = 'd', mods = 'ALT', action = act.SplitVertical { domain = 'CurrentPaneDomain' } },
          { key = 'h', mods = 'ALT', action = act.ActivatePaneDirection 'Left' },
          { key = 'z', mods = 'ALT', action = 'TogglePaneZoomState' },
          { key = 'x', mods = 'ALT', action = act.CloseCurrentPane { confirm = false } },
        } }"""
    )
    session.send("stty size\r")
    session.wait_text("23 80")
    session.key("r", Modifiers.ALT)
    session.wait_text("│")
    session.wait_for(
        lambda: sum(row.count("$ ") + row.endswith("$") for row in session.rows) >= 2, "a second prompt"
    )
    session.send("stty size\r")
    session.wait_text("23 39")
    session.key("d", Modifiers.ALT)
    session.wait_text("─")
    session.key("h", Modifiers.ALT)
    session.wait_for(lambda: session.terminal.cursor.col < 40, "the left pane")
    session.send("echo le''ft\r")
    session.wait_text("left")
    session.key("z", Modifiers.ALT)
    session.wait_gone("│")
    session.send("stty size | tr ' ' x\r")
    session.wait_text("23x80")
    session.key("z", Modifiers.ALT)
    session.wait_text("│")
    session.key("x", Modifiers.ALT)
    session.wait_gone("│")


def test_dragging_a_split_resizes_both_sides(start):
    session = start(
        lua="""return { keys = { { key = 'r', mods = 'ALT', action = 'SplitHorizontal' } } }""".replace(
            "'SplitHorizontal'", "{ SplitHorizontal = { domain = 'CurrentPaneDomain' } }"
        )
    )
    session.key("r", Modifiers.ALT)
    session.wait_text("│")
    row, col = session.find("│")
    session.mouse(5, col)
    session.mouse(5, 20, kind=MouseKind.MOVE)
    session.mouse(5, 20, kind=MouseKind.RELEASE)
    session.wait_for(lambda: session.rows[5].find("│") == 20, "the split at column 20")
    del row


def test_dragging_selects_and_copies_to_the_host(start):
    session = start()
    session.send("echo select''able words\r")
    session.wait_text("selectable words")
    row, col = session.find("selectable words")
    copied = []
    session.terminal.take_events()
    session.mouse(row, col)
    session.mouse(row, col + 9, kind=MouseKind.MOVE)
    session.mouse(row, col + 9, kind=MouseKind.RELEASE)

    def seen() -> bool:
        copied.extend(event.data for event in session.terminal.take_events() if hasattr(event, "data"))
        return b"selectable" in copied

    session.wait_for(seen, "the text in the host's clipboard")


def test_wheel_scrolls_back_and_typing_returns(start):
    session = start()
    session.send("i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo line-$i-; done\r")
    session.wait_text("line-100-")
    for _ in range(8):
        session.mouse(10, 10, MouseButton.WHEEL_UP)
    session.wait_gone("line-100-")
    session.send("x")
    session.wait_text("line-100-")


def test_resizing_the_host_reaches_the_programs(start):
    session = start()
    for cols, rows in ((120, 40), (40, 10), (5, 3), (1, 1), (2, 2), (100, 30)):
        session.resize(cols, rows)
        session.signal(signal.SIGWINCH)
        session.pump(0.05)
    session.send("\rstty size\r")
    session.wait_text("29 100")


def test_a_flood_stays_interruptible(start):
    session = start(
        lua="return { keys = { { key = 't', mods = 'ALT', action = { SpawnTab = 'CurrentPaneDomain' } } } }"
    )
    session.send("yes flo''oding\r")
    session.wait_text("flooding")
    session.key("t", Modifiers.ALT)
    session.wait_text(" 2: ")
    session.wait_text("$")
    session.send("echo ali''ve\r")
    session.wait_text("alive")
    session.click(0, 1)
    session.wait_text("flooding")
    session.send("\x03")
    session.send("echo stop''ped\r")
    session.wait_text("stopped")


def test_inside_a_host_without_the_kitty_protocol_the_fallback_leader_works(start):
    session = start(kitty=False)
    listed = subprocess.run([*PERILUNE, "-n", "show-keys"], capture_output=True, text=True, check=True).stdout
    assert "Key table fallback_leader" in listed
    session.key("t", Modifiers.CTRL)
    session.send("c")
    session.wait_text(" 2: ")


def test_a_host_that_answers_nothing_gets_a_shell_too(start):
    session = start(mute=True)
    session.send("echo sil''ent\r")
    session.wait_text("silent")


def test_paste_is_handed_on(start):
    session = start()
    session.send("cat\r")
    session.pump(0.2)
    assert session.terminal.modes.bracketed_paste
    session.send(b"\x1b[200~one two\x1b[201~\r")
    session.wait_for(
        lambda: sum("one two" in row for row in session.rows) >= 2, "the pasted line, echoed and repeated"
    )


def test_quitting_asks_while_a_program_runs(start):
    session = start(
        lua="return { keys = { { key = 'q', mods = 'ALT', action = { CloseCurrentTab = { confirm = true } } } } }"
    )
    session.send("cat\r")
    session.wait_text("cat")
    session.key("q", Modifiers.ALT)
    session.wait_for(lambda: any("?" in row for row in session.rows), "a question")
    session.send("n")
    session.send("still\r")
    session.wait_text("still")
    session.key("q", Modifiers.ALT)
    session.wait_for(lambda: any("?" in row for row in session.rows), "a question")
    session.send("y")
    assert session.wait_exit() == 0


def test_a_program_instead_of_the_shell(start, home):
    session = start(
        "start", "--cwd", str(home), "--", "/bin/sh", "-c", "pwd; read line; exit 0", wait=str(home.name)
    )
    session.send("\r")
    assert session.wait_exit() == 0


def test_a_program_that_does_not_exist_is_named(start):
    session = start("start", "--", "no-such-program-here", wait=None)
    session.wait_text("no-such-program-here")


def test_control_characters_of_a_legacy_host_reach_the_program(start):
    session = start(
        "start", "--", "/bin/sh", "-c", "stty raw -echo; echo ready; dd bs=1 count=3 2>/dev/null | od -An -tx1; cat",
        wait="ready", kitty=False, mute=True,
    )  # fmt: skip
    session.send(b"\x1f\x1e\x00")
    session.wait_text("1f 1e 00")


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_be_drawn_in_is_refused_in_one_sentence(start, term):
    session = start("start", wait=None, TERM=term)
    assert session.wait_exit() == 2
    (row,) = [row for row in session.rows if row]
    assert row.startswith("perilune: ")
    assert f"TERM={term}" in row or "TERM is not set" in row
    assert session.tty_now() == session.tty_before
