"""docs/assessment.md is what `profile assess` makes of the recordings of Perilune in the report's scenario."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORY = Path(__file__).parent / "profiler" / "story"
DOCUMENT = ROOT / "docs" / "assessment.md"


def test_the_assessment_is_that_of_the_recordings(tmp_path: Path, update_golden: bool) -> None:
    written = tmp_path / "assessment.md"
    tool = ROOT / "tools" / "record_story.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--only-write", str(STORY), str(written)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if update_golden:
        shutil.copy(written, DOCUMENT)
    # The wording of reports has golden files of its own; here it is the figures that count.
    shares = _lua_shares(written)
    assert shares == _lua_shares(DOCUMENT)
    assert len(shares) == 2  # by our recorder, and by perf
    for before, after in shares:
        assert float(before.split()[0]) > 30
        assert float(after.split()[0]) < 3


def _lua_shares(document: Path) -> list[list[str]]:
    text = document.read_text(encoding="utf-8")
    return [line.split("|")[2:4] for line in text.splitlines() if line.startswith("| Total Lua |")]
