"""Windows, tabs, panes and the programs in them: `mux.mux` is the whole, `notifications` what it tells."""

from __future__ import annotations

from perilune.mux.domain import Domain, LocalDomain, PaneProcess
from perilune.mux.errors import MuxError
from perilune.mux.mux import Mux
from perilune.mux.pane import LiveFields, Pane
from perilune.mux.settings import MuxSettings, SplitSize
from perilune.mux.snapshot import PaneInformation, TabInformation, snapshot_tabs
from perilune.mux.tab import PositionedPane, Tab
from perilune.mux.tree import SplitLine
from perilune.mux.window import Window

__all__ = [
    "Domain",
    "LiveFields",
    "LocalDomain",
    "Mux",
    "MuxError",
    "MuxSettings",
    "Pane",
    "PaneInformation",
    "PaneProcess",
    "PositionedPane",
    "SplitLine",
    "SplitSize",
    "Tab",
    "TabInformation",
    "Window",
    "snapshot_tabs",
]
