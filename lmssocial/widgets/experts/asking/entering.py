"""Questions on their way: what the policies have to know of them. Nothing here commits."""

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Moment
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
    return handing_in.hand_in(screen, actor, QUESTION, text, handing_in.files_in(session, actor, text))


def understood_again(
    session: Session, screen: Screen, actor: Actor, draft: QuestionDraft, words: Contribution
) -> HandedIn:
    """:func:`understood` for another wording.

    :param words: the question as it stands.
    """
    _require_title(draft)
    text = Writing(source=draft.source, title=draft.title)
    files = handing_in.files_in(session, actor, text, of=words.id)
    return handing_in.hand_in(screen, actor, QUESTION, text, files, moment=Moment.EDIT, previous=words.source)


def _require_title(draft: QuestionDraft) -> None:
    if len(tidy_line(draft.title)) < SHORTEST_TITLE:
        raise Invalid(
            _(
                "Say in the title what you want to know, in at least %(least)d characters.",
                least=SHORTEST_TITLE,
            )
        )
