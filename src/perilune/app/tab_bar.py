"""The tab bar of each window: brought up to date before a frame, at the cost of what changed. Mux thread.

`prepare` runs before a frame is composed and is the one place that may wait for titles (2 ms at most);
drawing and hit tests use what it left. A frame with nothing new is a few compares; one with another width or
another hovered column changes the line that there is; all else looks the titles up and lays out. A bar that
is not shown looks up nothing. Knows no Lua: `TitleService` answers for titles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from perilune.app.bar_options import bar_options, colors_of_bar, is_fancy
from perilune.app.title_sources import TitleInputs
from perilune.app.title_window import WindowTitles
from perilune.app.titles import TitleService
from perilune.app.verify import RecordingTitles, TitleVerifier
from perilune.base.loop import EventLoop, Timer
from perilune.base.probes import Probes
from perilune.cells.buffer import CellBuffer
from perilune.cells.sgr_text import EMPTY_TEXT, SgrText
from perilune.tabbar import (
    AnyBar,
    BarInputs,
    BarItem,
    BarLink,
    PointedPart,
    TitleSource,
    builtin_title,
    fancy_content,
    layout_bar,
    layout_column,
)
from perilune.tabbar.incremental import BarLayout
from perilune.tabbar.options import BarColors, BarOptions
from perilune.tabbar.painter import Painter

if TYPE_CHECKING:
    from perilune.config.options import Config
    from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = ["BarPlace", "BarSubject", "BarTab", "SourceMaker", "TabBar"]

_SPINNER_SECONDS = 0.1
# Shares of the time that a frame may wait: for the titles that tell widths, and then for those drawn.
_MEASURING = 0.5
_ROUNDS = (0.3, 0.2)
_MOST_ROUNDS = 50  # each title is made twice a frame at most; these are for widths that depend on others
_OVER_BUDGET = "\x1b[91m!\x1b[39m"


class BarSubject(Protocol):
    """A window as its bar sees it; `WindowView` is one."""

    @property
    def window_id(self) -> int:
        """The mux window's id."""
        ...

    @property
    def config(self) -> Config:
        """The configuration in force in it."""
        ...

    @property
    def bar_mark(self) -> int:
        """Counts changes of what the bar may show."""
        ...

    @property
    def bar_is_visible(self) -> bool:
        """Whether the bar is shown."""
        ...

    @property
    def hover_col(self) -> int | None:
        """Column of the pointer while it is on the bar."""
        ...

    @property
    def left_status(self) -> str:
        """Text with SGR sequences."""
        ...

    @property
    def right_status(self) -> str:
        """Text with SGR sequences."""
        ...


class BarPlace(NamedTuple):
    """What a bar depends on beside its subject; the defaults are those of a bar of one row.

    Attributes:
        rows: how high it is.
        hover_row: the row of it that the pointer is on.
        scrolled: the tab that was active when the user scrolled, and the first one to be shown.
        is_focused: whether its window has the focus.
        hovered: the part of a fancy bar that the pointer is on.
    """

    rows: int = 1
    hover_row: int | None = None
    scrolled: tuple[int, int] | None = None
    is_focused: bool = True
    hovered: PointedPart | None = None


_ONE_ROW = BarPlace()


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


class BarTab:
    """A tab's snapshot as the bar reads it.

    Attributes:
        info: the snapshot, for title callbacks.
        shown: what a built-in title and the layout depend on, to be compared.
    """

    __slots__ = ("active_pane", "info", "is_active", "panes", "shown", "tab_index", "tab_title")

    def __init__(self, info: TabInformation) -> None:
        self.info = info
        self.tab_index = info.tab_index
        self.is_active = info.is_active
        self.tab_title = info.tab_title
        pane = info.active_pane
        self.active_pane = None if pane is None else _Pane(pane)
        self.panes: Sequence[_Pane] = [_Pane(pane) for pane in info.panes]
        self.shown = (
            info.tab_id,
            info.tab_index,
            info.is_active,
            info.tab_title,
            pane and (pane.title, pane.is_zoomed, pane.progress),
            any(each.has_unseen_output for each in info.panes),
        )


SourceMaker = Callable[[int, TitleInputs], TitleSource["TabInformation"]]
"""Makes, for a window and what its callbacks are given, a title source that is asked at every layout."""


class _Titles:
    """The bar's title source: hands questions on with the snapshot that they are about."""

    __slots__ = ("_bar", "_titles")

    def __init__(self, titles: WindowTitles, bar: _Bar) -> None:
        self._titles = titles
        self._bar = bar

    def title(self, tab: BarTab, hover: bool, max_width: int) -> SgrText | None:
        return self.of(tab.info, hover, max_width)

    def of(self, info: TabInformation, hover: bool, max_width: int) -> SgrText | None:
        outcome = self._titles.title(info, hover, max_width)
        if not outcome.is_over_budget:
            return outcome.text
        good = self._titles.last_good(info)
        if good is None:
            good = builtin_title(BarTab(info), self._bar.options)
        return SgrText(_OVER_BUDGET + good.text)


class _Asking:
    """A title source over one that is asked about snapshots."""

    __slots__ = ("_source",)

    def __init__(self, source: TitleSource[TabInformation]) -> None:
        self._source = source

    def title(self, tab: BarTab, hover: bool, max_width: int) -> SgrText | None:
        return self._source.title(tab.info, hover, max_width)


class _Bar:
    """The bar of one window as it was last laid out."""

    __slots__ = (
        "colors",
        "cols",
        "config",
        "content",
        "draws_fancy",
        "has_window",
        "hover_col",
        "layout",
        "left",
        "line",
        "mark",
        "marked",
        "measured",
        "options",
        "place",
        "right",
        "source",
        "tabs",
        "titles",
        "window_title",
    )  # fmt: skip

    def __init__(self, config: Config, *, has_window: bool, draws_fancy: bool) -> None:
        self.has_window = has_window
        self.draws_fancy = draws_fancy
        self.layout: BarLayout[BarTab] = BarLayout()
        self.line: AnyBar | None = None
        self.content: object = None
        self.cols = -1
        self.hover_col: int | None = None
        self.place = _ONE_ROW
        self.titles: WindowTitles | None = None
        self.source: TitleSource[BarTab] | None = None
        self.tabs: tuple[BarTab, ...] = ()
        self.mark = 0
        self.marked: object = None
        self.measured = -1
        self.left = self.right = EMPTY_TEXT
        self.window_title = ""
        self.config: Config
        self.options: BarOptions
        self.colors: BarColors
        self.configure(config)

    def configure(self, config: Config) -> None:
        self.config = config
        fancy = self.draws_fancy and is_fancy(config)
        self.options = bar_options(config, has_window=self.has_window, fancy=fancy)
        self.colors = colors_of_bar(config, is_focused=self.place.is_focused, fancy=fancy)


SubjectT = TypeVar("SubjectT", bound=BarSubject)


class TabBar(Generic[SubjectT]):
    """The bars of all windows.

    Args:
        loop: for spinners.
        titles: makes titles.
        snapshot: makes the snapshots of a window's tabs; the flag adds cached process names and directories.
        probes: counts layouts.
        request_frame: called when a spinner is due.
        source: makes titles instead, at every layout; then nothing is kept, and every frame is laid out.
        verifier: checks every frame.
        has_window: buttons in the bar can act on native windows.
        draws_fancy: the front end draws fancy bars.
    """

    def __init__(
        self,
        loop: EventLoop,
        titles: TitleService,
        snapshot: Callable[[SubjectT, bool], tuple[TabInformation, ...]],
        probes: Probes,
        request_frame: Callable[[], None],
        source: SourceMaker | None = None,
        verifier: TitleVerifier | None = None,
        *,
        has_window: bool = False,
        draws_fancy: bool = False,
    ) -> None:
        self._has_window = has_window
        self._draws_fancy = draws_fancy
        self._loop = loop
        self._titles = titles
        self._snapshot = snapshot
        self._probes = probes
        self._request_frame = request_frame
        self._source = source
        self._bars: dict[int, _Bar] = {}
        self._spinner_frame = 0
        self._spinner: Timer | None = None
        self.verifier = verifier
        self._views: dict[int, SubjectT] = {}
        titles.on_due = self._make_titles

    def forget_window(self, window_id: int) -> None:
        """The window is gone."""
        self._bars.pop(window_id, None)
        self._views.pop(window_id, None)
        self._titles.forget_window(window_id)

    def prepare(self, view: SubjectT, cols: int, place: BarPlace = _ONE_ROW) -> None:
        """Bring bar and window title up to date.

        Args:
            view: whose.
            cols: the bar's columns.
            place: its rows and what else matters there.
        """
        config = view.config
        bar = self._bars.get(view.window_id)
        if bar is None:
            bar = _Bar(config, has_window=self._has_window, draws_fancy=self._draws_fancy)
            self._bars[view.window_id] = bar
            self._views[view.window_id] = view
        if bar.titles is not None:
            bar.titles.begin_frame()
        service = self._titles
        content = (
            view.bar_mark, service.version, service.epoch, self._spinner_frame,
            view.left_status, view.right_status, view.bar_is_visible,
        )  # fmt: skip
        # Configurations are compared by identity: comparing hundreds of options would cost more than a bar.
        is_same = content == bar.content and config is bar.config and self._source is None
        if is_same:
            is_there = cols == bar.cols and view.hover_col == bar.hover_col and place == bar.place
            if is_there and self.verifier is None:
                return
        else:
            bar.content = content
            if config is not bar.config:
                bar.configure(config)
            self._look(view, bar)
        if place != bar.place:
            was_focused, bar.place = bar.place.is_focused, place
            if was_focused != place.is_focused and (config.tab_bar_uses_window_frame or bar.options.fancy):
                bar.configure(config)
        if view.bar_is_visible:
            self._bring_up(view, bar, cols, is_new=not is_same)

    def _make_titles(self, window_id: int) -> bool:
        """Have titles made that time made stale, as many as the bar would ask for now; whether it could.

        The answers ask for a frame if they differ from what is drawn.
        """
        bar, view = self._bars.get(window_id), self._views.get(window_id)
        if bar is None or view is None or bar.line is None or self._source is not None:
            return False
        if not view.bar_is_visible or view.config is not bar.config:
            return False
        if bar.titles is not None:
            bar.titles.begin_frame()
        self._look(view, bar)
        titles = bar.titles
        if titles is None:
            return False
        seconds = None if self._titles.wait_seconds is None else 0.0
        inputs = self._inputs(view, bar, bar.cols)
        self._measure(inputs, bar, titles, seconds)
        if not titles.in_flight:
            bar.layout.lay_out(inputs, (bar.mark, titles.mark))
            if titles.engine.has_stale:
                self._titles.evaluate(titles, seconds)
        self._titles.finish(titles, view.config.status_update_interval / 1000)
        return titles.in_flight

    def _look(self, view: SubjectT, bar: _Bar) -> None:
        """Take the new snapshot in."""
        service = self._titles
        infos = self._snapshot(view, service.asks_lua)
        known = {tab.info.tab_id: tab for tab in bar.tabs}
        tabs: list[BarTab] = []
        for info in infos:
            tab = known.get(info.tab_id)
            # The same object again, so that the next compare is one of identities.
            same = tab is not None and (tab.info is info or tab.info == info)
            tabs.append(tab if same and tab is not None else BarTab(info))
        if len(tabs) != len(bar.tabs) or any(
            one is not other for one, other in zip(tabs, bar.tabs, strict=True)
        ):
            bar.tabs = tuple(tabs)
            infos = tuple(tab.info for tab in tabs)
        elif bar.titles is not None:
            infos = bar.titles.inputs.tabs
        active = next((tab for tab in infos if tab.is_active), None)
        panes = () if active is None else active.panes
        titles = service.begin(view.window_id, infos, panes, view.config)
        if bar.titles is not titles or self._source is not None:
            bar.titles = titles
            bar.source = (
                _Titles(titles, bar)
                if self._source is None
                else _Asking(self._source(view.window_id, titles.inputs))
            )
        bar.left = titles.status("left", view.left_status)
        bar.right = titles.status("right", view.right_status)
        bar.window_title = service.window_title(titles, _default_title(infos, active))
        shown = [tab.shown for tab in tabs], titles.asks_lua, bar.config
        if shown != bar.marked:
            bar.marked = shown
            bar.mark += 1

    def _bring_up(self, view: SubjectT, bar: _Bar, cols: int, *, is_new: bool) -> None:
        """Lay the bar out as far as something changed."""
        titles = bar.titles
        if titles is None:
            return
        inputs = self._inputs(view, bar, cols)
        line: AnyBar
        self._probes.add("bar_layouts")
        if self._source is not None:
            line = _laid_out(inputs)
        else:
            if titles.mark != bar.measured:
                seconds = self._titles.wait_seconds
                self._measure(inputs, bar, titles, None if seconds is None else seconds * _MEASURING)
            line = bar.layout.lay_out(inputs, (bar.mark, titles.mark))
            if titles.engine.has_stale:
                line = self._evaluate(inputs, bar, titles)
                is_new = True
            if is_new:
                self._titles.finish(titles, view.config.status_update_interval / 1000)
        bar.line = line
        bar.cols, bar.hover_col = cols, view.hover_col
        if line.is_animated:
            self._arm_spinner()
        if self.verifier is not None and self._source is None:
            self._verify(inputs, bar, titles)

    def _inputs(self, view: SubjectT, bar: _Bar, cols: int) -> BarInputs[BarTab]:
        if bar.source is None:
            raise AssertionError("the bar has looked at its window")
        return BarInputs(
            cols, bar.tabs, bar.source, bar.options, bar.colors, bar.left, bar.right, view.hover_col,
            self._spinner_frame, bar.place.hover_row, bar.place.rows, *self._scroll(bar),
            bar.place.hovered,
        )  # fmt: skip

    @staticmethod
    def _scroll(bar: _Bar) -> tuple[int, bool]:
        """The first tab to be shown, and whether the active one is kept in sight: until the user scrolls."""
        scrolled = bar.place.scrolled
        if scrolled is not None and any(tab.is_active and tab.info.tab_id == scrolled[0] for tab in bar.tabs):
            return scrolled[1], False
        return (0 if bar.line is None else bar.line.scroll), True

    def _measure(
        self, inputs: BarInputs[BarTab], bar: _Bar, titles: WindowTitles, seconds: float | None
    ) -> None:
        """Have titles made that others depend on, before those are asked for in widths of the past."""
        traits, options = titles.traits, bar.options
        if (
            titles.asks_lua
            and (traits.uses_hover or traits.uses_max_width)
            and options.show_tabs_in_tab_bar
            and not options.is_vertical
        ):
            Painter(inputs).measure(options.tab_max_width)
            if titles.engine.has_stale:
                self._titles.evaluate(titles, seconds)
        bar.measured = titles.mark

    def _evaluate(self, inputs: BarInputs[BarTab], bar: _Bar, titles: WindowTitles) -> AnyBar:
        """Have stale titles made, and lay out with them; what is late keeps its last value."""
        service = self._titles
        seconds = service.wait_seconds
        line: AnyBar
        for share in _ROUNDS if seconds is not None else (0.0,) * _MOST_ROUNDS:
            service.evaluate(titles, None if seconds is None else seconds * share)
            line = bar.layout.lay_out(inputs, (bar.mark, titles.mark))
            if not titles.engine.has_stale:
                return line
            if titles.in_flight or not titles.may_ask:
                break
        service.evaluate(titles, 0.0)
        return line

    def _arm_spinner(self) -> None:
        if self._spinner is None or not self._spinner.is_armed:
            self._spinner = self._loop.call_later(_SPINNER_SECONDS, self._spin)

    def _spin(self) -> None:
        self._spinner_frame += 1
        self._request_frame()

    # Checking.

    def _verify(self, inputs: BarInputs[BarTab], bar: _Bar, titles: WindowTitles) -> None:
        """Compare the frame with one laid out anew from titles that are made now."""
        verifier = self.verifier
        if verifier is None or titles.in_flight or titles.engine.has_stale:
            return  # what is late is known to be out of date
        recording = RecordingTitles(_Titles(titles, bar).of)
        line = _laid_out(replace(inputs, titles=_Asking(recording)))
        if line != bar.line:
            verifier.line_differs(bar.line, line)
        mark = titles.mark

        def is_overtaken() -> bool:
            is_due = titles.check_clock(self._loop.clock.time())
            return is_due or mark != titles.mark or self._titles.epoch != titles.inputs.epoch

        verifier.check(titles, recording.asked, is_overtaken, wait=self._titles.wait_seconds is None)

    # What others ask.

    def version(self, view: SubjectT, cols: int) -> object:
        """The bar as it is to be drawn: another object when it looks different."""
        del cols
        bar = self._bars.get(view.window_id)
        return None if bar is None else bar.line

    def line(self, view: SubjectT) -> AnyBar | None:
        """The bar as `prepare` left it."""
        bar = self._bars.get(view.window_id)
        return None if bar is None else bar.line

    def draw(self, view: SubjectT, buffer: CellBuffer, row: int, col: int = 0) -> None:
        """Draw the bar as `prepare` left it."""
        bar = self._bars.get(view.window_id)
        if bar is not None and bar.line is not None:
            bar.line.draw(buffer, row, col)

    def item_at(self, view: SubjectT, col: int, row: int = 0) -> BarItem | None:
        """The part of the bar under one of its cells."""
        line = self.line(view)
        return None if line is None else line.item_at(col, row)

    def link_at(self, view: SubjectT, col: int, row: int = 0) -> BarLink | None:
        """The link in a status under a cell of the bar."""
        line = self.line(view)
        return None if line is None else line.link_at(col, row)

    def window_title(self, view: SubjectT) -> str:
        """What the native window is called."""
        bar = self._bars.get(view.window_id)
        return "" if bar is None else bar.window_title


def _laid_out(inputs: BarInputs[BarTab]) -> AnyBar:
    if inputs.options.fancy:
        return fancy_content(inputs)
    return layout_column(inputs) if inputs.options.is_vertical else layout_bar(inputs)


def _default_title(tabs: Sequence[TabInformation], active: TabInformation | None) -> str:
    """WezTerm's: zoom mark, number of the tab if there are several, the pane's title."""
    if active is None or active.active_pane is None:
        return ""
    zoom = "[Z] " if active.active_pane.is_zoomed else ""
    number = f"[{active.tab_index + 1}/{len(tabs)}] " if len(tabs) > 1 else ""
    return f"{zoom}{number}{active.active_pane.title}"
