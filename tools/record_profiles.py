"""Record the captures that the profiler's tests read, with `perf`, and take this machine's names out of them.

    .venv/bin/python tools/record_profiles.py tests/golden/profiler/captures

Needs perf, gcc, py-spy. The programs are below; each recording is another one, so the golden files are
renewed with it: `./run-tests tests/golden --update-golden`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

C_PROGRAM = r"""
static volatile unsigned long sink;
__attribute__((noinline)) static void leaf(int n) { for (int i = 0; i < n; i++) sink += i * i; }
static inline __attribute__((always_inline)) void folded_in(int n) { for (int i = 0; i < n; i++) sink ^= i; }
__attribute__((noinline)) static void middle(int n) { leaf(n); folded_in(n / 2); sink++; }
__attribute__((noinline)) static void recursive(int n, int depth) {
  if (depth) { recursive(n, depth - 1); sink++; } else middle(n);
}
int main(void) { for (int i = 0; i < 2000; i++) { middle(100000); recursive(50000, i % 5); } return 0; }
"""
PYTHON_PROGRAM = """
import json, re
def parse(n):
    text = json.dumps([{"a": i, "b": str(i) * 3} for i in range(200)])
    return [json.loads(text) for _ in range(n)]
def search(n):
    return sum(len(re.findall(r"[a-f]+[0-9]", "abc1 def2 xyz3 " * 100)) for _ in range(n))
def count(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total
for _ in range(180):
    parse(30); search(60); count(60000)
"""


def main() -> None:
    """Record."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "hot.c").write_text(C_PROGRAM)
        (place / "work.py").write_text(PYTHON_PROGRAM)
        compiler = [
            "gcc",
            "-g",
            "-O1",
            "-fno-omit-frame-pointer",
            "-fno-optimize-sibling-calls",
            "hot.c",
            "-o",
            "hot",
        ]
        subprocess.run(compiler, cwd=place, check=True)
        for name, options, command, printed in (
            ("c_frame_pointers.perf", ["-F", "99", "-g"], ["./hot"], ["--header"]),
            ("c_dwarf_lines.perf", ["-F", "49", "--call-graph", "dwarf"], ["./hot"], ["-F", "+srcline"]),
            ("c_two_events.perf", ["-F", "99", "-g"], ["./hot"], []),
            ("c_no_chains.perf", ["-F", "99"], ["./hot"], []),
            (
                "python_dwarf.perf",
                ["-F", "49", "--call-graph", "dwarf,16384"],
                [sys.executable, "work.py"],
                [],
            ),
        ):
            events = "cpu-clock,page-faults" if "two" in name or "no_chains" in name else "cpu-clock"
            subprocess.run(
                ["perf", "record", "-q", "-e", events, *options, "-o", "data", *command],
                cwd=place, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            text = subprocess.run(
                ["perf", "script", "-i", "data", *printed],
                cwd=place,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            (target / name).write_text(neutral(text, place))
        subprocess.run(
            ["py-spy", "record", "-f", "raw", "-r", "50", "-o", "raw", "--", sys.executable, "work.py"],
            cwd=place, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        (target / "python.py-spy").write_text(neutral((place / "raw").read_text(), place))


def neutral(text: str, place: Path) -> str:
    """The text without this machine's paths, names and numbers of processes."""
    kept = re.compile(r"# (arch|cmdline|nrcpus online|perf version)\b")
    lines = [
        line for line in text.splitlines() if not line.startswith("#") or line == "#" or kept.match(line)
    ]
    text = "\n".join(lines) + "\n\n" * text.endswith("\n\n") + "\n" * (not text.endswith("\n\n"))
    text = text.replace(f"{place}/", "/usr/local/bin/").replace(str(place), "/usr/local/bin")
    for prefix in {sys.base_prefix, str(Path(sys.executable).parent.parent)}:
        text = text.replace(prefix, "/usr")
    pids = sorted(set(re.findall(r"^\s*\S+ +(\d+) +\d+\.\d+:", text, re.MULTILINE)))
    for number, pid in enumerate(pids):
        text = re.sub(
            rf"^(\s*\S+ +){pid}( +\d+\.\d+:)", rf"\g<1>{4000 + number}\g<2>", text, flags=re.MULTILINE
        )
    return text.replace("\n\n\n", "\n\n")


if __name__ == "__main__":
    main()
