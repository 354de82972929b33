"""Assignments that let the user pick or type: lists of the config, lines, text, panes, characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.notices import tell
from perilune.app.compose import pane_rect
from perilune.app.overlays.char_select import CharSelectOverlay
from perilune.app.overlays.characters import describe
from perilune.app.overlays.pane_select import PaneSelectOverlay
from perilune.app.overlays.prompt import PromptOverlay
from perilune.app.overlays.quick_select import DEFAULT_PATTERNS, QuickSelectLook, QuickSelectOverlay
from perilune.app.overlays.selector import Choice, SelectorLook, SelectorOverlay
from perilune.app.overlays.styled import packed_pair, packed_spec
from perilune.app.text_search import Finder, patterns_finder
from perilune.base.log import get_logger
from perilune.cells.packing import pack_color
from perilune.config.arguments import CharSelect, PaneSelect
from perilune.config.assignment import InputSelector, KeyAssignment, PromptInputLine, QuickSelect
from perilune.config.patterns import PatternError, compile_pattern

if TYPE_CHECKING:
    from perilune.base.geometry import Rect
    from perilune.mux.pane import Pane

__all__ = ["HANDLERS"]

_log = get_logger("app.assignments")
_SCOPE = 1000  # rows above and below the viewport
_BOTH = "ClipboardAndPrimarySelection"


def _call_back(context: ActionContext, action: KeyAssignment, *values: object) -> None:
    """Call an action_callback with more arguments; any other assignment is carried out as it is."""
    if action.name == "EmitEvent":
        pane_id = None if context.pane is None else context.pane.id
        context.services.events.emit(action.args, context.view.window_id, pane_id, *values)
    elif any(value is not None for value in values):
        context.perform(action)


def _input_selector(context: ActionContext, arguments: InputSelector) -> None:
    services, view = context.services, context.view

    def choice(label: str, identity: str | None) -> Choice:
        return Choice(label, lambda: _call_back(context, arguments.action, identity, label))

    look = SelectorLook(
        alphabet=arguments.alphabet,
        description=arguments.description,
        fuzzy_description=arguments.fuzzy_description,
        label=packed_pair(
            view.config.palette.input_selector_label_fg, view.config.palette.input_selector_label_bg
        ),
    )
    overlay = SelectorOverlay(
        arguments.title,
        [choice(item.label, item.id) for item in arguments.choices],
        lambda: services.overlays.remove_from_window(view, overlay),
        name="input selector",
        fuzzy=arguments.fuzzy,
        look=look,
        on_cancel=lambda: _call_back(context, arguments.action, None, None),
    )
    services.overlays.show_on_window(view, overlay)


def _prompt(context: ActionContext, arguments: PromptInputLine) -> None:
    services, view = context.services, context.view
    overlay = PromptOverlay(
        arguments.description,
        arguments.prompt,
        arguments.initial_value or "",
        services.memory.prompt_history,
        lambda: services.overlays.remove_from_window(view, overlay),
        lambda line: _call_back(context, arguments.action, line),
    )
    services.overlays.show_on_window(view, overlay)


def _finder(patterns: Sequence[str]) -> Finder:
    """Finds all the patterns that can be read; the others are logged."""
    good: list[str] = []
    for pattern in patterns:
        try:
            compile_pattern(pattern)
        except PatternError as error:
            _log.warning("quick select: the regex %r cannot be used: %s", pattern[:200], error)
        else:
            good.append(pattern)

    def slow(pattern: str) -> None:
        _log.warning("quick select: the regex %r takes too long; it is passed over", pattern[:200])

    return patterns_finder(good, slow)


def _quick_select(context: ActionContext, arguments: QuickSelect | None) -> None:
    arguments = arguments or QuickSelect()
    pane_view, config = context.pane_view, context.view.config
    if pane_view is None:
        return
    services, view = context.services, context.view
    patterns = arguments.patterns
    if not patterns:
        defaults = () if config.disable_default_quick_select_patterns else DEFAULT_PATTERNS
        patterns = (*config.quick_select_patterns, *defaults)

    def take(text: str, pastes: bool) -> None:
        if not (pastes and arguments.skip_action_on_paste):
            if arguments.action is None:
                services.clipboard.copy(text, _BOTH)
            else:
                context.perform(arguments.action)
        if pastes:
            if config.scroll_to_bottom_on_input:
                pane_view.scroll_to(None)
            services.clipboard.paste(pane_view.pane, text)
        services.request_frame()

    palette, plain = config.palette, QuickSelectLook()
    overlay = QuickSelectOverlay(
        pane_view,
        _finder(patterns),
        arguments.alphabet or config.quick_select_alphabet,
        _SCOPE if arguments.scope_lines is None else arguments.scope_lines,
        arguments.label or "copy",
        QuickSelectLook(
            (
                packed_spec(palette.quick_select_label_fg, plain.label[0]),
                packed_spec(palette.quick_select_label_bg, plain.label[1]),
            ),
            (
                packed_spec(palette.quick_select_match_fg, plain.match[0]),
                packed_spec(palette.quick_select_match_bg, plain.match[1]),
            ),
        ),
        lambda: services.overlays.remove_from_pane(view, pane_view, overlay),
        take,
    )
    services.overlays.show_on_pane(view, pane_view, overlay)


def _pane_select(context: ActionContext, arguments: PaneSelect) -> None:
    services, view = context.services, context.view
    tab = view.tab
    if tab is None:
        return
    was_zoomed = tab.zoomed_pane is not None
    if was_zoomed:  # one cannot pick what one does not see
        services.mux.set_zoomed(tab, False)

    def panes(area: Rect) -> list[tuple[Pane, Rect]]:
        placed = []
        for place in view.placed()[0]:
            rect = pane_rect(place, area)
            if rect is not None:
                placed.append((place.pane, rect))
        return placed

    def pick(pane: Pane) -> None:
        mux, active = services.mux, tab.active_pane
        if mux.tab_of_pane(pane) is not tab:
            return  # it went away, or elsewhere
        match arguments.mode:
            case "Activate":
                mux.activate_pane(pane)
            case "MoveToNewTab":
                mux.activate_tab(mux.move_pane_to_new_tab(pane))
            case "MoveToNewWindow":
                _, window = mux.move_pane_to_new_window(pane)
                shown = services.views.get(window.id)
                if shown is not None:
                    services.windows.show(shown)
            case mode:
                if active is not None and active is not pane:
                    mux.swap_panes(active, pane, keep_focus=mode == "SwapWithActiveKeepFocus")
        services.request_frame()

    def close() -> None:
        services.overlays.remove_from_window(view, overlay)
        if was_zoomed:
            services.mux.set_zoomed(tab, True)

    def picked(pane: Pane) -> None:
        if was_zoomed:
            services.mux.set_zoomed(tab, False)
        pick(pane)
        if was_zoomed and services.mux.get_tab(tab.id) is tab:
            services.mux.set_zoomed(tab, True)

    config = view.config
    overlay = PaneSelectOverlay(
        panes,
        arguments.alphabet or config.quick_select_alphabet,
        arguments.show_pane_ids,
        (pack_color(config.pane_select_fg_color), pack_color(config.pane_select_bg_color)),
        close,
        picked,
    )
    services.overlays.show_on_window(view, overlay)


def _char_select(context: ActionContext, arguments: CharSelect) -> None:
    services, view = context.services, context.view
    recent = services.memory.characters

    def choose(text: str) -> None:
        recent.note(text)
        if arguments.copy_on_select:
            services.clipboard.copy(text, arguments.copy_to)
        if context.pane is not None and not context.pane.is_dead:
            services.clipboard.paste(context.pane, text)
        elif not arguments.copy_on_select:
            tell(context, f"{text} has nowhere to go: the pane is gone")

    config = view.config
    overlay = CharSelectOverlay(
        [describe(text) for text in recent.ranked()],
        arguments.group,
        (pack_color(config.char_select_fg_color), pack_color(config.char_select_bg_color)),
        lambda: services.overlays.remove_from_window(view, overlay),
        choose,
    )
    services.overlays.show_on_window(view, overlay)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "InputSelector": _input_selector,
        "PromptInputLine": _prompt,
        "QuickSelect": _quick_select,
        "QuickSelectArgs": _quick_select,
        "PaneSelect": _pane_select,
        "CharSelect": _char_select,
    }
)
