"""Measure the import of a large capture: `perf script` text of a made-up program, streamed from a pipe.

The text has as many different stacks as a real capture of some minutes, whose innermost addresses differ from
sample to sample; threads, two events, inlined and kernel frames. It is made while it is read, never kept.
`text_mb_per_s` is how fast a child process makes it, `piped_mb_per_s` how fast it is made and read by two
processes, `import_mb_per_s` how fast it is read out of memory. The import must take at least 20 MB/s and stay
within 400 MB at the peak, whatever the size.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time

__all__ = ["SUMMARY", "add_arguments", "make_text", "run"]

SUMMARY = "how fast a large capture is imported, and in how much memory"
_LEAST_MB_PER_S = 20
_MOST_MB = 400
_MODULES = ("/usr/bin/program", "/usr/lib/libone.so.2", "/usr/lib/libtwo.so", "[kernel.kallsyms]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--mb", type=float, default=1000, metavar="N", help="size of the text (default 1000)")
    parser.add_argument(
        "--stacks", type=int, default=20_000, metavar="N", help="different stacks of symbols (default 20000)"
    )
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--write", action="store_true", help="only write the text to the standard output")


def make_text(size: int, stacks: int, *, seed: int = 1) -> None:
    """Write about `size` bytes of `perf script` text to the standard output."""
    import random  # noqa: PLC0415 - only here

    rng = random.Random(seed)  # noqa: S311 - a workload, not a secret
    names = [f"ns{i % 40}::type_{i % 300}::method_{i}(int, char const*)" for i in range(4000)]
    # A call tree, as programs have it: deep stacks that share their outer part.
    tree = [(-1, 0)]
    tree += (
        (rng.randrange(max(0, node - node // 3 - 40), node), rng.randrange(len(names)))
        for node in range(1, stacks)
    )
    out = sys.stdout.buffer
    written, at = 0, 1000.0
    while written < size:
        parts = []
        for _ in range(2000):
            at += rng.random() * 0.0005
            node = rng.randrange(stacks)
            # Innermost frames differ in their addresses from sample to sample, the callers' do not.
            event = "cycles:u" if rng.random() < 0.9 else "page-faults:u"
            ids = f"{4000 + node % 7}/{4100 + node % 31} [{node % 8:03d}]"
            lines = [f"program {ids} {at:.6f}: {250000 + node} {event}: "]
            fresh = rng.randrange(64)
            while node >= 0:
                parent, name = tree[node]
                module = _MODULES[name % 4]
                address = 0x7F0000000000 + name * 4096 + (fresh if len(lines) == 1 else node % 256)
                if name % 11 == 3 and parent >= 0:
                    lines.append(f"\t{address:16x} {names[name]} (inlined)")
                else:
                    lines.append(f"\t{address:16x} {names[name]}+0x{address % 4096:x} ({module})")
                node = parent
            parts.append("\n".join(lines))
        text = ("\n\n".join(parts) + "\n\n").encode()
        out.write(text)
        written += len(text)


def run(arguments: argparse.Namespace) -> int:
    """Measure.

    Returns:
        The exit status: 0; 1 if it is too slow or takes too much memory.
    """
    size = int(arguments.mb * 1e6)
    if arguments.write:
        make_text(size, arguments.stacks)
        return 0
    maker = [
        sys.executable,
        "-m",
        "perilune",
        "bench",
        "profile",
        "--write",
        "--stacks",
        str(arguments.stacks),
    ]
    start = time.perf_counter()
    sample = subprocess.run(
        [*maker, "--mb", str(min(50, arguments.mb))], stdout=subprocess.PIPE, check=True
    ).stdout
    text_rate = len(sample) / (time.perf_counter() - start) / 1e6
    rate = _rate(sample)
    del sample
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *maker, "--mb", str(arguments.mb)],
        stdout=subprocess.PIPE, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    found = json.loads(child.stdout)
    found = {
        "mb": found["bytes"] / 1e6,
        "seconds": found["seconds"],
        "piped_mb_per_s": found["bytes"] / found["seconds"] / 1e6,
        "text_mb_per_s": text_rate,
        "import_mb_per_s": rate,
        "peak_mb": found["peak_kb"] / 1000,
        "samples": found["samples"],
        "stacks": found["stacks"],
    }
    ok = rate >= _LEAST_MB_PER_S and found["peak_mb"] <= _MOST_MB
    if arguments.json:
        print(json.dumps({**found, "ok": ok}, indent=1))
        return 0 if ok else 1
    print(f"{found['mb']:.0f} MB of text, {found['samples']} samples, {found['stacks']} stacks kept")
    print(f"  import alone        {rate:8.1f} MB/s (at least {_LEAST_MB_PER_S})")
    piped = found["piped_mb_per_s"]
    print(f"  made and imported   {piped:8.1f} MB/s (made at {text_rate:.1f} MB/s by another process)")
    print(f"  memory at the peak  {found['peak_mb']:8.1f} MB (at most {_MOST_MB})")
    return 0 if ok else 1


def _rate(text: bytes) -> float:
    """MB/s of importing a text that lies in memory, the best of three."""
    import io  # noqa: PLC0415 - only here

    from perilune.profiler.importers import perf  # noqa: PLC0415 - only when this benchmark is asked for
    from perilune.profiler.importers.reading import Reading  # noqa: PLC0415
    from perilune.profiler.model import Profile  # noqa: PLC0415

    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        perf.read(io.BytesIO(text), Profile(), Reading())
        best = min(best, time.perf_counter() - start)
    return len(text) / best / 1e6


# A process of its own, so that its peak of memory is the import's.
_CHILD = """
import json, resource, subprocess, sys, time
from perilune.profiler.importers import perf
from perilune.profiler.importers.reading import Reading
from perilune.profiler.model import Profile
count = 0
def progress(n):
    global count
    count += n
profile = Profile()
start = time.perf_counter()
with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, bufsize=1 << 20) as maker:
    perf.read(maker.stdout, profile, Reading(progress=progress))
print(json.dumps({
    "bytes": count, "seconds": time.perf_counter() - start,
    "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    "samples": sum(profile.samples(i) for i in range(len(profile.events))), "stacks": len(profile.tree),
}))
"""
