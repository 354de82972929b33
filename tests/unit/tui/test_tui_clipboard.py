"""Copying and pasting through tools of the desktop, played by small scripts."""

from __future__ import annotations

import time

import pytest

from perilune.base.loop import EventLoop
from perilune.tui.clipboard import HostClipboard, copy_command, paste_command
from perilune.tui.desktop import notify, run_tool


@pytest.fixture
def tools(tmp_path):
    """A folder to put tools into, and the environment in which they are found."""

    def add(name, script):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return add, {"PATH": f"{tmp_path}:/usr/bin:/bin"}, tmp_path


@pytest.fixture
def loop():
    loop = EventLoop()
    yield loop
    loop.close()


def run_until(loop, condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        loop.run_once(0.02)


def test_which_tool_is_taken(tools):
    add, env, folder = tools
    assert copy_command({**env, "PATH": str(folder), "DISPLAY": ":0"}, "c") is None
    for name in ("wl-copy", "wl-paste", "xclip", "xsel"):
        add(name, "")
    wayland = {**env, "WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}
    assert copy_command(wayland, "c") == [f"{folder}/wl-copy"]
    assert paste_command(wayland, "p") == [f"{folder}/wl-paste", "--no-newline", "--primary"]
    assert copy_command({**env, "DISPLAY": ":0"}, "p") == [f"{folder}/xclip", "-in", "-selection", "primary"]
    (folder / "xclip").unlink()
    if (found := paste_command({**env, "PATH": str(folder), "DISPLAY": ":0"}, "c")) is not None:
        assert found == [f"{folder}/xsel", "--output", "--clipboard"]
    assert copy_command(env, "c") is None
    assert copy_command({**wayland, "SSH_CONNECTION": "1 2 3 4"}, "c") is None


def test_copy_goes_to_the_host_and_the_tool_and_the_last_one_wins(tools, loop):
    add, env, folder = tools
    add("wl-copy", f"cat > {folder}/copied.new && mv {folder}/copied.new {folder}/copied")
    sent = []
    clipboard = HostClipboard(loop, {**env, "WAYLAND_DISPLAY": "w"}, sent.append, has_osc_52=True)
    for number in range(5):
        clipboard.set(f"text {number}", "Clipboard")
    copied = folder / "copied"
    run_until(loop, lambda: copied.exists() and copied.read_text() == "text 4")
    assert sent[0] == b"\x1b]52;c;dGV4dCAw\x1b\\"
    assert len(sent) == 5


def test_a_host_without_osc_52_gets_none(loop):
    sent = []
    HostClipboard(loop, {}, sent.append, has_osc_52=False).set("x", "Clipboard")
    assert sent == []


def test_paste_by_the_tool(tools, loop):
    add, env, _ = tools
    add("wl-paste", "printf 'pasted \\303\\244 %s' \"$*\"")
    got = []
    clipboard = HostClipboard(loop, {**env, "WAYLAND_DISPLAY": "w"}, lambda _: None, has_osc_52=True)
    clipboard.request("Clipboard", got.append)
    run_until(loop, lambda: got)
    assert got == ["pasted ä --no-newline"]


def test_a_tool_that_hangs_gives_nothing_in_time(tools, monkeypatch, loop):
    add, env, _ = tools
    monkeypatch.setattr("perilune.tui.clipboard._TIMEOUT", 0.1)
    add("wl-paste", "exec sleep 60")
    got = []
    HostClipboard(loop, {**env, "WAYLAND_DISPLAY": "w"}, lambda _: None, has_osc_52=True).request(
        "Clipboard", got.append
    )
    run_until(loop, lambda: got)
    assert got == [""]


def test_a_tool_that_fails_or_is_missing_gives_nothing(tools):
    add, env, folder = tools
    add("fails", "echo no; exit 3")
    assert run_tool([f"{folder}/fails"], None, env, 5) == b""
    assert run_tool([f"{folder}/missing"], None, env, 5) == b""


def test_an_answer_that_nobody_asked_for_is_dropped(loop):
    clipboard = HostClipboard(loop, {}, lambda _: None, has_osc_52=True)
    clipboard.on_reply("52;c;aGk=")
    got = []
    clipboard.request("Clipboard", got.append)
    clipboard.on_reply("52;p;aGk=")
    assert got == []
    clipboard.on_reply("52;c;not base 64 !")
    assert len(got) == 1


def test_a_notification_by_the_desktop(tools):
    add, env, folder = tools
    add("notify-send", f'printf "%s\\n" "$@" > {folder}/shown.new && mv {folder}/shown.new {folder}/shown')
    notify({**env, "DISPLAY": ":0"}, "", "--body")
    deadline = time.monotonic() + 10
    while not (folder / "shown").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (folder / "shown").read_text().split("\n") == ["--", "Perilune", "--body", ""]
