"""Options of the native window and of what it draws besides text."""

from __future__ import annotations

from perilune.base.color import Rgb
from perilune.config.dimension import Dimension, dimension
from perilune.config.forms import (
    BOOLEAN,
    COLOR,
    PATH,
    STRING,
    STRINGS,
    Form,
    choice,
    integer,
    list_of,
    number,
    optional,
)
from perilune.config.options.background import GRADIENT, LAYER, BackgroundLayer, Gradient, Hsb
from perilune.config.options.fonts import FONT, Font
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = ["WindowFrame", "WindowOptions", "WindowPadding"]

_PIXELS = dimension("pixels")
_COLOR_OR_NONE = optional(COLOR)
_NOTHING = Dimension(0, "pixels")
_DECORATION = choice(
    "NONE",
    "TITLE",
    "RESIZE",
    "INTEGRATED_BUTTONS",
    "MACOS_FORCE_DISABLE_SHADOW",
    "MACOS_FORCE_ENABLE_SHADOW",
    "MACOS_FORCE_SQUARE_CORNERS",
    "MACOS_USE_BACKGROUND_COLOR_AS_TITLEBAR_COLOR",
    also={"None": "NONE", "FULL": "TITLE"},
)


def _decorations(value: object, at: Place, expected: str) -> frozenset[str]:
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    return frozenset(_DECORATION.read(name.strip(), at) for name in value.split("|")) - {"NONE"}


class WindowPadding(Record):
    """Room around the panes."""

    left: Dimension = option(_PIXELS, default=Dimension(1, "cells"), doc="Left.")
    right: Dimension = option(_PIXELS, default=Dimension(1, "cells"), doc="Right.")
    top: Dimension = option(_PIXELS, default=Dimension(0.5, "cells"), doc="Above.")
    bottom: Dimension = option(_PIXELS, default=Dimension(0.5, "cells"), doc="Below.")


class WindowFrame(Record):
    """The frame: the fancy tab bar's title bar, and borders."""

    inactive_titlebar_bg: Rgb = option(COLOR, default=(0x33, 0x33, 0x33), doc="Bar without the focus.")
    active_titlebar_bg: Rgb = option(COLOR, default=(0x33, 0x33, 0x33), doc="Bar.")
    inactive_titlebar_fg: Rgb = option(COLOR, default=(0xCC, 0xCC, 0xCC), doc="Its text without the focus.")
    active_titlebar_fg: Rgb = option(COLOR, default=(0xFF, 0xFF, 0xFF), doc="Its text.")
    inactive_titlebar_border_bottom: Rgb = option(COLOR, default=(0x2B, 0x20, 0x42), doc="Line below.")
    active_titlebar_border_bottom: Rgb = option(COLOR, default=(0x2B, 0x20, 0x42), doc="Line below.")
    button_fg: Rgb = option(COLOR, default=(0xCC, 0xCC, 0xCC), doc="Buttons.")
    button_bg: Rgb = option(COLOR, default=(0x33, 0x33, 0x33), doc="Behind buttons.")
    button_hover_fg: Rgb = option(COLOR, default=(0xFF, 0xFF, 0xFF), doc="Buttons pointed at.")
    button_hover_bg: Rgb = option(COLOR, default=(0x1F, 0x1F, 0x1F), doc="Behind them.")
    font: Font | None = option(optional(FONT), default=None, doc="Font of titles.")
    font_size: float | None = option(optional(number(0.1)), default=None, doc="Its size.")
    border_left_width: Dimension = option(_PIXELS, default=_NOTHING, doc="Border.")
    border_right_width: Dimension = option(_PIXELS, default=_NOTHING, doc="Border.")
    border_top_height: Dimension = option(_PIXELS, default=_NOTHING, doc="Border.")
    border_bottom_height: Dimension = option(_PIXELS, default=_NOTHING, doc="Border.")
    border_left_color: Rgb | None = option(_COLOR_OR_NONE, default=None, doc="Its colour.")
    border_right_color: Rgb | None = option(_COLOR_OR_NONE, default=None, doc="Its colour.")
    border_top_color: Rgb | None = option(_COLOR_OR_NONE, default=None, doc="Its colour.")
    border_bottom_color: Rgb | None = option(_COLOR_OR_NONE, default=None, doc="Its colour.")


class WindowContentAlignment(Record):
    """Where the cells lie in a window that is not a multiple of them."""

    horizontal: str = option(choice("Left", "Center", "Right"), default="Left", doc="Across.")
    vertical: str = option(choice("Top", "Center", "Bottom"), default="Top", doc="Down.")


class GpuAdapter(Record):
    """A GPU, as enumerate_gpus() tells it."""

    name: str = option(STRING, doc="Name.")
    device_type: str = option(STRING, doc="Kind.")
    backend: str = option(STRING, doc="Interface.")
    driver: str | None = option(optional(STRING), default=None, doc="Driver.")
    driver_info: str | None = option(optional(STRING), default=None, doc="Its version.")
    vendor: int | None = option(optional(integer()), default=None, doc="Vendor's number.")
    device: int | None = option(optional(integer()), default=None, doc="Device's number.")


class WindowOptions(Record):
    """The window."""

    initial_cols: int = option(
        integer(1, 65535), default=80, applies="window", used=True, doc="Columns at first."
    )
    initial_rows: int = option(
        integer(1, 65535), default=24, applies="window", used=True, doc="Rows at first."
    )
    window_decorations: frozenset[str] = option(
        Form("flags such as 'TITLE|RESIZE'", _decorations),
        default=frozenset({"TITLE", "RESIZE"}),
        applies="window",
        used=True,
        doc="Title bar and border.",
    )
    window_padding: WindowPadding = option(
        form_of(WindowPadding),
        default=WindowPadding(),
        applies="window",
        used=True,
        doc="Room around the panes.",
    )
    window_frame: WindowFrame = option(
        form_of(WindowFrame),
        default=WindowFrame(),
        applies="window",
        used=True,
        doc="Title bar colours, borders.",
    )
    window_content_alignment: WindowContentAlignment = option(
        form_of(WindowContentAlignment),
        default=WindowContentAlignment(),
        applies="window",
        used=True,
        doc="Where cells lie.",
    )
    window_background_opacity: float = option(
        number(0, 1), default=1.0, applies="window", used=True, doc="How opaque the window is."
    )
    text_background_opacity: float = option(
        number(0, 1), default=1.0, applies="window", used=True, doc="How opaque cells' backgrounds are."
    )
    window_background_image: str | None = option(
        optional(PATH), default=None, applies="window", used=True, doc="An image behind everything."
    )
    window_background_image_hsb: Hsb | None = option(
        optional(form_of(Hsb)), default=None, applies="window", used=True, doc="Factors on it."
    )
    window_background_gradient: Gradient | None = option(
        optional(GRADIENT), default=None, applies="window", used=True, doc="A gradient behind everything."
    )
    background: tuple[BackgroundLayer, ...] = option(
        list_of(LAYER), default=(), applies="window", used=True, doc="Layers behind everything."
    )
    inactive_pane_hsb: Hsb = option(
        form_of(Hsb),
        default=Hsb(saturation=0.9, brightness=0.8),
        used=True,
        doc="Factors on the colours of inactive panes.",
    )
    foreground_text_hsb: Hsb = option(
        form_of(Hsb), default=Hsb(), applies="window", used=True, doc="Factors on text."
    )
    enable_scroll_bar: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Show a scroll bar."
    )
    min_scroll_bar_height: Dimension = option(
        _PIXELS, default=Dimension(0.5, "cells"), applies="window", used=True, doc="Its thumb is no shorter."
    )
    adjust_window_size_when_changing_font_size: bool | None = option(
        optional(BOOLEAN), default=None, applies="window", used=True, doc="The window grows with the font."
    )
    use_resize_increments: bool = option(
        BOOLEAN, default=False, applies="window", used=True, doc="Resize by cells."
    )
    tiling_desktop_environments: tuple[str, ...] = option(
        STRINGS,
        default=("X11 LG3D", "X11 Qtile", "X11 awesome", "X11 bspwm", "X11 dwm", "X11 i3", "X11 xmonad"),
        applies="window",
        doc="Where the window never resizes itself.",
    )
    front_end: str = option(
        choice("OpenGL", "WebGpu", "Software"), default="OpenGL", applies="window", doc="How it draws."
    )
    max_fps: int = option(integer(1, 255), default=60, used=True, doc="Frames a second at most.")
    animation_fps: int = option(
        integer(1, 255), default=10, applies="window", used=True, doc="Frames of animations."
    )
    webgpu_power_preference: str = option(
        choice("LowPower", "HighPerformance"), default="LowPower", applies="window", doc="Which GPU."
    )
    webgpu_preferred_adapter: GpuAdapter | None = option(
        optional(form_of(GpuAdapter)), default=None, applies="window", doc="Which GPU."
    )
    webgpu_force_fallback_adapter: bool = option(BOOLEAN, default=False, applies="window", doc="No GPU.")
    prefer_egl: bool = option(BOOLEAN, default=True, applies="window", doc="EGL before GLX.")
    enable_wayland: bool = option(BOOLEAN, default=True, applies="window", doc="Wayland before X11.")
    enable_zwlr_output_manager: bool = option(BOOLEAN, default=False, applies="window", doc="Screens' names.")
    use_box_model_render: bool = option(BOOLEAN, default=False, applies="window", doc="Does nothing.")
    native_macos_fullscreen_mode: bool = option(
        BOOLEAN, default=False, applies="window", doc="The system's full screen (macOS)."
    )
    macos_fullscreen_extend_behind_notch: bool = option(
        BOOLEAN, default=False, applies="window", doc="Use the notch's rows (macOS)."
    )
    macos_window_background_blur: int = option(integer(0), default=0, applies="window", doc="Blur (macOS).")
    win32_system_backdrop: str = option(
        choice("Auto", "Disable", "Acrylic", "Mica", "Tabbed"),
        default="Auto",
        applies="window",
        doc="Backdrop (Windows).",
    )
    win32_acrylic_accent_color: Rgb = option(
        COLOR, default=(0, 0, 0), applies="window", doc="Its tint (Windows)."
    )
    xcursor_theme: str | None = option(optional(STRING), default=None, applies="window", doc="Pointers.")
    xcursor_size: int | None = option(optional(integer(1)), default=None, applies="window", doc="Their size.")
    command_palette_font: Font | None = option(
        optional(FONT), default=None, applies="window", doc="Its font."
    )
    command_palette_font_size: float = option(number(0.1), default=14.0, applies="window", doc="Its text.")
    command_palette_rows: int | None = option(
        optional(integer(1)), default=None, used=True, doc="Rows of the palette."
    )
    command_palette_fg_color: Rgb = option(COLOR, default=(191, 191, 191), used=True, doc="Its text.")
    command_palette_bg_color: Rgb = option(
        COLOR, default=(0x33, 0x33, 0x33), used=True, doc="Its background."
    )
    palette_max_key_assigments_for_action: int = option(
        integer(0), default=1, used=True, doc="Keys shown per action in the palette."
    )
    char_select_font: Font | None = option(optional(FONT), default=None, applies="window", doc="Its font.")
    char_select_font_size: float = option(number(0.1), default=18.0, applies="window", doc="Its text.")
    char_select_fg_color: Rgb = option(COLOR, default=(191, 191, 191), used=True, doc="Its text.")
    char_select_bg_color: Rgb = option(COLOR, default=(0x33, 0x33, 0x33), used=True, doc="Its background.")
    pane_select_font: Font | None = option(
        optional(FONT), default=None, applies="window", doc="Font of labels."
    )
    pane_select_font_size: float = option(number(0.1), default=36.0, applies="window", doc="Labels.")
    pane_select_fg_color: Rgb = option(COLOR, default=(191, 191, 191), used=True, doc="Labels.")
    pane_select_bg_color: Rgb = option(COLOR, default=(0, 0, 0), used=True, doc="Behind labels.")
