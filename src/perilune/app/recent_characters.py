"""Which characters the user picked lately, kept in a file across runs. Mux thread; the file is tiny."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from perilune.base.clock import Clock
from perilune.base.log import get_logger

__all__ = ["RecentCharacters"]

_log = get_logger("app.char_select")
_MOST = 200
_LONGEST = 64 * 1024
_DAY = 86400.0


class RecentCharacters:
    """Picks with how often and when, ranked by both.

    Args:
        file: where they are kept; made at the first pick.
        clock: tells when.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    def ranked(self) -> list[str]:
        """The likeliest first: each pick counts, and counts less the longer ago the last one was."""
        now = self._clock.time()
        picks = self._read()
        return sorted(picks, key=lambda text: -picks[text][0] / (1 + max(now - picks[text][1], 0) / _DAY))

    def note(self, text: str) -> None:
        """It was picked just now."""
        picks = self._read()
        picks[text] = (picks.pop(text, (0, 0.0))[0] + 1, self._clock.time())
        newest = sorted(picks.items(), key=lambda item: -item[1][1])[:_MOST]
        lines = [f"{text}\t{count}\t{when:.0f}\n" for text, (count, when) in newest]
        scratch = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_text("".join(lines), encoding="utf-8")
            scratch.replace(self._file)
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._file, error)
            with contextlib.suppress(OSError):
                scratch.unlink(missing_ok=True)

    def _read(self) -> dict[str, tuple[int, float]]:
        try:
            with self._file.open(encoding="utf-8", errors="replace") as file:
                lines = file.read(_LONGEST).splitlines()
        except OSError:
            return {}
        picks: dict[str, tuple[int, float]] = {}
        for line in lines:
            text, _, rest = line.partition("\t")
            with contextlib.suppress(ValueError):
                count, when = rest.split("\t")
                if text:
                    picks[text] = (max(int(count), 1), float(when))
        return picks
