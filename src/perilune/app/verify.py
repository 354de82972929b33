"""Checks the promise: what is drawn from memos is what calling every callback now would draw.

Every title that a frame's layout asked for is evaluated beside the memo, on freshly built plain tables (the
mirrors that tracking uses could be stale themselves), and the cells are compared. Callbacks that are not pure
are named and left out: they may well say something else when asked again. Mux thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perilune.app.ledger import LedgerRow
from perilune.app.title_fresh import FreshTitles
from perilune.app.title_window import TAB_TITLE_EVENT, WindowTitles
from perilune.base.log import get_logger
from perilune.base.probes import Probes
from perilune.cells.line import CellStyle, Line
from perilune.cells.sgr_text import SgrText
from perilune.lua.values import TitleRequest

if TYPE_CHECKING:
    from perilune.lua.values import Title
    from perilune.mux.snapshot import TabInformation

__all__ = ["Asked", "Difference", "RecordingTitles", "TitleVerifier"]

_log = get_logger("tabbar.verify")
_KEPT = 100

Asked = dict[tuple[int, bool, int], tuple["TabInformation", SgrText | None]]
"""What a layout asked for: tab id, hover and max_width; its tab and the title that stands."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A title that stands although the callback says something else now.

    Attributes:
        tab_id: of which tab.
        hover: asked with this.
        max_width: likewise.
        kept: what stands; None: the built-in title.
        fresh: what the callback says.
        row: the run that made what stands, if the ledger still has it.
    """

    tab_id: int
    hover: bool
    max_width: int
    kept: str | None
    fresh: str | None
    row: LedgerRow | None

    def __str__(self) -> str:
        made = f"; made by run {self.row}" if self.row is not None else ""
        return (
            f"format-tab-title of tab {self.tab_id} (hover={str(self.hover).lower()}, "
            f"max_width={self.max_width}) stands as {self.kept!r}, but says {self.fresh!r} when called{made}"
        )


class TitleVerifier:
    """Compares titles that stand with titles made now.

    Args:
        fresh: makes them.
        probes: counts comparisons and differences.

    Attributes:
        differences: the last ones found.
        differing_lines: bars that were not what laying them out makes.
    """

    def __init__(self, fresh: FreshTitles, probes: Probes) -> None:
        self._fresh = fresh
        self._probes = probes
        self._busy: set[int] = set()
        self._named: set[tuple[str, ...]] = set()
        self.differences: deque[Difference] = deque(maxlen=_KEPT)
        self.differing_lines: deque[str] = deque(maxlen=_KEPT)

    def check(
        self, titles: WindowTitles, asked: Asked, is_overtaken: Callable[[], bool], *, wait: bool
    ) -> None:
        """Compare what one frame asked for; differences are kept and logged.

        Args:
            titles: whose.
            asked: what was asked for.
            is_overtaken: whether something changed while titles were made anew, which explains differences.
            wait: for the answers; else at most one frame of a window is being checked at a time.
        """
        if not titles.asks_lua or not asked or titles.window_id in self._busy:
            return
        if titles.traits.kind != "pure":
            self._name(titles.traits.kind, titles.traits.reasons)
            return
        given = titles.inputs
        positions = {int(tab.tab_id): position for position, tab in enumerate(given.tabs)}
        requests = [TitleRequest(positions[tab_id], hover, width) for tab_id, hover, width in asked]
        if wait:
            self._compare(titles, asked, self._fresh.ask(titles.window_id, given, requests), is_overtaken)
            return

        def answered(answers: tuple[Title, ...]) -> None:
            self._busy.discard(titles.window_id)
            self._compare(titles, asked, answers, is_overtaken)

        self._busy.add(titles.window_id)
        self._fresh.ask_later(titles.window_id, given, requests, answered)

    def _compare(
        self,
        titles: WindowTitles,
        asked: Asked,
        answers: tuple[Title, ...],
        is_overtaken: Callable[[], bool],
    ) -> None:
        found: list[Difference] = []
        rows: list[LedgerRow] | None = None
        for (key, (_, kept)), answer in zip(asked.items(), answers, strict=True):
            self._probes.add("titles_verified")
            fresh = None if answer.text is None else SgrText(answer.text)
            if _cells(kept) == _cells(fresh):
                continue
            if rows is None:
                rows = titles.rows()
            text = None if kept is None else kept.text
            found.append(Difference(*key, text, answer.text, _row_of(rows, titles, key)))
        if found and is_overtaken():
            return
        for difference in found:
            self._probes.add("titles_differing")
            self.differences.append(difference)
            _log.error("%s", difference)

    def line_differs(self, kept: object, anew: object) -> None:
        """A bar that was changed in place is not the one that laying it out makes."""
        self._probes.add("bars_differing")
        texts = [repr(getattr(line, "text", line)) for line in (kept, anew)]
        message = f"the bar that stands, {texts[0]}, comes out as {texts[1]} when it is laid out anew"
        self.differing_lines.append(message)
        _log.error("%s", message)

    def _name(self, kind: str, reasons: tuple[str, ...]) -> None:
        if (kind, *reasons) not in self._named:
            self._named.add((kind, *reasons))
            _log.warning("format-tab-title is %s and cannot be verified: %s", kind, "; ".join(reasons))


class RecordingTitles:
    """A title source that notes what is asked of another.

    Args:
        source: answers.
    """

    def __init__(self, source: Callable[[TabInformation, bool, int], SgrText | None]) -> None:
        self._source = source
        self.asked: Asked = {}

    def title(self, tab: TabInformation, hover: bool, max_width: int) -> SgrText | None:
        """The other's answer."""
        answer = self._source(tab, hover, max_width)
        self.asked[tab.tab_id, hover, max_width] = (tab, answer)
        return answer


def _cells(text: SgrText | None) -> Line | None:
    return None if text is None else text.line(CellStyle())


def _row_of(rows: list[LedgerRow], titles: WindowTitles, key: tuple[int, bool, int]) -> LedgerRow | None:
    tab_id, hover, max_width = key
    variant = titles.variant(hover, max_width)
    return next(
        (
            row
            for row in reversed(rows)
            if row.callback == TAB_TITLE_EVENT
            and row.subject == tab_id
            and (row.hover, row.max_width) == tuple(variant)
        ),
        None,
    )
