"""Writers of files that other tools open, one for each kind."""

from __future__ import annotations

from collections.abc import Callable

from perilune.profiler.exporters.chrome import to_chrome
from perilune.profiler.exporters.firefox import to_firefox
from perilune.profiler.exporters.folded import to_folded
from perilune.profiler.exporters.speedscope import to_speedscope
from perilune.profiler.model import Profile

__all__ = ["EXPORTERS", "to_chrome", "to_firefox", "to_folded", "to_speedscope"]

EXPORTERS: dict[str, Callable[[Profile, int | None], str]] = {
    "speedscope": to_speedscope,
    "folded": to_folded,
    "chrome": to_chrome,
    "firefox": to_firefox,
}
"""Each takes a profile and an event (None: all, or the main one where there can be only one)."""
