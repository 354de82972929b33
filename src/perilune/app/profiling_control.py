"""What may be asked of a running instance's profiler by the control socket. Mux thread.

Requests are objects with `do`; answers have `ok`, and `error` where that is false:

- `status`: `pid`, `program` (its version), `recording` (the file, or null), `last` (what the last came to).
- `record` with `file` (absolute), optional `seconds` and `sample` (of "lua", "python"): begins a recording.
- `stop`: ends it; `file`, `seconds`, `frames`, `runs`.
- `figures`: the last seconds, see docs/profiling.md; watching begins with the first request of a connection,
  and ends with the connection.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perilune import __version__
from perilune.app.profiling import Profiling, ProfilingError, RecordRequest, Summary

if TYPE_CHECKING:
    from perilune.app.control_socket import Client

__all__ = ["ProfilingControl"]

_LONGEST_SECONDS = 7 * 86400


class ProfilingControl:
    """Answers requests.

    Args:
        profiling: carries them out.
    """

    def __init__(self, profiling: Profiling) -> None:
        self._profiling = profiling

    def __call__(self, request: dict[str, Any], client: Client) -> dict[str, Any]:
        """Answer one.

        Raises:
            ValueError: it cannot be understood or carried out.
            OSError: a file cannot be written.
        """
        profiling = self._profiling
        do = request.get("do")
        try:
            if do == "status":
                return self._status()
            if do == "record":
                profiling.start(_record_request(request))
                return {"file": str(profiling.recording)}
            if do == "stop":
                return _summary(profiling.stop())
            if do == "figures":
                if client.on_gone is None:
                    profiling.watch()
                    client.on_gone = profiling.unwatch
                return profiling.figures()
        except ProfilingError as error:
            raise ValueError(str(error)) from None
        raise ValueError(f"cannot {do!r}; there are 'status', 'record', 'stop', 'figures'")

    def _status(self) -> dict[str, Any]:
        recording, last = self._profiling.recording, self._profiling.last
        return {
            "pid": os.getpid(),
            "program": f"perilune {__version__}",
            "recording": None if recording is None else str(recording),
            "last": None if last is None else _summary(last),
        }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "file": str(summary.path),
        "seconds": round(summary.seconds, 3),
        "frames": summary.frames,
        "runs": summary.runs,
        "problem": summary.problem,
    }


def _record_request(request: dict[str, Any]) -> RecordRequest:
    file, seconds, sample = request.get("file"), request.get("seconds"), request.get("sample", [])
    if not isinstance(file, str) or not file.startswith("/"):
        raise ValueError("file is the absolute path of what is to be written")
    if "\0" in file:
        raise ValueError("file has a zero in it")
    if seconds is not None and (
        isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or not 0 < seconds <= _LONGEST_SECONDS
    ):
        raise ValueError("seconds is a number over 0, of at most a week")
    if not isinstance(sample, list) or not all(isinstance(name, str) for name in sample):
        raise ValueError("sample is a list of names")
    return RecordRequest(Path(file), seconds, tuple(sample))
