"""Widths and clusters against the package that the tables were generated from."""

from __future__ import annotations

import binascii
import sys
import zlib
from pathlib import Path

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from perilune.cells import _width_data
from perilune.cells.width import cluster_width, code_point_width, graphemes, text_width

POOL = "aé0#漢\u0300\u200d\ufe0f\ufe0e\U0001f1e6\U0001f1e7\U0001f468\U0001f3fb❤☝ᄀ\u1161ᆨ가각क्ि\u0903\u0600\r\n\u200b⌚🔥\x00\x7f\x85"


def test_every_code_point_is_as_wide_as_wcwidth_says() -> None:
    differences = [
        code
        for code in range(sys.maxunicode + 1)
        if code_point_width(code) != max(0, wcwidth.wcwidth(chr(code)))
    ]
    assert differences == []


@given(st.text(alphabet=st.sampled_from(POOL), max_size=12) | st.text(max_size=20))
def test_clusters_are_those_of_wcwidth(text: str) -> None:
    assert graphemes(text) == list(wcwidth.iter_graphemes(text))


@given(st.text(alphabet=st.sampled_from(POOL), max_size=12))
def test_a_text_is_as_wide_as_its_clusters(text: str) -> None:
    widths = [cluster_width(cluster) for cluster in graphemes(text)]
    assert set(widths) <= {0, 1, 2}
    assert text_width(text) == sum(widths)


@pytest.mark.parametrize(
    ("cluster", "width"),
    [
        ("a", 1), ("\n", 0), ("\u0300", 0), ("漢", 2), ("e\u0301", 1), ("☺", 1), ("☺\ufe0f", 2), ("⌚", 2), ("⌚\ufe0e", 1),
        ("🇩🇪", 2), ("👩\u200d🚀", 2), ("☝\U0001f3fb", 2), ("❤\u200d🔥", 2), ("1\ufe0f\u20e3", 2), ("\u1112\u1161\u11ab", 2),
        ("क\u093f", 2), ("क\u094dष", 2), ("", 0),
    ],
)  # fmt: skip
def test_cluster_widths(cluster: str, width: int) -> None:
    assert cluster_width(cluster) == width


@pytest.mark.parametrize("text", ["hello", "漢字", "naïve", "e\u0301", "🇩🇪🇫🇷", "가각", "✈\ufe0f x"])
def test_text_is_as_wide_as_wcswidth_says(text: str) -> None:
    assert text_width(text) == wcwidth.wcswidth(text)


def test_a_number_that_is_no_code_point() -> None:
    for code in (-1, 0x110000):
        with pytest.raises(ValueError, match="no code point"):
            code_point_width(code)


def test_the_committed_tables_are_what_the_generator_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "tools"))
    import generate_width

    monkeypatch.setattr(generate_width, "TARGET", tmp_path / "data.py")
    generate_width.main()
    written: dict[str, str] = {}
    exec((tmp_path / "data.py").read_text(), written)
    for name in ("INDEX", "BLOCKS", "TRANSITIONS"):
        # Unpacked: another zlib may pack the same data differently.
        old, new = (
            zlib.decompress(binascii.a2b_base64(text)) for text in (getattr(_width_data, name), written[name])
        )
        assert old == new, name
