"""What events of expert connect tell. Questions are ``q…`` and threads at once; answers are contributions, ``c…``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from lmssocial_reporting.evidence.community_acts import governed
from lmssocial_reporting.evidence.contribution_acts import edited, linked, removed
from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.store.port import Act, Deed


def _asked(told: Told) -> Iterator[Act]:
    """``target`` is what carries its words, which moderators decide about; before version 2 nobody said."""
    question, words = f"q{told.key('question_id')}", told.number("contribution_id")
    about: dict[str, Any] = {"item": question, "thread": question, "target": f"c{words}" if words else ""}
    yield told.act(Deed.POSTED, **about)
    yield told.act(Deed.ASKED, **about)


def _read(told: Told) -> Iterator[Act]:
    question, via = f"q{told.key('question_id')}", told.text("via")[:24]
    asker, answers_alone = told.number("asker_id"), told.event.payload.get("question") is False
    if asker != told.actor and not answers_alone:
        yield told.act(Deed.READ, item=question, thread=question, other=asker, via=via)
    for answer, author in told.pairs("answer_ids", "author_ids"):
        if author != told.actor:
            yield told.act(Deed.READ, item=f"c{answer}", thread=question, other=author, via=via)


def _withdrawn(told: Told) -> Iterator[Act]:
    """Its asker needs it no more."""
    question = f"q{told.key('question_id')}"
    yield told.act(Deed.REMOVED, item=question, thread=question)


def _answered(told: Told) -> Iterator[Act]:
    item, question = f"c{told.key('answer_id')}", f"q{told.key('question_id')}"
    yield told.act(
        Deed.REPLIED,
        item=item,
        thread=question,
        other=told.number("asker_id"),
        target=question,
        number=told.number("length"),
    )
    yield from linked(told, item, question)


def _edited(told: Told) -> Iterator[Act]:
    return edited(told, *_answer(told))


def _taken_back(told: Told) -> Iterator[Act]:
    return removed(told, *_answer(told))


def _answer(told: Told) -> tuple[str, str]:
    """The answer an event is about, and its question."""
    return f"c{told.key('answer_id')}", f"q{told.key('question_id')}"


def _referred(told: Told) -> Iterator[Act]:
    """Only where somebody thought of somebody; whom the desk or the machine asks, nobody referred to."""
    introducer, question = told.number("introduced_by_id"), f"q{told.key('question_id')}"
    if introducer:
        yield told.act(
            Deed.REFERRED, member=introducer, other=told.number("user_id"), item=question, thread=question
        )


def _accepted(told: Told) -> Iterator[Act]:
    introducer, question = told.number("introduced_by_id"), f"q{told.key('question_id')}"
    if introducer:
        yield told.act(
            Deed.ACCEPTED, member=told.number("user_id"), other=introducer, item=question, thread=question
        )


def _introduced(told: Told) -> Iterator[Act]:
    thread, by = f"i{told.key('introduction_id')}", told.number("by_id")
    for person in (told.number("first_id"), told.number("second_id")):
        yield told.act(Deed.INTRODUCED, member=by, other=person, item=thread, thread=thread)


def _met(told: Told) -> Iterator[Act]:
    thread = f"i{told.key('introduction_id')}"
    two = {told.number("first_id"), told.number("second_id")} - {told.actor}
    yield told.act(Deed.MET, item=thread, thread=thread, other=two.pop() if len(two) == 1 else 0)


def _booked(told: Told) -> Iterator[Act]:
    """``target`` is the booking, which may be cancelled."""
    hour = f"h{told.key('office_hour_id')}"
    yield told.act(
        Deed.HOSTED,
        member=told.number("host_id"),
        other=told.number("user_id"),
        item=hour,
        thread=hour,
        target=f"b{told.number('booking_id')}",
    )


def _cancelled(told: Told) -> Iterator[Act]:
    """Nobody came."""
    hour, booking = f"h{told.key('office_hour_id')}", f"b{told.key('booking_id')}"
    yield told.act(Deed.WITHDRAWN, item=booking, thread=hour)


def _resolved(told: Told) -> Iterator[Act]:
    """Only where its asker said what did it."""
    solution, question = told.number("solution_id"), f"q{told.key('question_id')}"
    if solution and told.actor == told.number("asker_id"):
        yield told.act(Deed.SOLVED, item=f"c{solution}", thread=question, other=told.number("author_id"))


def _tended(via: str, told: Told) -> Iterator[Act]:
    """A question was closed or merged by a person who is not its asker; the clock does it, too."""
    question, asker = f"q{told.key('question_id')}", told.number("asker_id")
    if told.actor and told.actor != asker:
        yield told.act(Deed.MODERATED, item=question, thread=question, other=asker, via=via)


READERS: Mapping[str, Callable[[Told], Iterable[Act]]] = {
    "experts.question_asked": _asked,
    "experts.question_read": _read,
    "experts.question_withdrawn": _withdrawn,
    "experts.answer_given": _answered,
    "experts.answer_edited": _edited,
    "experts.answer_taken_back": _taken_back,
    "experts.invitation_sent": _referred,
    "experts.invitation_accepted": _accepted,
    "experts.introduction_made": _introduced,
    "experts.introduction_written": _met,
    "experts.meeting_booked": _booked,
    "experts.meeting_cancelled": _cancelled,
    "experts.question_resolved": _resolved,
    "experts.question_merged": partial(_tended, "merged"),
    "experts.question_closed": partial(_tended, "closed"),
    "experts.topic_made": partial(governed, "topic"),
    "experts.topic_changed": partial(governed, "topic"),
    "experts.topic_merged": partial(governed, "topic"),
    "experts.endorsements_confirmed": partial(governed, "expertise"),
    "experts.sme_appointed": partial(governed, "expertise"),
}
