"""Schemes that users keep as files."""

from __future__ import annotations

import pytest

from perilune.config.options import Config

SCHEME = '[colors]\nbackground = "#0a0b0c"\n'


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


def read(values):
    config, problems = Config.from_mapping(values)
    return config.palette, problems


@pytest.mark.parametrize("program", ["wezterm", "perilune"])
def test_beside_the_config(home, program):
    folder = home / ".config" / program / "colors"
    folder.mkdir(parents=True)
    (folder / "Mine.toml").write_text(SCHEME)
    palette, problems = read({"color_scheme": "Mine"})
    assert not problems
    assert palette.background == (10, 11, 12)


def test_configured_folders_come_first(home):
    for number, folder in enumerate((home / "a", home / ".config/wezterm/colors")):
        folder.mkdir(parents=True)
        (folder / "Mine.toml").write_text(f'[colors]\nbackground = "#00000{number}"\n')
    assert read({"color_scheme": "Mine", "color_scheme_dirs": ["~/a", "~/none"]})[0].background == (0, 0, 0)


def test_a_file_may_give_itself_another_name(home):
    (home / "x.toml").write_text(SCHEME + '[metadata]\nname = "Other Name"\n')
    palette, problems = read({"color_scheme": "Other Name", "color_scheme_dirs": [str(home)]})
    assert not problems
    assert palette.background == (10, 11, 12)
    assert read({"color_scheme": "x", "color_scheme_dirs": [str(home)]})[0].background is None


@pytest.mark.parametrize("name", ["../secret", "a\0b", "", "/etc/x", "x" * 5000])
def test_a_name_is_no_path(home, name):
    (home / "secret.toml").write_text(SCHEME)
    folder = home / "schemes"
    folder.mkdir()
    palette, problems = read({"color_scheme": name, "color_scheme_dirs": [str(folder)]})
    assert palette.background is None
    assert [problem.severity for problem in problems] == ["warning"]


def test_a_bad_file_is_told(home):
    (home / "Bad.toml").write_bytes(b"[colors\n")
    _, problems = read({"color_scheme": "Bad", "color_scheme_dirs": [str(home)]})
    assert "Bad.toml" in problems[0].message
    (home / "Odd.toml").write_text('colors = 3\nmetadata = "x"\n')
    palette, problems = read({"color_scheme": "Odd", "color_scheme_dirs": [str(home)]})
    assert palette.background is None
    assert "Odd.toml" in problems[0].message
