"""The split tree: where panes and lines come to lie."""

from __future__ import annotations

import pytest

from perilune.base.geometry import Rect
from perilune.base.ids import PaneId
from perilune.mux.tree import Split, SplitTree

A, B, C, D = (PaneId(number) for number in range(4))
HALF = (1, 2)


def places(
    tree: SplitTree, cols: int, rows: int, keep: PaneId | None = None
) -> dict[int, tuple[int, int, int, int]]:
    return {place.pane_id: tuple(place.rect) for place in tree.layout(cols, rows, keep).panes}


def three() -> SplitTree:
    """A on the left; B above C on the right."""
    tree = SplitTree(A).insert(B, A, "Horizontal", before=False, share=HALF)
    return tree.insert(C, B, "Vertical", before=False, share=HALF)


def test_one_pane_fills_the_tab():
    assert places(SplitTree(A), 80, 24) == {A: (0, 0, 80, 24)}


def test_a_split_leaves_one_column_for_the_line():
    tree = three()
    assert places(tree, 81, 25) == {A: (0, 0, 40, 25), B: (41, 0, 40, 12), C: (41, 13, 40, 12)}
    assert [(line.axis, line.rect, line.index) for line in tree.layout(81, 25).splits] == [
        ("Horizontal", Rect(40, 0, 1, 25), 0),
        ("Vertical", Rect(41, 12, 40, 1), 1),
    ]


def test_before_puts_the_new_pane_first():
    tree = SplitTree(A).insert(B, A, "Vertical", before=True, share=(5, 23))
    assert places(tree, 80, 24) == {B: (0, 0, 80, 5), A: (0, 6, 80, 18)}


def test_a_top_level_split_takes_from_all():
    tree = three().insert(D, None, "Vertical", before=False, share=(2, 3))
    assert places(tree, 81, 28)[D] == (0, 19, 81, 9)
    assert tree.panes() == [A, B, C, D]


def test_shrinking_to_nothing_and_growing_back_is_stable():
    tree = three().move_line(0, 13, 81, 25).move_line(1, -4, 81, 25)
    before = places(tree, 81, 25)
    for cols, rows in ((40, 12), (3, 3), (1, 1), (2, 9)):
        tree.layout(cols, rows)
    assert places(tree, 81, 25) == before


def test_no_pane_gets_squeezed_out_while_each_can_have_a_cell():
    tree = three().move_line(0, -100, 81, 25)
    assert places(tree, 81, 25)[A][2] == 1
    assert len(places(tree, 3, 3)) == 3
    assert places(tree, 3, 3) == {A: (0, 0, 1, 3), B: (2, 0, 1, 1), C: (2, 2, 1, 1)}


@pytest.mark.parametrize("keep", [A, B, C])
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 9), (9, 1), (2, 3), (3, 2)])
def test_the_active_pane_is_shown_in_any_size(keep: PaneId, size: tuple[int, int]):
    assert keep in places(three(), *size, keep=keep)


def test_a_tab_of_one_cell_shows_the_active_pane_alone():
    layout = three().layout(1, 1, C)
    assert [(place.pane_id, place.rect, place.index) for place in layout.panes] == [(C, Rect(0, 0, 1, 1), 2)]
    assert layout.splits == ()


def test_indices_do_not_depend_on_what_is_shown():
    tree = three().insert(D, None, "Vertical", before=False, share=HALF)
    # Two columns: the upper half cannot be split, its inner split is not shown either.
    layout = tree.layout(2, 9, C)
    assert {place.pane_id: place.index for place in layout.panes} == {B: 1, C: 2, D: 3}
    assert [(line.axis, line.index) for line in layout.splits] == [("Vertical", 0), ("Vertical", 2)]


def test_removing_gives_the_room_to_the_sibling():
    assert places(three().remove(B), 81, 25) == {A: (0, 0, 40, 25), C: (41, 0, 40, 25)}
    assert places(three().remove(A), 81, 25) == {B: (0, 0, 81, 12), C: (0, 13, 81, 12)}
    assert three().remove(A).remove(B).remove(C).root is None


def test_a_line_moves_as_far_as_the_panes_give():
    tree = three()
    assert places(tree.move_line(0, 5, 81, 25), 81, 25)[A][2] == 45
    assert places(tree.move_line(0, 500, 81, 25), 81, 25)[A][2] == 79
    assert places(tree.move_line(1, -500, 81, 25), 81, 25)[B][3] == 1
    assert tree.move_line(1, 0, 81, 25) is tree
    assert tree.move_line(7, 3, 81, 25) is tree
    assert tree.move_line(0, 3, 2, 25) is tree  # not shown there


def test_a_moved_line_lands_where_it_was_put():
    for delta in range(-39, 40):
        tree = three().move_line(0, delta, 81, 25)
        assert places(tree, 81, 25)[A][2] == 40 + delta


def test_enclosing_split_is_the_innermost_of_the_axis():
    tree = three().insert(D, C, "Horizontal", before=False, share=HALF)
    assert tree.enclosing_split(A, "Horizontal") == 0
    assert tree.enclosing_split(A, "Vertical") is None
    assert tree.enclosing_split(B, "Vertical") == 1
    assert tree.enclosing_split(B, "Horizontal") == 0
    assert tree.enclosing_split(D, "Horizontal") == 2
    assert tree.enclosing_split(PaneId(99), "Horizontal") is None


def test_rotation_follows_the_order_of_panes():
    assert three().rotate(clockwise=True).panes() == [C, A, B]
    assert three().rotate(clockwise=False).panes() == [B, C, A]
    assert three().rotate(clockwise=True).rotate(clockwise=False).panes() == [A, B, C]


def test_swapping_keeps_the_shares():
    before = places(three(), 81, 25)
    after = places(three().swap(A, C), 81, 25)
    assert after == {A: before[C], B: before[B], C: before[A]}


def test_minimum_counts_lines():
    assert three().minimum() == (3, 3)
    assert three().insert(D, None, "Horizontal", before=True, share=HALF).minimum() == (5, 3)


def test_a_node_knows_what_it_holds():
    root = three().root
    assert isinstance(root, Split)
    assert (root.panes, root.splits) == (3, 2)
