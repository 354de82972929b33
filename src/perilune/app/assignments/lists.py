"""Assignments that show a list: tab navigator, launcher, command palette."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from perilune.app.assignments.commands import PALETTE, describe, is_describable
from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.unavailable import WINDOW_ONLY
from perilune.app.assignments.windows import switch_workspace
from perilune.app.overlays.characters import icon_glyph
from perilune.app.overlays.selector import ALPHABET, Choice, SelectorLook, SelectorOverlay
from perilune.app.overlays.styled import packed_pair
from perilune.base.log import get_logger
from perilune.cells.packing import pack_color
from perilune.config.arguments import Launcher, SpawnCommand
from perilune.config.assignment import KeyAssignment, parse_assignment
from perilune.config.forms import as_list, as_table
from perilune.config.input_map import InputMap
from perilune.config.problems import ConfigError

__all__ = ["HANDLERS", "show_list"]

_log = get_logger("app")
_OF_PALETTE = frozenset(assignment.name for assignment in PALETTE)
_LAUNCHER_DEFAULT = frozenset({"TABS", "LAUNCH_MENU_ITEMS", "DOMAINS", "KEY_ASSIGNMENTS", "WORKSPACES"})


def show_list(
    context: ActionContext,
    title: str,
    choices: list[Choice],
    *,
    name: str,
    selected: int = 0,
    fuzzy: bool = False,
    look: SelectorLook | None = None,
) -> None:
    """Show a list above the window."""
    overlays = context.services.overlays

    def close() -> None:
        overlays.remove_from_window(context.view, selector)

    selector = SelectorOverlay(title, choices, close, selected=selected, name=name, fuzzy=fuzzy, look=look)
    overlays.show_on_window(context.view, selector)


def _tab_choices(context: ActionContext) -> list[Choice]:
    choices: list[Choice] = []
    mux = context.services.mux
    for tab in context.view.window.tabs:
        pane = tab.active_pane
        title = tab.title or ("" if pane is None else pane.title)
        panes = len(tab.panes())
        label = f"{title}   ({panes} pane{'s' if panes != 1 else ''})"
        choices.append(Choice(label, lambda tab=tab: mux.activate_tab(tab)))  # type: ignore[misc]
    return choices


def _perform(context: ActionContext, assignment: KeyAssignment) -> Callable[[], None]:
    return lambda: context.perform(assignment)


def _tab_navigator(context: ActionContext, _: None) -> None:
    selected = context.view.window.active_index
    look = SelectorLook(label=_label_colors(context))
    show_list(context, "Tabs", _tab_choices(context), selected=selected, name="tab navigator", look=look)


def _spawn_label(command: SpawnCommand) -> str:
    return command.label or " ".join(command.args or ()) or "shell"


def _launcher_choices(context: ActionContext, flags: frozenset[str]) -> list[Choice]:
    choices: list[Choice] = []
    mux = context.services.mux
    if "TABS" in flags:
        choices += _tab_choices(context)
    if "LAUNCH_MENU_ITEMS" in flags:
        choices += [
            Choice(
                f"{_spawn_label(command)}   (new tab)",
                _perform(context, KeyAssignment("SpawnCommandInNewTab", command)),
            )
            for command in context.view.config.launch_menu
        ]
    if "DOMAINS" in flags:
        choices += [
            Choice(f"New tab in domain {name}", lambda name=name: _spawn_in(context, name))  # type: ignore[misc]
            for name in mux.domains
        ]
    if "WORKSPACES" in flags:
        here = context.view.window.workspace
        choices += [
            Choice(f"Switch to workspace {name}", lambda name=name: switch_workspace(context, name))  # type: ignore[misc]
            for name in mux.workspace_names()
            if name != here
        ]
    if "KEY_ASSIGNMENTS" in flags:
        choices += _key_choices(context)
    if "COMMANDS" in flags:
        choices += _command_choices(context)
    return choices


def _spawn_in(context: ActionContext, domain: str) -> None:
    context.services.mux.spawn_tab(context.view.window, domain=domain)


def _same(assignment: KeyAssignment) -> str:
    """What a list shows once is equal by this: the palette by what it does, the rest as written."""
    return describe(assignment) if assignment.name in _OF_PALETTE else str(assignment)


def _chords(context: ActionContext) -> dict[str, list[str]]:
    """The chords of every assignment that has some, by `_same`: the config's own first, SUPER's last."""
    maps = InputMap(context.view.config)
    own = {str(chord) for chord, _ in maps.own.items()}
    found: dict[str, list[str]] = {}
    for chord, assignment in maps.own.items():
        found.setdefault(_same(assignment), []).append(str(chord))
    for chord, assignment in sorted(maps.defaults.items(), key=lambda item: "SUPER" in str(item[0])):
        if str(chord) not in own:
            found.setdefault(_same(assignment), []).append(str(chord))
    return found


def _key_choices(context: ActionContext) -> list[Choice]:
    """Every assignment that a key has, once."""
    maps = InputMap(context.view.config)
    chords = _chords(context)
    found: dict[str, Choice] = {}
    for assignment in (dict(maps.defaults.items()) | dict(maps.own.items())).values():
        same = _same(assignment)
        if assignment.name not in {"DisableDefaultAssignment", "Nop"} and same not in found:
            label = "   ".join([describe(assignment), *chords.get(same, ())[:1]])
            found[same] = Choice(label, _perform(context, assignment))
    return list(found.values())


def _command_choices(context: ActionContext, *, is_palette: bool = False) -> list[Choice]:
    """The usual commands and the config's own assignments, with the chords that do the same.

    Those that act on a native window only are left out where there is none. In the palette what was used last
    comes first.
    """
    config, recent = context.view.config, context.services.overlays.recent_commands
    chords = _chords(context)
    own = [binding.action for binding in config.keys]
    # The config's own take the places of those that do the same.
    listed = {_same(assignment): assignment for assignment in (*PALETTE, *own) if is_describable(assignment)}
    left_out = {"ActivateCommandPalette"}
    if not context.services.front_end.has_windows:
        left_out |= WINDOW_ONLY.keys()
    names = [same for same, assignment in listed.items() if assignment.name not in left_out]
    if is_palette:
        last = {same: number for number, same in enumerate(recent)}
        names.sort(key=lambda same: -last.get(same, -1))
    choices: list[Choice] = []
    for same in names:
        keys = chords.get(same, [])[: config.palette_max_key_assigments_for_action]
        label = "   ".join([describe(listed[same]), *keys])
        choices.append(Choice(label, _noted(context, same, listed[same])))
    return choices


def _noted(context: ActionContext, same: str, assignment: KeyAssignment) -> Callable[[], None]:
    """Carry it out and note that it was used last."""
    recent = context.services.overlays.recent_commands

    def carry_out() -> None:
        recent.pop(same, None)
        recent[same] = None
        context.perform(assignment)

    return carry_out


_LAUNCHER_HELP = "Select an item and press Enter=launch  Esc=cancel  /=filter"


def _label_colors(context: ActionContext) -> tuple[int, int] | None:
    palette = context.view.config.palette
    return packed_pair(palette.launcher_label_fg, palette.launcher_label_bg)


def _launcher(context: ActionContext, _: None) -> None:
    look = SelectorLook(description=_LAUNCHER_HELP, label=_label_colors(context))
    choices = _launcher_choices(context, _LAUNCHER_DEFAULT)
    show_list(context, "Launcher", choices, name="launcher", look=look)


def _launcher_args(context: ActionContext, arguments: Launcher) -> None:
    plain = SelectorLook()
    look = SelectorLook(
        alphabet=arguments.alphabet or ALPHABET,
        description=arguments.help_text or _LAUNCHER_HELP,
        fuzzy_description=arguments.fuzzy_help_text or plain.fuzzy_description,
        label=_label_colors(context),
    )
    choices = _launcher_choices(context, arguments.flags)
    title, fuzzy = arguments.title or "Launcher", "FUZZY" in arguments.flags
    selected = context.view.window.active_index if arguments.flags - {"FUZZY"} == {"TABS"} else 0
    show_list(context, title, choices, name="launcher", fuzzy=fuzzy, look=look, selected=selected)


def _own_command(context: ActionContext, entry: object) -> Choice:
    """An entry that a handler of augment-command-palette made.

    Raises:
        ConfigError: it has no brief, or no such action.
    """
    table = as_table(entry) or {}
    brief, doc = table.get("brief"), table.get("doc")
    if not isinstance(brief, str) or not brief:
        raise ConfigError("an entry needs a brief and an action")
    label = f"{brief}   {doc}" if isinstance(doc, str) and doc else brief
    icon = table.get("icon")
    if isinstance(icon, str) and icon:
        label = f"{icon_glyph(icon)} {label}".strip()
    return Choice(label, _perform(context, parse_assignment(table.get("action"))))


def _own_commands(context: ActionContext, answer: object) -> list[Choice]:
    choices: list[Choice] = []
    for entry in as_list(answer) or ():
        try:
            choices.append(_own_command(context, entry))
        except ConfigError as error:
            _log.error("augment-command-palette: %s", error)
    return choices


def _palette(context: ActionContext, _: None) -> None:
    view, services = context.view, context.services

    def show(answer: object) -> None:
        if services.views.get(view.window_id) is not view:
            return  # closed while the handler thought about it
        choices = [
            *_own_commands(context, answer),
            *_command_choices(context, is_palette=True),
        ]
        config = view.config
        look = SelectorLook(
            fuzzy_description="> ",
            rows=config.command_palette_rows,
            fg=pack_color(config.command_palette_fg_color),
            bg=pack_color(config.command_palette_bg_color),
        )
        show_list(context, "Commands", choices, name="command palette", fuzzy=True, look=look)

    pane_id = None if view.pane is None else view.pane.id
    services.events.ask("augment-command-palette", view.window_id, pane_id, show)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "ShowTabNavigator": _tab_navigator,
        "ShowLauncher": _launcher,
        "ShowLauncherArgs": _launcher_args,
        "ActivateCommandPalette": _palette,
    }
)
