"""What the functions and methods that are not the config's do, by name.

The kinds:

- `PURE`: the result depends on the arguments (and on what never changes while the program runs).
- `READ`: reads state of the host that has a version.
- `CLOCK`: reads the clock.
- `OPAQUE`: the answer has no version: files, processes, random numbers.
- `WRITE`: changes something that outlives the call, outside Lua's own variables and tables: the window, the
  mux, GLOBAL (which has versions), files, processes, timers.
- `CALLS`: runs other code of the config's, which cannot be seen from here.
- `LOG`: output that nobody reads back.

Functions with a behaviour of their own (`pcall`, `table.insert`, `setmetatable`...) are `PURE` here, and have
their rules in `calls`. Pure data, any thread.
"""

from __future__ import annotations

from enum import Enum

__all__ = ["FILE_METHODS", "HOST_METHODS", "METAMETHODS", "STRING_METHODS", "HostKind", "host_kind"]


class HostKind(Enum):
    """What calling a host function amounts to."""

    PURE = "pure"
    READ = "reads host state"
    CLOCK = "reads the clock"
    OPAQUE = "has no version"
    WRITE = "changes host state"
    CALLS = "runs other code"
    LOG = "logs"


def _words(text: str) -> list[str]:
    return text.split()


STRING_METHODS = frozenset(
    _words(
        "byte char dump find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper"
    )
)

METAMETHODS = (
    *_words("__index __newindex __call __tostring __concat __len __eq __lt __le __pairs __close"),
    *_words("__add __sub __mul __div __mod __pow __unm __idiv __band __bor __bxor __shl __shr __bnot"),
)


def _names(prefix: str, text: str) -> list[str]:
    return [prefix + name for name in _words(text)]


_BY_KIND: dict[HostKind, list[str]] = {
    HostKind.PURE: [
        *_names(
            "",
            "assert error getmetatable ipairs next pairs pcall xpcall rawequal rawget rawlen rawset",
        ),
        *_names("", "select setmetatable tonumber tostring type unpack require"),
        *_names("string.", " ".join(STRING_METHODS)),
        *_names("table.", "concat insert move pack remove sort unpack"),
        *_names("utf8.", "char charpattern codepoint codes len offset"),
        *_names("math.", "abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger"),
        *_names(
            "math.",
            "min mininteger modf pi rad sin sqrt tan tointeger type ult pow log10 atan2 cosh sinh tanh",
        ),
        *_names("coroutine.", "create wrap resume yield status running isyieldable close"),
        *_names("debug.", "traceback"),
        *_names("os.", "difftime setlocale"),
        *_names("io.", "type"),
        *_names(
            "wezterm.", "format truncate_left truncate_right pad_left pad_right column_width json_encode"
        ),
        *_names("wezterm.", "json_parse split_by_newlines shell_quote_arg shell_split shell_join_args"),
        *_names(
            "wezterm.",
            "to_string utf16_to_utf8 permute_any_mods permute_any_or_no_mods has_action gradient_colors",
        ),
        *_names(
            "wezterm.",
            "exec_domain font font_with_fallback action_callback config_builder default_hyperlink_rules",
        ),
        *_names(
            "wezterm.", "get_builtin_color_schemes hostname running_under_wsl target_triple version sleep_ms"
        ),
        *_names("wezterm.", "default_ssh_domains default_wsl_domains home_dir config_dir config_file"),
        *_names("wezterm.", "executable_dir"),
        *_names("wezterm.color.", "parse from_hsla gradient get_builtin_schemes get_default_colors"),
        *_names("wezterm.gui.", "default_keys default_key_tables"),
        *_names("wezterm.serde.", "json_encode json_decode json_encode_pretty toml_decode toml_encode"),
        *_names("wezterm.serde.", "toml_encode_pretty yaml_decode yaml_encode"),
        *_names("wezterm.time.", "parse parse_rfc3339"),
        *_names("wezterm.url.", "parse Url"),
        *_names("wezterm.procinfo.", "pid"),
        "wezterm.plugin.require",
    ],
    HostKind.READ: [
        *_names(
            "wezterm.mux.", "get_active_workspace get_workspace_names all_windows all_domains get_domain"
        ),
        *_names("wezterm.mux.", "get_pane get_tab get_window"),
        *_names(
            "wezterm.gui.", "gui_windows gui_window_for_mux_window get_appearance screens enumerate_gpus"
        ),
        *_names("wezterm.", "battery_info"),
        "os.getenv",
    ],
    HostKind.CLOCK: [
        *_names("os.", "time date clock"),
        *_names("wezterm.", "strftime strftime_utc time.now"),
    ],
    HostKind.OPAQUE: [
        *_names("wezterm.", "run_child_process glob read_dir enumerate_ssh_hosts"),
        *_names("wezterm.", "plugin.list perilune.ledger"),
        *_names("wezterm.color.", "load_scheme load_base16_scheme load_terminal_sexy_scheme"),
        *_names("wezterm.color.", "extract_colors_from_image"),
        *_names("wezterm.procinfo.", "current_working_dir_for_pid executable_path_for_pid get_info_for_pid"),
        *_names("io.", "open popen lines read input stdin close"),
        *_names("math.", "random"),
        *_names("package.", "searchpath"),
        "collectgarbage",
    ],
    HostKind.WRITE: [
        *_names("wezterm.", "on background_child_process open_with reload_configuration time.call_after"),
        *_names("wezterm.", "add_to_config_reload_watch_list plugin.update_all color.save_scheme"),
        *_names("wezterm.mux.", "spawn_window rename_workspace set_active_workspace set_default_domain"),
        *_names("io.", "output tmpfile"),
        *_names("os.", "execute remove rename tmpname exit"),
        *_names("math.", "randomseed"),
    ],
    HostKind.CALLS: [*_names("", "dofile load loadfile loadstring"), "wezterm.emit"],
    HostKind.LOG: [
        *_names("", "print warn"),
        *_names("wezterm.", "log_info log_warn log_error"),
        *_names("io.", "write stdout stderr"),
    ],
}

_FUNCTIONS = {name: kind for kind, names in _BY_KIND.items() for name in names}

_FAMILIES = (
    ("wezterm.action.", HostKind.PURE),
    ("wezterm.nerdfonts.", HostKind.PURE),
    ("placeholder", HostKind.PURE),  # what stands for a plugin that is not there
)

# What a library or value answers when it is called itself (wezterm.action { SpawnTab = ... }).
_FUNCTIONS["wezterm.action"] = HostKind.PURE


FILE_METHODS: dict[str, HostKind] = {
    "read": HostKind.OPAQUE,
    "lines": HostKind.OPAQUE,
    "seek": HostKind.OPAQUE,
    "close": HostKind.OPAQUE,
    "write": HostKind.WRITE,
    "flush": HostKind.WRITE,
    "setvbuf": HostKind.WRITE,
}

_METHODS_BY_KIND = {
    HostKind.READ: (
        # window
        "get_config_overrides active_tab active_key_table get_selection_text_for_pane active_workspace "
        "leader_is_active mux_window get_dimensions window_id effective_config active_pane "
        "composition_status get_appearance is_focused current_event get_selection_escapes_for_pane "
        "keyboard_modifiers "
        # pane
        "get_current_working_dir get_foreground_process_name tab get_domain_name pane_id get_user_vars "
        "get_lines_as_text get_title get_logical_lines_as_text get_tty_name window "
        "get_foreground_process_info get_metadata get_text_from_region get_cursor_position "
        "get_lines_as_escapes get_progress "
        "get_semantic_zone_at get_semantic_zones get_text_from_semantic_zone has_unseen_output "
        "is_alt_screen_active mux_pane "
        # tab, mux window, domain
        "tab_id panes_with_info panes get_size get_pane_direction gui_window tabs tabs_with_info "
        "get_workspace domain_id has_any_panes is_spawnable label name state"
    ),
    HostKind.WRITE: (
        "perform_action set_config_overrides set_right_status set_left_status maximize restore "
        "toast_notification set_inner_size set_position copy_to_clipboard toggle_fullscreen focus "
        "split move_to_new_tab activate send_text inject_output move_to_new_window paste send_paste "
        "set_title set_zoomed rotate_clockwise rotate_counter_clockwise spawn_tab set_workspace attach detach"
    ),
    HostKind.PURE: (
        # color
        "darken lighten desaturate saturate adjust_hue_fixed adjust_hue_fixed_ryb complement complement_ryb "
        "contrast_ratio darken_fixed delta_e desaturate_fixed hsla laba lighten_fixed linear_rgba "
        "saturate_fixed square srgb_u8 triad "
        # time, config
        "format format_utc sun_times set_strict_mode"
    ),
}

HOST_METHODS: dict[str, HostKind] = {
    name: kind for kind, text in _METHODS_BY_KIND.items() for name in _words(text)
}


def host_kind(name: str) -> HostKind | None:
    """What calling a host function does; None if the name is not known."""
    kind = _FUNCTIONS.get(name)
    if kind is None:
        for family, answer in _FAMILIES:
            if name.startswith(family):
                return answer
    return kind
