"""What tests of this program and of configurations need; ships with it. Nothing here runs in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.testing.tab_bar_harness import BarConfigError, CallbackDifferenceError, TabBarHarness

__all__ = ["BarConfigError", "CallbackDifferenceError", "TabBarHarness"]


def __getattr__(name: str) -> object:
    """The harness, which imports Lua, only for those who use it."""
    if name in __all__:
        from perilune.testing import tab_bar_harness  # noqa: PLC0415

        return getattr(tab_bar_harness, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
