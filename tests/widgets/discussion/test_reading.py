"""How far somebody has read."""

from hypothesis import given
from hypothesis import strategies as st

from lmssocial.widgets.discussion.reading import Progress, read_ranges, write_ranges

numbers = st.sets(st.integers(min_value=1, max_value=60))


@given(numbers)
def test_ranges_come_back_as_they_were(some: set[int]) -> None:
    assert read_ranges(write_ranges(some)) == some


def test_ranges_are_short() -> None:
    assert write_ranges([5, 9, 8, 10, 12]) == "5,8-10,12"
    assert write_ranges([]) == ""


@given(st.lists(numbers, max_size=6))
def test_progress_knows_exactly_what_was_read_in_whatever_order(pages: list[set[int]]) -> None:
    progress = Progress()
    for page in pages:
        progress = progress.and_read(page)
    read = set().union(*pages)
    assert {n for n in range(1, 61) if progress.has_read(n)} == read
    assert progress.unread_count(60) == 60 - len(read)
    assert progress.first_unread(60) == min(set(range(1, 61)) - read, default=None)
    assert progress.last + 1 not in progress.ahead


def test_reading_in_order_keeps_one_number() -> None:
    assert Progress().and_read([1, 2, 3]).and_read([4]) == Progress(4)


def test_two_pages_of_a_tree_add_up() -> None:
    first = Progress().and_read([1, 2, 3, 5])
    assert first == Progress(3, frozenset({5}))
    assert first.and_read([4, 6]) == Progress(6)
