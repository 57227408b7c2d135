"""What happened to a question, in plain sentences. Pure. Whoever declined or said nothing is not named, nor counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.experts.invitation_models import Source
from lmssocial.widgets.experts.models import How
from lmssocial.widgets.experts.questions import Happening


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One thing that happened, as it is stored."""

    what: str
    at: datetime
    by_id: int | None
    by_name: str
    """Empty: the clock."""
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that happened, as the page says it."""

    sentence: str
    at: datetime


def told(steps: Sequence[StepRow], asker_name: str, answerers: frozenset[int]) -> list[Told]:
    """The past of a question, the oldest first.

    :param answerers: ids of those who hold the question or have answered it: only their names stand beside that
        they accepted. Who gave it back is not told.
    """
    return [Told(sentence=_sentence(step, asker_name, answerers), at=step.at) for step in steps]


def _sentence(step: StepRow, asker_name: str, answerers: frozenset[int]) -> str:
    by = _OF_THEIR_OWN.get(step.what)
    if step.what == Happening.ASKED.value:
        return _("%(name)s asked.", name=asker_name)
    if by is not None:
        return by(step, answerers)
    named = _NAMED.get(step.what) if step.by_name else None
    if named is not None:
        return named(step.by_name)
    plain = _PLAIN.get(step.what)
    return plain() if plain is not None else _("Something changed.")


def _accepted(step: StepRow, answerers: frozenset[int]) -> str:
    if step.by_id in answerers and step.by_name:
        return _("%(name)s accepted it.", name=step.by_name)
    return _("Somebody accepted it.")


def _invited(step: StepRow, _answerers: frozenset[int]) -> str:
    if step.by_name and step.facts.get("source") == Source.REFERRAL.value:
        return _("%(name)s thought of somebody who may know, and they were asked.", name=step.by_name)
    if step.by_name:
        return _("%(name)s asked somebody to answer it.", name=step.by_name)
    return ngettext(
        "One person who may know was asked.",
        "%(num)s people who may know were asked.",
        int(step.facts.get("count") or 1),
    )


def _resolved(step: StepRow, _answerers: frozenset[int]) -> str:
    how = step.facts.get("how")
    if how == How.SILENCE.value:
        return _("It counts as resolved: there was an answer, and nothing was said against it.")
    if how == How.ANSWER.value:
        return _("%(name)s said that an answer resolved it.", name=step.by_name)
    if how == How.EXISTING.value:
        return _("%(name)s found the answer in something that was there already.", name=step.by_name)
    return _("%(name)s found the answer.", name=step.by_name)


_OF_THEIR_OWN: Mapping[str, Callable[[StepRow, frozenset[int]], str]] = {
    Happening.INVITED.value: _invited,
    Happening.ACCEPTED.value: _accepted,
    Happening.RESOLVED.value: _resolved,
}

_NAMED: Mapping[str, Callable[[str], str]] = {
    Happening.EDITED.value: lambda name: _("%(name)s changed the question.", name=name),
    Happening.OPENED.value: lambda name: _("%(name)s opened it to everybody.", name=name),
    Happening.ESCALATED.value: lambda name: _("%(name)s brought it to the stewards.", name=name),
    Happening.PAUSED.value: lambda name: _("%(name)s asked for more. The clock stood still.", name=name),
    Happening.RESUMED.value: lambda name: _("%(name)s said more. The clock went on.", name=name),
    Happening.ANSWERED.value: lambda name: _("%(name)s answered.", name=name),
    Happening.REOPENED.value: lambda name: _("%(name)s said that it was not resolved after all.", name=name),
    Happening.WITHDRAWN.value: lambda name: _("%(name)s withdrew it.", name=name),
    Happening.CLOSED.value: lambda name: _("%(name)s closed it.", name=name),
    Happening.MERGED.value: lambda name: _("%(name)s brought it together with another question.", name=name),
    Happening.PROPOSED.value: lambda name: _("%(name)s proposed to publish question and answer.", name=name),
    Happening.PUBLISHED.value: lambda name: _(
        "%(name)s published question and answer as knowledge.", name=name
    ),
}

_PLAIN: Mapping[str, Callable[[], str]] = {
    Happening.EDITED.value: lambda: _("The question was changed."),
    Happening.PASSED_ON.value: lambda: _("It was passed on."),
    Happening.RELEASED.value: lambda: _("It was given back, so that others can answer it."),
    Happening.NOBODY.value: lambda: _("Nobody was found who knows about it and has time."),
    Happening.OPENED.value: lambda: _("It was opened to everybody."),
    Happening.ESCALATED.value: lambda: _("It came to the stewards."),
    Happening.PAUSED.value: lambda: _("The clock stood still."),
    Happening.RESUMED.value: lambda: _("The clock went on."),
    Happening.ANSWERED.value: lambda: _("It was answered."),
    Happening.REOPENED.value: lambda: _("It was open again."),
    Happening.WITHDRAWN.value: lambda: _("It was withdrawn."),
    Happening.CLOSED.value: lambda: _("It was closed."),
    Happening.MERGED.value: lambda: _("It was brought together with another question."),
    Happening.PROPOSED.value: lambda: _("It was proposed to publish question and answer."),
    Happening.PUBLISHED.value: lambda: _("Question and answer were published as knowledge."),
}
