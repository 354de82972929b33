"""A tab bar to test configurations with: real Lua, real memos, the real layout, but no display and no pty.

    >>> from perilune.testing import TabBarHarness
    >>> source = '''
    ... local wezterm = require 'wezterm'
    ... wezterm.on('format-tab-title', function(tab) return '[' .. tab.active_pane.title .. ']' end)
    ... return {}
    ... '''
    >>> bar = TabBarHarness(lua=source, cols=20, tabs=[{"title": "zsh", "active": True}, {"title": "vim"}])
    >>> bar.frame().text
    '[zsh][vim] +        '
    >>> bar.set(1, title="less")
    >>> bar.frame().text, bar.stats.lua_calls
    ('[zsh][less] +       ', 3)
    >>> str(bar.stats.runs[-1].cause)
    "tab.active_pane.title: 'vim' -> 'less'"
    >>> bar.close()

Everything is waited for, so what a frame shows is exact. Time stands until `tick`.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from perilune.app.ledger import LedgerRow
from perilune.app.lua_events import LuaEvents
from perilune.app.lua_mailbox import LuaMailbox
from perilune.app.status import STATUS_EVENTS
from perilune.app.tab_bar import BarPlace, SourceMaker, TabBar
from perilune.app.title_fresh import EveryFrameTitles, FreshTitles
from perilune.app.titles import TAB_TITLE_EVENT, TitleService
from perilune.app.verify import TitleVerifier
from perilune.base.clock import ManualClock
from perilune.base.log import get_logger
from perilune.base.loop import EventLoop
from perilune.base.probes import Probes
from perilune.cells import packing
from perilune.cells.packing import Extra, unpack_color
from perilune.config.options import Config
from perilune.lua.host import LuaHost
from perilune.lua.values import LoadResult
from perilune.tabbar import BarColumn, BarLine, FancyContent
from perilune.testing.bar_program import BarProgram, BarWindow
from perilune.testing.bar_tabs import BarTabs

if TYPE_CHECKING:
    from perilune.app.title_sources import TitleInputs
    from perilune.mux.snapshot import TabInformation

__all__ = [
    "BarCell",
    "BarConfigError",
    "BarFrame",
    "BarStats",
    "CallbackDifferenceError",
    "CellAttributes",
    "TabBarHarness",
]

Color = str | int | None
"""How cells tell colours: "#rrggbb", the number of a palette entry, None for the default."""

_log = get_logger("testing")
_WINDOW = 1
_PATIENCE = 10.0  # for children that a handler starts; titles are waited for without limit
_MOST_EMISSIONS = 1000
_UNDERLINES = ("None", "Single", "Double", "Curly", "Dotted", "Dashed")


class BarConfigError(Exception):
    """The configuration did not load; the message has file and line."""


class CallbackDifferenceError(AssertionError):
    """A title that stands is not what its callback says when it is called now."""


@dataclass(frozen=True, slots=True)
class CellAttributes:
    """How a cell looks beside its colours; equal if it looks the same."""

    intensity: Literal["Normal", "Bold", "Half"] = "Normal"
    italic: bool = False
    underline: str = "None"
    blink: Literal["None", "Slow", "Rapid"] = "None"
    reverse: bool = False
    invisible: bool = False
    strikethrough: bool = False
    overline: bool = False
    underline_color: Color = None
    hyperlink: str | None = None


class BarCell(NamedTuple):
    """One column: its text ("" for the right half of a wide character), colours and attributes."""

    text: str
    fg: Color
    bg: Color
    attributes: CellAttributes


@dataclass(frozen=True, slots=True)
class BarFrame:
    """The bar of one frame.

    Attributes:
        text: its row, "" for a hidden bar.
        cells: one entry a column.
        items: hit regions: (kind, x, width, tab_index); the index is None but for tabs.
    """

    text: str
    cells: list[BarCell]
    items: list[tuple[str, int, int, int | None]]


class BarStats:
    """What the bar has cost so far; the numbers go on as the bar does."""

    def __init__(self, probes: Probes, titles: TitleService) -> None:
        self._probes = probes
        self._titles = titles
        self._kept = 0

    @property
    def lua_calls(self) -> int:
        """How often the title callback was called."""
        return self._probes["titles_evaluated"]

    @property
    def crossings(self) -> int:
        """How often Lua was entered for titles of tabs: one batch is one crossing."""
        return self._probes["title_batches"]

    @property
    def lua_seconds(self) -> float:
        """How long the callback took, in all calls together."""
        return self._probes["title_lua_ns"] / 1e9

    @property
    def memo_hits(self) -> int:
        """Titles that were drawn without a call; of a bar that is as it was, all of them."""
        return self._kept + sum(titles.engine.hits for titles in self._titles.windows())

    @property
    def memo_misses(self) -> int:
        """Look-ups that found no title for today."""
        return sum(titles.engine.misses for titles in self._titles.windows())

    @property
    def titles_verified(self) -> int:
        """How many titles were compared with ones made anew, and did not differ."""
        return self._probes["titles_verified"] - self._probes["titles_differing"]

    @property
    def runs(self) -> list[LedgerRow]:
        """The ledger: which callback ran, for which tab, why, what it cost; the oldest first."""
        return [row for row in self._titles.ledger() if row.callback == TAB_TITLE_EVENT]

    def keep(self, titles: int) -> None:
        """A frame needed no look-up for so many titles."""
        self._kept += titles

    def __repr__(self) -> str:
        return (
            f"BarStats(lua_calls={self.lua_calls}, memo_hits={self.memo_hits}, "
            f"memo_misses={self.memo_misses}, crossings={self.crossings})"
        )


Mode = Literal["tracked", "every-frame"]


class TabBarHarness:
    """A tab bar without a terminal around it.

    Args:
        config: the path of a configuration file; or
        lua: its source; without either, the defaults.
        cols: the window's columns.
        tabs: one mapping a tab. `title` is its active pane's title, `tab_title` its own, `active` makes it
            the active tab, `panes` lists its panes as mappings. The other keys are the fields of
            TabInformation and, for the active pane, of PaneInformation.
        right_status: as if a handler had set it; `left_status` likewise.
        mode: "tracked", as the program does it; "every-frame": the callback is called for every title of
            every frame, on freshly built plain tables.
        start_time: what the clock shows at first, in seconds since the epoch.
        rows: the window's rows, which a bar at the side has.
        config_directories: where `require` looks after the file's own folder; None: the user's.
        source: makes, from titles made the naive way, a title source to be asked instead at every layout.

    Raises:
        BarConfigError: the configuration does not load.

    Attributes:
        verify: whether every frame is compared with one that calls every pure callback anew; what differs
            raises a `CallbackDifferenceError`.
        stats: what it has cost.
    """

    def __init__(
        self,
        config: str | Path | None = None,
        lua: str | None = None,
        cols: int = 80,
        tabs: Sequence[Mapping[str, Any]] = (),
        right_status: str = "",
        left_status: str = "",
        *,
        mode: Mode = "tracked",
        start_time: float = 1_700_000_000.0,
        config_directories: Sequence[Path] | None = None,
        rows: int = 24,
        source: Callable[[FreshTitles], SourceMaker] | None = None,
    ) -> None:
        if config is not None and lua is not None:
            raise TypeError("give a config's path or its source, not both")
        if mode not in {"tracked", "every-frame"}:
            raise ValueError(f"mode is 'tracked' or 'every-frame', not {mode!r}")
        self._path = None if config is None else Path(config)
        self._lua = lua
        self.clock = ManualClock(start_time)
        self._loop = EventLoop(self.clock)
        self._mailbox = LuaMailbox(self._loop)
        self._probes = Probes()
        self._tabs = BarTabs(_WINDOW, cols)
        self.window = BarWindow(_WINDOW, self._tabs, Config(), cols, rows)
        self.window.right_status, self.window.left_status = right_status, left_status
        this = weakref.ref(self)  # a harness that nobody holds any more closes itself
        self.program = BarProgram(
            self.window,
            lambda: _with(this, TabBarHarness._overridden),
            lambda: _with(this, TabBarHarness._ask_reload),
        )
        self._host = LuaHost(self.program, self._mailbox, self.clock, config_directories=config_directories)
        self._host.start()
        self._finalizer = weakref.finalize(self, _close, self._host, self._loop)
        window = self.window

        def is_late(_window_id: int) -> None:
            window.late += 1

        self._titles = TitleService(self._host, self._mailbox, self._loop, self._probes, is_late)
        self._titles.wait_seconds = None
        self.program.read_ledger = self._titles.ledger
        self._events = LuaEvents(self._host, self._titles.lua_ran)
        self._fresh = fresh = FreshTitles(self._host, self._mailbox, self._probes)
        maker = None if source is None else source(fresh)
        if mode == "every-frame":

            def maker(window_id: int, given: TitleInputs) -> EveryFrameTitles:
                return EveryFrameTitles(fresh, window_id, given)

        self._is_tracked = maker is None
        self._bar: TabBar[BarWindow] = TabBar(
            self._loop, self._titles, _snapshot, self._probes, lambda: None, maker
        )
        self._wants_reload = False
        self._next_status = 0.0
        self.stats = BarStats(self._probes, self._titles)
        try:
            self.reload()
            for fields in tabs:
                self._tabs.add(fields)
        except BaseException:
            self.close()
            raise
        self._next_status = self.clock.monotonic() + self._interval

    # Its life.

    def close(self) -> None:
        """End the Lua thread. Happens by itself when nobody holds the harness any more."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def reload(self) -> None:
        """Load the configuration again: its file, if it is one, as that is now.

        Raises:
            BarConfigError: it does not load; the one before stays in force.
        """
        self._wants_reload = False
        results: list[LoadResult] = []
        if self._lua is not None:
            self._host.load_string(self._lua, results.append)
        else:
            self._host.load(self._path, (), results.append)
        self._wait(lambda: bool(results))
        (result,) = results
        if result.config is None:
            raise BarConfigError(result.error or "the configuration could not be loaded")
        self.problems = result.problems
        for problem in result.problems:
            _log.warning("%s", problem)
        self.window.base_config = result.config
        self.window.override(self.window.overrides)
        self._titles.reloaded()
        self._overridden()

    def _ask_reload(self) -> None:
        self._wants_reload = True

    def _overridden(self) -> None:
        window = self.window
        self._host.set_window_config(_WINDOW, window.config if window.overrides else None)

    @property
    def config(self) -> Config:
        """The configuration in force in the window."""
        return self.window.config

    # Frames.

    def frame(
        self, hover_col: int | None = None, cols: int | None = None, hover_row: int | None = None
    ) -> BarFrame:
        """The bar as it is drawn now.

        Args:
            hover_col: the column that the pointer is on; None: it is elsewhere.
            cols: the window's columns in this frame; None: as the harness was made.
            hover_row: with a bar at the side, the row that the pointer is on.

        Raises:
            CallbackDifferenceError: `verify` is set, and a title is not what calling now makes.
        """
        self.update(hover_col, cols, hover_row)
        if not self.window.bar_is_visible:
            return BarFrame("", [], [])
        line = self._line()
        if line is None:
            raise AssertionError("a bar that is shown was laid out")
        return _frame(line)

    def update(
        self, hover_col: int | None = None, cols: int | None = None, hover_row: int | None = None
    ) -> BarLine | BarColumn | None:
        """Bring the bar up to date, which is all that a frame of the program does; what `frame` shows."""
        window = self.window
        window.hover_col = hover_col
        before = None if not self._is_tracked else self.stats.memo_hits + self.stats.memo_misses
        columns = window.cols if cols is None else cols
        if window.config.tab_bar_position in {"Left", "Right"}:
            columns = min(window.config.tab_bar_width, columns // 2)
            self._bar.prepare(window, columns, BarPlace(window.rows, hover_row))
        else:
            self._bar.prepare(window, columns)
        if before == self.stats.memo_hits + self.stats.memo_misses and window.bar_is_visible:
            self.stats.keep(len(self._tabs))
        verifier = self._bar.verifier
        if verifier is not None and (verifier.differences or verifier.differing_lines):
            found = [*map(str, verifier.differences), *verifier.differing_lines]
            verifier.differences.clear()
            verifier.differing_lines.clear()
            raise CallbackDifferenceError("\n".join(found))
        return self._line()

    def _line(self) -> BarLine | BarColumn | None:
        line = self._bar.line(self.window)
        return None if isinstance(line, FancyContent) else line  # which is for native windows only

    @property
    def bar(self) -> TabBar[BarWindow]:
        """The program's own tab bar, for benchmarks."""
        return self._bar

    @property
    def fresh_titles(self) -> FreshTitles:
        """Titles made the naive way, for sources of one's own."""
        return self._fresh

    @property
    def window_title(self) -> str:
        """The window's title as of the last frame."""
        return self._bar.window_title(self.window)

    @property
    def verify(self) -> bool:
        """Whether every frame is checked."""
        return self._bar.verifier is not None

    @verify.setter
    def verify(self, wanted: bool) -> None:
        fresh = FreshTitles(self._host, self._mailbox, self._probes, "verify_")
        self._bar.verifier = TitleVerifier(fresh, self._probes) if wanted else None

    @property
    def ledger(self) -> list[LedgerRow]:
        """All runs of all memos of the window."""
        return self._titles.ledger()

    @property
    def titles(self) -> TitleService:
        """The program's own titles."""
        return self._titles

    # Tabs.

    def set(self, tab_index: int, /, **fields: Any) -> None:
        """Change fields of a tab, or of its active pane."""
        self._tabs.set(tab_index, fields)
        self._titles.lua_ran()

    def add_tab(self, fields: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """A new tab at the end, or at `index`; the active one only if its fields say so."""
        given = {**(fields or {}), **more}
        index = given.pop("index", None)
        self._tabs.add(given, index)
        self._titles.lua_ran()

    def close_tab(self, tab_index: int) -> None:
        """Close a tab; if it is the active one, another becomes active as the configuration says."""
        config = self.window.config
        self._tabs.close(tab_index, to_last_active=config.switch_to_last_active_tab_when_closing_tab)
        self._titles.lua_ran()

    def activate(self, tab_index: int) -> None:
        """Make a tab the active one."""
        self._tabs.activate(tab_index)
        self._titles.lua_ran()

    def move(self, tab_index: int, to_index: int) -> None:
        """Move a tab to another place."""
        self._tabs.move(tab_index, to_index)
        self._titles.lua_ran()

    @property
    def tabs(self) -> tuple[TabInformation, ...]:
        """The tabs as title callbacks see them."""
        return self._tabs.snapshot()

    # Statuses, events and time.

    @property
    def right_status(self) -> str:
        """The right status: text with SGR sequences."""
        return self.window.right_status

    @right_status.setter
    def right_status(self, text: str) -> None:
        self.window.right_status = text

    @property
    def left_status(self) -> str:
        """The left status: text with SGR sequences."""
        return self.window.left_status

    @left_status.setter
    def left_status(self, text: str) -> None:
        self.window.left_status = text

    def emit(self, event: str, *args: object) -> bool:
        """Emit an event; its handlers get the window, its active pane, and `args`.

        Handlers are waited for; one that sleeps goes on at a later `tick`.

        Returns:
            Whether the default action would follow.
        """
        answers: list[bool] = []
        active = self._tabs.active
        pane = None if active is None else active.pane
        if pane is None:
            self._events.emit_global(event, *args, on_done=answers.append)
        else:
            self._events.emit(event, _WINDOW, pane.pane_id, *args, on_done=answers.append)
        self._wait_for_handlers(answers)
        self._settle()
        return answers[0] if answers else True

    def tick(self, seconds: float) -> None:
        """Let time pass: timers fire, and status handlers run every `status_update_interval`."""
        end = self.clock.monotonic() + seconds
        interval = self._interval
        emissions = 0
        while interval > 0 and self._next_status <= end and self._has_status_handler:
            self._pass(self._next_status - self.clock.monotonic())
            for event in STATUS_EVENTS:
                self.emit(event)
            self._next_status += interval
            emissions += 1
            if emissions == _MOST_EMISSIONS:  # a year would take a while; the last ones count
                left = max(int((end - self._next_status) / interval) - _MOST_EMISSIONS, 0)
                self._next_status += left * interval
        self._pass(end - self.clock.monotonic())
        if interval > 0 and self._next_status <= end:
            self._next_status += (int((end - self._next_status) / interval) + 1) * interval

    @property
    def _interval(self) -> float:
        return self.window.config.status_update_interval / 1000

    @property
    def _has_status_handler(self) -> bool:
        return any(self._events.has_handler(event) for event in STATUS_EVENTS)

    def _pass(self, seconds: float) -> None:
        if seconds > 0:
            self.clock.advance(seconds)
        self._host.wake()
        self._settle()
        self._titles.check_clock()

    # Waiting.

    def _settle(self) -> None:
        """Let the Lua thread do what lies before it, timers that are due included, and take its answers."""
        passed: list[bool] = []
        self._host.when_done(lambda: passed.append(True))
        self._wait(lambda: bool(passed))
        self._loop.run_once(0.0)
        if self._wants_reload:
            self.reload()

    def _wait(self, is_done: Callable[[], bool]) -> None:
        while not self._mailbox.wait(is_done, _PATIENCE):
            pass

    def _wait_for_handlers(self, answers: list[bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not answers and time.monotonic() < end:
            if self._mailbox.wait(lambda: bool(answers), 0.02):
                return
            has_child = any(thread.name == "lua-work" for thread in threading.enumerate())
            self._settle()
            if not has_child:
                return  # it sleeps


def _snapshot(window: BarWindow, _with_live: bool) -> tuple[TabInformation, ...]:
    return window.tabs.snapshot()


def _with(this: Callable[[], TabBarHarness | None], act: Callable[[TabBarHarness], None]) -> None:
    harness = this()
    if harness is not None:
        act(harness)


def _close(host: LuaHost, loop: EventLoop) -> None:
    host.close()
    loop.close()


# Frames as plain values.


def _color(word: int) -> Color:
    return _plain_color(unpack_color(word))


def _plain_color(color: packing.Color) -> Color:
    if isinstance(color, tuple):
        return "#{:02x}{:02x}{:02x}".format(*color)
    return color


def _attributes(attr: int, extra: Extra) -> CellAttributes:
    return CellAttributes(
        intensity="Bold" if attr & packing.BOLD else "Half" if attr & packing.DIM else "Normal",
        italic=bool(attr & packing.ITALIC),
        underline=_UNDERLINES[(attr & packing.UNDERLINE_MASK) >> packing.UNDERLINE_SHIFT],
        blink="Rapid" if attr & packing.BLINK_RAPID else "Slow" if attr & packing.BLINK_SLOW else "None",
        reverse=bool(attr & packing.REVERSE),
        invisible=bool(attr & packing.INVISIBLE),
        strikethrough=bool(attr & packing.STRIKETHROUGH),
        overline=bool(attr & packing.OVERLINE),
        underline_color=_plain_color(extra.underline_color),
        hyperlink=extra.hyperlink,
    )


def _frame(line: BarLine | BarColumn) -> BarFrame:
    rows = line.lines if isinstance(line, BarColumn) else (line.line.left(line.cols),)
    cells = [
        BarCell(cell.text, _color(cell.fg), _color(cell.bg), _attributes(cell.attr, cell.extra))
        for row in rows
        for cell in row.cells()
    ]
    items = [(item.kind, item.x, item.width, item.tab_index) for item in line.items]
    return BarFrame(line.text, cells, items)  # type: ignore[arg-type] # kinds are text
