"""Questions on their way: what the policies have to know of them. Nothing here commits."""

from dataclasses import replace

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Moment, Ruling
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.text import tidy_line
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts.asking.drafts import SHORTEST_TITLE, QuestionDraft
from lmssocial.widgets.experts.asking.finding import QUESTION


def writing_of(draft: QuestionDraft) -> Writing:
    """The words of a question."""
    return Writing(source=draft.source, title=draft.title, submission_key=draft.submission_key)


def understood(session: Session, screen: Screen, actor: Actor, draft: QuestionDraft) -> HandedIn:
    """A new question, after the policies have looked at it.

    :raises Invalid: if its title says too little, or there are no words.
    :raises Rejected: if a policy refuses it outright.
    """
    _require_title(draft)
    text = writing_of(draft)
    handed_in = handing_in.hand_in(screen, actor, QUESTION, text, handing_in.files_in(session, actor, text))
    return _with_what_stands_beside(screen, handed_in, draft)


def understood_again(
    session: Session, screen: Screen, actor: Actor, draft: QuestionDraft, words: Contribution
) -> HandedIn:
    """:func:`understood` for another wording.

    :param words: the question as it stands.
    """
    _require_title(draft)
    text = Writing(source=draft.source, title=draft.title)
    files = handing_in.files_in(session, actor, text, of=words.id)
    handed_in = handing_in.hand_in(
        screen, actor, QUESTION, text, files, moment=Moment.EDIT, previous=words.source
    )
    return _with_what_stands_beside(screen, handed_in, draft)


def _with_what_stands_beside(screen: Screen, handed_in: HandedIn, draft: QuestionDraft) -> HandedIn:
    """What the policies say of the question, its topics and where it came from, all of which others read.

    No word can be taken out of those: where one would be, the question waits.

    :raises Rejected: if a policy refuses them.
    """
    words = "\n".join(filter(None, (*draft.topics, draft.context_title)))
    links = (draft.context_url,) if draft.context_url else ()
    if not words and not links:
        return handed_in
    found = screen(replace(handed_in.submission, title="", source=words, text=words, links=links))
    if found.ruling is Ruling.REJECT:
        raise handing_in.refusal(found)
    before = {(vote.policy, vote.verdict.reason) for vote in handed_in.screening.votes}
    votes = [*handed_in.screening.votes]
    for vote in found.votes:
        if (vote.policy, vote.verdict.reason) not in before:
            capped = Ruling.HOLD if vote.ruling is Ruling.REDACT else vote.ruling
            votes.append(replace(vote, verdict=replace(vote.verdict, spans=()), capped=capped))
    votes.sort(key=lambda vote: (-vote.ruling, vote.policy))
    look_later = handed_in.screening.look_later or found.look_later
    return replace(
        handed_in, screening=replace(handed_in.screening, votes=tuple(votes), look_later=look_later)
    )


def _require_title(draft: QuestionDraft) -> None:
    if len(tidy_line(draft.title)) < SHORTEST_TITLE:
        raise Invalid(
            _(
                "Say in the title what you want to know, in at least %(least)d characters.",
                least=SHORTEST_TITLE,
            )
        )
