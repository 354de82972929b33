"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# The same examples in each run, so that a failure is of the change that brought it. New ones are looked for with
# PERILUNE_HYPOTHESIS=explore. No health check of the clock: machines differ.
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("PERILUNE_HYPOTHESIS", "same"))
