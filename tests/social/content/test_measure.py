"""How much somebody wrote and changed."""

import time

import pytest

from lmssocial.social.content.measure import characters_changed, own_length


def test_quoted_lines_and_white_space_are_not_what_somebody_wrote_themself() -> None:
    assert own_length("> You said: never sell.\n> Ever.\n\nI   do\n") == len("I do")
    assert own_length("  > quoted only\n") == 0


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("The limit is ten.", "The limit is ten.", 0),
        ("The limit is ten.", "The limit is nine.", len("nine")),
        ("One. Two.", "One. And more. Two.", len("And more. ")),
        ("One. And more. Two.", "One. Two.", len("And more. ")),
        ("", "All of it is new", len("All of it is new")),
    ],
)
def test_of_each_changed_passage_the_larger_side_counts(before: str, after: str, changed: int) -> None:
    assert characters_changed(before, after) == changed


def test_two_long_texts_with_nothing_in_common_are_compared_at_once() -> None:
    before, after = ("".join(f"{word}{number} " for number in range(2500)) for word in ("a", "b"))
    began = time.perf_counter()
    assert characters_changed(before, after) == len(before) == len(after)
    assert time.perf_counter() - began < 0.5
