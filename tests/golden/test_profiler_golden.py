"""Reports on captures that were recorded with perf and py-spy (tools/record_profiles.py), as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.measures import Capture
from perilune.profiler.report import make_report
from perilune.profiler.rules import choose
from perilune.profiler.writers.markdown import to_markdown
from perilune.profiler.writers.text import to_text

PLACE = Path(__file__).parent / "profiler"
CAPTURES = sorted((PLACE / "captures").iterdir())


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_reports_on_recorded_captures(path: Path, update_golden: bool) -> None:
    profile = read_capture(path, Reading())
    event = profile.main_event()
    assert event is not None
    capture = Capture.of(profile, event, choose(profile, event))
    document = make_report(capture).document()
    for suffix, text in (("txt", to_text(document, width=100)), ("md", to_markdown(document))):
        expected = PLACE / "reports" / f"{path.name}.{suffix}"
        if update_golden:
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_every_sample_of_a_recorded_capture_is_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    profile = read_capture(path, Reading())
    if path.suffix == ".perf":
        samples = sum(" cpu-clock:" in line or " page-faults:" in line for line in text.splitlines())
    else:
        samples = sum(int(line.rsplit(" ", 1)[1]) for line in text.splitlines())
    assert sum(profile.samples(event) for event in range(len(profile.events))) == samples
    assert not profile.meta.notes
