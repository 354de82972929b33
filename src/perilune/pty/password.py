"""Whether a terminal device waits for a password: no echo, but whole lines. Any thread."""

from __future__ import annotations

import os
import termios

__all__ = ["waits_for_password"]

_LOCAL_FLAGS = 3


def waits_for_password(tty_name: str) -> bool:
    """Whether what is typed there is not shown, and read line by line; False where nobody can tell."""
    try:
        terminal = os.open(tty_name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        flags = termios.tcgetattr(terminal)[_LOCAL_FLAGS]
    except termios.error:
        return False
    finally:
        os.close(terminal)
    return not flags & termios.ECHO and bool(flags & termios.ICANON)
