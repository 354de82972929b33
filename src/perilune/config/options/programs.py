"""Options of what is run, where, and of the multiplexer's domains."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.config.arguments import SPAWN_COMMAND, SpawnCommand
from perilune.config.forms import (
    BOOLEAN,
    PATH,
    PATHS,
    STRING,
    STRING_MAP,
    STRINGS,
    Form,
    as_table,
    choice,
    integer,
    list_of,
    number,
    optional,
)
from perilune.config.problems import Place
from perilune.config.record import Record, form_of, option

__all__ = [
    "ExecDomain",
    "ProgramOptions",
    "SerialPort",
    "SshDomain",
    "TlsClient",
    "TlsServer",
    "UnixDomain",
    "WslDomain",
]

_SHELLS = (
    "bash", "sh", "zsh", "fish", "tmux", "nu", "nu.exe", "cmd.exe", "pwsh.exe", "powershell.exe",
)  # fmt: skip


def _event_name(value: object, at: Place, expected: str) -> str:
    """A function arrives as the assignment that calls it: {EmitEvent='name'}."""
    table = as_table(value)
    if table is not None and set(table) == {"EmitEvent"}:
        value = table["EmitEvent"]
    if not isinstance(value, str):
        raise at.wrong(expected, value)
    return value


_EVENT: Form[str] = Form("a function or an event's name", _event_name)
_LABEL: Form[str | None] = optional(Form("a string or a function", _event_name))


class UnixDomain(Record):
    """A multiplexer behind a local socket."""

    name: str = option(STRING, doc="Its name.")
    socket_path: str | None = option(optional(PATH), default=None, doc="The socket.")
    connect_automatically: bool = option(BOOLEAN, default=False, doc="Connect at the start.")
    no_serve_automatically: bool = option(BOOLEAN, default=False, doc="Do not start the server.")
    serve_command: tuple[str, ...] | None = option(optional(STRINGS), default=None, doc="How to start it.")
    proxy_command: tuple[str, ...] | None = option(
        optional(STRINGS), default=None, doc="Instead of a socket."
    )
    skip_permissions_check: bool = option(BOOLEAN, default=False, doc="Accept a socket others can open.")
    read_timeout: float = option(number(0), default=60.0, doc="Seconds.")
    write_timeout: float = option(number(0), default=60.0, doc="Seconds.")
    local_echo_threshold_ms: int | None = option(optional(integer(0)), default=None, doc="Predict beyond.")
    overlay_lag_indicator: bool = option(BOOLEAN, default=False, doc="Show lag.")


class SshDomain(Record):
    """A host reached by ssh."""

    name: str = option(STRING, doc="Its name.")
    remote_address: str = option(STRING, doc="host or host:port.")
    no_agent_auth: bool = option(BOOLEAN, default=False, doc="Do not use the agent.")
    username: str | None = option(optional(STRING), default=None, doc="User there.")
    connect_automatically: bool = option(BOOLEAN, default=False, doc="Connect at the start.")
    timeout: float = option(number(0), default=60.0, doc="Seconds.")
    local_echo_threshold_ms: int | None = option(optional(integer(0)), default=100, doc="Predict beyond.")
    overlay_lag_indicator: bool = option(BOOLEAN, default=False, doc="Show lag.")
    remote_wezterm_path: str | None = option(optional(STRING), default=None, doc="The program there.")
    override_proxy_command: str | None = option(optional(STRING), default=None, doc="How to reach it.")
    ssh_backend: str | None = option(optional(choice("Ssh2", "LibSsh")), default=None, doc="Library.")
    multiplexing: str = option(choice("WezTerm", "None"), default="WezTerm", doc="Whether a mux runs there.")
    ssh_option: Mapping[str, str] = option(STRING_MAP, default=MappingProxyType({}), doc="ssh options.")
    default_prog: tuple[str, ...] | None = option(optional(STRINGS), default=None, doc="Program there.")
    assume_shell: str = option(choice("Unknown", "Posix"), default="Unknown", doc="Kind of shell there.")


class TlsServer(Record):
    """A multiplexer offered over TLS."""

    bind_address: str = option(STRING, doc="host:port.")
    pem_private_key: str | None = option(optional(PATH), default=None, doc="Key.")
    pem_cert: str | None = option(optional(PATH), default=None, doc="Certificate.")
    pem_ca: str | None = option(optional(PATH), default=None, doc="Authority.")
    pem_root_certs: tuple[str, ...] = option(PATHS, default=(), doc="More authorities.")


class TlsClient(Record):
    """A multiplexer reached over TLS."""

    name: str = option(STRING, doc="Its name.")
    remote_address: str = option(STRING, doc="host:port.")
    bootstrap_via_ssh: str | None = option(optional(STRING), default=None, doc="Where to get certificates.")
    pem_private_key: str | None = option(optional(PATH), default=None, doc="Key.")
    pem_cert: str | None = option(optional(PATH), default=None, doc="Certificate.")
    pem_ca: str | None = option(optional(PATH), default=None, doc="Authority.")
    pem_root_certs: tuple[str, ...] = option(PATHS, default=(), doc="More authorities.")
    accept_invalid_hostnames: bool = option(BOOLEAN, default=False, doc="Do not check the name.")
    expected_cn: str | None = option(optional(STRING), default=None, doc="Name to check.")
    connect_automatically: bool = option(BOOLEAN, default=False, doc="Connect at the start.")
    read_timeout: float = option(number(0), default=60.0, doc="Seconds.")
    write_timeout: float = option(number(0), default=60.0, doc="Seconds.")
    local_echo_threshold_ms: int | None = option(optional(integer(0)), default=100, doc="Predict beyond.")
    remote_wezterm_path: str | None = option(optional(STRING), default=None, doc="The program there.")
    overlay_lag_indicator: bool = option(BOOLEAN, default=False, doc="Show lag.")


class WslDomain(Record):
    """A Linux distribution inside Windows."""

    name: str = option(STRING, doc="Its name.")
    distribution: str | None = option(optional(STRING), default=None, doc="The distribution.")
    username: str | None = option(optional(STRING), default=None, doc="User there.")
    default_cwd: str | None = option(optional(PATH), default=None, doc="Directory there.")
    default_prog: tuple[str, ...] | None = option(optional(STRINGS), default=None, doc="Program there.")


class ExecDomain(Record):
    """Commands changed by a function before they run."""

    name: str = option(STRING, doc="Its name.")
    fixup_command: str = option(_EVENT, doc="The event whose handler changes a command.")
    label: str | None = option(_LABEL, default=None, doc="Shown in the launcher.")


class SerialPort(Record):
    """A serial port."""

    name: str = option(STRING, doc="Its name.")
    port: str | None = option(optional(STRING), default=None, doc="The device; the name where unset.")
    baud: int | None = option(optional(integer(1)), default=None, doc="Bits a second; 9600 where unset.")


class DaemonOptions(Record):
    """Files of the server."""

    pid_file: str | None = option(optional(PATH), default=None, doc="Its pid.")
    stdout: str | None = option(optional(PATH), default=None, doc="Its output.")
    stderr: str | None = option(optional(PATH), default=None, doc="Its errors.")


class ProgramOptions(Record):
    """Programs and domains."""

    default_prog: tuple[str, ...] | None = option(
        optional(STRINGS), default=None, used=True, doc="What new panes run; unset: the user's shell."
    )
    default_cwd: str | None = option(optional(PATH), default=None, used=True, doc="Where new panes begin.")
    default_gui_startup_args: tuple[str, ...] = option(STRINGS, default=("start",), doc="The bare command.")
    set_environment_variables: Mapping[str, str] = option(
        STRING_MAP, default=MappingProxyType({}), used=True, doc="Added to programs' environment."
    )
    launch_menu: tuple[SpawnCommand, ...] = option(
        list_of(SPAWN_COMMAND), default=(), used=True, doc="Launcher entries."
    )
    prefer_to_spawn_tabs: bool = option(BOOLEAN, default=False, doc="A second start opens a tab.")
    window_close_confirmation: str = option(
        choice("AlwaysPrompt", "NeverPrompt"), default="AlwaysPrompt", used=True, doc="Ask before closing."
    )
    skip_close_confirmation_for_processes_named: tuple[str, ...] = option(
        STRINGS, default=_SHELLS, used=True, doc="Programs that may be closed without asking."
    )
    quit_when_all_windows_are_closed: bool = option(
        BOOLEAN, default=True, used=True, doc="End with the last window."
    )
    default_workspace: str | None = option(optional(STRING), default=None, used=True, doc="First workspace.")
    default_domain: str | None = option(optional(STRING), default=None, used=True, doc="Domain of new panes.")
    default_mux_server_domain: str | None = option(optional(STRING), default=None, doc="The server's domain.")
    unix_domains: tuple[UnixDomain, ...] = option(
        list_of(form_of(UnixDomain)), default=(UnixDomain(name="unix"),), doc="Local multiplexers."
    )
    ssh_domains: tuple[SshDomain, ...] | None = option(
        optional(list_of(form_of(SshDomain))), default=None, doc="Hosts; unset: those of ~/.ssh/config."
    )
    ssh_backend: str = option(choice("Ssh2", "LibSsh"), default="LibSsh", doc="The ssh library.")
    tls_servers: tuple[TlsServer, ...] = option(list_of(form_of(TlsServer)), default=(), doc="TLS servers.")
    tls_clients: tuple[TlsClient, ...] = option(list_of(form_of(TlsClient)), default=(), doc="TLS clients.")
    wsl_domains: tuple[WslDomain, ...] | None = option(
        optional(list_of(form_of(WslDomain))),
        default=None,
        doc="Distributions of Linux (Windows); unset: all there are.",
    )
    exec_domains: tuple[ExecDomain, ...] = option(
        list_of(form_of(ExecDomain)), default=(), doc="Wrapped commands, as wezterm.exec_domain makes them."
    )
    serial_ports: tuple[SerialPort, ...] = option(
        list_of(form_of(SerialPort)), default=(), doc="Serial ports."
    )
    daemon_options: DaemonOptions = option(
        form_of(DaemonOptions), default=DaemonOptions(), doc="Server files."
    )
    mux_enable_ssh_agent: bool = option(BOOLEAN, default=True, doc="Forward the ssh agent.")
    default_ssh_auth_sock: str | None = option(optional(PATH), default=None, doc="The agent's socket.")
    mux_env_remove: tuple[str, ...] = option(
        STRINGS,
        default=("SSH_AUTH_SOCK", "SSH_CLIENT", "SSH_CONNECTION"),
        doc="Removed from the server's environment.",
    )
    mux_output_parser_coalesce_delay_ms: int = option(integer(0), default=3, doc="Gather output for.")
    mux_output_parser_buffer_size: int = option(integer(1), default=131072, doc="Bytes read at once.")
    ratelimit_mux_line_prefetches_per_second: int = option(integer(0), default=50, doc="Rows fetched.")
    automatically_reload_config: bool = option(BOOLEAN, default=True, used=True, doc="Reload on save.")
    check_for_updates: bool = option(BOOLEAN, default=True, doc="Not done: nothing is fetched.")
    check_for_updates_interval_seconds: int = option(integer(0), default=86400, doc="Likewise.")
    show_update_window: bool = option(BOOLEAN, default=False, doc="Likewise.")
    periodic_stat_logging: int = option(integer(0), default=0, doc="Seconds between statistics; 0: never.")
    ulimit_nofile: int = option(integer(0), default=2048, doc="Open files to ask for.")
    ulimit_nproc: int = option(integer(0), default=2048, doc="Processes to ask for.")
