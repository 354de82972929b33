"""Opens links: asks the config's `open-uri` handlers first, then the desktop. Mux thread.

Only schemes on a list are opened: bytes from a program must not be able to run something by way of a link.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable

from perilune.base.log import get_logger

__all__ = ["ALLOWED_SCHEMES", "is_allowed", "open_with_desktop"]

_log = get_logger("app")
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "ftps", "gemini", "news"})
"""`file` is not among them: an opener runs some files."""


def is_allowed(uri: str) -> bool:
    """Whether a link may be opened.

    >>> is_allowed("https://example.org/"), is_allowed("file:///tmp/x.desktop"), is_allowed("-x")
    (True, False, False)
    """
    scheme, colon, _ = uri.partition(":")
    return bool(colon) and scheme.lower() in ALLOWED_SCHEMES and uri.isprintable()


def open_with_desktop(uri: str, run: Callable[[list[str]], object] | None = None) -> bool:
    """Hand a link to the desktop's opener; False when it is not allowed or there is none."""
    if not is_allowed(uri):
        _log.warning("%r is not opened: its scheme is not allowed", uri[:200])
        return False
    names = ("open",) if sys.platform == "darwin" else ("xdg-open", "wslview")
    opener = next((path for name in names if (path := shutil.which(name))), None)
    if opener is None:
        _log.warning("%s cannot be opened: there is no opener (%s)", uri[:200], " or ".join(names))
        return False
    (run or _run)([opener, uri])
    return True


def _run(command: list[str]) -> None:
    import threading  # noqa: PLC0415 - links are opened now and then

    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Reaped by a thread of its own: an opener may stay for as long as the browser that it starts.
    threading.Thread(target=process.wait, name="opener", daemon=True).start()
