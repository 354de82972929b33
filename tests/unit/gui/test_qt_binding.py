"""What the window relies on in the Qt binding, where a version of it was found wanting."""

from __future__ import annotations

import sys

from qt_application import qt_application


def test_calls_lose_no_reference_to_none() -> None:
    """6.12.0 on Python 3.11 gave one away per call: after some thousands the interpreter died."""
    qt_application()
    from PySide6.QtCore import QCoreApplication

    before = sys.getrefcount(None)
    for _ in range(1000):
        QCoreApplication.processEvents()
    assert sys.getrefcount(None) > before - 900
