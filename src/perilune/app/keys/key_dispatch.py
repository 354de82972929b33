"""Where a key event goes: overlay, leader, key tables, key map, or the program in the pane. Mux thread."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

from perilune.app.overlay_control import OverlayControl
from perilune.app.pane_view import PaneView
from perilune.app.window_view import WindowView
from perilune.base.input import KeyEvent, KeyKind, Modifiers
from perilune.config.default_bindings import FALLBACK_TABLE
from perilune.config.input_map import InputMap

if TYPE_CHECKING:
    from perilune.config.assignment import KeyAssignment

__all__ = ["InputMapSource", "KeyDispatch", "PaneInput"]

_LONE_MODIFIERS = frozenset(
    f"{side}{key}"
    for side in ("Left", "Right")
    for key in ("Shift", "Control", "Alt", "Super", "Hyper", "Meta")
) | {"CapsLock", "NumLock", "ScrollLock", "AltGr"}
_SHOWN_MODIFIERS = (
    ("SHIFT", Modifiers.SHIFT),
    ("ALT", Modifiers.ALT),
    ("CTRL", Modifiers.CTRL),
    ("SUPER", Modifiers.SUPER),
)


class InputMapSource(Protocol):
    """Knows the assignments of a window."""

    def input_map(self, view: WindowView) -> InputMap:
        """The assignments in force in it."""
        ...


class PaneInput(Protocol):
    """Sends input to programs."""

    def send_key(self, view: PaneView, event: KeyEvent) -> bool:
        """Encode and write a key; False when it means nothing to the program."""
        ...


class KeyDispatch:
    """Decides over each key event.

    Args:
        maps: the assignments.
        perform: carries out an assignment in a window, for its active pane.
        pane_input: sends keys to programs.
        without_effect: assignments that can do nothing here; as defaults they take no key.
        on_input: called with the window after any key, for what depends on modifiers.
    """

    def __init__(
        self,
        maps: InputMapSource,
        perform: Callable[[WindowView, KeyAssignment], None],
        pane_input: PaneInput,
        without_effect: Collection[str],
        on_input: Callable[[WindowView], None],
    ) -> None:
        self._maps = maps
        self._perform = perform
        self._pane_input = pane_input
        self._without_effect = frozenset(without_effect)
        self._on_input = on_input

    def on_key(self, view: WindowView, event: KeyEvent) -> None:
        """One key event of the window that has the focus."""
        view.held_modifiers = "|".join(name for name, bit in _SHOWN_MODIFIERS if event.mods & bit) or "NONE"
        if event.kind is KeyKind.RELEASE or event.key in _LONE_MODIFIERS:
            # Nothing is assigned to these; programs that asked for them get them, overlays do not.
            if OverlayControl.active(view) is None:
                self._send_to_pane(view, event)
            return
        if not self._is_taken(view, event):
            self._send_to_pane(view, event)
        self._on_input(view)

    def _is_taken(self, view: WindowView, event: KeyEvent) -> bool:
        overlay = OverlayControl.active(view)
        if overlay is not None and overlay.is_modal:
            overlay.on_key(event)
            return True
        if overlay is not None and view.overlay is overlay:
            if overlay.on_key(event):
                return True
            overlay = None  # it lies above the window and lets this key through
        maps = self._maps.input_map(view)
        leader_was_active = view.leader.is_active
        if not leader_was_active and maps.is_leader(event) and maps.leader is not None:
            view.leader.start(maps.leader.timeout_milliseconds)
            return True
        if leader_was_active:
            view.leader.stop()
            event = _with_leader(event)
        if self._key_tables(view, maps, event):
            return True
        if overlay is not None:
            found = maps.lookup_table(overlay.key_table, event) if overlay.key_table else None
            if found is not None:
                self._perform(view, found)
                return True
            if overlay.on_key(event):
                return True
        found = maps.lookup(event)
        if found is not None and found.name in self._without_effect and maps.own.lookup(event) is None:
            found = None  # nobody asked for it, and the program may know the key
        if found is not None:
            self._perform(view, found)
            return True
        # After the leader, a key that is assigned to nothing is lost, as in WezTerm; a pane's overlay keeps
        # what it does not use from the program below it.
        return leader_was_active or overlay is not None

    def _key_tables(self, view: WindowView, maps: InputMap, event: KeyEvent) -> bool:
        """Ask the activated key tables, the newest first; True when the key goes no further."""
        stack = view.key_tables
        for entry in stack.entries():
            found = maps.lookup_table(entry.name, event)
            if entry.one_shot:
                stack.remove(entry)
            if found is not None:
                stack.matched(entry)
                self._perform(view, found)
                return True
            if entry.until_unknown:
                stack.remove(entry)
            # What the fallback leader's table has not was a slip: it is not typed into the program.
            if entry.prevent_fallback or entry.name == FALLBACK_TABLE:
                return True
        return False

    def _send_to_pane(self, view: WindowView, event: KeyEvent) -> None:
        pane = view.pane
        if pane is None or pane.is_dead:
            return  # a held pane is closed by an assignment, never by what was meant for its program
        pane_view = view.view_of(pane)
        sent = self._pane_input.send_key(pane_view, event)
        typed = sent and event.kind is not KeyKind.RELEASE and event.key not in _LONE_MODIFIERS
        if typed and view.config.scroll_to_bottom_on_input:
            pane_view.scroll_to(None)


def _with_leader(event: KeyEvent) -> KeyEvent:
    return KeyEvent(
        event.key,
        event.mods | Modifiers.LEADER,
        event.kind,
        event.text,
        event.shifted_key,
        event.base_layout_key,
    )
