"""Clock, secrets, words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lmssocial.core.kernel import clock, words
from lmssocial.core.kernel.secrets import SealBroken, SecretBox, new_token, token_hash


def test_the_clock_is_aware_and_can_be_set_for_a_block_only() -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=1)


def test_the_clock_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001 – the point
        pass


def test_a_sealed_secret_opens_with_its_own_key_only() -> None:
    sealed = SecretBox("one secret of the installation, long").seal(b"private")
    assert b"private" not in sealed.encode()
    assert SecretBox("one secret of the installation, long").open(sealed) == b"private"
    with pytest.raises(SealBroken):
        SecretBox("another secret of another installation").open(sealed)


def test_a_token_is_long_and_its_hash_tells_nothing_of_it() -> None:
    token = new_token()
    assert len(token) >= 43
    assert token not in token_hash(token)
    assert token_hash(token) == token_hash(token) != token_hash(new_token())


def test_words_are_translated_for_whoever_reads_and_english_otherwise() -> None:
    try:
        words.speak({"%(n)s posts": "%(n)s Beiträge"}.__getitem__)
        assert words.gettext("%(n)s posts", n=3) == "3 Beiträge"
    finally:
        words.speak(None)
    assert words.gettext("%(n)s posts", n=3) == "3 posts"


def test_a_word_with_a_context_is_another_word() -> None:
    german = {"Report": "Melden", "the report\x04Report": "Bericht", "a person\x04by %(who)s": "von %(who)s"}
    with words.speaking(lambda text: german.get(text, text)):
        assert words.gettext("Report") == "Melden"
        assert words.pgettext("the report", "Report") == "Bericht"
        assert words.pgettext("nobody translated this", "Report") == "Report"
        assert words.pgettext("a person", "by %(who)s", who="Ana") == "von Ana"
    assert words.pgettext("the report", "Report") == "Report"


def test_what_is_counted_is_said_in_the_form_that_suits_the_number() -> None:
    def said(count: int) -> str:
        return words.ngettext("%(who)s wrote a post", "%(who)s wrote %(num)s posts", count, who="Ana")

    def in_german(one: str, many: str, count: int) -> str:
        return {one: "%(who)s schrieb einen Beitrag", many: "%(who)s schrieb %(num)s Beiträge"}[
            one if count == 1 else many
        ]

    words.speak(None)
    assert (said(1), said(3)) == ("Ana wrote a post", "Ana wrote 3 posts")
    with words.speaking(str, in_german):
        assert (said(1), said(3)) == ("Ana schrieb einen Beitrag", "Ana schrieb 3 Beiträge")
    assert said(3) == "Ana wrote 3 posts"
