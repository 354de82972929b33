"""Whether closing panes would end something that a user should be asked about. Mux thread.

The config's `mux-is-process-stateful` handlers are asked first; where they say nothing, and where there are
none, the mux decides by the programs' names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perilune.app.lua_events import LuaEvents

if TYPE_CHECKING:
    from perilune.mux.mux import Mux
    from perilune.mux.pane import Pane

__all__ = ["ProcessQuestion"]

_EVENT = "mux-is-process-stateful"


class ProcessQuestion:
    """Asks.

    Args:
        mux: knows which programs are harmless.
        events: asks handlers.
    """

    def __init__(self, mux: Mux, events: LuaEvents) -> None:
        self._mux = mux
        self._events = events

    def ask(self, panes: Sequence[Pane], on_answer: Callable[[bool], None]) -> None:
        """Whether any of the panes runs something of the kind; at once where no handler has to be asked."""
        if not self._events.has_handler(_EVENT):
            on_answer(any(not self._mux.can_close_without_prompting(pane) for pane in panes))
        else:
            self._ask_next(list(panes), on_answer)

    def _ask_next(self, panes: list[Pane], on_answer: Callable[[bool], None]) -> None:
        while panes:
            pane = panes.pop(0)
            tree = pane.program_tree()
            if tree is None:
                if not self._mux.can_close_without_prompting(pane):
                    on_answer(True)
                    return
                continue

            def answered(value: object, pane: Pane = pane) -> None:
                is_stateful = (
                    value if isinstance(value, bool) else not self._mux.can_close_without_prompting(pane)
                )
                if is_stateful:
                    on_answer(True)
                else:
                    self._ask_next(panes, on_answer)

            from perilune.app.lua_bridge import process_info  # noqa: PLC0415 - it is made after this
            from perilune.lua.api.pane import process_table  # noqa: PLC0415 - loaded already: a handler is there

            self._events.ask_with(_EVENT, (process_table(process_info(tree)),), answered)
            return
        on_answer(False)
