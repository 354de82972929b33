"""Whether a password is being asked for, by the terminal's own flags."""

from __future__ import annotations

import os
import termios

from perilune.pty.password import waits_for_password


def test_the_flags_of_the_terminal_tell():
    master, slave = os.openpty()
    try:
        name = os.ttyname(slave)
        assert not waits_for_password(name)
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        assert waits_for_password(name)
        modes[3] &= ~termios.ICANON  # an editor
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        assert not waits_for_password(name)
    finally:
        os.close(master)
        os.close(slave)


def test_what_is_no_terminal_waits_for_nothing():
    assert not waits_for_password("/nowhere")
    assert not waits_for_password("/dev/null")
