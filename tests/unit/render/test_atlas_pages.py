"""Slots never overlap, never move, and whoever looks later learns of all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.render.atlas import PAGE_SIZE, Atlas

PICTURES = st.lists(st.tuples(st.integers(1, 90), st.integers(1, 60)), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None)
@given(PICTURES)
def test_every_picture_stays_where_it_was_put(sizes):
    atlas = Atlas()
    kept = []
    for number, (width, height) in enumerate(sizes):
        pixels = np.full((height, width), number % 255 + 1, np.uint8)
        kept.append((atlas.add(pixels), pixels))
    for slot, pixels in kept:
        found = atlas.pages[slot.page][slot.v : slot.v + slot.height, slot.u : slot.u + slot.width]
        assert (found == pixels[..., np.newaxis]).all()


@settings(max_examples=25, deadline=None)
@given(PICTURES, st.integers(0, 60))
def test_a_copy_kept_up_with_the_changes_is_the_atlas(sizes, looks_after):
    atlas, seen = Atlas(), 0
    copy: dict[int, np.ndarray] = {}

    def catch_up():
        nonlocal seen
        for page, x, y, width, height in atlas.changes_since(seen):
            target = copy.setdefault(page, np.zeros((PAGE_SIZE, PAGE_SIZE, 4), np.uint8))
            target[y : y + height, x : x + width] = atlas.pages[page][y : y + height, x : x + width]
        seen = atlas.serial

    for number, (width, height) in enumerate(sizes):
        atlas.add(np.full((height, width, 4), number % 255, np.uint8))
        if number == looks_after:
            catch_up()
    catch_up()
    assert all(np.array_equal(page, copy[number]) for number, page in enumerate(atlas.pages))
    assert atlas.changes_since(seen) == []


def test_a_full_atlas_begins_anew_and_says_so():
    atlas = Atlas(max_pages=1)
    first = atlas.serial
    while atlas.generation == 0:
        atlas.add(np.zeros((200, 300), np.uint8))
    assert len(atlas.pages) == 1
    assert atlas.changes_since(first)


def test_nothing_takes_no_room_and_a_giant_is_refused():
    atlas = Atlas()
    assert atlas.add(np.zeros((0, 0), np.uint8)).width == 0
    assert atlas.pages == []
    with pytest.raises(ValueError, match="larger than an atlas page"):
        atlas.add(np.zeros((1, PAGE_SIZE + 1), np.uint8))
