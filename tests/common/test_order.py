"""One order from the orders of several sequences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.common.order import merged

NAMES = st.lists(st.integers(0, 9), unique=True)


@given(NAMES, st.lists(st.sets(st.integers(0, 9))))
def test_parts_of_one_order_fit_into_it(whole: list[int], parts: list[set[int]]) -> None:
    """Do sequences that lack items of the first change nothing of its order?"""
    assert merged([whole, *([one for one in whole if one in part] for part in parts)]) == whole


@given(st.lists(NAMES))
def test_every_item_is_there_once(sequences: list[list[int]]) -> None:
    """Is no item lost or doubled, also where sequences contradict each other?"""
    found = merged(sequences)
    assert len(found) == len(set(found)) and set(found) == {item for one in sequences for item in one}


def test_new_items_stand_behind_their_neighbours() -> None:
    """Does an item that the first sequence lacks come in where its own sequence has it?"""
    assert merged([["a", "c"], ["b", "c", "d"], ["a", "b", "e"]]) == ["a", "b", "e", "c", "d"]
