"""The one Qt application that a test process may have, on Qt's "offscreen" platform: no display needed."""

from __future__ import annotations

import locale
import os
from typing import Any

import pytest

_made: list[Any] = []


def qt_application() -> Any:
    """The application, made at the first call; skips the test, by name, where Qt's libraries are missing."""
    if not _made:
        try:
            from PySide6.QtGui import QGuiApplication
        except ImportError as error:
            pytest.skip(f"Qt cannot be loaded: {error}")
        before = os.environ.get("QT_QPA_PLATFORM")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        try:
            _made.append(QGuiApplication(["perilune"]))
        finally:
            if before is None:
                del os.environ["QT_QPA_PLATFORM"]
            else:
                os.environ["QT_QPA_PLATFORM"] = before
        locale.setlocale(locale.LC_NUMERIC, "C")
    return _made[0]
