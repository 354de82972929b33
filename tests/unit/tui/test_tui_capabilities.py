"""What is guessed of a host from its environment, and what its answers change."""

from __future__ import annotations

import pytest

from perilune.tui.capabilities import HostCapabilities, from_environment

TRUE = 1 << 24


@pytest.mark.parametrize(
    ("env", "colors"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, TRUE),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm"}, 256),
        ({"TERM": "xterm-direct"}, TRUE),
        ({"TERM": "xterm-kitty"}, TRUE),
        ({"TERM": "alacritty"}, TRUE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, TRUE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, TRUE),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, TRUE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal", "COLORTERM": "truecolor"}, 256),
        ({"TERM": "screen-256color", "TMUX": "/tmp/x,1,0"}, TRUE),
        ({"TERM": "tmux-256color"}, TRUE),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, 8),  # GNU screen garbles it
        ({"TERM": "screen.xterm-256color", "COLORTERM": "truecolor"}, 256),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, 16),
        ({"TERM": "rxvt"}, 16),
        ({"TERM": "rxvt-unicode-256color"}, 256),
        ({"TERM": "vt220"}, 0),
        ({"TERM": "xterm-16color"}, 16),
        ({"TERM": "xterm-88color"}, 16),
        ({"TERM": "xterm-8color"}, 8),
        ({"TERM": "xterm-mono"}, 0),
        ({"TERM": "rxvt-m"}, 0),
        ({"TERM": "xterm-vt220"}, 0),
        ({"TERM": "putty-vt100"}, 0),
        ({"TERM": "konsole-16color"}, 16),
        ({"TERM": "screen-16color"}, 16),
        ({"TERM": "xterm-16color", "TERM_PROGRAM": "vscode"}, 16),
        ({"TERM": "xterm-mono", "VTE_VERSION": "7600"}, 0),
        ({"TERM": "xterm-16color", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "dumb"}, 0),
        ({}, 0),
        ({"TERM": "no-such-terminal-xyz"}, 8),
    ],
)
def test_colours(env, colors):
    assert from_environment({"LANG": "C.UTF-8", **env}).colors == colors


def test_what_would_print_garbage_is_not_asked():
    for term in ("linux", "dumb", "vt100", ""):
        assert not from_environment({"TERM": term}).control_strings, term
    apple = from_environment({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"})
    assert apple.control_strings
    assert not apple.device_strings
    screen = from_environment({"TERM": "screen"})
    assert not screen.device_strings, "screen hands DCS to the terminal outside"
    assert not screen.back_color_erase


def test_the_terminal_outside_a_multiplexer_is_not_mistaken_for_the_host():
    found = from_environment(
        {"TERM": "tmux-256color", "TMUX": "x", "TERM_PROGRAM": "WezTerm", "VTE_VERSION": "7600"}
    )
    assert found.name == "tmux"
    assert found.notification == 0


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, False),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({}, True),
        ({"LANG": "C"}, True),
        ({"TERM": "linux"}, False),
    ],
)
def test_utf_8_is_by_the_locale(env, expected):
    assert from_environment({"TERM": "xterm-256color", **env}).unicode is expected


def test_answers_make_it_better():
    found = HostCapabilities()
    assert found.with_version("kitty(0.35.2)").colors == TRUE
    assert found.with_version("kitty(0.35.2)").notification == 9
    assert found.with_version("foot(1.16.2)").notification == 777
    assert found.with_version("XTerm(388)").repeat
    assert not found.with_version("XTerm(388)").styled_underline
    assert found.with_terminfo("Tc").colors == TRUE
    assert found.with_terminfo("Smulx").styled_underline
    assert found.with_terminfo("Setulc").underline_color
    assert found.with_terminfo("nonsense") == found
