"""A Lua host for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lua_fakes import LuaDriver


@pytest.fixture
def lua() -> Iterator[LuaDriver]:
    driver = LuaDriver()
    yield driver
    driver.close()
