"""`--update-golden` rewrites what the golden tests expect; look at the difference before committing it."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is seen as what is expected")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    # The option is unknown when this folder was not named on the command line.
    return bool(request.config.getoption("--update-golden", default=False))
