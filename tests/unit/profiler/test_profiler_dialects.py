"""Folded stacks of all dialects, and time in several units."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from perilune.profiler.errors import CaptureError
from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.model import Profile


def read(data: bytes) -> Profile:
    return read_capture(Path("capture"), Reading(), file=io.BytesIO(data))


def stacks_of(profile: Profile, event: int = 0) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in profile.rows(event):
        path = ";".join(profile.frames[frame].symbol for frame in profile.tree.path(row.stack))
        found[path] = found.get(path, 0.0) + row.weight
    return found


@pytest.mark.parametrize(
    "text",
    [
        b"main;a b 10\nmain 5\n", b"main;a b 10\r\nmain 5\r\n", b"\xef\xbb\xbfmain;a b 10\nmain 5",
        b"main;a b\t10\nmain\t5\n", b" main;a b 10 \n main 5\n", b"# made by hand\n\nmain;a b 10\nmain 5\n",
    ],
)  # fmt: skip
def test_folded_text_of_any_hand(text: bytes) -> None:
    assert stacks_of(read(text)) == {"main;a b": 10.0, "main": 5.0}


def test_two_counts_are_a_comparison() -> None:
    profile = read(b"main;a 10 12\nmain;b 5 0\nmain;c 0 7\n")
    assert [event.name for event in profile.events] == ["before", "after"]
    assert stacks_of(profile, 0) == {"main;a": 10.0, "main;b": 5.0}
    assert stacks_of(profile, 1) == {"main;a": 12.0, "main;c": 7.0}
    assert "before and after" in profile.meta.notes[0]


def test_one_name_that_ends_in_a_number_is_no_comparison() -> None:
    assert stacks_of(read(b"main;worker 3 10\nmain;b 5\n")) == {"main;worker 3": 10.0, "main;b": 5.0}


def test_a_comparison_with_a_line_of_no_count_is_refused_at_it() -> None:
    with pytest.raises(CaptureError, match="line 60: no count"):
        read(b"main;a 10 12\n" * 59 + b"main;a 12\n")


def test_a_first_line_longer_than_what_is_looked_at() -> None:
    deep = ";".join(f"f{n}" for n in range(30_000))
    profile = read(f"main;{deep} 3\nmain 2\n".encode())
    assert len(profile.tree) == 30_001
    assert profile.weight(0) == 5.0


def test_profiles_of_several_units_are_added_up_in_one() -> None:
    def evented(unit: str, end: float) -> dict[str, object]:
        events = [{"type": "O", "frame": 0, "at": 0}, {"type": "C", "frame": 0, "at": end}]
        return {
            "type": "evented",
            "name": unit,
            "unit": unit,
            "startValue": 0,
            "endValue": end,
            "events": events,
        }

    sampled = {"type": "sampled", "name": "s", "unit": "seconds", "startValue": 0, "endValue": 2,
               "samples": [[0]], "weights": [2]}  # fmt: skip
    document = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "shared": {"frames": [{"name": "f"}]},
        "profiles": [evented("milliseconds", 5), evented("microseconds", 3000), sampled],
    }
    profile = read(json.dumps(document).encode())
    assert [tuple(event) for event in profile.events] == [("wall", "ms")]
    assert stacks_of(profile) == {"f": pytest.approx(2008.0)}
