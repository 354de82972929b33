from __future__ import annotations

from pathlib import Path

import pytest

from perilune.config.discovery import find_config
from perilune.config.problems import ConfigError


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("return {}\n")
    return path


def test_the_order_of_look_up(tmp_path):
    home, xdg = tmp_path / "home", tmp_path / "xdg"
    env = {
        "XDG_CONFIG_HOME": str(xdg),
        "PERILUNE_CONFIG_FILE": str(tmp_path / "named.lua"),
        "WEZTERM_CONFIG_FILE": str(tmp_path / "wez.lua"),
    }
    cli = tmp_path / "cli.lua"
    order = [
        (cli, "--config-file"),
        (tmp_path / "named.lua", "PERILUNE_CONFIG_FILE"),
        (xdg / "perilune/perilune.lua", "default"),
        (home / ".perilune.lua", "default"),
        (tmp_path / "wez.lua", "WEZTERM_CONFIG_FILE"),
        (home / ".wezterm.lua", "default"),
        (xdg / "wezterm/wezterm.lua", "default"),
    ]
    for path, _ in order:
        touch(path)
    for number, (path, origin) in enumerate(order):
        found = find_config(cli if number == 0 else None, env=env, home=home)
        assert found is not None
        assert (found.path, found.origin, found.directory) == (path, origin, path.parent)
        path.unlink()
        if origin.endswith("_FILE"):
            del env[origin]
    assert find_config(env=env, home=home) is None


@pytest.mark.parametrize("value", ["", "relative/dir"])
def test_without_a_usable_xdg_folder_it_is_dot_config(tmp_path, value):
    path = touch(tmp_path / ".config/perilune/perilune.lua")
    found = find_config(env={"XDG_CONFIG_HOME": value}, home=tmp_path)
    assert found is not None
    assert found.path == path


def test_skip_finds_nothing(tmp_path):
    touch(tmp_path / ".perilune.lua")
    assert find_config(skip=True, env={}, home=tmp_path) is None
    assert find_config(tmp_path / "missing.lua", skip=True, env={}, home=tmp_path) is None


@pytest.mark.parametrize("origin", ["--config-file", "PERILUNE_CONFIG_FILE", "WEZTERM_CONFIG_FILE"])
def test_a_named_file_that_is_missing_is_an_error(tmp_path, origin):
    path = tmp_path / "missing.lua"
    env = {} if origin == "--config-file" else {origin: str(path)}
    touch(tmp_path / ".config/wezterm/wezterm.lua")
    with pytest.raises(ConfigError) as caught:
        find_config(path if origin == "--config-file" else None, env=env, home=tmp_path)
    assert caught.value.message == f"the configuration file {str(path)!r}, named by {origin}, does not exist"


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / ".perilune.lua").mkdir()
    assert find_config(env={}, home=tmp_path) is None
    with pytest.raises(ConfigError, match="is a directory"):
        find_config(tmp_path, env={}, home=tmp_path)


def test_an_own_file_comes_before_a_missing_wezterm_one(tmp_path):
    path = touch(tmp_path / ".perilune.lua")
    found = find_config(env={"WEZTERM_CONFIG_FILE": str(tmp_path / "missing")}, home=tmp_path)
    assert found is not None
    assert found.path == path


def test_a_relative_path_is_made_absolute(tmp_path, monkeypatch):
    touch(tmp_path / "x.lua")
    monkeypatch.chdir(tmp_path)
    found = find_config("x.lua", env={}, home=tmp_path)
    assert found is not None
    assert found.path == tmp_path / "x.lua"
