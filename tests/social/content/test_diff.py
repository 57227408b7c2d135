"""What changed, word by word."""

import time

from hypothesis import given
from hypothesis import strategies as st

from lmssocial.social.content.diff import Kind, Passage, changes

words = st.lists(
    st.sampled_from(["the", "cat", "sat", "on", "a", "mat", ",", ".", "\n", " "]), max_size=60
).map(" ".join)


@given(words | st.text(), words | st.text())
def test_both_wordings_can_be_read_from_the_changes(before: str, after: str) -> None:
    passages = changes(before, after)
    assert "".join(p.text for p in passages if p.kind is not Kind.NEW) == before
    assert "".join(p.text for p in passages if p.kind is not Kind.GONE) == after


def test_neighbouring_changed_words_read_as_one_phrase() -> None:
    assert changes("the cat sat", "a dog sat") == (
        Passage(Kind.GONE, "the cat "),
        Passage(Kind.NEW, "a dog "),
        Passage(Kind.SAME, "sat"),
    )


def test_long_unchanged_text_is_skipped_around_a_change() -> None:
    before = "word " * 300 + "old " + "word " * 300
    passages = changes(before, before.replace("old", "new"))
    assert [p.kind for p in passages] == [
        Kind.SKIPPED,
        Kind.SAME,
        Kind.GONE,
        Kind.NEW,
        Kind.SAME,
        Kind.SKIPPED,
    ]


def test_the_longest_repetitive_texts_are_compared_in_a_moment() -> None:
    began = time.process_time()
    changes("a b " * 5000, "b a " * 5000)
    changes("".join(f"w{n} " for n in range(3500)), "".join(f"w{n} " for n in reversed(range(3500))))
    assert time.process_time() - began < 5
