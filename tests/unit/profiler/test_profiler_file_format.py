"""Profiles are kept as they are, and a damaged file gives what stands before the damage."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profile_samples import Sample, print_perf, read_perf, recorded, refused, rows_of, samples

from perilune.profiler.errors import CaptureError
from perilune.profiler.file_format import MAGIC, BlockWriter, read_profile, write_profile
from perilune.profiler.model import Meta, Profile


def stored(profile: Profile, folder: Path) -> bytes:
    write_profile(profile, folder / "x.pprofile")
    return (folder / "x.pprofile").read_bytes()


def same(one: Profile, other: Profile) -> bool:
    return (
        rows_of(one) == rows_of(other)
        and asdict(one.meta) == asdict(other.meta)
        and one.events == other.events
        and [asdict(r) for r in one.runs] == [asdict(r) for r in other.runs]
        and [asdict(r) for r in one.frame_records] == [asdict(r) for r in other.frame_records]
        and one.callbacks == other.callbacks
        and one.counters == other.counters
    )


@settings(max_examples=40, deadline=None)
@given(samples(), st.booleans())
def test_samples_are_kept(tmp_path_factory: pytest.TempPathFactory, found: list[Sample], timed: bool) -> None:
    profile, _ = read_perf(print_perf(found), timed=timed)
    folder = tmp_path_factory.mktemp("kept")
    stored(profile, folder)
    back = read_profile(folder / "x.pprofile")
    assert same(back, profile)
    assert [row.time for row in back.rows() if timed] == [row.time for row in profile.rows() if timed]


def test_what_perilune_recorded_is_kept(tmp_path: Path) -> None:
    profile = recorded()
    profile.meta.host["cpus"] = "2"
    stored(profile, tmp_path)
    assert same(read_profile(tmp_path / "x.pprofile"), profile)


def test_a_file_cut_anywhere_is_refused_and_read_up_to_there(tmp_path: Path) -> None:
    data = stored(recorded(), tmp_path)
    path = tmp_path / "cut.pprofile"
    sizes = set()
    for end in range(len(MAGIC), len(data), 7):
        path.write_bytes(data[:end])
        with pytest.raises(CaptureError, match=r"cut\.pprofile: byte \d+: ") as failed:
            read_profile(path)
        assert int(failed.value.place.split()[1]) <= end
        profile = read_profile(path, keep_going=True)
        assert "blocks before it were read" in profile.meta.notes[-1]
        sizes.add(len(profile.runs) + len(profile.frame_records))
    assert len(sizes) > 2


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_byte_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(stored(recorded(), folder))
    at = data.draw(st.integers(len(MAGIC), len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    (folder / "y").write_bytes(content)
    # A kind that became another is skipped as one that is not known yet; everything else is noticed.
    place = refused(lambda: read_profile(folder / "y"))
    assert place is None or place.startswith("byte ")
    read_profile(folder / "y", keep_going=True)


def test_what_later_versions_add_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "later.pprofile"
    with path.open("wb") as file:
        out = BlockWriter(file)
        out.block(b"META", {"version": 2, "kind": "perilune", "timed": False, "novelty": [1], "frames": 7})
        out.block(b"NEWS", {"anything": True})
        out.block(b"EVNT", [["wall", "us", "more"]])
        out.block(b"THRD", [["t", 1, 1, "more"]])
        out.block(b"STRS", ["f", ""])
        out.block(b"FRMS", [[0, 1, 1, 3, 8, "more"]])
        out.block(b"STKS", {"parents": [-1], "frames": [0], "more": []})
        out.block(
            b"SMPL", {"event": [0], "thread": [0], "stack": [0], "count": [2], "weight": [5], "more": [1]}
        )
        out.block(b"RUNS", {"columns": ["callback", "novelty", "us"], "rows": [["title", 1, 2.0]]})
        out.done()
    profile = read_profile(path)
    assert (profile.meta.frames, profile.runs[0].us, list(rows_of(profile).values())) == (7, 2.0, [(2, 5.0)])


def test_a_version_that_needs_a_newer_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "much-later.pprofile"
    with path.open("wb") as file:
        BlockWriter(file).block(b"META", {"version": 9, "needs": 9})
    with pytest.raises(CaptureError, match="version 9"):
        read_profile(path)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (b"STKS", {"parents": [0], "frames": [0]}),
        (b"STKS", {"parents": [-5], "frames": [0]}),
        (b"SMPL", {"event": [0], "thread": [0], "stack": [3], "count": [1], "weight": [1]}),
        (b"SMPL", {"event": [0], "thread": [0], "stack": [-1], "count": [-1], "weight": [1]}),
        (b"FRMS", [[0, 0, 9, 0, 0]]),
        (b"META", []),
        (b"RUNS", 5),
    ],
)
def test_blocks_that_point_nowhere_are_refused(tmp_path: Path, kind: bytes, payload: object) -> None:
    path = tmp_path / "odd.pprofile"
    with path.open("wb") as file:
        out = BlockWriter(file)
        out.meta(Meta(), timed=False)
        out.block(b"EVNT", [["e", "samples"]])
        out.block(b"THRD", [["t", 1, 1]])
        out.block(b"STRS", ["f"])
        out.block(b"FRMS", [[0, 0, 0, 0, 0]])
        out.block(kind, payload)
        out.done()
    with pytest.raises(CaptureError, match="cannot be understood"):
        read_profile(path)


def test_the_file_is_as_the_documentation_says(tmp_path: Path) -> None:
    data = stored(recorded(), tmp_path)
    kinds = []
    at = len(MAGIC)
    while at < len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        payload = data[at + 12 : at + 12 + size]
        assert zlib.crc32(payload) == int.from_bytes(data[at + 8 : at + 12], "little")
        json.loads(zlib.decompress(payload))
        kinds.append(kind.decode())
        at += 12 + size
    documented = (Path(__file__).parents[3] / "docs" / "profile-format.md").read_text(encoding="utf-8")
    assert kinds[0] == "META"
    assert kinds[-1] == "DONE"
    assert all(f"| `{kind}` |" in documented for kind in kinds)
