"""New places and carried marks, as pure functions."""

from hypothesis import given
from hypothesis import strategies as st

from lmssocial.widgets.discussion.numbering import SEGMENTS, WIDTH
from lmssocial.widgets.discussion.reading import Progress
from lmssocial.widgets.discussion.reorganising.places import (
    Numbers,
    Standing,
    branch,
    in_order,
    joined,
    lay_out,
)


def chain(length: int) -> list[Standing]:
    """Posts that each answer the one before."""
    return [Standing(n, 1, n - 1 if n > 1 else None, n, None, n - 1) for n in range(1, length + 1)]


def test_a_branch_ten_thousand_deep_is_found_and_laid_out() -> None:
    posts = chain(10_000)
    assert len(branch(posts, 5)) == 9_996
    laid = lay_out(posts, 2)
    assert {len(one.path or "") for one in laid} <= {WIDTH * n for n in range(1, SEGMENTS + 1)}
    paths = [one.path for one in laid]
    assert len(set(paths)) == len(paths)
    assert sorted(paths, key=str) == paths
    assert [one.depth for one in laid] == list(range(10_000))


def test_posts_that_wait_have_a_depth_and_no_place() -> None:
    posts = [*chain(2), Standing(9, 1, 2, None, None, 7)]
    assert lay_out(in_order(posts), 2)[-1] == Standing(9, 2, 2, None, None, 2)


@given(st.integers(1, 40), st.sets(st.integers(1, 40)), st.integers(0, 40), st.sets(st.integers(1, 40)))
def test_what_was_read_stays_read_whatever_goes(
    highest: int, chosen: set[int], last: int, more: set[int]
) -> None:
    chosen = {n for n in chosen if n <= highest}
    progress = Progress(min(last, highest)).and_read(n for n in more if n <= highest)
    carried = Numbers(chosen, highest).carry(progress)
    for number, old in enumerate(sorted(chosen), start=1):
        assert carried.has_read(number) == progress.has_read(old)
    assert carried.unread_count(len(chosen)) == sum(not progress.has_read(n) for n in chosen)


@given(st.integers(0, 9), st.sets(st.integers(1, 9)), st.integers(0, 9), st.sets(st.integers(1, 9)))
def test_what_was_read_of_either_thread_is_read_of_both_together(
    last: int, more: set[int], added_last: int, added_more: set[int]
) -> None:
    first, second = Progress(last).and_read(more), Progress(added_last).and_read(added_more)
    both = joined(first, 9, second, 9)
    assert [both.has_read(n) for n in range(1, 19)] == [
        *(first.has_read(n) for n in range(1, 10)),
        *(second.has_read(n) for n in range(1, 10)),
    ]
