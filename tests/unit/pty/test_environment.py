"""What a program in a pane finds in its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.pty import child_environment, login_shell, resolve_term


def environment(inherited: dict[str, str] | None = None, **options) -> dict[str, str]:
    return child_environment(inherited or {}, pane_id=7, version="1.2.3", **options)


def test_it_says_who_we_are():
    env = environment()
    assert env["COLORTERM"] == "truecolor"
    assert env["TERM_PROGRAM"] == "Perilune"
    assert env["TERM_PROGRAM_VERSION"] == "1.2.3"
    assert env["PERILUNE_PANE"] == env["WEZTERM_PANE"] == "7"
    assert env["SHELL"].startswith("/")
    assert env["PATH"]
    assert env["HOME"]


@pytest.mark.parametrize(
    "name",
    [
        "TMUX",
        "TMUX_PANE",
        "STY",
        "KITTY_WINDOW_ID",
        "KITTY_PUBLIC_KEY",
        "VTE_VERSION",
        "COLUMNS",
        "LINES",
        "TERM_SESSION_ID",
        "WEZTERM_UNIX_SOCKET",
        "WEZTERM_EXECUTABLE",
        "ZELLIJ",
        "ALACRITTY_WINDOW_ID",
        "ITERM_SESSION_ID",
        "TERMCAP",
    ],
)
def test_outer_terminals_are_not_mentioned(name: str):
    assert name not in environment({name: "x"})


def test_what_is_not_about_terminals_passes():
    env = environment({"LANG": "C.UTF-8", "WEZTERM_CONFIG_FILE": "/c.lua", "EDITOR": "vi"})
    assert (env["LANG"], env["WEZTERM_CONFIG_FILE"], env["EDITOR"]) == ("C.UTF-8", "/c.lua", "vi")


def test_configured_variables_win_over_all_but_the_pane_number():
    env = environment({"A": "1"}, extra={"A": "2", "COLORTERM": "no", "TERM": "mine", "WEZTERM_PANE": "99"})
    assert (env["A"], env["COLORTERM"], env["TERM"], env["WEZTERM_PANE"]) == ("2", "no", "mine", "7")


def terminfo(tmp_path: Path, *names: str) -> dict[str, str]:
    for name in names:
        (tmp_path / name[0]).mkdir(exist_ok=True)
        (tmp_path / name[0] / name).touch()
    return {"TERMINFO": str(tmp_path)}


@pytest.fixture
def _only_our_terminfo(monkeypatch):
    monkeypatch.setattr("perilune.pty.environment._TERMINFO_DIRS", ())


@pytest.mark.usefixtures("_only_our_terminfo")
class TestTerm:
    def test_the_configured_name_if_it_has_an_entry(self, tmp_path):
        assert resolve_term("wezterm", terminfo(tmp_path, "wezterm", "xterm")) == "wezterm"

    def test_else_the_best_that_has_one(self, tmp_path):
        assert resolve_term("wezterm", terminfo(tmp_path, "vt100", "xterm")) == "xterm"
        assert resolve_term("wezterm", terminfo(tmp_path, "xterm-256color")) == "xterm-256color"

    def test_folders_named_by_code_count(self, tmp_path):
        (tmp_path / "78").mkdir()
        (tmp_path / "78" / "xterm-256color").touch()
        assert resolve_term("nothing", {"TERMINFO": str(tmp_path)}) == "xterm-256color"

    def test_home_and_the_list_are_searched(self, tmp_path):
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / ".terminfo").mkdir()
        (tmp_path / "list").mkdir()
        terminfo(tmp_path / "home" / ".terminfo", "one")
        terminfo(tmp_path / "list", "two")
        env = {"HOME": str(tmp_path / "home"), "TERMINFO_DIRS": f":{tmp_path / 'list'}"}
        assert resolve_term("one", env) == "one"
        assert resolve_term("two", env) == "two"

    def test_without_any_database_the_wish_stands(self):
        assert resolve_term("xterm-256color", {}) == "xterm-256color"

    def test_the_inherited_term_is_not_ours(self, tmp_path):
        env = environment({**terminfo(tmp_path, "xterm-256color"), "TERM": "screen"})
        assert env["TERM"] == "xterm-256color"


def test_a_shell_that_cannot_run_is_replaced(tmp_path):
    assert login_shell({"SHELL": "/bin/sh"}) == "/bin/sh"
    other = login_shell({"SHELL": str(tmp_path / "gone")})
    assert other != str(tmp_path / "gone")
    assert Path(other).exists()
