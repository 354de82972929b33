"""Options of what a pane does with its program's output and with the user's mouse and clipboard."""

from __future__ import annotations

from perilune.base.input import Modifiers
from perilune.config.forms import (
    BOOLEAN,
    STRING,
    Form,
    as_list,
    as_table,
    choice,
    integer,
    list_of,
    number,
    optional,
)
from perilune.config.keys import MODIFIERS
from perilune.config.patterns import PATTERN, PATTERNS
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = ["DEFAULT_HYPERLINK_RULES", "EASING", "Easing", "HyperlinkRule", "TerminalOptions", "VisualBell"]

Easing = str | tuple[float, ...]
"""A named easing function, or the four numbers of a cubic Bezier curve."""

_EASING_NAME = choice("Linear", "Ease", "EaseIn", "EaseInOut", "EaseOut", "Constant")


def _easing(value: object, at: Place, expected: str) -> Easing:
    table = as_table(value)
    if isinstance(value, str):
        return _EASING_NAME.read(value, at)
    if table is None or set(table) != {"CubicBezier"}:
        raise at.wrong(expected, value)
    return list_of(number(), count=4).read(as_list(table["CubicBezier"]), at.field("CubicBezier"))


EASING: Form[Easing] = Form("an easing function such as 'Linear' or {CubicBezier={0, 0, 1, 1}}", _easing)


class VisualBell(Record):
    """How the visual bell flashes; off while both durations are 0."""

    fade_in_duration_ms: int = option(integer(0), default=0, doc="Time to its full colour.")
    fade_in_function: Easing = option(EASING, default="Linear", doc="How it gets there.")
    fade_out_duration_ms: int = option(integer(0), default=0, doc="Time back.")
    fade_out_function: Easing = option(EASING, default="Linear", doc="How it gets back.")
    target: str = option(
        choice("BackgroundColor", "CursorColor"), default="BackgroundColor", doc="What changes colour."
    )


class HyperlinkRule(Record):
    """Text that is a link; `$0` to `$9` in `format` are the regex's groups."""

    regex: str = option(PATTERN, doc="What to find.")
    format: str = option(STRING, doc="The link.")
    highlight: int = option(integer(0), default=0, doc="The group that is marked.")


DEFAULT_HYPERLINK_RULES = (
    HyperlinkRule(regex=r"\((\w+://\S+)\)", format="$1", highlight=1),
    HyperlinkRule(regex=r"\[(\w+://\S+)\]", format="$1", highlight=1),
    HyperlinkRule(regex=r"<(\w+://\S+)>", format="$1", highlight=1),
    HyperlinkRule(regex=r"\b\w+://[^\s()]*\(\S*\)(?=\s|$|[^_/a-zA-Z0-9-])", format="$0"),
    HyperlinkRule(regex=r"\b\w+://\S+[_/a-zA-Z0-9-]", format="$0"),
    HyperlinkRule(regex=r"\b\w+@[\w-]+(\.[\w-]+)+\b", format="mailto:$0"),
)
"""WezTerm's: links in brackets, links that end in a closed bracket, other links, mail addresses."""


class TerminalOptions(Record):
    """Panes."""

    scrollback_lines: int = option(integer(0, 999_999_999), default=3500, used=True, doc="Rows kept.")
    scroll_to_bottom_on_input: bool = option(
        BOOLEAN, default=True, used=True, doc="Typing shows the newest rows."
    )
    alternate_buffer_wheel_scroll_speed: int = option(
        integer(0, 255), default=3, used=True, doc="Arrow keys per wheel step on the alternate screen."
    )
    selection_word_boundary: str = option(
        STRING, default=" \t\n{[}]()\"'`", used=True, doc="What ends a word for a double click."
    )
    canonicalize_pasted_newlines: str | None = option(
        optional(
            choice(
                "None",
                "LineFeed",
                "CarriageReturn",
                "CarriageReturnAndLineFeed",
                also={True: "CarriageReturnAndLineFeed", False: "None"},
            )
        ),
        default="CarriageReturn",
        used=True,
        doc="What line ends become in pasted text outside bracketed paste.",
    )
    quote_dropped_files: str = option(
        choice("None", "SpacesOnly", "Posix", "Windows", "WindowsAlwaysQuoted"),
        default="SpacesOnly",
        applies="window",
        used=True,
        doc="How names of dropped files are quoted.",
    )
    hyperlink_rules: tuple[HyperlinkRule, ...] = option(
        list_of(form_of(HyperlinkRule)),
        default=DEFAULT_HYPERLINK_RULES,
        used=True,
        doc="Text that becomes links.",
    )
    quick_select_patterns: tuple[str, ...] = option(
        PATTERNS, default=(), used=True, doc="More to find in quick select."
    )
    disable_default_quick_select_patterns: bool = option(BOOLEAN, default=False, used=True, doc="Only those.")
    quick_select_alphabet: str = option(
        STRING, default="asdfqwerzxcvjklmiuopghtybn", used=True, doc="Letters of the labels."
    )
    audible_bell: str = option(
        choice("SystemBeep", "Disabled"), default="SystemBeep", used=True, doc="Whether the bell sounds."
    )
    visual_bell: VisualBell = option(
        form_of(VisualBell), default=VisualBell(), applies="window", used=True, doc="How the bell shows."
    )
    notification_handling: str = option(
        choice(
            "AlwaysShow",
            "NeverShow",
            "SuppressFromFocusedPane",
            "SuppressFromFocusedTab",
            "SuppressFromFocusedWindow",
        ),
        default="AlwaysShow",
        used=True,
        doc="Which programs' notifications are shown.",
    )
    default_cursor_style: str = option(
        choice(
            "SteadyBlock", "BlinkingBlock", "SteadyUnderline", "BlinkingUnderline", "SteadyBar", "BlinkingBar"
        ),
        default="SteadyBlock",
        used=True,
        doc="The cursor until the program says otherwise.",
    )
    cursor_blink_rate: int = option(
        integer(0), default=800, applies="window", used=True, doc="Milliseconds; 0: never."
    )
    cursor_blink_ease_in: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="Blinking on."
    )
    cursor_blink_ease_out: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="Blinking off."
    )
    force_reverse_video_cursor: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="The cursor swaps the cell's colours."
    )
    reverse_video_cursor_min_contrast: float = option(
        number(0), default=2.5, applies="window", used=True, doc="Contrast below which it does not."
    )
    text_blink_rate: int = option(
        integer(0), default=500, applies="window", used=True, doc="Of blinking text."
    )
    text_blink_ease_in: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="Blinking on."
    )
    text_blink_ease_out: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="Blinking off."
    )
    text_blink_rate_rapid: int = option(
        integer(0), default=250, applies="window", used=True, doc="Of rapid text."
    )
    text_blink_rapid_ease_in: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="On."
    )
    text_blink_rapid_ease_out: Easing = option(
        EASING, default="Linear", applies="window", used=True, doc="Off."
    )
    term: str = option(STRING, default="xterm-256color", used=True, doc="TERM of programs.")
    unicode_version: int = option(integer(0, 255), default=9, used=True, doc="Whose widths are used.")
    treat_east_asian_ambiguous_width_as_wide: bool = option(
        BOOLEAN, default=False, used=True, doc="Ambiguous is wide."
    )
    normalize_output_to_unicode_nfc: bool = option(
        BOOLEAN, default=False, used=True, doc="Compose programs' output."
    )
    bidi_enabled: bool = option(BOOLEAN, default=False, applies="window", doc="Reorder right-to-left text.")
    bidi_direction: str = option(
        choice("LeftToRight", "RightToLeft", "AutoLeftToRight", "AutoRightToLeft"),
        default="LeftToRight",
        applies="window",
        doc="The direction of paragraphs.",
    )
    enable_kitty_graphics: bool = option(BOOLEAN, default=True, used=True, doc="Images by kitty's protocol.")
    enable_title_reporting: bool = option(
        BOOLEAN, default=False, doc="Programs may read titles; not honoured."
    )
    enq_answerback: str = option(STRING, default="", used=True, doc="The answer to ENQ.")
    allow_download_protocols: bool = option(BOOLEAN, default=True, doc="Programs may send files.")
    detect_password_input: bool = option(BOOLEAN, default=True, doc="A lock for a cursor where echo is off.")
    log_unknown_escape_sequences: bool = option(BOOLEAN, default=False, doc="Log what is not understood.")
    bypass_mouse_reporting_modifiers: Modifiers = option(
        MODIFIERS, default=Modifiers.SHIFT, used=True, doc="Held, the mouse is ours and not the program's."
    )
    pane_focus_follows_mouse: bool = option(
        BOOLEAN, default=False, used=True, doc="Pointing activates panes."
    )
    swallow_mouse_click_on_pane_focus: bool = option(
        BOOLEAN, default=False, used=True, doc="A click that activates a pane does nothing else."
    )
    swallow_mouse_click_on_window_focus: bool = option(
        BOOLEAN,
        default=False,
        applies="window",
        used=True,
        doc="A click that activates the window does nothing else.",
    )
    unzoom_on_switch_pane: bool = option(BOOLEAN, default=True, used=True, doc="Changing panes ends a zoom.")
    hide_mouse_cursor_when_typing: bool = option(
        BOOLEAN, default=True, applies="window", used=True, doc="Hide it."
    )
    clean_exit_codes: tuple[int, ...] = option(
        list_of(integer(0), strict=True), default=(), used=True, doc="Exit codes that count as 0."
    )
    exit_behavior: str = option(
        choice("Close", "Hold", "CloseOnCleanExit"), default="Close", used=True, doc="When a program ends."
    )
    exit_behavior_messaging: str = option(
        choice("Verbose", "Brief", "Terse", "None"),
        default="Verbose",
        used=True,
        doc="What a held pane says.",
    )
