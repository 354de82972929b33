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


# The bases hold the fields, so that a dozen classes cost the import of four: dataclasses compare by class.


@dataclass(frozen=True, slots=True)
class _OfPane:
    pane_id: PaneId


@dataclass(frozen=True, slots=True)
class _OfTab:
    tab_id: TabId


@dataclass(frozen=True, slots=True)
class _OfWindow:
    window_id: WindowId


@dataclass(frozen=True, slots=True)
class _OfTabInWindow:
    tab_id: TabId
    window_id: WindowId


class PaneOutput(_OfPane):
    """Something in the pane's grid changed; one for all since the last."""

    __slots__ = ()


class PaneAdded(_OfPane):
    """A pane exists; its tab has it already."""

    __slots__ = ()


class PaneRemoved(_OfPane):
    """A pane left its tab for good."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PaneExited:
    """The pane's program ended and all its output was read. The pane may stay (exit_behavior)."""

    pane_id: PaneId
    status: ExitStatus


class PaneFocused(_OfPane):
    """The pane became the active one of its tab, or the one that the user's keys reach."""

    __slots__ = ()


class UnseenOutputChanged(_OfPane):
    """The pane's `has_unseen_output` turned."""

    __slots__ = ()


class LiveFieldsChanged(_OfPane):
    """Foreground process or current directory of a pane differ from the cached ones."""

    __slots__ = ()


class TabAdded(_OfTabInWindow):
    """A tab joined a window."""

    __slots__ = ()


class TabRemoved(_OfTabInWindow):
    """A tab left a window."""

    __slots__ = ()


class TabResized(_OfTab):
    """Places of panes within the tab changed: size, splits, zoom, rotation."""

    __slots__ = ()


class TabTitleChanged(_OfTab):
    """The tab's own title changed."""

    __slots__ = ()


class TabActivated(_OfTabInWindow):
    """Another tab of the window is shown."""

    __slots__ = ()


class WindowCreated(_OfWindow):
    """A window exists; it has no tabs yet."""

    __slots__ = ()


class WindowRemoved(_OfWindow):
    """A window closed with its last tab."""

    __slots__ = ()


class WindowTitleChanged(_OfWindow):
    """The window's own title changed."""

    __slots__ = ()


class WindowInvalidated(_OfWindow):
    """Something in the window looks different: tabs added, removed, moved, activated."""

    __slots__ = ()


class WorkspaceChanged(_OfWindow):
    """The window belongs to another workspace, or its workspace got another name."""

    __slots__ = ()


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
