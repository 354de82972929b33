"""Feeds another terminal's core the benchmark's workloads: `python -m perilune.cli.bench_vt_peers NAME SEED`.

Prints a line for each workload as soon as it is measured, since a peer may take its process down with it. A
peer that is not installed prints nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from perilune.cli.bench_vt_workloads import COLS, ROWS, SCROLLBACK, made

__all__ = ["main"]

_ENOUGH_SECONDS = 0.15


def _pyte() -> Callable[[bytes], object] | None:
    try:
        import pyte  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - may be missing
    except ImportError:
        return None
    feed: Callable[[bytes], object] = pyte.ByteStream(pyte.Screen(COLS, ROWS)).feed
    return feed


def _pyghostty() -> Callable[[bytes], object] | None:
    try:
        import pyghostty  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - may be missing
    except ImportError:
        return None
    feed: Callable[[bytes], object] = pyghostty.Terminal(COLS, ROWS, scrollback=SCROLLBACK).feed
    return feed


_PEERS = {"pyte": _pyte, "pyghostty": _pyghostty}


def main() -> None:
    """Measure one peer."""
    name, seed = sys.argv[1], int(sys.argv[2])
    for workload, data in made(seed).items():
        feed = _PEERS[name]()
        if feed is None:
            return
        fed, start = 0, time.perf_counter()
        try:
            while time.perf_counter() - start < _ENOUGH_SECONDS:
                # In pieces as a pty gives them: a slow peer then stops soon.
                piece = data[fed % len(data) :][:4096]
                feed(piece)
                fed += len(piece)
        except Exception:  # noqa: BLE001, S112 - a peer's bug is not ours, and no figure is the right answer
            continue
        print(workload, round(fed / (time.perf_counter() - start) / 1e6, 2), flush=True)


if __name__ == "__main__":
    main()
