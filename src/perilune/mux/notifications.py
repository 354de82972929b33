"""What the mux tells its subscribers, on the mux thread, in the order in which it happened. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from perilune.base.ids import PaneId, TabId, WindowId
from perilune.pty.exit_status import ExitStatus
from perilune.vt.events import TerminalEvent

__all__ = [
    "Alert",
    "Empty",
    "LiveFieldsChanged",
    "MuxNotification",
    "PaneAdded",
    "PaneExited",
    "PaneFocused",
    "PaneOutput",
    "PaneRemoved",
    "TabActivated",
    "TabAdded",
    "TabRemoved",
    "TabResized",
    "TabTitleChanged",
    "UnseenOutputChanged",
    "WindowCreated",
    "WindowInvalidated",
    "WindowRemoved",
    "WindowTitleChanged",
    "WorkspaceChanged",
]


@dataclass(frozen=True, slots=True)
class PaneOutput:
    """Something in the pane's grid changed; one for all since the last."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class PaneAdded:
    """A pane exists; its tab has it already."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class PaneRemoved:
    """A pane left its tab for good."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class PaneExited:
    """The pane's program ended and all its output was read. The pane may stay (exit_behavior)."""

    pane_id: PaneId
    status: ExitStatus


@dataclass(frozen=True, slots=True)
class PaneFocused:
    """The pane became the active one of its tab, or the one that the user's keys reach."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class UnseenOutputChanged:
    """The pane's `has_unseen_output` turned."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class LiveFieldsChanged:
    """Foreground process or current directory of a pane differ from the cached ones."""

    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class TabAdded:
    """A tab joined a window."""

    tab_id: TabId
    window_id: WindowId


@dataclass(frozen=True, slots=True)
class TabRemoved:
    """A tab left a window."""

    tab_id: TabId
    window_id: WindowId


@dataclass(frozen=True, slots=True)
class TabResized:
    """Places of panes within the tab changed: size, splits, zoom, rotation."""

    tab_id: TabId


@dataclass(frozen=True, slots=True)
class TabTitleChanged:
    """The tab's own title changed."""

    tab_id: TabId


@dataclass(frozen=True, slots=True)
class TabActivated:
    """Another tab of the window is shown."""

    tab_id: TabId
    window_id: WindowId


@dataclass(frozen=True, slots=True)
class WindowCreated:
    """A window exists; it has no tabs yet."""

    window_id: WindowId


@dataclass(frozen=True, slots=True)
class WindowRemoved:
    """A window closed with its last tab."""

    window_id: WindowId


@dataclass(frozen=True, slots=True)
class WindowTitleChanged:
    """The window's own title changed."""

    window_id: WindowId


@dataclass(frozen=True, slots=True)
class WindowInvalidated:
    """Something in the window looks different: tabs added, removed, moved, activated."""

    window_id: WindowId


@dataclass(frozen=True, slots=True)
class WorkspaceChanged:
    """The window belongs to another workspace, or its workspace got another name."""

    window_id: WindowId


@dataclass(frozen=True, slots=True)
class Alert:
    """A terminal event of a pane: bell, title, directory, user variable, progress, clipboard, message."""

    pane_id: PaneId
    event: TerminalEvent


@dataclass(frozen=True, slots=True)
class Empty:
    """The last window is gone."""


MuxNotification: TypeAlias = (
    Alert
    | Empty
    | LiveFieldsChanged
    | PaneAdded
    | PaneExited
    | PaneFocused
    | PaneOutput
    | PaneRemoved
    | TabActivated
    | TabAdded
    | TabRemoved
    | TabResized
    | TabTitleChanged
    | UnseenOutputChanged
    | WindowCreated
    | WindowInvalidated
    | WindowRemoved
    | WindowTitleChanged
    | WorkspaceChanged
)
