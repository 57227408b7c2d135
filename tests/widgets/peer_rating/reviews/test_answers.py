"""What is written in a review: stored, checked, and turned into the text that others read."""

from datetime import UTC, datetime, timedelta

import pytest

from lmssocial.widgets.peer_rating.reviews import answers
from lmssocial.widgets.peer_rating.reviews.answers import Answers, Missing, ReviewDraft
from tests.support.peer_rating import RUBRIC

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_what_is_written_is_found_again() -> None:
    written = Answers(levels={1: 0, 0: 2}, comments={1: "Two sources.", 0: "  "}, overall="Clear.")
    assert Answers.read(written.as_json()) == Answers(
        levels={0: 2, 1: 0}, comments={1: "Two sources."}, overall="Clear."
    )


@pytest.mark.parametrize(
    ("written", "lacks"),
    [
        (Answers(), Missing(levels=(0, 1), characters=10)),
        (Answers(levels={0: 0, 1: 9}, overall="12345"), Missing(levels=(1,), characters=5)),
        (
            Answers(levels={0: 0, 1: 2}, comments={0: " 12345 "}, overall="67890"),
            Missing(levels=(), characters=0),
        ),
    ],
)
def test_levels_and_words_are_missed_and_comments_count(written: Answers, lacks: Missing) -> None:
    assert answers.missing(RUBRIC, written, 10) == lacks


def test_the_text_begins_with_the_whole_and_puts_comments_under_their_criteria() -> None:
    written = Answers(levels={0: 0, 1: 1}, comments={1: "Name the year."}, overall="Good to read.")
    assert answers.composed(RUBRIC, written) == "Good to read.\n\n# Evidence\n\nName the year."


def test_a_code_block_that_was_left_open_swallows_no_other_comment() -> None:
    written = Answers(comments={0: "Try\n```\nx = 1", 1: "Fine."})
    assert "x = 1\n```\n\n# Evidence\n\nFine." in answers.composed(RUBRIC, written)


def test_who_need_not_write_and_does_not_has_said_the_levels() -> None:
    assert (
        answers.composed(RUBRIC, Answers(levels={0: 0, 1: 2})) == "- Argument: Convincing\n- Evidence: None"
    )


def test_points_are_those_of_the_levels() -> None:
    assert answers.points(RUBRIC, Answers(levels={0: 1, 1: 1})) == 5.0


def draft(tab: str, seen: int, sequence: int = 0) -> ReviewDraft:
    return ReviewDraft(answers=Answers(), tab=tab, seen=seen, sequence=sequence)


@pytest.mark.parametrize(
    ("from_page", "overtaken"),
    [
        (draft("one", 0, 4), False),
        (draft("one", 0, 3), True),
        (draft("one", 0), False),
        (draft("two", 0, 9), True),
        (draft("two", 0), True),
        (draft("two", 3, 4), False),
    ],
    ids=[
        "the page that saved last",
        "a save of it that comes late",
        "it is sent",
        "a page that does not know what was saved",
        "and is sent",
        "a page that began with what was saved",
    ],
)
def test_only_a_page_that_knows_what_was_written_writes_over_it(
    from_page: ReviewDraft,
    overtaken: bool,  # noqa: FBT001 – what is expected
) -> None:
    assert answers.is_overtaken({"tab": "one"}, 3, from_page) is overtaken


@pytest.mark.parametrize(
    ("saved_ago", "opened_ago", "seconds"),
    [(None, 90, 90), (30, 90, 30), (None, 7200, 600), (None, None, 0), (None, -5, 0), (90, 20, 20)],
)
def test_time_is_counted_from_the_last_save_or_the_page_and_pauses_are_cut(
    saved_ago: int | None, opened_ago: int | None, seconds: int
) -> None:
    stored = {} if saved_ago is None else {"saved_at": (NOON - timedelta(seconds=saved_ago)).isoformat()}
    opened = None if opened_ago is None else NOON - timedelta(seconds=opened_ago)
    assert answers.seconds_between(stored, opened, NOON) == seconds
