"""Makes or mends .venv for ./perilune and ./run-tests. Standard library only; safe to run twice at once.

Usage: environment.py run|dev
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}


class SetupError(Exception):
    """A step of the set-up failed; the text says which and what to do."""


def step(title: str, command: list[str], advice: str) -> str:
    """Run one command with its output kept; show progress, and the output only when it fails.

    Raises:
        SetupError: it failed.
    """
    print(f"perilune: {title} ... ", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        print("failed", file=sys.stderr)
        raise SetupError(f"{done.stdout.rstrip()}\n{title} failed: {advice}")
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    return done.stdout


def is_usable() -> bool:
    """Whether .venv exists and its interpreter starts with the version that makes it now."""
    try:
        found = subprocess.run(
            [PYTHON, "-c", "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return found.returncode == 0 and found.stdout.strip() == str(sysconfig.get_config_var("EXT_SUFFIX"))


def install(kind: str) -> None:
    """Install the locked packages, then this checkout, then compile.

    Raises:
        SetupError: a step failed.
    """
    if not is_usable():
        step(
            "making .venv",
            # Without pip: ours installs into it, so a Python that lacks ensurepip will do.
            [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)],
            "the venv module of this Python is needed (Debian: the python3-venv package)",
        )
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        str(PYTHON),
        "install",
        "-q",
    ]
    step(
        "installing packages",
        [*pip, "--require-hashes", "-r", LOCKS[kind]],
        "check that pip can reach its package index",
    )
    step(
        "compiling the core",
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", "."],
        "this should not happen without a C compiler either; please report it",
    )
    compiled = subprocess.run(
        [PYTHON, "-c", "import perilune.vt.terminal as t, sys; sys.exit(t.__file__.endswith('.py'))"],
        check=False, cwd=ROOT,
    )  # fmt: skip
    if compiled.returncode != 0:
        print(
            "perilune: no C compiler found (or it failed): the core runs uncompiled, about 100 times slower",
            file=sys.stderr,
        )
    (VENV / f".perilune-{kind}").write_text(f"{ROOT}\n")
    if kind == "dev":  # a superset of what running needs
        (VENV / ".perilune-run").write_text(f"{ROOT}\n")


def main(arguments: list[str]) -> int:
    """Entry point; exit status."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(__doc__, file=sys.stderr)
        return 2
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / ".environment-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            install(arguments[0])
        except SetupError as error:
            print(f"perilune: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
