from __future__ import annotations

from perilune.app.actions import HANDLERS
from perilune.app.assignments.unavailable import NOT_YET, WINDOW_ONLY
from perilune.app.overlays.copy_mode import ACTIONS
from perilune.config.assignment import ASSIGNMENTS, COPY_MODE_ASSIGNMENTS


def test_every_assignment_that_a_config_may_name_is_carried_out_or_said_to_be_missing():
    wanted = {name for name, shape in ASSIGNMENTS.items() if shape.replaced_by is None}
    assert wanted == set(HANDLERS)


def test_what_is_missing_is_not_there_twice():
    assert not set(NOT_YET) & set(WINDOW_ONLY)


def test_what_copy_mode_does_not_do_yet_is_known():
    missing = {name for name in COPY_MODE_ASSIGNMENTS if name not in ACTIONS}
    assert {name for name in missing if "Zone" not in name} == set()
