"""Perilune: a terminal emulator and multiplexer, scripted in Lua.

Importing this package loads nothing else. With PERILUNE_UNCOMPILED=1 in the environment the modules of the
compiled core run as the plain Python that they also are.
"""

from __future__ import annotations

import os

__all__ = ["__version__"]

__version__ = "0.1.0"

if os.environ.get("PERILUNE_UNCOMPILED") == "1":
    from perilune import _uncompiled

    _uncompiled.install()
