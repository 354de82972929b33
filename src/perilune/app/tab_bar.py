"""The tab bar of each window: laid out again only when something that it shows has changed. Mux thread.

`prepare` runs before a frame is composed and is the one place that may wait for titles (2 ms at most);
drawing and hit tests use what it left. Knows no Lua: `TitleService` answers for titles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.bar_options import bar_colors, bar_options
from perilune.app.titles import TitleService, WindowTitles
from perilune.app.window_view import WindowView
from perilune.base.loop import EventLoop, Timer
from perilune.base.probes import Probes
from perilune.cells.buffer import CellBuffer
from perilune.cells.sgr_text import SgrText
from perilune.tabbar import BarInputs, BarItem, BarLine, layout_bar
from perilune.tabbar.options import BarColors, BarOptions

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["TabBar"]

_SPINNER_SECONDS = 0.1


class _Pane:
    """A pane's snapshot as the bar reads it."""

    __slots__ = ("has_unseen_output", "is_zoomed", "progress", "title")

    def __init__(self, info: PaneInformation) -> None:
        self.title = info.title
        self.is_zoomed = info.is_zoomed
        self.has_unseen_output = info.has_unseen_output
        state, percent = info.progress
        self.progress: str | Mapping[str, int] = (
            {state: percent} if state in {"Percentage", "Error"} else state
        )


class _Tab:
    """A tab's snapshot as the bar reads it."""

    __slots__ = ("active_pane", "info", "is_active", "panes", "tab_index", "tab_title")

    def __init__(self, info: TabInformation) -> None:
        self.info = info
        self.tab_index = info.tab_index
        self.is_active = info.is_active
        self.tab_title = info.tab_title
        self.active_pane = None if info.active_pane is None else _Pane(info.active_pane)
        self.panes: Sequence[_Pane] = [_Pane(pane) for pane in info.panes]


class _Titles:
    """The bar's title source: hands questions on with the snapshot they are about."""

    def __init__(self, titles: WindowTitles) -> None:
        self._titles = titles

    def title(self, tab: _Tab, hover: bool, max_width: int) -> SgrText | None:
        return self._titles.title(tab.info, hover, max_width)


@dataclass(slots=True)
class _Bar:
    """The bar of one window as it was last laid out."""

    key: object = None
    line: BarLine | None = None
    window_title: str = ""
    config: Config | None = None
    options: BarOptions | None = None
    colors: BarColors | None = None


class TabBar:
    """The bars of all windows.

    Args:
        loop: for spinners.
        titles: makes titles.
        snapshot: makes the snapshots of a window's tabs; the flag adds cached process names and directories.
        probes: counts layouts.
        request_frame: called when a spinner is due.
    """

    def __init__(
        self,
        loop: EventLoop,
        titles: TitleService,
        snapshot: Callable[[WindowView, bool], tuple[TabInformation, ...]],
        probes: Probes,
        request_frame: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._titles = titles
        self._snapshot = snapshot
        self._probes = probes
        self._request_frame = request_frame
        self._bars: dict[int, _Bar] = {}
        self._spinner_frame = 0
        self._spinner: Timer | None = None

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._bars.pop(window_id, None)
        self._titles.forget_window(window_id)

    def prepare(self, view: WindowView, cols: int) -> None:
        """Bring bar and window title up to date."""
        bar = self._bars.setdefault(view.window_id, _Bar())
        key = (view.bar_mark, cols, view.hover_col, self._titles.epoch, self._spinner_frame, view.config)
        if self._is_same(bar.key, key):
            return
        bar.key = key
        self._probes.add("bar_layouts")
        if bar.config is not view.config or bar.options is None or bar.colors is None:
            bar.config = view.config
            bar.options = bar_options(view.config)
            bar.colors = bar_colors(view.config.palette.tab_bar)
        tabs = self._snapshot(view, self._titles.asks_lua)
        active = next((tab for tab in tabs if tab.is_active), None)
        titles = self._titles.begin(view.window_id, tabs, () if active is None else active.panes, view.config)
        inputs = BarInputs(
            cols=cols,
            tabs=[_Tab(tab) for tab in tabs],
            titles=_Titles(titles),
            options=bar.options,
            colors=bar.colors,
            left_status=SgrText(view.left_status),
            right_status=SgrText(view.right_status),
            hover_col=view.hover_col,
            spinner_frame=self._spinner_frame,
        )
        line = self._lay_out(inputs, titles)
        if line != bar.line:
            bar.line = line
        bar.window_title = self._titles.window_title(titles, _default_title(tabs, active))
        self._arm_spinner(line.is_animated)

    @staticmethod
    def _is_same(one: object, other: tuple[object, ...]) -> bool:
        # Configurations are compared by identity: comparing hundreds of options would cost more than a bar.
        return isinstance(one, tuple) and one[-1] is other[-1] and one[:-1] == other[:-1]

    def _lay_out(self, inputs: BarInputs[_Tab], titles: WindowTitles) -> BarLine:
        line = layout_bar(inputs)
        if not titles.wanted:
            return line
        end = self._titles.wait_seconds
        # Widths of the first answers decide what the second pass asks; a third time nothing new can come up.
        for share in (0.6, 0.4):
            if not titles.wanted:
                break
            self._titles.evaluate(titles, end * share)
            titles.wanted.clear()
            line = layout_bar(inputs)
        if titles.wanted:
            self._titles.evaluate(titles, 0.0)
        return line

    def _arm_spinner(self, is_animated: bool) -> None:
        if is_animated and (self._spinner is None or not self._spinner.is_armed):
            self._spinner = self._loop.call_later(_SPINNER_SECONDS, self._spin)

    def _spin(self) -> None:
        self._spinner_frame += 1
        self._request_frame()

    def version(self, view: WindowView, cols: int) -> object:
        """The bar as it is to be drawn: another object when it looks different."""
        del cols
        bar = self._bars.get(view.window_id)
        return None if bar is None else bar.line

    def draw(self, view: WindowView, buffer: CellBuffer, row: int) -> None:
        """Draw the bar as `prepare` left it."""
        bar = self._bars.get(view.window_id)
        if bar is not None and bar.line is not None:
            bar.line.draw(buffer, row)

    def item_at(self, view: WindowView, col: int) -> BarItem | None:
        """The part of the bar under a column."""
        bar = self._bars.get(view.window_id)
        return None if bar is None or bar.line is None else bar.line.item_at(col)

    def window_title(self, view: WindowView) -> str:
        """What the native window is called."""
        bar = self._bars.get(view.window_id)
        return "" if bar is None else bar.window_title


def _default_title(tabs: Sequence[TabInformation], active: TabInformation | None) -> str:
    """WezTerm's: zoom mark, number of the tab if there are several, the pane's title."""
    if active is None or active.active_pane is None:
        return ""
    zoom = "[Z] " if active.active_pane.is_zoomed else ""
    number = f"[{active.tab_index + 1}/{len(tabs)}] " if len(tabs) > 1 else ""
    return f"{zoom}{number}{active.active_pane.title}"
