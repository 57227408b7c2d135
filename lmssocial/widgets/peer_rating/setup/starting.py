"""Rubrics to begin with. They are in the language of who sets the activity up, and theirs to change."""

from collections.abc import Callable

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.rubrics.criteria import Criterion

POINTS = (3.0, 2.0, 1.0, 0.0)
"""Of the four levels that every criterion here has."""


def general() -> tuple[Criterion, ...]:
    """What a new activity begins with: three criteria that suit most work."""
    return (
        _criterion(
            _("Answers the task"),
            _("Does all that was asked, and sees what makes it difficult."),
            _("Does all that was asked."),
            _("Does part of it, or drifts away from it."),
            _("Is about something else."),
        ),
        _criterion(
            _("Reasons and evidence"),
            _("Every important step has a reason or a source, and says how far it holds."),
            _("Most important steps have a reason or a source."),
            _("Some have one; others have to be believed."),
            _("Nothing is supported."),
        ),
        _criterion(
            _("Clear to others"),
            _("Somebody who was not there follows it at first reading."),
            _("Can be followed, with a place or two to read again."),
            _("The reader has to guess how parts belong together."),
            _("Cannot be followed."),
        ),
    )


def text() -> tuple[Criterion, ...]:
    """For essays and other arguments in writing."""
    return (
        _criterion(
            _("Claim and argument"),
            _("A clear claim that every part supports; the strongest objection is named and answered."),
            _("A clear claim that most parts support; an objection is mentioned."),
            _("A topic more than a claim, or parts that do not belong to it."),
            _("No claim that a reader could agree or disagree with."),
        ),
        _criterion(
            _("Evidence and sources"),
            _("What matters rests on sources or examples that fit, and it is said how far these carry."),
            _("What matters rests on sources or examples, most of which fit."),
            _("Few sources or examples, or it stays unclear where they come from."),
            _("Opinion alone."),
        ),
        _criterion(
            _("Structure"),
            _("A reader knows at every point where they are and why this comes next."),
            _("The order makes sense, with a jump or two."),
            _("The order has to be guessed in places."),
            _("Parts stand side by side."),
        ),
        _criterion(
            _("Language"),
            _("Exact and easy to read; words of the field are used as the field uses them."),
            _("Understood at first reading, with small slips."),
            _("Some sentences have to be read twice."),
            _("Often not to be understood."),
        ),
    )


def presentation() -> tuple[Criterion, ...]:
    """For presentations, posters and designs."""
    return (
        _criterion(
            _("Message for its audience"),
            _("One message, made for the people it is for; they know what to think or do next."),
            _("The message is clear; who it is for shows in places."),
            _("Several messages compete, or it could be for anybody."),
            _("No message can be found."),
        ),
        _criterion(
            _("Order and focus"),
            _("Each part earns its place and leads to the next; nothing important is missing."),
            _("A sensible order; a part or two could go or are too short."),
            _("Too much or too little; what matters has to be looked for."),
            _("No order can be seen."),
        ),
        _criterion(
            _("Form"),
            _("Pictures, type and space carry the message, and people who see or hear less well can follow."),
            _("Form helps; a place or two are crowded or hard to read."),
            _("Form gets in the way in several places."),
            _("Hard to look at or to read throughout."),
        ),
        _criterion(
            _("Reasons for choices"),
            _("Important choices are explained by needs, evidence or tests, also what was left out."),
            _("Most important choices have a reason."),
            _("Reasons are matters of taste."),
            _("No choice is explained."),
        ),
    )


def practical() -> tuple[Criterion, ...]:
    """For lab reports, data analyses and code."""
    return (
        _criterion(
            _("Result"),
            _("Does what the task asks, and tests or data show it, odd cases included."),
            _("Does what the task asks in the usual case, and that is shown."),
            _("Works in part, or it is not shown that it works."),
            _("Does not work, or there is no result."),
        ),
        _criterion(
            _("Method"),
            _("The way suits the question, and it is said why it was chosen over another."),
            _("The way suits the question."),
            _("Works, but roundabout, or with a step that does not fit."),
            _("The way cannot lead to an answer."),
        ),
        _criterion(
            _("Can be repeated"),
            _("Somebody else gets the same from what is written here alone; names and comments explain."),
            _("Somebody else gets the same after a question or two."),
            _("Important steps, versions or amounts are missing."),
            _("Nobody could repeat it."),
        ),
        _criterion(
            _("What it means"),
            _("Says what follows, how sure that is, and what was not looked at."),
            _("Says what follows, and names a limit."),
            _("Repeats the result in other words."),
            _("Says nothing about it, or what does not follow."),
        ),
    )


TEMPLATES: dict[str, Callable[[], tuple[Criterion, ...]]] = {
    "general": general,
    "text": text,
    "presentation": presentation,
    "practical": practical,
}
"""By the names that forms have for them."""


def titles() -> dict[str, str]:
    """What each of :data:`TEMPLATES` is for."""
    return {
        "general": _("Any work"),
        "text": _("Essay or other text"),
        "presentation": _("Presentation or design"),
        "practical": _("Lab report, data or code"),
    }


def _criterion(title: str, *levels: str) -> Criterion:
    return Criterion(title=title, levels=tuple(zip(levels, POINTS, strict=True)))
