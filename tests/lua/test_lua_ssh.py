"""ssh's configuration as scripts see it, and the domains that follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lua_fakes import LuaDriver

from perilune.app.lua_domains import domain_states
from perilune.config.options import Config
from perilune.lua.api.ssh import ssh_hosts

CONFIG = """
# my hosts
Host aur.archlinux.org
  IdentityFile ~/.ssh/aur
  User aur

Host 192.168.1.*
  ForwardAgent yes
host woot "two"
\tUser=someone
\tHostname localhost
Include more/*.conf
Match host woot
  User wrong
Host * !two
  Port 2222
  User late
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh/more").mkdir(parents=True)
    (tmp_path / ".ssh/config").write_text(CONFIG)
    (tmp_path / ".ssh/more/x.conf").write_text("Host extra\n  ProxyJump woot\nInclude more/x.conf\n")
    return tmp_path


def test_hosts_with_their_options(home: Path) -> None:
    hosts, read = ssh_hosts([home / ".ssh/config"], home)
    assert list(hosts) == ["aur.archlinux.org", "woot", "two", "extra"]
    assert hosts["aur.archlinux.org"]["identityfile"] == f"{home}/.ssh/aur"
    assert hosts["aur.archlinux.org"]["user"] == "aur"
    assert hosts["aur.archlinux.org"]["hostname"] == "aur.archlinux.org"
    assert (hosts["woot"]["hostname"], hosts["woot"]["port"], hosts["woot"]["user"]) == (
        "localhost", "2222", "someone",
    )  # fmt: skip
    assert hosts["two"]["port"] == "22"
    assert hosts["extra"]["proxyjump"] == "woot"
    assert home / ".ssh/more/x.conf" in read


def test_scripts_see_them(lua: LuaDriver, home: Path) -> None:
    assert lua.value("wezterm.enumerate_ssh_hosts().woot.hostname") == "localhost"
    assert lua.value("wezterm.default_ssh_domains()[1]") == {
        "name": "SSH:aur.archlinux.org", "remote_address": "aur.archlinux.org", "multiplexing": "None",
    }  # fmt: skip
    (home / "other").write_text("Host first\n")
    assert lua.value(f"wezterm.enumerate_ssh_hosts('{home}/other').first.port") == "2222"
    result = lua.run("config.ssh_domains = wezterm.default_ssh_domains() wezterm.enumerate_ssh_hosts()")
    assert result.problems == ()
    assert home / ".ssh/config" in result.watch_files


@pytest.mark.usefixtures("home")
def test_domains_that_a_config_names_are_known() -> None:
    config, problems = Config.from_mapping(
        {
            "unix_domains": [{"name": "unix"}],
            "ssh_domains": [{"name": "box", "remote_address": "box:22"}],
            "exec_domains": [{"name": "wrapped", "fixup_command": {"EmitEvent": "x"}}],
        }
    )
    states = domain_states(config, ["local", "other"], "other", frozenset({"local"}))
    assert [(state.name, state.state, state.domain_id) for state in states][:4] == [
        ("other", "Attached", 1), ("local", "Attached", 0), ("unix", "Detached", 2), ("box", "Detached", 3),
    ]  # fmt: skip
    assert [state.has_any_panes for state in states][:2] == [False, True]
    assert problems or states[4].name == "wrapped"
    found = domain_states(Config(), ["local"], "local", frozenset())
    assert [state.name for state in found][:3] == ["local", "unix", "SSH:aur.archlinux.org"]
