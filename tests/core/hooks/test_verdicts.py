"""What a policy may answer, checked on both sides of the process border."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lmssocial.core.hooks import Concern, Ruling, Span, Verdict
from lmssocial.core.hooks.verdicts import Nonsense, check_verdict, from_wire, to_wire
from lmssocial.core.kernel.words import speaking
from lmssocial.plugin import lazy_gettext

SOUND = Verdict(
    ruling=Ruling.REDACT,
    reason="telephone",
    message="A telephone number is not shown.",
    rule="We keep what is private out of here.",
    spans=(Span(0, 4), Span(9, 10)),
    suggestion="Leave the number out.",
    confidence=0.5,
    concern=Concern.PERSONAL_DATA,
    approvals=2,
)
HALVES: Any = (0.5, 4)
TRUTHS: Any = (False, True)


def test_a_sound_verdict_passes_unchanged_and_survives_the_way_between_processes() -> None:
    assert check_verdict(SOUND, 10) == SOUND
    assert from_wire(json.loads(json.dumps(to_wire(SOUND))), 10) == SOUND


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("hold", "It returned a str instead of a Verdict."),
        (True, "It returned a bool instead of a Verdict."),
        (3, "It returned an int instead of a Verdict."),
        (Verdict, "It returned a type instead of a Verdict."),
        ([SOUND], "It returned a list instead of a Verdict."),
    ],
)
def test_what_is_no_verdict_is_named(value: object, sentence: str) -> None:
    with pytest.raises(Nonsense) as caught:
        check_verdict(value, 10)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ruling": 3}, "The ruling of its verdict is an int instead of a Ruling"),
        ({"ruling": "hold"}, "The ruling of its verdict is a str"),
        ({"concern": "safety"}, "The concern of its verdict is a str instead of a Concern"),
        ({"reason": None}, "The reason of its verdict is a NoneType instead of text"),
        ({"reason": "x" * 81}, "has 81 characters; 80 are the most"),
        ({"message": b"bytes"}, "The message of its verdict is a bytes"),
        ({"message": "x" * 10_000_000}, "has 10,000,000 characters; 2,000 are the most"),
        ({"rule": 1}, "The rule"),
        ({"suggestion": ["a"]}, "The suggestion"),
        ({"spans": (Span(0, 11),)}, "0 to 11, is no part of the source, which has 10 characters"),
        ({"spans": (Span(-1, 3),)}, "is no part of the source"),
        ({"spans": (Span(4, 4),)}, "is no part of the source"),
        ({"spans": (Span(*HALVES),)}, "whole numbers"),
        ({"spans": (Span(*TRUTHS),)}, "whole numbers"),
        ({"spans": ((0, 4),)}, "not all of the kind Span"),
        ({"spans": "0-4"}, "The spans of its verdict are a str"),
        ({"spans": (Span(0, 1),) * 1001}, "1,001 spans"),
        ({"confidence": float("nan")}, "between 0 and 1"),
        ({"confidence": 2}, "between 0 and 1"),
        ({"confidence": 10**5000}, "between 0 and 1"),
        ({"confidence": True}, "a bool instead of a number"),
        ({"confidence": "high"}, "a str instead of a number"),
        ({"approvals": 0}, "from 1 to 9"),
        ({"approvals": 10**5000}, "from 1 to 9"),
        ({"approvals": True}, "from 1 to 9"),
    ],
)
def test_nonsense_inside_a_verdict_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Nonsense) as caught:
        check_verdict(replace(SOUND, **change), 10)

    assert said in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "change",
    [
        {"ruling": 17},
        {"concern": "everything"},
        {"spans": [[0, 99]]},
        {"spans": [[0]]},
        {"spans": None},
        {"message": None},
        {"more": "than asked"},
        {"confidence": None},
    ],
)
def test_what_another_process_tells_is_not_believed(change: dict[str, Any]) -> None:
    with pytest.raises(Nonsense):
        from_wire(to_wire(SOUND) | change, 10)


def test_a_verdict_of_another_process_that_lacks_something_is_none() -> None:
    with pytest.raises(Nonsense):
        from_wire({"message": "Held."}, 10)


def test_lazy_sentences_are_said_in_the_language_spoken_when_they_are_checked() -> None:
    verdict = replace(SOUND, message=lazy_gettext("Too many links: %(count)d.", count=3))
    with speaking({"Too many links: %(count)d.": "Zu viele Links: %(count)d."}.__getitem__):
        checked = check_verdict(verdict, 10)

    assert checked.message == "Zu viele Links: 3."
    assert type(checked.message) is str


def test_what_no_database_would_store_is_replaced() -> None:
    assert check_verdict(replace(SOUND, message="a\0b\ud800c"), 10).message == "a?b?c"
