"""Asking, and what askers do with their questions. Each asks access first, and none commits."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import entering, limits, opening
from lmssocial.widgets.experts.asking.drafts import QuestionDraft
from lmssocial.widgets.experts.asking.places import require_place
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.models import Audience, Question, QuestionTopic
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.topics import service as topics


def consider(
    session: Session, screen: Screen, actor: Actor, placement_id: int, draft: QuestionDraft
) -> HandedIn:
    """Let the policies look at a question before a transaction begins.

    :raises NotAllowed: if the actor asks nothing.
    :raises NotFound: if there is no expert connect of theirs there.
    :raises Invalid: if its title says too little.
    :raises Rejected: if a policy refuses it outright.
    """
    access.require_asks(actor)
    require_place(session, actor, placement_id)
    return entering.understood(session, screen, actor, draft)


def ask(session: Session, screen: Screen, actor: Actor, placement_id: int, draft: QuestionDraft) -> Question:
    """Ask, or hand the question to a moderator first. The same form sent twice asks once.

    :raises NotAllowed: if the actor asks nothing.
    :raises NotFound: if there is no expert connect of theirs there.
    :raises TooMany: if they have asked enough for now.
    :raises AskedBefore: if they asked the same within 24 hours.
    :raises Invalid: if its title says too little, or there are no words.
    :raises Rejected: if a policy refuses it outright.
    """
    access.require_asks(actor)
    placement = require_place(session, actor, placement_id)
    limits.hold(session, actor)
    if (earlier := writing.sent_before(session, actor, entering.writing_of(draft))) is not None:
        return session.scalars(select(Question).where(Question.contribution_id == earlier.id)).one()
    settings = ExpertSettings.read(placement.settings)
    limits.require_few(session, actor, settings, draft.title, draft.source)
    handed_in = entering.understood(session, screen, actor, draft)
    topic_ids = topics.resolve(session, actor, draft.topics) if draft.topics else []
    words = handing_in.store(session, actor, handed_in, placement_id)
    question = _new(session, actor, draft, words, audience_of(settings, draft))
    put_under(session, question, topic_ids)
    held = handed_in.held_because is not None
    handing_in.settle(session, actor, words, handed_in, held=held)
    if not held:
        opening.open_up(
            session, Asked(question=question, words=words, placement=placement, settings=settings)
        )
    unsent.discard_draft(session, actor, target(For.ASK, placement_id))
    return question


def _new(
    session: Session, actor: Actor, draft: QuestionDraft, words: Contribution, audience: Audience
) -> Question:
    now = clock.now()
    question = Question(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=words.placement_id,
        contribution_id=words.id,
        asker_id=actor.user_id,
        audience=audience,
        urgency=draft.urgency,
        language=draft.language,
        context_title=draft.context_title,
        context_url=draft.context_url,
        opened_at=now,
        counted_from=now,
    )
    session.add(question)
    session.flush()  # its topics need its id
    return question


def audience_of(settings: ExpertSettings, draft: QuestionDraft) -> Audience:
    """For whom a question is, where everybody reads everything if it is set so."""
    return draft.audience if settings.private else Audience.EVERYBODY


def put_under(session: Session, question: Question, topic_ids: Sequence[int]) -> None:
    """Say what a question is about, in place of what was said before."""
    session.execute(delete(QuestionTopic).where(QuestionTopic.question_id == question.id))
    session.add_all(
        QuestionTopic(question_id=question.id, topic_id=topic_id) for topic_id in dict.fromkeys(topic_ids)
    )
    session.flush()
