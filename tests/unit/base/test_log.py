from __future__ import annotations

import logging

import pytest

from perilune.base import log


@pytest.fixture(autouse=True)
def restored():
    yield
    root = logging.getLogger("perilune")
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for name in ("tabbar", "lua"):
        log.get_logger(name).setLevel(logging.NOTSET)
    root.propagate = True


def test_levels_by_area(tmp_path):
    path = tmp_path / "logs" / "perilune.log"
    ring = log.configure("warn,tabbar=debug", path)
    log.get_logger("tabbar").debug("drawn")
    log.get_logger("lua").info("not asked for")
    log.get_logger("lua").warning("asked for")
    text = path.read_text()
    assert "drawn" in text
    assert "not asked for" not in text
    assert "asked for" in text
    assert [line.split(" > ")[1] for line in ring.lines] == ["drawn", "asked for"]


def test_nothing_reaches_the_screen_once_a_front_end_draws(capsys):
    log.configure("info")
    log.get_logger("lua").info("before")
    log.stop_stderr()
    log.get_logger("lua").error("after")
    captured = capsys.readouterr()
    assert "before" in captured.err
    assert "after" not in captured.err
    assert captured.out == ""


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("PERILUNE_LOG", "lua=error")
    log.configure()
    assert log.get_logger("lua").getEffectiveLevel() == logging.ERROR


@pytest.mark.parametrize("spec", ["loud", "info,tabbar=", "tabbar=loud"])
def test_an_unknown_level_is_named(spec):
    with pytest.raises(ValueError, match="unknown log level"):
        log.parse_levels(spec)
