"""The terminal core: bytes in, cells, events and replies out. Knows no pty, no configuration, no Lua."""

from __future__ import annotations

from perilune.vt.settings import TerminalSettings
from perilune.vt.terminal import Terminal

__all__ = ["Terminal", "TerminalSettings"]
