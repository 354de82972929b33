"""The key assignments that are in force without any configuration.

The set and the meaning are those of WezTerm (docs/config/default-keys.md), so that its users find their keys.
The fallback table is ours: many of those chords cannot reach a program inside a terminal that does not speak
the kitty keyboard protocol. Data only.
"""

from __future__ import annotations

__all__ = ["COPY_MODE_KEYS", "DEFAULT_KEYS", "FALLBACK_KEYS", "FALLBACK_TABLE", "SEARCH_MODE_KEYS", "Row"]

Row = tuple[str, str, object]
"""Key, modifiers, assignment as a config would write it."""

FALLBACK_TABLE = "tui_fallback"
"""The name of the key table behind `tui_fallback_leader`."""

_SPAWN_TAB: object = {"SpawnTab": "CurrentPaneDomain"}
_CLOSE_TAB: object = {"CloseCurrentTab": {"confirm": True}}


def _copy_and_paste() -> list[Row]:
    rows: list[Row] = []
    for mods in ("SUPER", "CTRL|SHIFT"):
        rows += [
            ("c", mods, {"CopyTo": "Clipboard"}),
            ("v", mods, {"PasteFrom": "Clipboard"}),
            ("m", mods, "Hide"),
            ("n", mods, "SpawnWindow"),
            ("t", mods, _SPAWN_TAB),
            ("w", mods, _CLOSE_TAB),
            ("r", mods, "ReloadConfiguration"),
            ("k", mods, {"ClearScrollback": "ScrollbackOnly"}),
            ("f", mods, {"Search": "CurrentSelectionOrEmptyString"}),
        ]
        rows += [(str(number), mods, {"ActivateTab": number - 1}) for number in range(1, 9)]
        rows.append(("9", mods, {"ActivateTab": -1}))
    return rows


def _fonts() -> list[Row]:
    rows: list[Row] = []
    for mods in ("SUPER", "CTRL", "CTRL|SHIFT"):
        rows += [
            ("-", mods, "DecreaseFontSize"),
            ("=", mods, "IncreaseFontSize"),
            ("0", mods, "ResetFontSize"),
        ]
    rows += [("_", "CTRL|SHIFT", "DecreaseFontSize"), ("+", "CTRL|SHIFT", "IncreaseFontSize")]
    return rows


def _panes() -> list[Row]:
    rows: list[Row] = [
        ('"', "CTRL|SHIFT|ALT", {"SplitVertical": {"domain": "CurrentPaneDomain"}}),
        ("%", "CTRL|SHIFT|ALT", {"SplitHorizontal": {"domain": "CurrentPaneDomain"}}),
        ("z", "CTRL|SHIFT", "TogglePaneZoomState"),
    ]
    for direction in ("Left", "Right", "Up", "Down"):
        rows += [
            (f"{direction}Arrow", "CTRL|SHIFT", {"ActivatePaneDirection": direction}),
            (f"{direction}Arrow", "CTRL|SHIFT|ALT", {"AdjustPaneSize": [direction, 1]}),
        ]
    return rows


DEFAULT_KEYS: tuple[Row, ...] = (
    *_copy_and_paste(),
    *_fonts(),
    *_panes(),
    ("Copy", "NONE", {"CopyTo": "Clipboard"}),
    ("Paste", "NONE", {"PasteFrom": "Clipboard"}),
    ("Insert", "CTRL", {"CopyTo": "PrimarySelection"}),
    ("Insert", "SHIFT", {"PasteFrom": "PrimarySelection"}),
    ("Enter", "ALT", "ToggleFullScreen"),
    ("t", "SHIFT|SUPER", {"SpawnTab": "DefaultDomain"}),
    ("[", "SHIFT|SUPER", {"ActivateTabRelative": -1}),
    ("]", "SHIFT|SUPER", {"ActivateTabRelative": 1}),
    ("Tab", "CTRL", {"ActivateTabRelative": 1}),
    ("Tab", "CTRL|SHIFT", {"ActivateTabRelative": -1}),
    ("PageUp", "CTRL", {"ActivateTabRelative": -1}),
    ("PageDown", "CTRL", {"ActivateTabRelative": 1}),
    ("PageUp", "CTRL|SHIFT", {"MoveTabRelative": -1}),
    ("PageDown", "CTRL|SHIFT", {"MoveTabRelative": 1}),
    ("PageUp", "SHIFT", {"ScrollByPage": -1}),
    ("PageDown", "SHIFT", {"ScrollByPage": 1}),
    ("h", "SUPER", "HideApplication"),
    ("q", "SUPER", "QuitApplication"),
    ("l", "CTRL|SHIFT", "ShowDebugOverlay"),
    ("p", "CTRL|SHIFT", "ActivateCommandPalette"),
    ("u", "CTRL|SHIFT", {"CharSelect": {"copy_on_select": True, "copy_to": "ClipboardAndPrimarySelection"}}),
    ("x", "CTRL|SHIFT", "ActivateCopyMode"),
    (" ", "CTRL|SHIFT", "QuickSelect"),
)

FALLBACK_KEYS: tuple[Row, ...] = (
    ("c", "NONE", _SPAWN_TAB),
    ("n", "NONE", {"ActivateTabRelative": 1}),
    ("p", "NONE", {"ActivateTabRelative": -1}),
    ("Tab", "NONE", "ActivateLastTab"),
    *((str(number), "NONE", {"ActivateTab": number - 1}) for number in range(1, 9)),
    ("9", "NONE", {"ActivateTab": -1}),
    ("<", "NONE", {"MoveTabRelative": -1}),
    (">", "NONE", {"MoveTabRelative": 1}),
    ("w", "NONE", "ShowTabNavigator"),
    ("&", "NONE", _CLOSE_TAB),
    ("|", "NONE", {"SplitHorizontal": {"domain": "CurrentPaneDomain"}}),
    ("%", "NONE", {"SplitHorizontal": {"domain": "CurrentPaneDomain"}}),
    ("-", "NONE", {"SplitVertical": {"domain": "CurrentPaneDomain"}}),
    ('"', "NONE", {"SplitVertical": {"domain": "CurrentPaneDomain"}}),
    ("h", "NONE", {"ActivatePaneDirection": "Left"}),
    ("j", "NONE", {"ActivatePaneDirection": "Down"}),
    ("k", "NONE", {"ActivatePaneDirection": "Up"}),
    ("l", "NONE", {"ActivatePaneDirection": "Right"}),
    ("o", "NONE", {"ActivatePaneDirection": "Next"}),
    *((f"{way}Arrow", "NONE", {"ActivatePaneDirection": way}) for way in ("Left", "Right", "Up", "Down")),
    *((f"{way}Arrow", "SHIFT", {"AdjustPaneSize": [way, 3]}) for way in ("Left", "Right", "Up", "Down")),
    ("z", "NONE", "TogglePaneZoomState"),
    ("x", "NONE", {"CloseCurrentPane": {"confirm": True}}),
    ("PageUp", "NONE", {"ScrollByPage": -1}),
    ("PageDown", "NONE", {"ScrollByPage": 1}),
    ("[", "NONE", "ActivateCopyMode"),
    ("/", "NONE", {"Search": "CurrentSelectionOrEmptyString"}),
    ("y", "NONE", {"CopyTo": "Clipboard"}),
    ("]", "NONE", {"PasteFrom": "Clipboard"}),
    (":", "NONE", "ActivateCommandPalette"),
    ("?", "NONE", "ActivateCommandPalette"),
    ("r", "NONE", "ReloadConfiguration"),
    ("Q", "SHIFT", "QuitApplication"),
)

COPY_MODE_KEYS: tuple[Row, ...] = (
    ("Escape", "NONE", {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]}),
    ("q", "NONE", {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]}),
    ("c", "CTRL", {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]}),
    ("g", "CTRL", {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]}),
    (
        "y",
        "NONE",
        {
            "Multiple": [
                {"CopyTo": "ClipboardAndPrimarySelection"},
                {"Multiple": ["ScrollToBottom", {"CopyMode": "Close"}]},
            ]
        },
    ),
    *((key, "NONE", {"CopyMode": "MoveLeft"}) for key in ("h", "LeftArrow")),
    *((key, "NONE", {"CopyMode": "MoveRight"}) for key in ("l", "RightArrow")),
    *((key, "NONE", {"CopyMode": "MoveUp"}) for key in ("k", "UpArrow")),
    *((key, "NONE", {"CopyMode": "MoveDown"}) for key in ("j", "DownArrow")),
    *(
        (key, mods, {"CopyMode": "MoveForwardWord"})
        for key, mods in (("w", "NONE"), ("Tab", "NONE"), ("f", "ALT"), ("RightArrow", "ALT"))
    ),
    *(
        (key, mods, {"CopyMode": "MoveBackwardWord"})
        for key, mods in (("b", "NONE"), ("Tab", "SHIFT"), ("b", "ALT"), ("LeftArrow", "ALT"))
    ),
    ("e", "NONE", {"CopyMode": "MoveForwardWordEnd"}),
    *((key, "NONE", {"CopyMode": "MoveToStartOfLine"}) for key in ("0", "Home")),
    ("Enter", "NONE", {"CopyMode": "MoveToStartOfNextLine"}),
    *(
        (key, mods, {"CopyMode": "MoveToEndOfLineContent"})
        for key, mods in (("$", "NONE"), ("$", "SHIFT"), ("End", "NONE"))
    ),
    *(
        (key, mods, {"CopyMode": "MoveToStartOfLineContent"})
        for key, mods in (("^", "NONE"), ("^", "SHIFT"), ("m", "ALT"))
    ),
    (" ", "NONE", {"CopyMode": {"SetSelectionMode": "Cell"}}),
    ("v", "NONE", {"CopyMode": {"SetSelectionMode": "Cell"}}),
    ("V", "SHIFT", {"CopyMode": {"SetSelectionMode": "Line"}}),
    ("v", "CTRL", {"CopyMode": {"SetSelectionMode": "Block"}}),
    ("g", "NONE", {"CopyMode": "MoveToScrollbackTop"}),
    ("G", "SHIFT", {"CopyMode": "MoveToScrollbackBottom"}),
    ("H", "SHIFT", {"CopyMode": "MoveToViewportTop"}),
    ("M", "SHIFT", {"CopyMode": "MoveToViewportMiddle"}),
    ("L", "SHIFT", {"CopyMode": "MoveToViewportBottom"}),
    ("o", "NONE", {"CopyMode": "MoveToSelectionOtherEnd"}),
    ("O", "SHIFT", {"CopyMode": "MoveToSelectionOtherEndHoriz"}),
    ("PageUp", "NONE", {"CopyMode": "PageUp"}),
    ("PageDown", "NONE", {"CopyMode": "PageDown"}),
    ("b", "CTRL", {"CopyMode": "PageUp"}),
    ("f", "CTRL", {"CopyMode": "PageDown"}),
    ("u", "CTRL", {"CopyMode": {"MoveByPage": -0.5}}),
    ("d", "CTRL", {"CopyMode": {"MoveByPage": 0.5}}),
    (";", "NONE", {"CopyMode": "JumpAgain"}),
    (",", "NONE", {"CopyMode": "JumpReverse"}),
    ("f", "NONE", {"CopyMode": {"JumpForward": {"prev_char": False}}}),
    ("F", "SHIFT", {"CopyMode": {"JumpBackward": {"prev_char": False}}}),
    ("t", "NONE", {"CopyMode": {"JumpForward": {"prev_char": True}}}),
    ("T", "SHIFT", {"CopyMode": {"JumpBackward": {"prev_char": True}}}),
)

SEARCH_MODE_KEYS: tuple[Row, ...] = (
    ("Escape", "NONE", {"CopyMode": "Close"}),
    ("Enter", "NONE", {"CopyMode": "PriorMatch"}),
    ("UpArrow", "NONE", {"CopyMode": "PriorMatch"}),
    ("DownArrow", "NONE", {"CopyMode": "NextMatch"}),
    ("p", "CTRL", {"CopyMode": "PriorMatch"}),
    ("n", "CTRL", {"CopyMode": "NextMatch"}),
    ("PageUp", "NONE", {"CopyMode": "PriorMatchPage"}),
    ("PageDown", "NONE", {"CopyMode": "NextMatchPage"}),
    ("r", "CTRL", {"CopyMode": "CycleMatchType"}),
    ("u", "CTRL", {"CopyMode": "ClearPattern"}),
)
