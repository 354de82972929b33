"""Plugins: fetched by git into the cache, listed, brought up to date; what stands for those that are not there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lua_fakes import LuaDriver

from perilune.lua.api.plugin import PluginCache, decode_plugin_url, encode_plugin_url


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [
            "git",
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _commit(folder: Path, answer: str) -> None:
    (folder / "plugin/init.lua").write_text(f"return {{answer = {answer!r}, given = {{...}}}}")
    _git(folder, "add", ".")
    _git(folder, "commit", "-q", "-m", answer)


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository and, beside it, the work tree that it was made from; the cache is empty."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    work = tmp_path / "work"
    (work / "plugin").mkdir(parents=True)
    _git(work, "init", "-q", "-b", "main")
    _commit(work, "one")
    _git(tmp_path, "clone", "-q", "--bare", str(work), "upstream.git")
    return tmp_path / "upstream.git"


@pytest.fixture
def online(upstream: Path) -> Iterator[LuaDriver]:
    assert upstream.is_dir()
    driver = LuaDriver(fetch_plugins=True)
    yield driver
    driver.close()


def test_a_plugin_is_fetched_once_and_then_taken_from_the_cache(
    online: LuaDriver, upstream: Path, tmp_path: Path
) -> None:
    call = f"wezterm.plugin.require 'file://{upstream}'"
    assert online.value(f"{call}.answer") == "one"
    name = encode_plugin_url(f"file://{upstream}")
    assert online.value(f"{call}.given[1]") == name
    assert online.value("wezterm.plugin.list()") == [
        {
            "url": f"file://{upstream}",
            "component": name,
            "plugin_dir": str(tmp_path / "data/perilune/plugins" / name),
        }
    ]
    assert online.value(f"require('{name}').answer") == "one"
    upstream.rename(tmp_path / "gone")
    assert online.value(f"{call}.answer") == "one"


def test_plugins_are_brought_up_to_date(online: LuaDriver, upstream: Path, tmp_path: Path) -> None:
    call = f"wezterm.plugin.require 'file://{upstream}'"
    assert online.value(f"{call}.answer") == "one"
    _commit(tmp_path / "work", "two")
    _git(tmp_path / "work", "push", "-q", str(upstream), "main")
    assert online.value(f"{call}.answer", "wezterm.plugin.update_all()") == "two"


def test_an_update_that_fails_is_named_in_the_log(
    online: LuaDriver, upstream: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert online.value(f"wezterm.plugin.require('file://{upstream}').answer") == "one"
    upstream.rename(tmp_path / "gone")
    with caplog.at_level("ERROR"):
        assert online.run("wezterm.plugin.update_all()").error is None
    assert f"wezterm.plugin.update_all: file://{upstream}" in caplog.text


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///nowhere/plugin.git", "cannot be fetched (fatal: "),
        ("ssh://nowhere/x", "cannot be fetched (the URL must begin with https://"),
        ("--upload-pack=true", "cannot be fetched (the URL must begin with https://"),
        ("ext::sh -c true", "cannot be fetched (the URL must begin with https://"),
    ],
)
def test_a_fetch_that_fails_leaves_a_placeholder_and_says_why(
    online: LuaDriver, url: str, reason: str
) -> None:
    result = online.run(f"wezterm.plugin.require('{url}').apply_to_config(config, {{}})")
    assert result.error is None
    (problem,) = result.problems
    assert f"config:4: the plugin {url} {reason}" in problem.message
    assert "a placeholder stands for it" in problem.message


def test_nothing_is_fetched_where_that_is_not_wanted(lua: LuaDriver, upstream: Path, tmp_path: Path) -> None:
    result = lua.run(f"wezterm.plugin.require 'file://{upstream}'\nwezterm.plugin.update_all()")
    assert result.error is None
    assert "is not in the local cache" in result.problems[0].message
    assert not (tmp_path / "data").exists()


def test_a_repository_without_a_plugin_is_not_kept(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    _git(empty, "init", "-q", "-b", "main")
    _git(empty, "commit", "-q", "--allow-empty", "-m", "x")
    cache = PluginCache({"XDG_DATA_HOME": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}, tmp_path)
    with pytest.raises(Exception, match=r"has no plugin/init\.lua"):
        cache.fetch(f"file://{empty}")
    assert list((tmp_path / "data/perilune/plugins").iterdir()) == []


def test_without_git_the_reason_is_told(tmp_path: Path) -> None:
    cache = PluginCache({"XDG_DATA_HOME": str(tmp_path), "PATH": "/nowhere"}, tmp_path)
    with pytest.raises(Exception, match="git is not installed"):
        cache.fetch("https://example.org/x")


@pytest.mark.parametrize("url", ["https://github.com/a-b/c_d.wez", "file:///home/me/x.y", "http://h:80/z"])
def test_names_of_folders_can_be_read_back(url: str) -> None:
    assert decode_plugin_url(encode_plugin_url(url)) == url
    assert "/" not in encode_plugin_url(url + "/..")
